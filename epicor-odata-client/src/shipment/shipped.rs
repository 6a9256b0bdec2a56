use jiff::civil::Date;

use super::pack::SHIPPED;
use super::{Pack, PackLine};
use crate::client::Client;
use crate::dataset::{ColumnError, Row};
use crate::error::{Error, ReadAnswer};
use crate::limit;
use crate::odata::{Filter, Query};
use crate::record::{MAX_RECORDS, Record, Records};

/// The child set that comes along with each pack.
const LINES: &str = "ShipDtls";

/// A pack with its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// The pack.
    pub pack: Pack,
    /// Its lines, by `PackLine`.
    pub lines: Vec<PackLine>,
}

/// What means that a pack has left. Tracking numbers often come after, and may be corrected: read
/// again what was read before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShippedWhen {
    /// `ShipStatus` is `SHIPPED`.
    Shipped,
    /// `ReadyToInvoice` is set.
    ReadyToInvoice,
    /// Either of the two.
    Either,
}

/// Which packs to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShippedQuery {
    /// The earliest `ChangeDate`. The column has no time of day, so let reads overlap by a day,
    /// and tell packs apart by their number.
    pub changed_from: Date,
    /// What means that a pack has left.
    pub when: ShippedWhen,
    /// Only this customer's; every customer's when `None`.
    pub cust_num: Option<i64>,
}

impl ShippedQuery {
    fn filter(self) -> Filter {
        let shipped = Filter::eq("ShipStatus", SHIPPED);
        let ready = Filter::eq("ReadyToInvoice", true);
        let gone = match self.when {
            ShippedWhen::Shipped => shipped,
            ShippedWhen::ReadyToInvoice => ready,
            ShippedWhen::Either => shipped.or(ready),
        };
        let mut filter =
            Filter::ge("ChangeDate", self.changed_from).and(Filter::eq("Voided", false)).and(gone);
        if let Some(cust_num) = self.cust_num {
            filter = filter.and(Filter::eq("CustNum", cust_num));
        }
        filter
    }
}

impl Shipment {
    fn from_row(row: &Row) -> Result<Self, ColumnError> {
        let mut lines = Vec::new();
        for line in row.rows(LINES)? {
            lines.push(PackLine::from_row(&line)?);
        }
        lines.sort_by_key(|line| line.pack_line);
        Ok(Self { pack: Pack::from_row(row)?, lines })
    }
}

impl Client {
    /// Packs, read by their numbers or by any filter.
    #[must_use]
    pub fn packs(&self) -> Records<'_, Pack> {
        self.records()
    }

    /// The lines of packs, in the flat table that takes filters of its own.
    #[must_use]
    pub fn pack_lines(&self) -> Records<'_, PackLine> {
        self.records()
    }
}

impl Records<'_, Pack> {
    /// The packs that have left, each with its lines, by number.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn shipped(&self, query: ShippedQuery) -> Result<Vec<Shipment>, Error> {
        let query = Query::new()
            .filter(query.filter())
            .select(Pack::COLUMNS.iter().map(|column| column.name))
            .expand([LINES])
            .orderby(Pack::KEY.iter().copied());
        let rows = self.client.read_all(Pack::SET, query, MAX_RECORDS).await?;
        rows.iter().map(Shipment::from_row).collect::<Result<_, _>>().in_answer_to(Pack::SET)
    }

    /// The packs of a customer whose comment starts with a token, by number: those made under it here.
    /// Void ones are among them.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an empty token, and any [`Error`] a read ends in.
    pub async fn by_token(&self, cust_num: i64, token: &str) -> Result<Vec<Pack>, Error> {
        limit::filled("ShipComment", token, usize::MAX)?;
        let of_customer = Filter::eq("CustNum", cust_num);
        let filter = of_customer.and(Filter::startswith("ShipComment", token));
        let mut packs = self.matching(filter).await?;
        packs.retain(|pack| limit::first_word(&pack.comment) == token);
        Ok(packs)
    }
}

impl Records<'_, PackLine> {
    /// The lines of packs that hold something of an order.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn of_order(&self, order_num: i64) -> Result<Vec<PackLine>, Error> {
        self.matching(Filter::eq("OrderNum", order_num)).await
    }

    /// The lines of one pack.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn of_pack(&self, pack_num: i64) -> Result<Vec<PackLine>, Error> {
        self.matching(Filter::eq("PackNum", pack_num)).await
    }
}
