//! Accounts made of segments.

use std::collections::BTreeMap;

use super::condition::{Fit, Term};
use super::facts::{Field, Value, Values};

/// A text with `{placeholders}`, as `{natural}-{marketplace.division}-{product}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(pub(crate) Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Stands as it is.
    Text(String),
    /// `{natural}`: the account that the role or the rule names.
    Natural,
    /// `{marketplace.division}`: a value of that dimension.
    Segment(Dimension),
}

/// The name of a dimension: the fact it depends on, and what it is called there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dimension {
    pub(crate) field: Field,
    pub(crate) name: String,
}

impl std::fmt::Display for Dimension {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.field.as_str(), self.name)
    }
}

/// The values of every dimension, the most specific first.
pub(crate) type Dimensions = BTreeMap<Dimension, Vec<(Term, String)>>;

/// Why a segment has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoSegment {
    /// The dimension has no value for what the row has.
    NoValue { dimension: Dimension, row: Option<String> },
    /// It depends on a fact that was not kept.
    NotKept { dimension: Dimension },
}

impl Template {
    pub(crate) fn fill(
        &self,
        natural: &str,
        dimensions: &Dimensions,
        values: &Values,
    ) -> Result<String, NoSegment> {
        let mut account = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => account.push_str(text),
                Piece::Natural => account.push_str(natural),
                Piece::Segment(dimension) => {
                    account.push_str(value(dimension, dimensions, values)?);
                }
            }
        }
        Ok(account)
    }

    /// Whether an account is written in full: it has a separator of the template itself.
    pub(crate) fn is_filled_by(&self, account: &str) -> bool {
        let separators = self.0.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        });
        let mut marks =
            separators.flat_map(str::chars).filter(|c| !c.is_alphanumeric() && !c.is_whitespace());
        marks.any(|mark| account.contains(mark))
    }

    /// Every account it can become, whatever the row; at most `most`.
    pub(crate) fn every(&self, natural: &str, dimensions: &Dimensions, most: usize) -> Vec<String> {
        let mut accounts = vec![String::new()];
        for piece in &self.0 {
            let ends: Vec<&str> = match piece {
                Piece::Text(text) => vec![text],
                Piece::Natural => vec![natural],
                Piece::Segment(dimension) => {
                    let values = dimensions.get(dimension).into_iter().flatten();
                    values.map(|(_, value)| value.as_str()).collect()
                }
            };
            let longer = accounts
                .iter()
                .flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")));
            accounts = longer.take(most).collect();
        }
        accounts
    }

    pub(crate) fn dimensions(&self) -> impl Iterator<Item = &Dimension> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Segment(dimension) => Some(dimension),
            _ => None,
        })
    }
}

fn value<'d>(
    dimension: &Dimension,
    dimensions: &'d Dimensions,
    values: &Values,
) -> Result<&'d str, NoSegment> {
    for (term, value) in dimensions.get(dimension).into_iter().flatten() {
        match term.fits(values) {
            Fit::Yes => return Ok(value),
            Fit::No => {}
            Fit::NotKept => return Err(NoSegment::NotKept { dimension: dimension.clone() }),
        }
    }
    let row = match values.get(dimension.field) {
        Value::Text(text, _) => Some(text.clone()),
        Value::Absent | Value::NotKept => None,
    };
    Err(NoSegment::NoValue { dimension: dimension.clone(), row })
}
