//! Conditions of any shape mean to a server what they mean to the caller.

use crate::model::{COLUMNS, Cell, Condition, Key, key};
use epicor_odata_client::odata::{Filter, Literal};
use jiff::civil::Date;
use proptest::prelude::*;

/// A condition, as the caller thinks of it.
#[derive(Clone, Debug)]
enum Thought {
    Compare(usize, &'static str, Key),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

impl Thought {
    fn holds(&self, row: &Key) -> bool {
        match self {
            Self::Compare(column, operator, with) => {
                let (one, two) = (&row[*column], &with[*column]);
                match *operator {
                    "eq" => one == two,
                    "ne" => one != two,
                    "gt" => one > two,
                    "ge" => one >= two,
                    "lt" => one < two,
                    _ => one <= two,
                }
            }
            Self::And(one, two) => one.holds(row) && two.holds(row),
            Self::Or(one, two) => one.holds(row) || two.holds(row),
            Self::Not(inner) => !inner.holds(row),
        }
    }

    fn filter(&self) -> Filter {
        match self {
            Self::Compare(column, operator, with) => {
                let (name, value) = (COLUMNS[*column].0, literal(*column, with));
                match *operator {
                    "eq" => Filter::eq(name, value),
                    "ne" => Filter::ne(name, value),
                    "gt" => Filter::gt(name, value),
                    "ge" => Filter::ge(name, value),
                    "lt" => Filter::lt(name, value),
                    _ => Filter::le(name, value),
                }
            }
            Self::And(one, two) => one.filter().and(two.filter()),
            Self::Or(one, two) => one.filter().or(two.filter()),
            Self::Not(inner) => inner.filter().negated(),
        }
    }
}

fn literal(column: usize, key: &Key) -> Literal {
    match &key[column] {
        Cell::Whole(number) => Literal::from(*number),
        Cell::Text(text) if COLUMNS[column].0 == "EffectiveDate" => {
            Literal::from(text[..10].parse::<Date>().unwrap())
        }
        Cell::Text(text) => Literal::from(text.as_str()),
    }
}

fn keys() -> impl Strategy<Value = Key> {
    (0_i64..3, "[aB'()]{0,2}|(?s).{0,4}| or 1 eq 1", 0_u32..40)
        .prop_map(|(cust, part, day)| key(cust, &part, day, 0))
}

fn thoughts() -> impl Strategy<Value = Thought> {
    let operators = prop::sample::select(vec!["eq", "ne", "gt", "ge", "lt", "le"]);
    // GUIDs have no order worth asking for.
    let leaf = (0_usize..3, operators, keys()).prop_map(|(c, o, k)| Thought::Compare(c, o, k));
    leaf.prop_recursive(5, 24, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(one, two)| Thought::And(one.into(), two.into())),
            pair.prop_map(|(one, two)| Thought::Or(one.into(), two.into())),
            inner.prop_map(|inner| Thought::Not(inner.into())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever is nested in whatever, with any text in it.
    #[test]
    fn a_condition_means_what_was_thought(thought in thoughts(), rows in prop::collection::vec(keys(), 1..12)) {
        let text = thought.filter().to_text()?;
        let read = Condition::read(&text);
        for row in rows {
            prop_assert_eq!(read.holds(&row), thought.holds(&row), "{} of {:?}", text, row);
        }
    }
}
