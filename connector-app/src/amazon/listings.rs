//! Amazon's report of all listings of one marketplace.

use anyhow::Context as _;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::Downloaded;

/// The report: active, inactive and incomplete offers of one marketplace.
pub const LISTINGS_REPORT: &str = "GET_MERCHANT_LISTINGS_ALL_DATA";

/// Amazon's word for a `product-id` that is an ASIN.
const ASIN: &str = "1";

/// An offer as the report has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedOffer {
    /// `seller-sku`.
    pub sku: String,
    /// `asin1`.
    pub asin: String,
    /// `item-name`.
    pub title: String,
    /// `product-id`, where it is a trade item number.
    pub gtin: Option<String>,
    /// `status`: Active, Inactive, Incomplete.
    pub status: String,
    /// `fulfillment-channel`: `DEFAULT` is the seller's own.
    pub channel: String,
}

/// Where the columns are. Japan's report has headings of its own.
struct Columns {
    sku: usize,
    asin: Option<usize>,
    title: Option<usize>,
    product: Option<usize>,
    product_type: Option<usize>,
    status: Option<usize>,
    channel: Option<usize>,
}

impl Columns {
    fn of(headers: &csv::StringRecord) -> anyhow::Result<Self> {
        let place = |names: &[&str]| headers.iter().position(|cell| names.contains(&cell.trim()));
        Ok(Self {
            sku: place(&["seller-sku", "出品者SKU"])
                .context("the report of listings has no column seller-sku")?,
            asin: place(&["asin1", "ASIN 1"]),
            title: place(&["item-name", "商品名"]),
            product: place(&["product-id", "商品ID"]),
            product_type: place(&["product-id-type", "商品IDタイプ"]),
            status: place(&["status", "ステータス"]),
            channel: place(&["fulfillment-channel", "フルフィルメント・チャンネル"]),
        })
    }
}

/// Reads the report, in the charset that came with it.
///
/// # Errors
/// When it is no such report, or a line has no SKU.
pub fn listed_offers(document: &Downloaded) -> anyhow::Result<Vec<ListedOffer>> {
    let text = decoded(document);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns = Columns::of(reader.headers().context("reading the report of listings")?)?;
    let mut offers = Vec::new();
    for (line, record) in (2..).zip(reader.records()) {
        let record = record.with_context(|| format!("the report of listings, line {line}"))?;
        let cell = |place: Option<usize>| {
            let cell = place.and_then(|place| record.get(place));
            cell.unwrap_or_default().trim().to_owned()
        };
        let sku = cell(Some(columns.sku));
        anyhow::ensure!(!sku.is_empty(), "the report of listings, line {line}: no SKU");
        let product = cell(columns.product);
        let is_asin = cell(columns.product_type) == ASIN;
        let mut asin = cell(columns.asin);
        if asin.is_empty() && is_asin {
            asin.clone_from(&product);
        }
        offers.push(ListedOffer {
            sku,
            asin,
            title: cell(columns.title),
            gtin: Some(product).filter(|id| !id.is_empty() && !is_asin),
            status: cell(columns.status),
            channel: cell(columns.channel),
        });
    }
    Ok(offers)
}

/// Without a charset it is UTF-8 if it reads as such, else what Amazon's older reports are in.
fn decoded(document: &Downloaded) -> String {
    let named = document.charset.as_deref().and_then(|name| Encoding::for_label(name.as_bytes()));
    let encoding = named.unwrap_or_else(|| {
        let is_utf_8 = std::str::from_utf8(&document.bytes).is_ok();
        if is_utf_8 { UTF_8 } else { WINDOWS_1252 }
    });
    encoding.decode(&document.bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], charset: &str) -> Vec<ListedOffer> {
        let document = Downloaded { bytes: bytes.to_vec(), charset: Some(charset.to_owned()) };
        listed_offers(&document).expect("a report")
    }

    #[test]
    fn an_asin_is_no_trade_item_number() {
        let report = "item-name\tseller-sku\tproduct-id-type\tproduct-id\tasin1\tstatus\n\
            A mug\tMUG\t4\t4006381333931\tB000000001\tActive\n\
            A \"large\" mug\tMUG,L\t1\tB000000002\tB000000002\tInactive\n";
        let offers = read(report.as_bytes(), "UTF-8");
        assert_eq!(offers[0].gtin.as_deref(), Some("4006381333931"));
        assert_eq!((offers[1].sku.as_str(), offers[1].gtin.as_deref()), ("MUG,L", None));
        assert_eq!(offers[1].title, "A \"large\" mug");
    }

    #[test]
    fn each_region_has_its_own_charset() {
        let western = read(b"item-name\tseller-sku\nCaf\xe9 cup\tCUP\n", "Cp1252");
        assert_eq!(western[0].title, "Café cup");
        let (japanese, _, _) = encoding_rs::SHIFT_JIS
            .encode("商品名\t出品者SKU\t商品IDタイプ\t商品ID\tステータス\n湯呑\tCUP-JP\t1\tB000000003\t出品中\n");
        let japanese = read(&japanese, "Windows-31J");
        assert_eq!((japanese[0].title.as_str(), japanese[0].sku.as_str()), ("湯呑", "CUP-JP"));
        assert_eq!(japanese[0].asin, "B000000003");
    }

    #[test]
    fn nothing_is_skipped() {
        let document = |text: &str| Downloaded { bytes: text.into(), charset: None };
        let other = listed_offers(&document("sku\tprice\nA\t1\n")).expect_err("another report");
        assert!(other.to_string().contains("seller-sku"), "{other}");
        let blank = listed_offers(&document("item-name\tseller-sku\nA mug\t\n"));
        assert!(blank.expect_err("no SKU").to_string().contains("line 2"));
    }
}
