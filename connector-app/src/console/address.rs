//! Addresses of the console's pages.

use store::SettlementKey;
use url::{Url, form_urlencoded};

/// The path of these segments, each escaped.
pub(super) fn path(segments: &[&str]) -> String {
    let mut url = Url::parse("http://console/").expect("it is an address");
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear().extend(segments);
    }
    url.path().to_owned()
}

/// The page of a settlement.
pub(super) fn settlement(key: &SettlementKey) -> String {
    path(&["settlements", &key.connection, &key.settlement_id])
}

/// A path with a query; pairs without a value are left out.
pub(super) fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A long list, a page at a time: where the pages before and behind are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Paging {
    /// `rows 101 to 200 of 1,204`; nothing when all are on one page.
    pub(super) told: String,
    /// The page before.
    pub(super) before: Option<String>,
    /// The page behind.
    pub(super) behind: Option<String>,
}

impl Paging {
    /// Page `page` (from 0) of `total` things, `size` at a time, at this path and query.
    pub(super) fn new(
        (path, query): (&str, &[(&str, &str)]),
        (page, size): (u64, u64),
        (total, things): (u64, &str),
    ) -> Self {
        if total <= size && page == 0 {
            return Self::default();
        }
        let at = |page: u64| {
            let number = if page == 0 { String::new() } else { page.to_string() };
            let mut pairs = query.to_vec();
            pairs.push(("page", &number));
            with_query(path, &pairs)
        };
        let grouped = |count: u64| crate::output::grouped(&count.to_string());
        let first = page.saturating_mul(size);
        let last = first.saturating_add(size).min(total);
        Self {
            told: format!(
                "{things} {} to {} of {}",
                grouped(first.saturating_add(1).min(last)),
                grouped(last),
                grouped(total)
            ),
            before: page.checked_sub(1).map(at),
            behind: (last < total).then(|| at(page.saturating_add(1))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_connection_is_called_its_address_is_one_path() {
        assert_eq!(path(&["settlements", "us east/1?", "81"]), "/settlements/us%20east%2F1%3F/81");
        assert_eq!(with_query("/a", &[("b", ""), ("c", "d e")]), "/a?c=d+e");
        assert_eq!(with_query("/a", &[]), "/a");
    }

    #[test]
    fn pages_know_their_neighbours() {
        let at =
            |page, total| Paging::new(("/rows", &[("order", "7")]), (page, 100), (total, "rows"));
        assert_eq!(at(0, 100), Paging::default());
        let first = at(0, 1_204);
        assert_eq!(first.told, "rows 1 to 100 of 1,204");
        assert_eq!((first.before, first.behind.as_deref()), (None, Some("/rows?order=7&page=1")));
        let last = at(12, 1_204);
        assert_eq!(last.told, "rows 1,201 to 1,204 of 1,204");
        assert_eq!((last.before.as_deref(), last.behind), (Some("/rows?order=7&page=11"), None));
        assert_eq!(at(1, 101).before.as_deref(), Some("/rows?order=7"));
    }
}
