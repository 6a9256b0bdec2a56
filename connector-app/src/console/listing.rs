//! Which part of a long list a page shows.

use serde::Deserialize;
use store::ListFilter;

use super::address::Paging;

/// What is asked for; empty is all.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) connection: String,
    pub(super) state: String,
    pub(super) page: u64,
}

impl Asked {
    pub(super) fn filter(&self) -> ListFilter<'_> {
        let chosen = |text| Some(text).filter(|text: &&str| !text.is_empty());
        ListFilter { connection: chosen(&self.connection), state: chosen(&self.state) }
    }

    /// How many come before the page.
    pub(super) const fn offset(&self, size: u64) -> u64 {
        self.page.saturating_mul(size)
    }

    /// The links to the other pages of `total` things under this path.
    pub(super) fn paging(&self, path: &str, size: u64, (total, things): (u64, &str)) -> Paging {
        let query = [("connection", self.connection.as_str()), ("state", self.state.as_str())];
        Paging::new((path, &query), (self.page, size), (total, things))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_empty_is_all() {
        assert_eq!(Asked::default().filter(), ListFilter::default());
        let state = "held".to_owned();
        let asked = Asked { state, page: 2, ..Asked::default() };
        assert_eq!(asked.filter(), ListFilter { state: Some("held"), ..ListFilter::default() });
        assert_eq!(asked.offset(50), 100);
        let paging = asked.paging("/settlements", 50, (120, "settlements"));
        assert_eq!(paging.before.as_deref(), Some("/settlements?state=held&page=1"));
        assert_eq!(paging.behind, None);
    }
}
