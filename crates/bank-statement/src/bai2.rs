//! BAI2: records of comma-separated fields, each kind with a two-digit code, totals at every level.

use jiff::civil::Date;
use settlement_model::{Currency, Money};

use crate::Options;
use crate::amount;
use crate::date;
use crate::defect::Unreadable;
use crate::statement::{Form, Line, Proof, Statement};

const OPENING_LEDGER: &str = "010";
const CLOSING_LEDGER: &str = "015";

/// A record with its continuations.
struct Record<'t> {
    line: u64,
    code: &'t str,
    fields: Vec<String>,
    /// How many lines of the file it takes.
    physical: u64,
}

impl Record<'_> {
    fn field(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", |field| field.trim())
    }

    fn refuse(&self, message: impl Into<String>) -> Unreadable {
        Unreadable::at(Form::Bai2, self.line, message)
    }
}

/// An account between its 03 and its 49.
struct Account {
    statement: Statement,
    day: Date,
    tally: Tally,
}

/// A group between its 02 and its 98.
struct Group {
    day: Date,
    currency: Option<Currency>,
    tally: Tally,
}

/// What a trailer must agree with.
#[derive(Default)]
struct Tally {
    /// The sum of the amounts or of the control totals below, as they are written: without a decimal
    /// sign, in whatever currency.
    control: i128,
    /// How many accounts or groups there were.
    parts: u64,
    /// How many lines of the file, the trailer's own among them.
    records: u64,
}

pub(crate) fn read(text: &str, options: &Options) -> Result<Vec<Statement>, Unreadable> {
    let mut statements = Vec::new();
    let mut file: Option<Tally> = None;
    let mut group: Option<Group> = None;
    let mut account: Option<Account> = None;
    let mut ended = false;
    for record in records(text)? {
        if ended {
            return Err(record.refuse("something stands behind the file trailer (99)"));
        }
        let file = match &mut file {
            None if record.code == "01" => file.insert(Tally::default()),
            Some(file) if record.code != "01" => file,
            _ => return Err(record.refuse("a file begins with one file header (01)")),
        };
        let tallies = [
            Some(&mut *file),
            group.as_mut().map(|group| &mut group.tally),
            account.as_mut().map(|account| &mut account.tally),
        ];
        for tally in tallies.into_iter().flatten() {
            tally.records += record.physical;
        }
        match record.code {
            "01" => {}
            "02" if group.is_none() => group = Some(begin_group(&record)?),
            "03" if account.is_none() => {
                let Some(group) = &group else {
                    return Err(record.refuse("an account (03) stands outside a group (02)"));
                };
                account = Some(begin_account(&record, group, options)?);
            }
            "16" => {
                let Some(account) = &mut account else {
                    return Err(record.refuse("a transaction (16) stands outside an account (03)"));
                };
                add(account, &record)?;
            }
            "49" => {
                let (Some(done), Some(group)) = (account.take(), &mut group) else {
                    return Err(record.refuse("an account trailer (49) without its account (03)"));
                };
                done.tally.check(&record, None)?;
                group.tally.add(&record)?;
                statements.push(done.statement);
            }
            "98" if account.is_none() => {
                let Some(done) = group.take() else {
                    return Err(record.refuse("a group trailer (98) without its group (02)"));
                };
                done.tally.check(&record, Some("accounts"))?;
                file.add(&record)?;
            }
            "99" if group.is_none() => {
                file.check(&record, Some("groups"))?;
                ended = true;
            }
            code => return Err(record.refuse(format!("a record {code} was not expected here"))),
        }
    }
    if !ended {
        let message = "the file breaks off: its file trailer (99) is missing; get it again";
        return Err(Unreadable::of(Form::Bai2, message));
    }
    Ok(statements)
}

/// Joins each record with its continuations (88).
fn records(text: &str) -> Result<Vec<Record<'_>>, Unreadable> {
    let mut joined: Vec<(u64, &str, String, u64)> = Vec::new();
    for (line, physical) in (1..).zip(text.lines()) {
        let physical = physical.trim_end();
        if physical.is_empty() {
            continue;
        }
        let (code, rest) = physical.split_once(',').unwrap_or((physical.trim_end_matches('/'), ""));
        if code != "88" {
            joined.push((line, code, rest.to_owned(), 1));
            continue;
        }
        let Some((_, _, body, lines)) = joined.last_mut() else {
            return Err(Unreadable::at(Form::Bai2, line, "a continuation (88) of nothing"));
        };
        // A record that ends with a slash goes on with its next field, a text with its next words.
        match body.strip_suffix('/') {
            Some(whole) => *body = format!("{whole},{rest}"),
            None => *body = format!("{body} {rest}"),
        }
        *lines += 1;
    }
    let split = |(line, code, body, physical): (u64, _, String, u64)| {
        let body = body.strip_suffix('/').unwrap_or(&body);
        Record { line, code, fields: body.split(',').map(str::to_owned).collect(), physical }
    };
    Ok(joined.into_iter().map(split).collect())
}

fn begin_group(record: &Record<'_>) -> Result<Group, Unreadable> {
    let day = record.field(3);
    let day = date::short(day)
        .ok_or_else(|| record.refuse(format!("\"{day}\" is not a date such as 261231")))?;
    let tally = Tally { records: record.physical, ..Tally::default() };
    Ok(Group { day, currency: currency(record, record.field(5))?, tally })
}

