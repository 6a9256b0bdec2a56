//! camt.053, in any of its versions: the elements needed have kept their names.

use jiff::civil::Date;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use settlement_model::{Currency, Money};

use crate::amount;
use crate::date;
use crate::defect::Unreadable;
use crate::statement::{Form, Line, Proof, Statement};

pub(crate) fn read(text: &str) -> Result<Vec<Statement>, Unreadable> {
    let mut reading = Reading::new(text);
    let mut reader = Reader::from_str(text);
    loop {
        reading.at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event().map_err(|error| reading.refuse(error.to_string()))? {
            Event::Start(element) => reading.open(&element)?,
            Event::Empty(element) => {
                reading.open(&element)?;
                reading.close()?;
            }
            Event::Text(words) => reading.words.push_str(&words),
            Event::GeneralRef(reference) => reading.refer(reference)?,
            Event::CData(words) => reading.words.push_str(&words),
            Event::End(_) => reading.close()?,
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if !reading.path.is_empty() {
        return Err(reading.refuse("the file breaks off; get it from the bank again"));
    }
    if !reading.is_camt {
        let message = "it is XML, but not a camt.053 bank statement (BkToCstmrStmt)";
        return Err(Unreadable::of(Form::Camt053, message));
    }
    Ok(reading.statements)
}

/// A balance of the statement.
#[derive(Default)]
struct Balance {
    code: String,
    amount: String,
    debit: bool,
}

/// An entry (`Ntry`).
#[derive(Default)]
struct Entry {
    amount: String,
    currency: String,
    debit: bool,
    status: String,
    value_date: String,
    booking_date: String,
    /// The bank's own; `NtryRef` is often no more than the entry's number in its statement.
    servicer_reference: String,
    words: Vec<String>,
}

struct Reading<'t> {
    text: &'t str,
    at: usize,
    path: Vec<String>,
    words: String,
    amount_currency: String,
    is_camt: bool,
    statements: Vec<Statement>,
    account: String,
    currency: String,
    balances: Vec<Balance>,
    entries: Vec<(u64, Entry)>,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            path: Vec::new(),
            words: String::new(),
            amount_currency: String::new(),
            is_camt: false,
            statements: Vec::new(),
            account: String::new(),
            currency: String::new(),
            balances: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn line(&self) -> u64 {
        let before = self.text.as_bytes().get(..self.at).unwrap_or(self.text.as_bytes());
        before.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>() + 1
    }

    fn refuse(&self, message: impl Into<String>) -> Unreadable {
        Unreadable::at(Form::Camt053, self.line(), message)
    }

    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        let name = element.local_name().as_ref().to_owned();
        self.words.clear();
        match name.as_str() {
            "BkToCstmrStmt" => self.is_camt = true,
            "Stmt" => {
                self.account.clear();
                self.currency.clear();
                self.balances.clear();
                self.entries.clear();
            }
            "Bal" => self.balances.push(Balance::default()),
            "Ntry" => self.entries.push((self.line(), Entry::default())),
            "Amt" => {
                let attribute = element
                    .try_get_attribute("Ccy")
                    .map_err(|error| self.refuse(error.to_string()))?;
                self.amount_currency = match attribute {
                    Some(attribute) => attribute.value.into_owned(),
                    None => String::new(),
                };
            }
            _ => {}
        }
        self.path.push(name);
        Ok(())
    }

    fn refer(&mut self, reference: BytesRef<'_>) -> Result<(), Unreadable> {
        let character = reference.resolve_char_ref().ok().flatten();
        let name = reference.into_inner();
        match (character, resolve_predefined_entity(&name)) {
            (Some(character), _) => self.words.push(character),
            (None, Some(text)) => self.words.push_str(text),
            (None, None) => return Err(self.refuse(format!("\"&{name};\" is not known"))),
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        let text = std::mem::take(&mut self.words).trim().to_owned();
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let in_statement = path.iter().position(|name| *name == "Stmt");
        if let Some(start) = in_statement {
            let inside: Vec<String> =
                path.iter().skip(start + 1).map(|&name| name.to_owned()).collect();
            let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
            if inside.is_empty() {
                let statement = self.statement()?;
                self.statements.push(statement);
            } else {
                self.note(&inside, text);
            }
        }
        self.path.pop();
        Ok(())
    }

    fn note(&mut self, inside: &[&str], text: String) {
        match inside {
            ["Acct", "Id", "IBAN"] | ["Acct", "Id", "Othr", "Id"] => self.account = text,
            ["Acct", "Ccy"] => self.currency = text,
            ["Bal", rest @ ..] => {
                let Some(balance) = self.balances.last_mut() else { return };
                match rest {
                    ["Tp", "CdOrPrtry", "Cd"] => balance.code = text,
                    ["Amt"] => {
                        balance.amount = text;
                        if self.currency.is_empty() {
                            self.currency.clone_from(&self.amount_currency);
                        }
                    }
                    ["CdtDbtInd"] => balance.debit = text == "DBIT",
                    _ => {}
                }
            }
            ["Ntry", rest @ ..] => {
                let Some((_, entry)) = self.entries.last_mut() else { return };
                if rest == ["Amt"] {
                    entry.currency = std::mem::take(&mut self.amount_currency);
                }
                entry.note(rest, text);
            }
            _ => {}
        }
    }

    fn statement(&mut self) -> Result<Statement, Unreadable> {
        let currency = Currency::parse(&self.currency)
            .map_err(|error| self.refuse(format!("the statement's currency: {error}")))?;
        let mut lines = Vec::with_capacity(self.entries.len());
        for (line, entry) in std::mem::take(&mut self.entries) {
            let refuse = |message| Unreadable::at(Form::Camt053, line, message);
            lines.push(entry.line(currency).map_err(refuse)?);
        }
        let (opening, closing) = (self.balance("OPBD", currency)?, self.balance("CLBD", currency)?);
        // The balance that the last statement closed with, where the bank gives that instead.
        let opening = match opening {
            Some(opening) => Some(opening),
            None => self.balance("PRCD", currency)?,
        };
        let proof =
            if opening.is_some() && closing.is_some() { Proof::Totals } else { Proof::None };
        let account = std::mem::take(&mut self.account);
        let form = Form::Camt053;
        Ok(Statement { form, account, currency, opening, closing, lines, proof })
    }

    fn balance(&self, code: &str, currency: Currency) -> Result<Option<Money>, Unreadable> {
        let Some(balance) = self.balances.iter().find(|balance| balance.code == code) else {
            return Ok(None);
        };
        let amount =
            amount::plain(&balance.amount, currency).map_err(|error| self.refuse(error))?;
        Ok(Some(if balance.debit { amount.negated() } else { amount }))
    }
}

impl Entry {
    fn note(&mut self, inside: &[&str], text: String) {
        match inside {
            ["Amt"] => self.amount = text,
            ["CdtDbtInd"] => self.debit = text == "DBIT",
            ["Sts"] if !text.is_empty() => self.status = text,
            ["Sts", "Cd"] => self.status = text,
            ["ValDt", "Dt" | "DtTm"] => self.value_date = text,
            ["BookgDt", "Dt" | "DtTm"] => self.booking_date = text,
            ["AcctSvcrRef"] => self.servicer_reference = text,
            ["AddtlNtryInf"]
            | ["NtryDtls", "TxDtls", "RmtInf", "Ustrd"]
            | ["NtryDtls", "TxDtls", "Refs", "EndToEndId"]
            | ["NtryDtls", "TxDtls", "RltdPties", "Dbtr", .., "Nm"]
            | ["NtryDtls", "TxDtls", "RltdPties", "Dbtr", "Nm"]
                if !text.is_empty() =>
            {
                self.words.push(text);
            }
            _ => {}
        }
    }

    fn line(self, currency: Currency) -> Result<Line, String> {
        if self.currency != currency.code() {
            return Err(format!("an entry in {} on an account in {currency}", self.currency));
        }
        let booked = match self.status.as_str() {
            "BOOK" => true,
            "PDNG" => false,
            other => return Err(format!("an entry with the status \"{other}\"")),
        };
        let amount = amount::plain(&self.amount, currency)?;
        let day = if self.value_date.is_empty() { &self.booking_date } else { &self.value_date };
        let date: Date =
            date::iso(day).ok_or_else(|| format!("\"{day}\" is not a date such as 2026-12-31"))?;
        Ok(Line {
            reference: self.servicer_reference,
            date,
            amount: if self.debit { amount.negated() } else { amount },
            booked,
            text: self.words.join(" "),
        })
    }
}
