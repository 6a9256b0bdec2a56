//! Writes a decision into the text of a rules file, keeping everything else as it is.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use settlement_model::Triple;
use toml_edit::{
    ArrayOfTables, Datetime, DocumentMut, Item, Key, RawString, Table, TableLike, value,
};

use super::{Decision, Mapping, Note};

/// The text with the decision, or why it cannot be written there.
pub(super) fn edited(text: &str, decision: &Decision, note: &Note<'_>) -> Result<String, String> {
    // What writes the document back ends lines with one character.
    let windows = text.contains("\r\n");
    let plain = text.replace("\r\n", "\n");
    let mut document: DocumentMut =
        plain.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    match (&decision.mapping, decision.from) {
        (Mapping::Role { role, account }, None) => {
            let accounts = document.get_mut("accounts").and_then(Item::as_table_like_mut);
            set_text(accounts.ok_or("it has no table [accounts]")?, role.as_str(), account);
        }
        (Mapping::Role { role, account }, Some(from)) => {
            let accounts = accounts_from(&mut document, from, note)?;
            set_text(accounts, role.as_str(), account);
        }
        (Mapping::Triple { triple, marketplace, role, account }, from) => {
            let asks = Asks { triple, marketplace: marketplace.as_deref(), from };
            let rule = asks.rule(&mut document, note)?;
            for (key, given) in
                [("role", role.map(ledger_mapper::Role::as_str)), ("account", account.as_deref())]
            {
                match given {
                    Some(given) => set_text(rule, key, given),
                    None => drop(rule.remove(key)),
                }
            }
        }
    }
    if let (Some(account), Some(name)) = (decision.account(), &decision.account_name) {
        add_to_chart(&mut document, account, name)?;
    }
    let written = document.to_string();
    Ok(if windows { written.replace('\n', "\r\n") } else { written })
}

/// Sets a value; what stands around it, a comment behind it too, stays.
fn set_text(table: &mut dyn TableLike, key: &str, text: &str) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(known) if known.as_str() == Some(text) => {}
        Some(known) => {
            let decor = known.decor().clone();
            *known = text.into();
            *known.decor_mut() = decor;
        }
        None => drop(table.insert(key, value(text))),
    }
}

/// Names an account in a `[chart]` that does not have it. A file without a chart needs none.
fn add_to_chart(document: &mut DocumentMut, account: &str, name: &str) -> Result<(), String> {
    let chart = document.get_mut("chart").and_then(Item::as_table_mut);
    let Some(chart) = chart.filter(|chart| !chart.is_empty() && !chart.contains_key(account))
    else {
        return Ok(());
    };
    // In quotes, as numbers are usually written there.
    let quoted = serde_json::Value::from(account).to_string();
    let key: Key = quoted.parse().map_err(|_| format!("{account} cannot be a key"))?;
    chart.insert_formatted(&key, value(name));
    Ok(())
}

/// The accounts of the `[[change]]` from a day on; made when there is none.
fn accounts_from<'d>(
    document: &'d mut DocumentMut,
    from: Date,
    note: &Note<'_>,
) -> Result<&'d mut dyn TableLike, String> {
    let wanted = day(from)?;
    let changes = tables(document, "change")?;
    let at = changes.iter().position(|change| is_day(change.get("from"), wanted));
    let at = match at {
        Some(at) => at,
        None => {
            let mut change = Table::new();
            change.insert("from", value(wanted));
            push(document, "change", change, note)?;
            tables(document, "change")?.len() - 1
        }
    };
    let change = tables(document, "change")?.get_mut(at).ok_or("it has no [[change]]")?;
    let accounts = change.entry("accounts").or_insert_with(|| Item::Table(Table::new()));
    accounts.as_table_like_mut().ok_or_else(|| "[change.accounts] is no table".to_owned())
}

/// What a rule asks of a row.
struct Asks<'a> {
    triple: &'a Triple,
    marketplace: Option<&'a str>,
    from: Option<Date>,
}