fn currency(record: &Record<'_>, code: &str) -> Result<Option<Currency>, Unreadable> {
    if code.is_empty() {
        return Ok(None);
    }
    Currency::parse(code).map(Some).map_err(|error| record.refuse(error.to_string()))
}

fn begin_account(
    record: &Record<'_>,
    group: &Group,
    options: &Options,
) -> Result<Account, Unreadable> {
    let own = currency(record, record.field(1))?;
    let currency = own.or(group.currency).or(options.currency).ok_or_else(|| {
        record.refuse("the file does not say the account's currency; name it when importing")
    })?;
    let mut statement = Statement {
        form: Form::Bai2,
        account: record.field(0).to_owned(),
        currency,
        opening: None,
        closing: None,
        lines: Vec::new(),
        proof: Proof::Totals,
    };
    let mut tally = Tally { records: record.physical, ..Tally::default() };
    let mut at = 2;
    while at < record.fields.len() {
        let (code, written) = (record.field(at), record.field(at + 1));
        let funds = record.field(at + 3);
        if !written.is_empty() {
            let amount =
                amount::in_units(written, currency).map_err(|error| record.refuse(error))?;
            tally.sum(record, written)?;
            match code {
                OPENING_LEDGER => statement.opening = Some(amount),
                CLOSING_LEDGER => statement.closing = Some(amount),
                _ => {}
            }
        }
        at += 4 + availability(record, at + 4, funds)?;
    }
    Ok(Account { statement, day: group.day, tally })
}

/// How many fields the funds type brings with it.
fn availability(record: &Record<'_>, at: usize, funds: &str) -> Result<usize, Unreadable> {
    match funds {
        "" | "0" | "1" | "2" | "Z" => Ok(0),
        "V" => Ok(2),
        "S" => Ok(3),
        "D" => {
            let count = record.field(at);
            let count: usize = count
                .parse()
                .ok()
                .filter(|count| *count <= record.fields.len())
                .ok_or_else(|| record.refuse(format!("\"{count}\" is no count of days")))?;
            Ok(1 + 2 * count)
        }
        other => Err(record.refuse(format!("funds type \"{other}\" is not known"))),
    }
}

fn add(account: &mut Account, record: &Record<'_>) -> Result<(), Unreadable> {
    let currency = account.statement.currency;
    let (code, written, funds) = (record.field(0), record.field(1), record.field(2));
    let amount = if written.is_empty() {
        Money::zero(currency)
    } else {
        account.tally.sum(record, written)?;
        amount::in_units(written, currency).map_err(|error| record.refuse(error))?
    };
    let number: u16 = code.parse().map_err(|_| record.refuse(format!("type code \"{code}\"")))?;
    let amount = match number {
        100..=399 => amount,
        400..=699 => amount.negated(),
        // A remark without money.
        890 => return Ok(()),
        _ => {
            let message = format!("type code {code} is neither a credit nor a debit");
            return Err(record.refuse(message));
        }
    };
    let behind = 3 + availability(record, 3, funds)?;
    let value_date = (funds == "V").then(|| date::short(record.field(3))).flatten();
    let text = record.fields.get(behind + 2..).unwrap_or_default().join(",");
    account.statement.lines.push(Line {
        reference: record.field(behind).to_owned(),
        date: value_date.unwrap_or(account.day),
        amount,
        booked: true,
        text: text.trim().to_owned(),
    });
    Ok(())
}

impl Tally {
    fn sum(&mut self, record: &Record<'_>, written: &str) -> Result<(), Unreadable> {
        self.control = self
            .control
            .checked_add(units(record, written)?)
            .ok_or_else(|| record.refuse("the control total is too large"))?;
        Ok(())
    }

    /// Takes in an account or a group that its own trailer agreed with.
    fn add(&mut self, trailer: &Record<'_>) -> Result<(), Unreadable> {
        self.parts += 1;
        self.sum(trailer, trailer.field(0))
    }

    /// Compares with a trailer: control total, how many of its parts where it counts them, records.
    fn check(&self, trailer: &Record<'_>, parts: Option<&str>) -> Result<(), Unreadable> {
        let stated = units(trailer, trailer.field(0))?;
        if stated != self.control {
            return Err(trailer.refuse(format!(
                "the control total is {stated}, but the records add up to {}; the file is \
                 incomplete or was changed: get it from the bank again",
                self.control
            )));
        }
        match parts {
            None => check_count(trailer, 1, self.records, "records"),
            Some(parts) => {
                check_count(trailer, 1, self.parts, parts)?;
                check_count(trailer, 2, self.records, "records")
            }
        }
    }
}

/// A number as BAI2 writes amounts.
fn units(record: &Record<'_>, written: &str) -> Result<i128, Unreadable> {
    written.parse().map_err(|_| record.refuse(format!("\"{written}\" is not a control total")))
}

fn check_count(
    record: &Record<'_>,
    field: usize,
    counted: u64,
    what: &str,
) -> Result<(), Unreadable> {
    let stated = record.field(field);
    if stated.is_empty() || stated.parse() == Ok(counted) {
        return Ok(());
    }
    Err(record.refuse(format!(
        "the trailer counts {stated} {what}, the file has {counted}; get it from the bank again"
    )))
}
