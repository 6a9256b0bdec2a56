//! An entity set in memory that answers like Epicor, and that other people write to meanwhile.
//!
//! It reads `$filter` with a reader of its own, so that a condition that means something else than
//! it should is noticed.

use std::cmp::Ordering;
use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use wire::{Request, Response, Transport, TransportError};

/// The columns, which are the key too, and what is in them.
pub(crate) const COLUMNS: [(&str, Kind); 4] = [
    ("CustNum", Kind::Whole),
    ("PartNum", Kind::Text),
    ("EffectiveDate", Kind::Day),
    ("SysRowID", Kind::Guid),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Whole,
    Text,
    Day,
    Guid,
}

/// One cell. Texts differ in case and are compared without it, as in Epicor's database.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Whole(i64),
    Text(String),
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cell {}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(one), Self::Whole(two)) => one.cmp(two),
            (Self::Text(one), Self::Text(two)) => {
                let [one, two] = [one, two].map(|text| text.chars().flat_map(char::to_lowercase));
                one.cmp(two)
            }
            _ => panic!("{self:?} is compared with {other:?}"),
        }
    }
}

pub(crate) type Key = [Cell; 4];

pub(crate) fn key(cust: i64, part: &str, day: u32, id: u32) -> Key {
    [
        Cell::Whole(cust),
        Cell::Text(part.to_owned()),
        Cell::Text(format!("2026-{:02}-{:02}T00:00:00", 1 + day / 28 % 12, 1 + day % 28)),
        Cell::Text(format!("{id:08x}-0000-0000-0000-000000000001")),
    ]
}

/// What is changed before each answer.
pub(crate) type Meanwhile = Box<dyn FnMut(&mut Vec<Key>) + Send>;

pub(crate) struct Model {
    state: Mutex<State>,
    /// The most rows the server sends at a time.
    cap: usize,
    /// Whether it finds the first row by halving, which trusts that the condition holds for all
    /// rows behind the first it holds for.
    halve: bool,
}

struct State {
    rows: Vec<Key>,
    meanwhile: Meanwhile,
    requests: usize,
}

impl Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Model")
    }
}

impl Model {
    pub(crate) fn new(mut rows: Vec<Key>, cap: usize, halve: bool, meanwhile: Meanwhile) -> Self {
        rows.sort();
        rows.dedup();
        Self { state: Mutex::new(State { rows, meanwhile, requests: 0 }), cap, halve }
    }

    pub(crate) fn rows(&self) -> Vec<Key> {
        self.lock().rows.clone()
    }

    pub(crate) fn requests(&self) -> usize {
        self.lock().requests
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn answer(&self, url: &url::Url) -> Value {
        let mut state = self.lock();
        let State { rows, meanwhile, requests } = &mut *state;
        meanwhile(rows);
        *requests += 1;
        let option = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, v)| v);
        let order = option("$orderby").unwrap();
        assert_eq!(order, "CustNum,PartNum,EffectiveDate,SysRowID");
        let top: usize = option("$top").unwrap().parse().unwrap();
        let filter = option("$filter").map(|text| Condition::read(&text));
        let holds = |row: &Key| filter.as_ref().is_none_or(|filter| filter.holds(row));
        let start = if self.halve { rows.partition_point(|row| !holds(row)) } else { 0 };
        let found = rows[start..].iter().filter(|row| holds(row));
        let page: Vec<Value> = found.clone().take(top.min(self.cap)).map(as_json).collect();
        match option("$count") {
            Some(_) => json!({ "@odata.count": found.count(), "value": page }),
            None => json!({ "value": page }),
        }
    }
}

fn as_json(row: &Key) -> Value {
    let cells = COLUMNS.iter().zip(row).map(|((name, _), cell)| {
        let value = match cell {
            Cell::Whole(number) => json!(number),
            Cell::Text(text) => json!(text),
        };
        ((*name).to_owned(), value)
    });
    Value::Object(cells.collect())
}

#[async_trait]
impl Transport for Model {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let url = request.http.uri().to_string().parse().unwrap();
        let body = self.answer(&url).to_string();
        Ok(Response::full(StatusCode::OK, HeaderMap::new(), body.into()))
    }
}

/// A condition, read from its text.
#[derive(Debug)]
pub(crate) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Compare { column: usize, operator: String, value: Cell },
}

impl Condition {
    pub(crate) fn read(text: &str) -> Self {
        let mut rest = text;
        let condition = Self::any(&mut rest);
        assert_eq!(rest, "", "{text}");
        condition
    }

    pub(crate) fn holds(&self, row: &Key) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(row)),
            Self::Not(part) => !part.holds(row),
            Self::Compare { column, operator, value } => {
                let order = row[*column].cmp(value);
                match operator.as_str() {
                    "eq" => order == Ordering::Equal,
                    "gt" => order == Ordering::Greater,
                    "ge" => order != Ordering::Less,
                    "lt" => order == Ordering::Less,
                    "le" => order != Ordering::Greater,
                    "ne" => order != Ordering::Equal,
                    other => panic!("the operator {other}"),
                }
            }
        }
    }

    fn any(rest: &mut &str) -> Self {
        let mut parts = vec![Self::all(rest)];
        while let Some(after) = rest.strip_prefix(" or ") {
            *rest = after;
            parts.push(Self::all(rest));
        }
        Self::Any(parts)
    }

    fn all(rest: &mut &str) -> Self {
        let mut parts = vec![Self::one(rest)];
        while let Some(after) = rest.strip_prefix(" and ") {
            *rest = after;
            parts.push(Self::one(rest));
        }
        Self::All(parts)
    }

    fn one(rest: &mut &str) -> Self {
        if let Some(after) = rest.strip_prefix("not ") {
            *rest = after;
            return Self::Not(Box::new(Self::one(rest)));
        }
        if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            let inner = Self::any(rest);
            *rest = rest.strip_prefix(')').expect("a closing parenthesis");
            return inner;
        }
        let (name, after) = rest.split_once(' ').unwrap();
        let (operator, after) = after.split_once(' ').unwrap();
        let column = COLUMNS.iter().position(|(column, _)| *column == name).expect("a column");
        *rest = after;
        let value = literal(rest, COLUMNS[column].1);
        Self::Compare { column, operator: operator.to_owned(), value }
    }
}

/// A literal, which must be of the column's type.
fn literal(rest: &mut &str, kind: Kind) -> Cell {
    if let Some(mut after) = rest.strip_prefix('\'') {
        assert_eq!(kind, Kind::Text);
        let mut text = String::new();
        loop {
            let (part, next) = after.split_once('\'').expect("a closing quote");
            text.push_str(part);
            let Some(doubled) = next.strip_prefix('\'') else {
                *rest = next;
                return Cell::Text(text);
            };
            text.push('\'');
            after = doubled;
        }
    }
    let end = rest.find([' ', ')']).unwrap_or(rest.len());
    let (bare, after) = rest.split_at(end);
    *rest = after;
    match kind {
        Kind::Whole => Cell::Whole(bare.parse().unwrap()),
        Kind::Day => Cell::Text(bare.strip_suffix('Z').expect("a date").to_owned()),
        Kind::Guid => {
            assert_eq!(bare.len(), 36);
            Cell::Text(bare.to_owned())
        }
        Kind::Text => panic!("{bare} is no text"),
    }
}
