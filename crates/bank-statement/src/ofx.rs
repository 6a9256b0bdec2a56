//! OFX: tags, of which those of 1.x need no end.

use settlement_model::{Currency, Money};

use crate::amount;
use crate::date;
use crate::defect::Unreadable;
use crate::statement::{Form, Line, Proof, Statement};

/// A tag and the text behind it.
struct Tag<'t> {
    line: u64,
    name: &'t str,
    text: &'t str,
}

/// A transaction, between `STMTTRN` and its end.
#[derive(Default)]
struct Transaction<'t> {
    line: u64,
    id: &'t str,
    reference: &'t str,
    posted: &'t str,
    available: &'t str,
    amount: &'t str,
    currency: &'t str,
    words: Vec<String>,
}

pub(crate) fn read(text: &str) -> Result<Vec<Statement>, Unreadable> {
    let mut statements = Vec::new();
    let mut statement: Option<Statement> = None;
    let mut transaction: Option<Transaction<'_>> = None;
    let mut account = String::new();
    let mut inside_currency = false;
    let mut balance_of = "";
    let mut complete = false;
    for tag in tags(text) {
        match (tag.name, &mut statement, &mut transaction) {
            ("CURDEF", _, _) => {
                let currency = Currency::parse(tag.text)
                    .map_err(|error| Unreadable::at(Form::Ofx, tag.line, error.to_string()))?;
                statement = Some(begin(currency));
            }
            ("STMTTRN", Some(_), None) => {
                transaction = Some(Transaction { line: tag.line, ..Transaction::default() });
            }
            ("/STMTTRN", Some(statement), Some(done)) => {
                statement.lines.push(line(done, statement.currency)?);
                transaction = None;
            }
            // ORIGCURRENCY tells what the amount was before the bank converted it; CURRENCY, what
            // it still is.
            ("CURRENCY", _, Some(_)) => inside_currency = true,
            ("/CURRENCY", _, _) => inside_currency = false,
            ("CURSYM", _, Some(transaction)) if inside_currency => transaction.currency = tag.text,
            (name, _, Some(transaction)) => note(transaction, name, tag.text),
            ("ACCTID", _, None) => decoded(tag.text).clone_into(&mut account),
            ("LEDGERBAL" | "AVAILBAL", _, None) => balance_of = tag.name,
            ("BALAMT", Some(statement), None) if balance_of == "LEDGERBAL" => {
                let closing = money(tag.text, statement.currency, tag.line)?;
                statement.closing = Some(closing);
            }
            ("/STMTRS" | "/CCSTMTRS", _, None) => {
                let Some(mut done) = statement.take() else {
                    let message = "a statement does not say its currency (CURDEF)";
                    return Err(Unreadable::at(Form::Ofx, tag.line, message));
                };
                done.account = std::mem::take(&mut account);
                statements.push(done);
            }
            ("/OFX", None, None) => complete = true,
            _ => {}
        }
    }
    if !complete {
        return Err(Unreadable::of(Form::Ofx, "the file breaks off; get it from the bank again"));
    }
    Ok(statements)
}

fn begin(currency: Currency) -> Statement {
    Statement {
        form: Form::Ofx,
        account: String::new(),
        currency,
        opening: None,
        closing: None,
        lines: Vec::new(),
        proof: Proof::None,
    }
}

fn note<'t>(transaction: &mut Transaction<'t>, name: &str, text: &'t str) {
    match name {
        "FITID" => transaction.id = text,
        "REFNUM" | "CHECKNUM" if transaction.reference.is_empty() => transaction.reference = text,
        "DTPOSTED" => transaction.posted = text,
        "DTAVAIL" => transaction.available = text,
        "TRNAMT" => transaction.amount = text,
        "NAME" | "MEMO" if !text.is_empty() => transaction.words.push(decoded(text)),
        _ => {}
    }
}

fn line(done: &Transaction<'_>, currency: Currency) -> Result<Line, Unreadable> {
    if !done.currency.is_empty() && done.currency != currency.code() {
        let message = format!(
            "a transaction in {} on an account in {currency}; the bank must convert it first",
            done.currency
        );
        return Err(Unreadable::at(Form::Ofx, done.line, message));
    }
    let day = if done.available.is_empty() { done.posted } else { done.available };
    let date = date::compact(day).ok_or_else(|| {
        Unreadable::at(Form::Ofx, done.line, format!("\"{day}\" is not a date such as 20261231"))
    })?;
    let reference = if done.id.is_empty() { done.reference } else { done.id };
    Ok(Line {
        reference: decoded(reference),
        date,
        amount: money(done.amount, currency, done.line)?,
        booked: true,
        text: done.words.join(" "),
    })
}

fn money(text: &str, currency: Currency, line: u64) -> Result<Money, Unreadable> {
    // The standard allows either sign, and never separates thousands.
    amount::plain(&text.replace(',', "."), currency)
        .map_err(|error| Unreadable::at(Form::Ofx, line, error))
}

/// Every tag in order, with the text up to the next.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut line = 1_u64;
    let mut parts = text.split('<');
    line += newlines(parts.next().unwrap_or_default());
    parts.filter_map(move |part| {
        let at = line;
        line += newlines(part);
        let (name, text) = part.split_once('>')?;
        Some(Tag { line: at, name: name.trim(), text: text.trim() })
    })
}

fn newlines(text: &str) -> u64 {
    text.bytes().map(|byte| u64::from(byte == b'\n')).sum()
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
}
