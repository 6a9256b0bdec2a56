//! The header of a date range report: its language, and where the columns stand that matter.

use std::io::Read;

use super::editions::{EDITIONS, Edition};
use super::{DELIMITER, GET_IT_AGAIN, defect, split, word};
use crate::cells::Cells;
use crate::defect::{Defect, Reason, quoted};
use crate::document::ReadOptions;
use crate::marketplace::Marketplace;
use crate::money::Currency;
use crate::records::Records;

/// A header further down is not looked for. Amazon's preamble has seven to nine lines.
const MOST_PREAMBLE_LINES: usize = 40;

/// A line of fewer cells is no header in a language that is not known.
const FEWEST_COLUMNS: usize = 10;

/// So many words of a header are quoted that is not known.
const QUOTED_WORDS: usize = 8;

/// Where the columns stand that matter.
pub(super) struct Columns {
    pub(super) edition: &'static Edition,
    /// As the header writes them.
    pub(super) names: Vec<String>,
    pub(super) date_time: usize,
    pub(super) id: usize,
    pub(super) transaction_type: usize,
    pub(super) marketplace: Option<usize>,
    /// The columns whose sum is the total.
    pub(super) money: Vec<usize>,
    pub(super) total: usize,
    pub(super) status: Option<usize>,
    pub(super) release_date: Option<usize>,
    /// The names that the edition does not have.
    pub(super) unknown: Vec<String>,
}

/// What stands above the rows.
pub(super) struct Header {
    pub(super) columns: Columns,
    /// The currency that the preamble states, if it does.
    pub(super) currency: Option<Currency>,
    pub(super) line: u64,
}

impl Header {
    /// Reads the preamble and the header.
    pub(super) fn read<R: Read>(
        records: &mut Records<R>,
        cells: &mut Cells,
        options: &ReadOptions,
    ) -> Result<Self, Defect> {
        let mut preamble = Preamble::default();
        let mut unknown: Option<Defect> = None;
        for _ in 0..MOST_PREAMBLE_LINES {
            let Some(record) = records.next(DELIMITER).transpose()? else { break };
            let text = records.text(record.text);
            let most = text.matches(DELIMITER.character()).count() + 1;
            if most > options.limits.columns {
                let what = format!("The line has {most} cells, more than the limit.");
                return Err(defect(Reason::LimitExceeded, record.line, None, &what));
            }
            split(cells, text, record.line)?;
            let width = cells.spans().len();
            let names: Vec<&str> = cells.iter(text).map(str::trim).collect();
            match Columns::find(&names, record.line) {
                Some(Ok(columns)) => {
                    let currency = preamble.currency(columns.edition);
                    return Ok(Self { columns, currency, line: record.line });
                }
                Some(Err(lacking)) => return Err(lacking),
                None if width >= FEWEST_COLUMNS && unknown.is_none() => {
                    unknown = Some(unknown_header(&names, record.line));
                }
                None => {}
            }
            preamble.note(text);
        }
        Err(unknown.unwrap_or_else(|| {
            let what = "The document has no header of a date range report.";
            defect(Reason::NotASettlementReport, records.line(), None, what)
        }))
    }
}

