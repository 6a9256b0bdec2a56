//! The `[dimension]` tables: the value that a segment has, by a fact of the row.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Text, check_code, names_of_fields};
use crate::file_error::{File, RulesError};
use crate::nearest::nearest;
use crate::rules::Field;
use crate::rules::condition::Term;
use crate::rules::template::{Dimension, Dimensions};

/// Field ▶ pattern ▶ name ▶ value: `[dimension.marketplace]`, `"Amazon.de" = { division = "49" }`.
pub(super) type Table = BTreeMap<Text, BTreeMap<Text, BTreeMap<Text, Text>>>;

pub(super) fn read(file: File<'_>, table: Table) -> Result<Dimensions, RulesError> {
    let mut dimensions = Dimensions::new();
    for (key, patterns) in table {
        let field = field_named(file, &key)?;
        let mut patterns: Vec<_> = patterns.into_iter().collect();
        patterns.sort_by_key(|(pattern, _)| pattern.span().start);
        for (pattern, values) in patterns {
            let term = Term::new(field, pattern.get_ref());
            check_code(file, &term, &pattern)?;
            for (name, value) in values {
                check_name(file, &name)?;
                let dimension = Dimension { field, name: name.into_inner() };
                let known = dimensions.entry(dimension).or_default();
                if let Some((earlier, _)) = known.iter().find(|(earlier, _)| tie(earlier, &term)) {
                    let message = format!(
                        "\"{pattern}\" and \"{}\" are equally specific and can match the same row.",
                        earlier.text
                    );
                    let fix = "Write one of them out further.";
                    return Err(file.error(&pattern.span(), message, fix));
                }
                known.push((term.clone(), value.get_ref().trim().to_owned()));
            }
        }
    }
    for values in dimensions.values_mut() {
        values.sort_by_key(|(term, _)| Reverse(term.pattern.specificity()));
    }
    Ok(dimensions)
}

fn tie(one: &Term, other: &Term) -> bool {
    one.pattern.specificity() == other.pattern.specificity() && one.pattern.overlaps(&other.pattern)
}

fn field_named(file: File<'_>, key: &Text) -> Result<Field, RulesError> {
    Field::ALL.into_iter().find(|field| field.as_str() == key.get_ref()).ok_or_else(|| {
        let fix = nearest(key.get_ref(), Field::ALL.map(Field::as_str)).map_or_else(
            || format!("Use one of {}.", names_of_fields()),
            |likely| format!("Did you mean `{likely}`?"),
        );
        file.error(&key.span(), format!("A row has no `{key}`."), fix)
    })
}

fn check_name(file: File<'_>, name: &Text) -> Result<(), RulesError> {
    let text = name.get_ref();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if text.chars().all(plain) && !text.is_empty() && text != "natural" {
        return Ok(());
    }
    let message = format!("A segment cannot be named `{text}`.");
    let fix = "Use lower-case letters, digits and `_`, and another name than `natural`.";
    Err(file.error(&name.span(), message, fix))
}
