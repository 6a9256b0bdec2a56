//! The XML form of a settlement (`GET_V2_SETTLEMENT_REPORT_DATA_XML`), which Amazon retired in March
//! 2026.
//!
//! Each amount is laid out as the row of Flat File V2 that says the same, and from there on all is
//! checked and added up as a Flat File V2 is. The form grew over the years: an amount in a place
//! that is not known holds the document.

mod amounts;
mod places;
mod source;

use std::io::Read;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use self::amounts::{Amounts, Facts, unknown_place};
use self::source::Source;
use crate::defect::{Defect, Reason, Unreadable, quoted};
use crate::document::{DecimalSign, Document, Form, ReadOptions};
use crate::marketplace::Marketplace;
use crate::money::Currency;
use crate::number::Numbers;
use crate::records::Records;
use crate::v2::{LaidOut, Look};

/// The columns of Flat File V2 that transactions are laid out in.
const COLUMNS: [&str; 15] = [
    "settlement-id",
    "settlement-start-date",
    "settlement-end-date",
    "deposit-date",
    "total-amount",
    "currency",
    "transaction-type",
    "marketplace-name",
    "amount-type",
    "amount-description",
    "amount",
    "fulfillment-id",
    "posted-date-time",
    "order-id",
    "sku",
];

/// The element that each of these columns is filled from, for messages.
const ELEMENTS: [(&str, &str); 8] = [
    ("settlement-id", "AmazonSettlementID"),
    ("settlement-start-date", "StartDate"),
    ("settlement-end-date", "EndDate"),
    ("deposit-date", "DepositDate"),
    ("total-amount", "TotalAmount"),
    ("amount", "Amount"),
    ("posted-date", "PostedDate"),
    ("posted-date-time", "PostedDate"),
];

/// The element that holds one settlement and its transactions.
const REPORT: &str = "SettlementReport";

/// Elements within each other; Amazon has ten.
const MOST_DEPTH: usize = 32;

/// Whether the first characters of a document are those of an XML settlement.
pub(crate) fn is_settlement(opening: &str) -> bool {
    let start = opening.trim_start_matches('\u{feff}').trim_start();
    start.starts_with('<') && (start.contains("AmazonEnvelope") || start.contains(REPORT))
}

/// Reads a document to its end and adds its rows up; `look` is shown each of them.
pub(crate) fn read<R: Read>(
    mut records: Records<R>,
    options: &ReadOptions,
    look: Look<'_>,
) -> Result<Document, Unreadable> {
    let (store, currency) = find_store(records.front());
    let (zone, zone_source) = options.zone_of(store, currency);
    // XML writes numbers with a point everywhere.
    let numbers = Numbers::new(DecimalSign::Point);
    let mut walk = Walk {
        sheet: LaidOut::new(&COLUMNS, numbers, (zone.clone(), look), options)?,
        path: Vec::new(),
        open: Vec::new(),
        text: String::new(),
        settlement: SettlementData::default(),
        amounts: Amounts::default(),
    };
    let mut reader = Reader::from_reader(Source::new(records, options.limits.line_bytes));
    let mut token = Vec::new();
    while walk.step(&mut reader, &mut token)? {}
    if let Some(element) = walk.path.last() {
        let source = reader.get_ref();
        return Err(malformed(&format!("it ends within {}", quoted(element)), source.line()).into());
    }
    let decimal_sign = walk.sheet.decimal_sign();
    Ok(Document {
        form: Form::Xml,
        encoding: reader.get_ref().records().encoding(),
        decimal_sign,
        zone,
        zone_source,
        extra_columns: Vec::new(),
        settlements: walk.sheet.finish()?,
    })
}

/// A document while it is being read.
struct Walk<'l> {
    sheet: LaidOut<'l>,
    /// The names of the elements that are open.
    path: Vec<String>,
    /// What is known of each of them.
    open: Vec<Open>,
    /// The text of the innermost one.
    text: String,
    settlement: SettlementData,
    amounts: Amounts,
}

/// An element that is open.
#[derive(Default)]
struct Open {
    /// Its attribute `currency`.
    currency: Option<String>,
    /// Whether it holds other elements.
    parent: bool,
    /// The number of the first amount within it.
    first_amount: usize,
    /// What it says of the amounts within it.
    facts: Facts,
}

/// `SettlementData`: the facts of a settlement.
#[derive(Default)]
struct SettlementData {
    id: String,
    start: String,
    end: String,
    deposit: String,
    total: String,
    currency: String,
}