impl Columns {
    /// `None` when this is not a header in a known language, `Err` when it lacks a column.
    fn find(names: &[&str], line: u64) -> Option<Result<Self, Defect>> {
        let words: Vec<String> = names.iter().map(|name| word(name)).collect();
        let position = |known: &[&str]| words.iter().position(|name| known.contains(&&**name));
        // All languages have a word for the settlement that no other one has.
        let of = |edition: &&&'static Edition| {
            position(edition.settlement_id).is_some() && position(edition.total).is_some()
        };
        let edition: &'static Edition = EDITIONS.iter().find(of)?;
        let needed = |known: &'static [&str]| {
            let name = known.first().copied().unwrap_or_default();
            position(known).ok_or_else(|| lacking(name, line))
        };
        Some(Self::place(edition, names, &words, needed, position))
    }

    fn place(
        edition: &'static Edition,
        names: &[&str],
        words: &[String],
        needed: impl Fn(&'static [&'static str]) -> Result<usize, Defect>,
        position: impl Fn(&[&str]) -> Option<usize>,
    ) -> Result<Self, Defect> {
        let total = needed(edition.total)?;
        let is_money = |at: &usize| edition.money.contains(&&*words[*at]);
        let known_money: Vec<usize> = (0..words.len()).filter(is_money).collect();
        let first_money = match known_money.first() {
            Some(first) => *first,
            None => needed(edition.money)?,
        };
        let known = [
            edition.date_time,
            edition.settlement_id,
            edition.transaction_type,
            edition.marketplace,
            edition.texts,
            edition.money,
            edition.total,
            edition.status,
            edition.release_date,
        ];
        let is_unknown =
            |at: &usize| !known.iter().any(|words_of| words_of.contains(&&*words[*at]));
        let unknown: Vec<usize> = (0..words.len()).filter(is_unknown).collect();
        // A new column among those of money is one of them. If it is not, no row adds up.
        let among = |at: &usize| (first_money..total).contains(at) && unknown.contains(at);
        let money = (0..words.len()).filter(|at| is_money(at) || among(at)).collect();
        Ok(Self {
            edition,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            date_time: needed(edition.date_time)?,
            id: needed(edition.settlement_id)?,
            transaction_type: needed(edition.transaction_type)?,
            marketplace: position(edition.marketplace),
            money,
            total,
            status: position(edition.status),
            release_date: position(edition.release_date),
            unknown: unknown.into_iter().map(|at| names[at].to_owned()).collect(),
        })
    }
}

/// What the lines above the header say of the currency.
#[derive(Default)]
struct Preamble {
    code: Option<Currency>,
    text: String,
}

impl Preamble {
    fn note(&mut self, line: &str) {
        // In capitals, and a currency of Amazon's: all languages have words of three letters.
        let words = line.split(|c: char| !c.is_alphanumeric());
        let codes = words.filter(|word| word.bytes().all(|b| b.is_ascii_uppercase()));
        let sold_in = |code: &&str| Marketplace::all().iter().any(|store| store.currency == *code);
        let mut codes = codes.filter(sold_in);
        self.code = self.code.or_else(|| Currency::parse(codes.next()?).ok());
        self.text.push_str(line);
    }

    fn currency(&self, edition: &Edition) -> Option<Currency> {
        let by_word = || {
            let (word, code) = edition.currency?;
            self.text.contains(word).then(|| Currency::parse(code).ok())?
        };
        self.code.or_else(by_word)
    }
}

fn lacking(name: &str, line: u64) -> Defect {
    let what = "The header lacks this column, and without it the report cannot be read.";
    defect(Reason::MissingColumn, line, Some(name), what)
}

/// The header is in a language or of an edition that is not in the table.
fn unknown_header(names: &[&str], line: u64) -> Defect {
    let known = |name: &&&str| {
        let word = word(name);
        let word = &&*word;
        EDITIONS.iter().any(|edition| {
            edition.texts.contains(word)
                || edition.money.contains(word)
                || edition.total.contains(word)
                || edition.marketplace.contains(word)
        })
    };
    let mut unknown: Vec<String> = names
        .iter()
        .filter(|name| !name.is_empty() && !known(name))
        .map(|name| quoted(name))
        .collect();
    let more = unknown.len().saturating_sub(QUOTED_WORDS);
    unknown.truncate(QUOTED_WORDS);
    let and_more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Defect {
        reason: Reason::UnknownHeader,
        line: Some(line),
        column: None,
        message: format!(
            "The header is in no language of the date range report that is known: {}{and_more}. \
             Download the report in English, or report these words to the maker of this software. \
             {GET_IT_AGAIN}",
            unknown.join(", ")
        ),
    }
}