impl Asks<'_> {
    /// The keys of a rule that asks for it; a blank cell cannot be asked for.
    fn terms(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Triple { transaction_type, amount_type, amount_description } = self.triple;
        let terms = [
            ("transaction_type", transaction_type.as_str()),
            ("amount_type", amount_type.as_str()),
            ("amount_description", amount_description.as_str()),
            ("marketplace", self.marketplace.unwrap_or_default()),
        ];
        terms.into_iter().filter(|(_, text)| !text.trim().is_empty())
    }

    /// Whether a rule asks for these and for nothing else.
    fn are_those_of(&self, rule: &Table) -> bool {
        let others = ["country", "sku", "fulfilment", "currency", "until"];
        let keys = ["transaction_type", "amount_type", "amount_description", "marketplace"];
        let same = |key| {
            let asked = self.terms().find(|(name, _)| *name == key).map(|(_, text)| text);
            rule.get(key).and_then(Item::as_str) == asked
        };
        !others.iter().any(|key| rule.contains_key(key)) && keys.into_iter().all(same)
    }

    /// The rule that asks for these from that day on; made when there is none. One that was in force
    /// until then ends on the day before.
    fn rule<'d>(
        &self,
        document: &'d mut DocumentMut,
        note: &Note<'_>,
    ) -> Result<&'d mut dyn TableLike, String> {
        let from = self.from.map(day).transpose()?;
        let rules = tables(document, "rule")?;
        let mut known = None;
        for (at, rule) in rules.iter_mut().enumerate() {
            if !self.are_those_of(rule) {
                continue;
            }
            let since = rule.get("from").and_then(Item::as_datetime).copied();
            if since == from {
                known = Some(at);
            } else if let Some(first) = self.from
                && since.is_none_or(|since| Some(since) < from)
            {
                let last = first.yesterday().map_err(|error| error.to_string())?;
                rule.insert("until", value(day(last)?));
            }
        }
        let at = match known {
            Some(at) => at,
            None => {
                let mut rule = Table::new();
                for (key, text) in self.terms() {
                    rule.insert(key, value(text));
                }
                if let Some(from) = from {
                    rule.insert("from", value(from));
                }
                push(document, "rule", rule, note)?;
                tables(document, "rule")?.len() - 1
            }
        };
        let rule = tables(document, "rule")?.get_mut(at).ok_or("it has no [[rule]]")?;
        Ok(rule)
    }
}

/// The `[[name]]` tables; none yet is an empty list.
fn tables<'d>(document: &'d mut DocumentMut, name: &str) -> Result<&'d mut ArrayOfTables, String> {
    let entry = document.entry(name).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    entry.as_array_of_tables_mut().ok_or_else(|| format!("{name} is not written as [[{name}]]"))
}

/// Adds a table behind all others, with a comment that says whose decision it is. What the file ends
/// with, such as examples in comments, stays before it.
fn push(
    document: &mut DocumentMut,
    name: &str,
    mut table: Table,
    note: &Note<'_>,
) -> Result<(), String> {
    let is_first = tables(document, name)?.is_empty();
    let ending = document.trailing().as_str().unwrap_or_default().to_owned();
    let (before, rest) = if is_first { (ending, String::new()) } else { (String::new(), ending) };
    let gap = if before.is_empty() || before.ends_with('\n') { "\n" } else { "\n\n" };
    table.decor_mut().set_prefix(format!("{before}{gap}{}", comment(note)));
    document.set_trailing(RawString::from(rest));
    tables(document, name)?.push(table);
    Ok(())
}

/// Who decided, when and why, in one line.
fn comment(note: &Note<'_>) -> String {
    let day = TimeZone::UTC.to_datetime(note.at).date();
    let reason: String = note.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let printable: String = reason.chars().filter(|letter| !letter.is_control()).collect();
    format!("# {day}, {}: {printable}\n", note.actor.label())
}

fn day(date: Date) -> Result<Datetime, String> {
    date.to_string().parse().map_err(|error| format!("{date}: {error}"))
}

fn is_day(item: Option<&Item>, day: Datetime) -> bool {
    item.and_then(Item::as_datetime) == Some(&day)
}
