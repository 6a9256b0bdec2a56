//! A settlement document, and reading it whole.

use std::io::Read;

use jiff::tz::TimeZone;

use crate::defect::{Defect, Unreadable};
use crate::marketplace::{Marketplace, MarketplaceId};
use crate::money::Currency;
use crate::records::Records;
use crate::settlement::Settlement;
use crate::source::{Inflated, read_ahead};
use crate::v2::{Item, RowReader, add_up};
use crate::xml;

/// The published forms of a settlement document that this crate reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Form {
    /// `GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2`: one amount per row, 24 columns.
    FlatFileV2,
    /// `GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE`: up to two amounts per row, 33 to 36 columns.
    /// Amazon retired it in March 2026.
    FlatFileV1,
    /// `GET_V2_SETTLEMENT_REPORT_DATA_XML`, retired on the same day.
    Xml,
}

/// Which character separates cents from units in a document's amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum DecimalSign {
    /// `95.00`
    Point,
    /// `95,00`
    Comma,
    /// No amount of the document has decimals.
    Undetermined,
}

/// Why a document's days are counted in its zone. Shown to people, because the zone decides the
/// month a row falls into.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ZoneSource {
    /// The caller named it in [`ReadOptions::zone`].
    Given,
    /// It is the zone of the marketplace that the caller named in [`ReadOptions::marketplace`].
    GivenMarketplace(MarketplaceId),
    /// It is the zone of this marketplace, the first one the rows name.
    Marketplace(String),
    /// No row near the top names a marketplace; it is the zone of this currency's stores.
    Currency(String),
    /// Neither marketplace nor currency tell; days are counted in UTC.
    Utc,
}

/// A document that was read to its end, every row accounted for.
///
/// That it was read does not mean that its settlements tie: ask [`Settlement::ties`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Document {
    /// Which form of settlement document it is.
    pub form: Form,
    /// The encoding it was read in, by its WHATWG name: `UTF-8`, `UTF-16LE`, `windows-1252`.
    pub encoding: &'static str,
    /// The decimal sign its amounts were found to use.
    pub decimal_sign: DecimalSign,
    /// The zone in which the days of [`Group::date`](crate::Group::date) are counted.
    #[cfg_attr(feature = "serde", serde(with = "jiff::fmt::serde::tz::required"))]
    pub zone: TimeZone,
    /// Why it is that zone.
    pub zone_source: ZoneSource,
    /// Columns of the header that Flat File V2 does not have, in the header's order.
    pub extra_columns: Vec<String>,
    /// The settlements, in the order of their settlement rows; at least one.
    pub settlements: Vec<Settlement>,
}

/// How to read a document. The default finds everything out from the document itself.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The zone in which days are counted; otherwise that of the marketplace or the currency.
    pub zone: Option<TimeZone>,
    /// The marketplace the document is of. Name it whenever the report's `marketplaceIds` are just
    /// one: one settlement in ten names none in its rows, and then the currency must do, which for
    /// euros tells little. Leave it out where they are several. It gives the zone, and the decimal
    /// sign where the document shows none; the Japanese one also tells the encoding where the letters
    /// leave it open. A marketplace that this crate does not know gives nothing.
    pub marketplace: Option<MarketplaceId>,
    /// The `charset` of the document's Content-Type, if one was sent; a document about yen whose
    /// marketplace is not named may need it, since its letters can be those of Shift_JIS or of
    /// Windows-1252. A byte order mark overrules it; a name that is not a known encoding is no hint.
    pub charset: Option<String>,
    /// Whether rows of different SKUs are added up apart, for rules that ask for the SKU. Off by
    /// default: a large settlement has thousands of SKUs, and then as many times the groups.
    pub group_by_sku: bool,
    /// Bounds on what is read.
    pub limits: Limits,
}

impl ReadOptions {
    /// Whether the document is said to be of the Japanese store.
    pub(crate) fn is_of_japan(&self) -> bool {
        let store = self.marketplace.as_ref().and_then(MarketplaceId::marketplace);
        store.is_some_and(|store| store.country == "JP")
    }

    /// The zone in which the days of a document are counted, and why it is that one. Given what the
    /// document says near its top.
    pub(crate) fn zone_of(
        &self,
        marketplace: Option<&'static Marketplace>,
        currency: Option<Currency>,
    ) -> (TimeZone, ZoneSource) {
        if let Some(zone) = &self.zone {
            return (zone.clone(), ZoneSource::Given);
        }
        let given = self.marketplace.as_ref();
        let given =
            given.and_then(|id| Some((id.zone()?, ZoneSource::GivenMarketplace(id.clone()))));
        let by_marketplace =
            marketplace.map(|store| (store.zone, ZoneSource::Marketplace(store.name.to_owned())));
        let by_currency = || {
            let currency = currency?;
            let zone = Marketplace::zone_of_currency(currency)?;
            Some((zone, ZoneSource::Currency(currency.to_string())))
        };
        given
            .or(by_marketplace)
            .or_else(by_currency)
            .and_then(|(name, source)| Some((TimeZone::get(name).ok()?, source)))
            .unwrap_or((TimeZone::UTC, ZoneSource::Utc))
    }

