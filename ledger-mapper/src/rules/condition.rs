//! When a rule applies.

use jiff::civil::Date;

use super::facts::{Field, Value, Values};
use crate::pattern::Pattern;

/// A pattern for one field, and how the file writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) field: Field,
    pub(crate) text: String,
    pub(crate) pattern: Pattern,
}

impl Term {
    pub(crate) fn new(field: Field, text: &str) -> Self {
        let pattern = Pattern::of(text, |piece| field.comparable(piece));
        Self { field, text: text.trim().to_owned(), pattern }
    }

    /// A row that has no value fits only a pattern that asks for nothing.
    pub(crate) fn fits(&self, values: &Values) -> Fit {
        match values.get(self.field) {
            _ if self.pattern.is_blank() => Fit::Yes,
            Value::Text(_, comparable) if self.pattern.matches(comparable) => Fit::Yes,
            Value::Text(..) | Value::Absent => Fit::No,
            Value::NotKept => Fit::NotKept,
        }
    }
}

/// Whether a row is what a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    Yes,
    No,
    /// It depends on a fact that was not kept.
    NotKept,
}

/// The days on which a rule is in force; open where `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Days {
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
}

impl Days {
    pub(crate) fn contain(self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }

    /// Whether some day is in both.
    fn overlap(self, other: Self) -> bool {
        let before = |end: Option<Date>, start: Option<Date>| match (end, start) {
            (Some(end), Some(start)) => end < start,
            _ => false,
        };
        !before(self.until, other.from) && !before(other.until, self.from)
    }

    /// Whether it has every day of the other.
    fn cover(self, other: Self) -> bool {
        let starts = self.from.is_none_or(|from| other.from.is_some_and(|other| from <= other));
        let ends = self.until.is_none_or(|until| other.until.is_some_and(|other| other <= until));
        starts && ends
    }
}

/// What a row must be for a rule to apply; a field that is not named may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Condition {
    /// In the order of [`Field`], each field once.
    pub(crate) terms: Vec<Term>,
    pub(crate) days: Days,
}

/// What precedence goes by; the greater wins.
type Specificity = (usize, [(u8, usize); 8]);

impl Condition {
    /// More named fields win; among equally many, the order of [`Field`] decides, an exact text
    /// before one with `*`, and more letters beside `*` before fewer.
    pub(crate) fn specificity(&self) -> Specificity {
        let ranks = Field::ALL
            .map(|field| self.term(field).map_or((0, 0), |term| term.pattern.specificity()));
        (self.terms.len(), ranks)
    }

    pub(crate) fn term(&self, field: Field) -> Option<&Term> {
        self.terms.iter().find(|term| term.field == field)
    }

    pub(crate) fn fits(&self, values: &Values, date: Date) -> Fit {
        if !self.days.contain(date) {
            return Fit::No;
        }
        let mut fit = Fit::Yes;
        for term in &self.terms {
            match term.fits(values) {
                Fit::Yes => {}
                Fit::No => return Fit::No,
                Fit::NotKept => fit = Fit::NotKept,
            }
        }
        fit
    }

    /// Whether a row can match both, as far as the texts tell.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.days.overlap(other.days)
            && self.terms.iter().all(|term| {
                other.term(term.field).is_none_or(|theirs| term.pattern.overlaps(&theirs.pattern))
            })
    }

    /// Whether every row that matches `other` matches this.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.days.cover(other.days)
            && self.terms.iter().all(|term| {
                other.implied(term.field).is_some_and(|theirs| term.pattern.covers(&theirs.pattern))
            })
    }

    /// Whether it asks for the same, on whichever days.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let same =
            |(one, two): (&Term, &Term)| one.field == two.field && one.pattern == two.pattern;
        self.terms.len() == other.terms.len() && self.terms.iter().zip(&other.terms).all(same)
    }

    /// What the condition says about a field, also where another field says it.
    fn implied(&self, field: Field) -> Option<Term> {
        if let Some(term) = self.term(field) {
            return Some(term.clone());
        }
        let store = self.marketplace().filter(|_| field == Field::Country)?;
        Some(Term::new(Field::Country, store.country))
    }

    /// The one marketplace it speaks of.
    pub(crate) fn marketplace(&self) -> Option<&'static settlement_model::Marketplace> {
        settlement_model::Marketplace::by_name(&self.term(Field::Marketplace)?.text)
    }
}
