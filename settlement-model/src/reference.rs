//! What the `order-id` column refers to.

use std::fmt;

/// What a cell of the `order-id` column refers to. Not everything in it is an Amazon order.
///
/// ```
/// use settlement_model::OrderReference;
///
/// let of = OrderReference::parse;
/// assert_eq!(of("701-2739362-1008719"), Some(OrderReference::Amazon("701-2739362-1008719")));
/// assert_eq!(of("S01-2739362-1008719"), Some(OrderReference::MultiChannel("S01-2739362-1008719")));
/// assert_eq!(of("FBA15ABCDEFG"), Some(OrderReference::FbaShipment("FBA15ABCDEFG")));
/// assert_eq!(of("4711"), Some(OrderReference::Other("4711")));
/// assert_eq!(of(" "), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum OrderReference<'r> {
    /// An order in an Amazon store: three, seven and seven digits.
    Amazon(&'r str),
    /// A multi-channel order, sold elsewhere and shipped by Amazon: as an Amazon order, but with
    /// `S` and two digits in front.
    MultiChannel(&'r str),
    /// A shipment into Amazon's warehouses, as on rows of `FBAFees`: `FBA`, letters and digits.
    FbaShipment(&'r str),
    /// Any other text, as it stands.
    Other(&'r str),
}

impl<'r> OrderReference<'r> {
    /// Reads a cell; surrounding blanks do not matter. `None` when it is blank, as on account rows.
    #[must_use]
    pub fn parse(cell: &'r str) -> Option<Self> {
        let id = cell.trim();
        if id.is_empty() {
            return None;
        }
        let digits = |text: &str, count| {
            text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let mut parts = id.split('-');
        let order = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(first), Some(second), Some(third), None) => {
                (digits(second, 7) && digits(third, 7)).then_some(first)
            }
            _ => None,
        };
        let shipment = id
            .strip_prefix("FBA")
            .filter(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
        Some(match order {
            Some(first) if digits(first, 3) => Self::Amazon(id),
            Some(first) if first.strip_prefix('S').is_some_and(|rest| digits(rest, 2)) => {
                Self::MultiChannel(id)
            }
            _ if shipment.is_some() => Self::FbaShipment(id),
            _ => Self::Other(id),
        })
    }

    /// The text as it stands in the report.
    #[must_use]
    pub fn as_str(self) -> &'r str {
        match self {
            Self::Amazon(id) | Self::MultiChannel(id) | Self::FbaShipment(id) | Self::Other(id) => {
                id
            }
        }
    }
}

impl fmt::Display for OrderReference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_resembles_an_id_is_something_else() {
        let resembling = [
            "701-2739362-100871",
            "701-2739362-10087190",
            "701-2739362",
            "701-2739362-1008719-1",
            "S1-2739362-1008719",
            "FBA",
            "FBA15-1",
            "fba15abc",
        ];
        for id in resembling {
            assert_eq!(OrderReference::parse(id), Some(OrderReference::Other(id)));
        }
    }
}
