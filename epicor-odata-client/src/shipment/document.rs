use jiff::civil::Date;

use super::{Pack, PackLine};
use crate::error::Error;
use crate::limit;
use crate::once::{Document, Found};
use crate::record::Records;
use crate::sales_order::{OrderRelease, SalesOrder};

/// A pack to be made, of all that is open of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPack {
    /// `OrderNum`.
    pub order_num: i64,
    /// `ShipComment`. Its first word is the token the pack is known by as ours.
    pub comment: String,
    /// `ShipDate`: the day the goods left.
    pub ship_date: Date,
}

/// A pack that is made once. Its key is the token at the start of its comment.
#[derive(Clone, Debug)]
pub struct PackDocument<'a> {
    pub(super) packs: Records<'a, Pack>,
    pub(super) new: NewPack,
}

impl<'a> Records<'a, Pack> {
    /// A pack to be made once, by [`Client::ensure`](crate::Client::ensure), and marked as shipped.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a pack without a token.
    pub fn document(&self, new: NewPack) -> Result<PackDocument<'a>, Error> {
        limit::filled("ShipComment", &new.comment, usize::MAX)?;
        Ok(PackDocument { packs: *self, new })
    }
}

/// What Epicor has of the pack, read in one go.
pub(super) struct Kept {
    /// The order it is of.
    pub(super) order: SalesOrder,
    /// The packs that carry its token: none, one, or by mistake several.
    heads: Vec<Pack>,
    /// The lines of the only one.
    pub(super) lines: Vec<PackLine>,
}

impl Kept {
    /// The releases that are still to be packed, by line and number.
    pub(super) fn open(&self) -> impl Iterator<Item = &OrderRelease> {
        let packed = |release: &OrderRelease| {
            let of = |line: &PackLine| {
                (line.order_line, line.order_rel_num) == (release.line, release.release)
            };
            self.lines.iter().any(of)
        };
        let releases = self.order.releases.iter();
        releases.filter(move |release| release.open && !release.void && !packed(release))
    }

    fn found(&self) -> Found<i64> {
        let (order_num, head) = match self.heads.as_slice() {
            [] => return Found::Absent,
            [head] => (self.order.head.order_num, head),
            [one, two, ..] => {
                let (one, two) = (one.pack_num, two.pack_num);
                return Found::Differs(format!("packs {one} and {two} have its token"));
            }
        };
        let number = head.pack_num;
        if head.voided {
            return Found::Differs(format!("pack {number} is void"));
        }
        if let Some(difference) = self.lines.iter().find_map(|line| self.line_difference(line)) {
            return Found::Differs(difference);
        }
        match (head.has_left(), is_open(&self.order)) {
            (true, false) => Found::Whole(number),
            (true, true) => Found::Differs(format!(
                "pack {number} has left, and something of order {order_num} is still open"
            )),
            (false, _) => Found::Unfinished,
        }
    }

    /// Why a line of the pack is not what was to be packed.
    fn line_difference(&self, line: &PackLine) -> Option<String> {
        let PackLine { pack_num, order_num, order_line, order_rel_num, .. } = line;
        if *order_num != self.order.head.order_num {
            return Some(format!("pack {pack_num} holds something of order {order_num}"));
        }
        let mut releases = self.order.releases.iter();
        let of_line = |release: &&OrderRelease| {
            (release.line, release.release) == (*order_line, *order_rel_num)
        };
        let ordered = releases.find(of_line).map(|release| release.quantity);
        let packed = line.quantity();
        if packed.is_some_and(|packed| ordered.is_some_and(|ordered| packed <= ordered)) {
            return None;
        }
        Some(format!("pack {pack_num} holds more of line {order_line} than was ordered"))
    }

    /// The only pack that carries the token, while it is ours to finish or to delete.
    pub(super) fn unfinished(&self) -> Option<i64> {
        let number = self.heads.first()?.pack_num;
        (self.found() == Found::Unfinished).then_some(number)
    }
}

/// Whether something of an order is still to be shipped.
fn is_open(order: &SalesOrder) -> bool {
    order.releases.iter().any(|release| release.open && !release.void)
}

impl PackDocument<'_> {
    /// What Epicor has of it; `None` when the order is not there.
    pub(super) async fn kept(&self) -> Result<Option<Kept>, Error> {
        let client = self.packs.client;
        let (orders, order_num) = (client.sales_orders(), self.new.order_num);
        let Some(mut order) = orders.by_order_num(order_num).await? else { return Ok(None) };
        let token = limit::first_word(&self.new.comment);
        let heads = self.packs.by_token(order.head.cust_num, token).await?;
        if heads.iter().any(Pack::has_left) && is_open(&order) {
            // It may have left between the two reads, and closed the releases then.
            let Some(since) = orders.by_order_num(order_num).await? else { return Ok(None) };
            order = since;
        }
        let lines = match heads.as_slice() {
            [only] => client.pack_lines().of_pack(only.pack_num).await?,
            _ => Vec::new(),
        };
        Ok(Some(Kept { order, heads, lines }))
    }
}

impl Document for PackDocument<'_> {
    /// `PackNum`.
    type Key = i64;

    async fn find(&self) -> Result<Found<i64>, Error> {
        let kept = self.kept().await?;
        let gone = || Found::Differs(format!("order {} is not there", self.new.order_num));
        Ok(kept.as_ref().map_or_else(gone, Kept::found))
    }

    async fn enter(&self) -> Result<i64, Error> {
        self.make().await
    }

    /// Goes on behind the lines that are there.
    async fn finish(&self) -> Result<i64, Error> {
        self.go_on().await
    }

    async fn remove(&self) -> Result<(), Error> {
        match self.kept().await?.as_ref().and_then(Kept::unfinished) {
            Some(pack_num) => self.delete(pack_num).await,
            // The next look says what it is.
            None => Ok(()),
        }
    }
}
