use std::fmt;

use super::{Filter, percent_encode};

/// The longest query string [`Query::encode`] gives out, in bytes.
///
/// The web server in front of Epicor refuses more than 2048 by default.
pub const MAX_QUERY_LENGTH: usize = 2000;

/// What paging adds to a query: its own options, and the condition of a window. Keys of several
/// columns with ordinary values stay below.
const PAGE_LENGTH: usize = 500;

/// The `$` options of one read of an entity set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    filter: Option<Filter>,
    select: Vec<String>,
    expand: Vec<String>,
    orderby: Vec<Order>,
    top: Option<u32>,
    skip: Option<u64>,
    count: bool,
}

/// One column of `$orderby`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Order {
    column: String,
    descending: bool,
}

/// A query that cannot be sent. Nothing has been sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidQuery {
    /// A column or child name holds something other than letters, digits and `_`.
    #[error("{0:?} is not a column name: only letters, digits and _ are")]
    Column(String),
    /// A name of a service, set, method, query or function that is none.
    #[error("{0:?} is no name of a service, set, method, query or function")]
    Name(String),
    /// A condition that a where clause cannot express.
    #[error("a where clause cannot express {0}")]
    Where(&'static str),
    /// The encoded query is longer than [`MAX_QUERY_LENGTH`].
    #[error("the query is {length} bytes long, Epicor's web server takes {MAX_QUERY_LENGTH}")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
}

impl Query {
    /// A query without options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `$filter`: only the rows that meet the condition.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// `$select`: only these columns. Heavy services need it.
    #[must_use]
    pub fn select<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.select = columns.into_iter().map(str::to_owned).collect();
        self
    }

    /// `$expand`: these child sets along with each row.
    #[must_use]
    pub fn expand<'a>(mut self, children: impl IntoIterator<Item = &'a str>) -> Self {
        self.expand = children.into_iter().map(str::to_owned).collect();
        self
    }

    /// `$orderby`: ascending, instead of what was asked for before.
    #[must_use]
    pub fn orderby<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.orderby.clear();
        self.order(columns, false)
    }

    /// `$orderby`: then by these columns, descending.
    #[must_use]
    pub fn then_descending<'a>(self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.order(columns, true)
    }

    /// `$top`: at most so many rows. Without it the server cuts at 100.
    #[must_use]
    pub fn top(mut self, rows: u32) -> Self {
        self.top = Some(rows);
        self
    }

    /// `$skip`: leave out the first rows.
    #[must_use]
    pub fn skip(mut self, rows: u64) -> Self {
        self.skip = Some(rows);
        self
    }

    /// `$count=true`: have the number of all matching rows in the answer.
    #[must_use]
    pub fn count(mut self) -> Self {
        self.count = true;
        self
    }

    fn order<'a>(mut self, columns: impl IntoIterator<Item = &'a str>, descending: bool) -> Self {
        let order = |column: &str| Order { column: column.to_owned(), descending };
        self.orderby.extend(columns.into_iter().map(order));
        self
    }

    /// Also this condition, beside the one there is.
    pub(crate) fn and_filter(mut self, more: Filter) -> Self {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(more),
            None => more,
        });
        self
    }

    /// Also these columns, unless all are selected anyway.
    pub(super) fn and_select<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        for column in columns {
            let selected = self.select.iter().any(|name| name == column);
            if !self.select.is_empty() && !selected {
                self.select.push(column.to_owned());
            }
        }
        self
    }

    /// Without `$count`.
    pub(super) fn uncounted(mut self) -> Self {
        self.count = false;
        self
    }

    /// The columns of `$orderby`.
    pub(crate) fn ordered_by(&self) -> impl Iterator<Item = &str> {
        self.orderby.iter().map(|order| order.column.as_str())
    }

    /// The query string, percent-encoded, without the leading `?`; empty without options.
    ///
    /// # Errors
    /// [`InvalidQuery`] for a name that is no column, or a query that is too long.
    pub fn encode(&self) -> Result<String, InvalidQuery> {
        self.encode_with("")
    }

    /// Whether the query is short enough to be sent for each page of a long list.
    pub(crate) fn check_paged(&self) -> Result<(), InvalidQuery> {
        match self.encode()?.len() + PAGE_LENGTH {
            length if length > MAX_QUERY_LENGTH => Err(InvalidQuery::TooLong { length }),
            _ => Ok(()),
        }
    }

    /// Behind parameters that are encoded already.
    pub(crate) fn encode_with(&self, parameters: &str) -> Result<String, InvalidQuery> {
        let mut options = Vec::new();
        options.extend(Some(parameters.to_owned()).filter(|text| !text.is_empty()));
        if let Some(filter) = &self.filter {
            options.push(format!("$filter={}", percent_encode(&filter.to_text()?)));
        }
        for (option, names) in [("$select", &self.select), ("$expand", &self.expand)] {
            names.iter().try_for_each(|name| check_column(name))?;
            if !names.is_empty() {
                options.push(format!("{option}={}", names.join(",")));
            }
        }
        if !self.orderby.is_empty() {
            self.ordered_by().try_for_each(check_column)?;
            let orders: Vec<_> = self.orderby.iter().map(Order::to_string).collect();
            options.push(format!("$orderby={}", orders.join(",")));
        }
        options.extend(self.top.map(|rows| format!("$top={rows}")));
        options.extend(self.skip.map(|rows| format!("$skip={rows}")));
        if self.count {
            options.push("$count=true".to_owned());
        }
        let encoded = options.join("&");
        if encoded.len() > MAX_QUERY_LENGTH {
            return Err(InvalidQuery::TooLong { length: encoded.len() });
        }
        Ok(encoded)
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.column)?;
        f.write_str(if self.descending { "%20desc" } else { "" })
    }
}

pub(super) fn check_column(name: &str) -> Result<(), InvalidQuery> {
    let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if valid { Ok(()) } else { Err(InvalidQuery::Column(name.to_owned())) }
}