impl Walk<'_> {
    /// Takes the next piece of the document; `false` at its end.
    fn step<R: Read>(
        &mut self,
        reader: &mut Reader<Source<R>>,
        token: &mut Vec<u8>,
    ) -> Result<bool, Unreadable> {
        token.clear();
        let outside = self.transaction_depth() == 0;
        if outside {
            reader.get_mut().begin();
        }
        let event = reader.read_event_into(token).map_err(|error| error.to_string());
        let line = reader.get_ref().line();
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                let failure = reader.get_mut().take_failure();
                return Err(failure.unwrap_or_else(|| malformed(&error, line)).into());
            }
        };
        match event {
            Event::Eof => return Ok(false),
            Event::Start(start) => self.begin(&start, line)?,
            Event::Empty(start) => {
                self.begin(&start, line)?;
                self.end(line)?;
            }
            Event::End(_) => self.end(line)?,
            // What stands outside of transactions matters to nobody and has no bound.
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if outside => {}
            Event::Text(text) => self.text.push_str(&text.into_inner()),
            Event::CData(text) => self.text.push_str(&text.into_inner()),
            Event::GeneralRef(entity) => {
                let character = entity.resolve_char_ref().ok().flatten();
                let name = entity.into_inner();
                match (character, resolve_predefined_entity(&name)) {
                    (Some(character), _) => self.text.push(character),
                    (None, Some(text)) => self.text.push_str(text),
                    (None, None) => {
                        let what = format!("it uses the entity {}", quoted(&name));
                        return Err(malformed(&what, line).into());
                    }
                }
            }
            Event::DocType(_) => return Err(malformed("it defines entities", line).into()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        Ok(true)
    }

    /// How many elements are open, from the transaction down.
    fn transaction_depth(&self) -> usize {
        let report = self.path.iter().position(|element| element == REPORT);
        report.map_or(0, |report| self.path.len() - report - 1)
    }

    fn begin(&mut self, start: &BytesStart<'_>, line: u64) -> Result<(), Defect> {
        if self.path.len() >= MOST_DEPTH {
            return Err(malformed("its elements are nested too deeply", line));
        }
        let currency = start
            .try_get_attribute("currency")
            .map_err(|error| malformed(&error.to_string(), line))?
            .map(|attribute| attribute.value.into_owned());
        if let Some(parent) = self.open.last_mut() {
            parent.parent = true;
        }
        self.text.clear();
        self.path.push(start.local_name().as_ref().to_owned());
        self.open.push(Open { currency, first_amount: self.amounts.count(), ..Open::default() });
        Ok(())
    }

    fn end(&mut self, line: u64) -> Result<(), Unreadable> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let depth = self.transaction_depth();
        let transaction_at = self.path.len() - depth;
        if depth > 0 && self.path[transaction_at] == "SettlementData" {
            self.end_in_settlement_data(&open, depth, line)?;
        } else if depth > 0 {
            self.end_in_transaction(&open, transaction_at, line)?;
        } else if self.path.last().is_some_and(|element| element == REPORT) {
            self.settlement = SettlementData::default();
        }
        self.path.pop();
        self.text.clear();
        Ok(())
    }

    fn end_in_settlement_data(
        &mut self,
        open: &Open,
        depth: usize,
        line: u64,
    ) -> Result<(), Unreadable> {
        let data = &mut self.settlement;
        if depth == 1 {
            let cells = [&data.id, &data.start, &data.end, &data.deposit, &data.total];
            let row = format!("{}\t{}", cells.map(String::as_str).join("\t"), data.currency);
            let blank = "\t".repeat(COLUMNS.len() - 6);
            return self.lay_out(&(row + &blank), line);
        }
        let text = cell(&self.text);
        match self.path.last().map(String::as_str) {
            // Brazilian reports have it in quotation marks.
            Some("AmazonSettlementID") => text.trim_matches('"').clone_into(&mut data.id),
            Some("StartDate") => data.start = text,
            Some("EndDate") => data.end = text,
            Some("DepositDate") => data.deposit = text,
            Some("TotalAmount") => {
                data.total = text;
                data.currency = open.currency.as_deref().map(cell).unwrap_or_default();
            }
            _ => {}
        }
        Ok(())
    }

    fn end_in_transaction(
        &mut self,
        open: &Open,
        transaction_at: usize,
        line: u64,
    ) -> Result<(), Unreadable> {
        if open.parent && open.currency.is_some() {
            // An amount that holds elements would be lost among them.
            let path = &self.path[transaction_at..];
            self.sheet.refuse(unknown_place(path, self.text.trim(), line));
        } else if !open.parent {
            let text = cell(&self.text);
            let currency = open.currency.as_deref().map(cell);
            let path = &self.path[transaction_at..];
            let noted = self.amounts.note(path, &text, currency.as_deref(), line);
            if let Err(defect) = noted {
                self.sheet.refuse(defect);
            }
            if let (Some(holder), Some(element)) = (self.open.last_mut(), self.path.last()) {
                holder.facts.note(element, &text);
            }
        }
        self.amounts.within(open.first_amount, &open.facts);
        if transaction_at + 1 == self.path.len() {
            match self.amounts.take_rows(&self.settlement.id) {
                Ok(rows) => rows.iter().try_for_each(|(row, line)| self.lay_out(row, *line))?,
                Err(defect) => self.sheet.refuse(defect),
            }
        }
        Ok(())
    }

    /// Takes a row of Flat File V2. Its defects are told in the words of this form.
    fn lay_out(&mut self, row: &str, line: u64) -> Result<(), Unreadable> {
        let Err(mut defect) = self.sheet.take(row, line) else { return Ok(()) };
        let named = |column: &String| ELEMENTS.iter().find(|(name, _)| name == column);
        if let Some((_, element)) = defect.column.as_ref().and_then(named) {
            defect.column = Some((*element).to_owned());
        }
        if defect.reason == Reason::LimitExceeded {
            return Err(defect.into());
        }
        self.sheet.refuse(defect);
        Ok(())
    }
}

/// A text as the cell of a row: on one line, without tabs.
fn cell(text: &str) -> String {
    text.trim().replace(['\t', '\n', '\r'], " ")
}

/// The first marketplace that the start of the document names, and its currency.
fn find_store(start: &str) -> (Option<&'static Marketplace>, Option<Currency>) {
    let after = |mark: &str| start.split_once(mark).map(|(_, after)| after);
    let store =
        after("<MarketplaceName>").and_then(|after| Marketplace::by_name(after.split('<').next()?));
    let code = after("currency=").and_then(|after| after.get(1..4));
    (store, code.and_then(|code| Currency::parse(code).ok()))
}

fn malformed(what: &str, line: u64) -> Defect {
    Defect {
        reason: Reason::BadXml,
        line: Some(line),
        column: None,
        message: format!(
            "The document is not sound XML: {what}. Download the report again and do not save it \
             with another program."
        ),
    }
}
