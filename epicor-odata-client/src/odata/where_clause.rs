//! The same conditions in the other language Epicor's services know: where clauses of `GetRows`
//! and `GetList`.

use std::fmt::Write as _;

use super::filter::{Condition, Connective};
use super::query::{InvalidQuery, check_column};
use super::{Filter, Literal};

impl Filter {
    /// The condition as a where clause, as the `GetRows` and `GetList` methods take it, followed by
    /// `BY` and these columns when there are any.
    ///
    /// How these methods read a quote inside a text, or a tilde, is not known for certain. A text
    /// is put into the kind of quotes that it does not hold; one with both kinds, or with a tilde,
    /// is refused, and so is what the language has no safe words for.
    ///
    /// ```
    /// use epicor_odata_client::odata::Filter;
    ///
    /// let filter = Filter::eq("ClassID", "O'RING").and(Filter::eq("InActive", false));
    /// assert_eq!(
    ///     filter.to_where_clause(&["PartNum"])?,
    ///     r#"ClassID = "O'RING" AND InActive = false BY PartNum"#,
    /// );
    /// # Ok::<(), epicor_odata_client::odata::InvalidQuery>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidQuery::Column`] for a name that is no column, and [`InvalidQuery::Where`] for a
    /// condition that cannot be written.
    pub fn to_where_clause(&self, order: &[&str]) -> Result<String, InvalidQuery> {
        self.0.check()?;
        order.iter().try_for_each(|column| check_column(column))?;
        let mut clause = String::new();
        write_condition(&mut clause, &self.0)?;
        for column in order {
            put(&mut clause, format_args!(" BY {column}"));
        }
        Ok(clause)
    }
}

fn write_condition(clause: &mut String, condition: &Condition) -> Result<(), InvalidQuery> {
    match condition {
        Condition::Compare { column, operator, value } => {
            let operator = match *operator {
                "eq" => "=",
                "ne" => "<>",
                "gt" => ">",
                "ge" => ">=",
                "lt" => "<",
                _ => "<=",
            };
            put(clause, format_args!("{column} {operator} {}", literal(value)?));
        }
        Condition::Call { function: "startswith", column, value } => {
            put(clause, format_args!("{column} BEGINS {}", literal(value)?));
        }
        Condition::Call { .. } => {
            return Err(InvalidQuery::Where("a text that is inside or at the end of another"));
        }
        Condition::IgnoringCase { .. } => {
            return Err(InvalidQuery::Where("a comparison that ignores case"));
        }
        Condition::Not(inner) => {
            clause.push_str("NOT (");
            write_condition(clause, inner)?;
            clause.push(')');
        }
        Condition::Joined { connective, parts } => {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    clause.push_str(match connective {
                        Connective::And => " AND ",
                        Connective::Or => " OR ",
                    });
                }
                let nested = matches!(part, Condition::Joined { .. });
                clause.push_str(if nested { "(" } else { "" });
                write_condition(clause, part)?;
                clause.push_str(if nested { ")" } else { "" });
            }
        }
    }
    Ok(())
}

fn literal(value: &Literal) -> Result<String, InvalidQuery> {
    match value {
        Literal::Text(text) if text.contains(['~', '\0', '\n', '\r']) => {
            Err(InvalidQuery::Where("a text with a tilde or a line break"))
        }
        Literal::Text(text) if !text.contains('\'') => Ok(format!("'{text}'")),
        Literal::Text(text) if !text.contains('"') => Ok(format!("\"{text}\"")),
        Literal::Text(_) => Err(InvalidQuery::Where("a text with both kinds of quotes")),
        Literal::Decimal(number) => Ok(number.to_string()),
        Literal::Integer(number) => Ok(number.to_string()),
        Literal::Boolean(flag) => Ok(flag.to_string()),
        Literal::Date(day) => Ok(format!("'{day}'")),
        Literal::Guid(guid) => Ok(format!("'{guid}'")),
        Literal::DateTime(_) => Err(InvalidQuery::Where("a time of day")),
        Literal::Null => Err(InvalidQuery::Where("an empty value")),
    }
}

fn put(clause: &mut String, part: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = clause.write_fmt(part);
}