    /// The decimal sign to assume where a document shows none, given what it says near its top.
    pub(crate) fn decimal_sign_of(
        &self,
        marketplace: Option<&Marketplace>,
        currency: Option<Currency>,
    ) -> DecimalSign {
        let given = self.marketplace.as_ref().and_then(MarketplaceId::marketplace);
        let by_currency = || currency.map(Marketplace::decimal_sign_of_currency);
        // What sells in another currency than the document's tells nothing of its numbers.
        let sells_in_it = |store: &&Marketplace| {
            currency.is_none_or(|currency| currency.code() == store.currency)
        };
        given
            .or(marketplace)
            .filter(sells_in_it)
            .map(Marketplace::decimal_sign)
            .or_else(by_currency)
            .unwrap_or(DecimalSign::Undetermined)
    }
}

/// Bounds that keep memory constant and a hostile document cheap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one line, as UTF-8. Default 1 MiB.
    pub line_bytes: usize,
    /// Columns of the header. Default 512.
    pub columns: usize,
    /// Settlements in one document. Default 1,000.
    pub settlements: usize,
    /// Groups in one document, over all settlements. Default 2,000,000.
    pub groups: usize,
    /// Defects that are kept; further ones are counted. Default 50, at least one is kept.
    pub defects: usize,
    /// Bytes of the document after inflating. Default 64 GiB.
    pub inflated_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes: 1 << 20,
            columns: 512,
            settlements: 1_000,
            groups: 2_000_000,
            defects: 50,
            inflated_bytes: 64 << 30,
        }
    }
}

/// Reads a settlement document to its end and adds its rows up, in constant memory beside the
/// groups.
///
/// The source may be compressed with gzip and in any encoding Amazon or a spreadsheet writes; see
/// [`Document`] for what was found. Every row is accounted for: either all of them are in the
/// result, or there is none.
///
/// A compressed document of more than a megabyte is inflated on the calling thread and read on a
/// second one, which has ended when this function returns.
///
/// ```
/// use settlement_model::{ReadOptions, read};
///
/// # let file: &[u8] = include_bytes!("../tests/data/plain.txt");
/// let document = read(file, &ReadOptions::default())?;
/// let settlement = &document.settlements[0];
/// assert_eq!(settlement.total.to_string(), "42.50 USD");
/// assert!(settlement.ties());
/// # Ok::<(), settlement_model::Unreadable>(())
/// ```
///
/// # Errors
///
/// [`Unreadable`] with every defect found, in the order of the lines.
pub fn read<R: Read>(source: R, options: &ReadOptions) -> Result<Document, Unreadable> {
    match Inflated::open(source).map_err(Defect::from)? {
        Inflated::Gzip(gzip) => {
            read_ahead(gzip, |bytes| read_bytes(Inflated::already(bytes), options))
        }
        plain @ Inflated::Plain(_) => read_bytes(plain, options),
    }
}

fn read_bytes<R: Read>(bytes: Inflated<R>, options: &ReadOptions) -> Result<Document, Unreadable> {
    let mut records = Records::over(bytes, options)?;
    if xml::is_settlement(records.opening()) {
        return xml::read(records, options, &mut |_, _| {});
    }
    let mut reader = RowReader::over(records, options)?;
    let settlements = add_up(&mut reader, options)?;
    Ok(Document {
        form: reader.form(),
        encoding: reader.encoding(),
        decimal_sign: reader.decimal_sign(),
        zone: reader.zone().clone(),
        zone_source: reader.zone_source().clone(),
        extra_columns: reader.extra_columns().to_vec(),
        settlements,
    })
}

/// Shows each settlement and each row of a document to `look`, whatever the document's form, with the
/// zone in which its days are counted. The memory it takes does not grow with the rows.
///
/// A row of the XML form is the row of Flat File V2 that says the same; its columns are those that the
/// form has a word for. [`RowReader`] lends the rows of flat files one by one.
///
/// ```
/// use settlement_model::{Item, ReadOptions, read_rows};
///
/// # let file: &[u8] = include_bytes!("../tests/data/plain.txt");
/// let mut commissions = 0;
/// read_rows(file, &ReadOptions::default(), |item, _zone| {
///     if let Item::Row(row) = item {
///         commissions += u32::from(row.amount_description() == "Commission");
///     }
/// })?;
/// assert_eq!(commissions, 2);
/// # Ok::<(), settlement_model::Unreadable>(())
/// ```
///
/// # Errors
///
/// [`Unreadable`] with what is wrong. Rows may have been shown before it was found: they must not be
/// used.
pub fn read_rows<R: Read>(
    source: R,
    options: &ReadOptions,
    mut look: impl FnMut(&Item<'_>, &TimeZone),
) -> Result<(), Unreadable> {
    let mut records = Records::open(source, options)?;
    if xml::is_settlement(records.opening()) {
        return xml::read(records, options, &mut look).map(drop);
    }
    let mut reader = RowReader::over(records, options)?;
    let zone = reader.zone().clone();
    while let Some(item) = reader.next() {
        look(&item?, &zone);
    }
    Ok(())
}
