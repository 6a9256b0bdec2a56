//! A small Epicor in memory, reached without a socket: it keeps rows, gives numbers, refuses keys
//! that are in use, and loses requests and answers by a seed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use epicor_odata_client::{ApiKey, Client, Identity};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use wire::{
    Clock, ManualClock, Random, Request, Response, RetryPolicy, SeededRandom, Transport,
    TransportError, TransportErrorKind,
};

mod ap;
mod filter;
mod gl;
mod orders;
mod packs;

/// The longest time after which a lost request may still be carried out.
pub(crate) const LONGEST_DELAY: Duration = Duration::from_secs(90);
/// How long to wait before looking: longer than that.
pub(crate) const SETTLE: Duration = Duration::from_secs(120);

pub(crate) type Rows = Vec<Value>;

/// What a method answers, or why it refuses.
pub(crate) type Outcome = Result<Value, Refusal>;

/// A refusal: status, the end of its type, its text.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) u16, pub(crate) &'static str, pub(crate) String);

/// The rows of every table, and what Epicor counts.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) tables: BTreeMap<&'static str, Rows>,
    counter: i64,
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) operation: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
}

#[derive(Debug)]
pub(crate) struct Epicor {
    state: Mutex<State>,
    asked: Mutex<Vec<Asked>>,
    /// Requests that were lost on the way in, and when they arrive all the same.
    late: Mutex<Vec<(Duration, Asked)>>,
    clock: Arc<ManualClock>,
    random: SeededRandom,
    /// What somebody else asks for, and before which of our requests.
    meanwhile: Mutex<Option<(usize, Asked)>>,
    /// How many faults are still to come, and how many requests of a hundred get one.
    faults: Mutex<(u32, u64)>,
}

/// What goes wrong with a request.
enum Fault {
    /// Lost on the way in: never carried out.
    LostBefore,
    /// Lost on the way in, and carried out later.
    Late(Duration),
    /// Carried out; the connection breaks.
    LostAfter,
    /// Carried out; half of the answer arrives.
    HalfAnAnswer,
    /// Carried out; a server error is answered.
    ErrorAfter,
    /// Not carried out; a proxy answers.
    Unavailable,
    /// Not carried out: no licence seat is free. A clean no.
    NoSeat,
}

impl Epicor {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State::default()),
            asked: Mutex::default(),
            late: Mutex::default(),
            clock: Arc::new(ManualClock::new(jiff::Timestamp::UNIX_EPOCH)),
            random: SeededRandom::new(seed),
            meanwhile: Mutex::default(),
            faults: Mutex::new((0, 0)),
        })
    }

    /// Lets `percent` of a hundred requests fail, until `count` of them did.
    pub(crate) fn with_faults(self: &Arc<Self>, count: u32, percent: u64) -> Arc<Self> {
        *self.faults.lock().unwrap() = (count, percent);
        self.clone()
    }

    pub(crate) fn client(self: &Arc<Self>) -> Client {
        // Secrets are taken out of Epicor's texts, so they must be no part of any.
        let password = "canary-password".into();
        let identity = Identity::Basic { user: "connector".to_owned(), password };
        let base = "https://erp.example.com/KineticLive".parse().unwrap();
        Client::builder(base, "EPIC06", ApiKey::from("canary-key"), identity)
            .transport(self.clone())
            .clock(self.clock.clone())
            .retry(RetryPolicy { max_attempts: 3, ..RetryPolicy::default() })
            .build()
            .unwrap()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn operations(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.operation).collect()
    }

    /// Lets somebody else call a method as soon as so many requests from now on are answered.
    pub(crate) fn meanwhile(&self, answered: usize, operation: &str, body: Value) {
        let (operation, query) = (operation.to_owned(), Vec::new());
        let asked = Asked { operation, query, body };
        *self.meanwhile.lock().unwrap() = Some((self.asked().len() + answered, asked));
    }

    /// Carries that out when its time has come.
    fn let_others(&self, answered: usize) {
        let due = self.meanwhile.lock().unwrap().take_if(|(after, _)| *after <= answered);
        if let Some((_, asked)) = due {
            self.answer(&asked).unwrap();
        }
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Ends the faults, and carries out what is still on its way.
    pub(crate) fn calm_down(&self) {
        *self.faults.lock().unwrap() = (0, 0);
        self.wait(LONGEST_DELAY + Duration::from_secs(1));
        self.catch_up();
    }

    fn fault(&self, write: bool) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let draw = self.random.below(100);
        if faults.0 == 0 || draw >= faults.1 {
            return None;
        }
        faults.0 -= 1;
        let delay = Duration::from_secs(1 + self.random.below(LONGEST_DELAY.as_secs()));
        Some(match self.random.below(if write { 7 } else { 6 }) {
            0 => Fault::LostBefore,
            1 => Fault::LostAfter,
            2 => Fault::HalfAnAnswer,
            3 => Fault::ErrorAfter,
            4 => Fault::Unavailable,
            5 => Fault::NoSeat,
            _ => Fault::Late(delay),
        })
    }

    /// Carries out the late requests whose time has come.
    fn catch_up(&self) {
        let now = self.clock.monotonic();
        let mut late = self.late.lock().unwrap();
        let (due, waiting) = late.drain(..).partition(|(at, _)| *at <= now);
        *late = waiting;
        drop(late);
        let due: Vec<(Duration, Asked)> = due;
        for (_, asked) in due {
            self.answer(&asked).ok();
        }
    }

    fn answer(&self, asked: &Asked) -> Outcome {
        self.state().answer(asked)
    }
}

#[async_trait]
impl Transport for Epicor {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        self.catch_up();
        let (service_call, write) = asked(&request);
        self.let_others(self.asked.lock().unwrap().len());
        self.asked.lock().unwrap().push(service_call.clone());
        let reset = || TransportError::new(TransportErrorKind::Reset, "erp".to_owned());
        let page = |status| Ok(full(status, "<html>busy</html>".to_owned()));
        match self.fault(write) {
            None => Ok(response(self.answer(&service_call))),
            Some(Fault::LostBefore) => Err(reset()),
            Some(Fault::Unavailable) => page(503),
            Some(Fault::NoSeat) => Ok(response(Err(Refusal(
                400,
                "LicenseAccessException",
                "Maximum users exceeded on license.".to_owned(),
            )))),
            Some(Fault::Late(delay)) => {
                let at = self.clock.monotonic() + delay;
                self.late.lock().unwrap().push((at, service_call));
                Err(reset())
            }
            Some(Fault::LostAfter) => {
                self.answer(&service_call).ok();
                Err(reset())
            }
            Some(Fault::ErrorAfter) => {
                self.answer(&service_call).ok();
                page(500)
            }
            Some(Fault::HalfAnAnswer) => {
                self.answer(&service_call).ok();
                Ok(full(200, r#"{"parameters":{"ds":{"#.to_owned()))
            }
        }
    }
}

fn asked(request: &Request) -> (Asked, bool) {
    let uri = request.http.uri();
    let path = uri.path().strip_prefix("/KineticLive/api/v2/odata/EPIC06/").unwrap_or_default();
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = Asked {
        operation: path.to_owned(),
        query: query.into_owned().collect(),
        body: serde_json::from_slice(request.http.body()).unwrap_or_default(),
    };
    (asked, request.class == wire::Class::Once)
}

fn full(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    Response::full(status, HeaderMap::new(), Bytes::from(body))
}

fn response(outcome: Outcome) -> Response {
    match outcome {
        Ok(body) => full(200, body.to_string()),
        Err(Refusal(status, kind, message)) => full(
            status,
            json!({
                "HttpStatus": status,
                "ErrorMessage": message,
                "ErrorType": format!("Ice.Common.{kind}"),
            })
            .to_string(),
        ),
    }
}

impl Asked {
    pub(crate) fn option(&self, name: &str) -> &str {
        let option = self.query.iter().find(|(option, _)| option == name);
        option.map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self, parameter: &str) -> String {
        self.body[parameter].as_str().unwrap_or_default().to_owned()
    }
}

impl State {
    fn answer(&mut self, asked: &Asked) -> Outcome {
        if asked.body.is_null() {
            return Ok(self.read(asked));
        }
        let (service, name) = asked.operation.split_once('/').unwrap_or_default();
        match service {
            "Erp.BO.GLJrnGrpSvc" | "Erp.BO.GLJournalEntrySvc" | "Erp.PROC.GLJrnAsynchSvc" => {
                gl::answer(self, service, name, asked)
            }
            "Erp.BO.APInvGrpSvc" | "Erp.BO.APInvoiceSvc" | "Erp.PROC.APInvoicePostSvc" => {
                ap::answer(self, service, name, asked)
            }
            "Erp.BO.SalesOrderSvc" => orders::answer(self, name, asked),
            "Erp.BO.CustShipSvc" => packs::answer(self, name, asked),
            "Ice.BO.UD01Svc" => {
                let key = ["Key1", "Key2", "Key3", "Key4", "Key5"];
                self.insert_unique("UD01", asked.body.clone(), &key)
            }
            "Erp.BO.CustomerPartXRefSvc" => Ok(self.insert("CustXPrt", asked.body.clone())),
            _ => Err(unknown(&asked.operation)),
        }
    }

    /// A read of a set. Pages after the first are empty.
    fn read(&self, asked: &Asked) -> Value {
        let table = match asked.operation.as_str() {
            "Erp.BO.GLJrnGrpSvc/GLJrnGrps" => "GLJrnGrp",
            "Erp.BO.GLJrnDtlSvc/GLJrnDtls" => "GLJrnDtl",
            "Erp.BO.APInvGrpSvc/APInvGrps" => "APInvGrp",
            "Erp.BO.APInvoiceSvc/APInvoices" => "APInvHed",
            "Erp.BO.SalesOrderSvc/SalesOrders" => "OrderHed",
            "Erp.BO.OrderDtlSearchSvc/OrderDtlSearches" => "OrderDtl",
            "Erp.BO.CustShipSvc/CustShips" => "ShipHead",
            "Erp.BO.ShipDtlSearchSvc/ShipDtlSearches" => "ShipDtl",
            "Ice.BO.UD01Svc/UD01s" => "UD01",
            "Ice.BO.SysMonitorTasksSvc/SysMonitorTasks" => "SysTask",
            "Erp.BO.CustomerPartXRefSvc/CustomerPartXRefs" => "CustXPrt",
            _ => "",
        };
        // The client asks for what comes behind the last row of the page before.
        if asked.option("$filter").contains(" gt ") {
            return json!({ "value": [] });
        }
        let wanted = filter::parse(asked.option("$filter"));
        let rows: Rows = self.rows(table).filter(|row| filter::meets(row, &wanted)).collect();
        json!({ "value": rows, "@odata.count": rows.len() })
    }

    pub(crate) fn rows(&self, table: &str) -> impl Iterator<Item = Value> {
        self.tables.get(table).into_iter().flatten().cloned()
    }

    pub(crate) fn table(&mut self, table: &'static str) -> &mut Rows {
        self.tables.entry(table).or_default()
    }

    pub(crate) fn next(&mut self) -> i64 {
        self.counter += 1;
        self.counter
    }

    /// Adds a row, with an identity of its own.
    pub(crate) fn insert(&mut self, table: &'static str, mut row: Value) -> Value {
        row["SysRowID"] = json!(format!("00000000-0000-0000-0000-{:012}", self.next()));
        row["SysRevID"] = json!(self.next());
        row["RowMod"] = json!("");
        self.table(table).push(row.clone());
        row
    }

    /// The same, when no row has these columns alike.
    pub(crate) fn insert_unique(
        &mut self,
        table: &'static str,
        row: Value,
        key: &[&str],
    ) -> Outcome {
        let alike = |other: &Value| key.iter().all(|column| other[*column] == row[*column]);
        if self.table(table).iter().any(alike) {
            return Err(Refusal(409, "DuplicateRecordException", "Duplicate key.".to_owned()));
        }
        Ok(self.insert(table, row))
    }

    /// Replaces the row of the same identity.
    pub(crate) fn replace(&mut self, table: &'static str, row: &Value) {
        for known in
            self.table(table).iter_mut().filter(|known| known["SysRowID"] == row["SysRowID"])
        {
            *known = row.clone();
            known["RowMod"] = json!("");
        }
    }

    pub(crate) fn remove(&mut self, table: &'static str, gone: impl Fn(&Value) -> bool) {
        self.table(table).retain(|row| !gone(row));
    }
}

/// The rows of a table in a dataset that are to be added, or changed.
pub(crate) fn sent(ds: &Value, table: &str, row_mod: &str) -> Rows {
    let rows = ds[table].as_array().into_iter().flatten();
    rows.filter(|row| row["RowMod"] == row_mod).cloned().collect()
}

/// A dataset as an out parameter.
pub(crate) fn out(ds: Value) -> Outcome {
    let mut answer = json!({ "parameters": {} });
    answer["parameters"]["ds"] = ds;
    Ok(answer)
}

/// An amount, exactly.
pub(crate) fn amount(value: &Value) -> rust_decimal::Decimal {
    value.to_string().parse().unwrap_or_default()
}

pub(crate) fn number(amount: rust_decimal::Decimal) -> Value {
    amount.to_string().parse().map_or(Value::Null, Value::Number)
}

pub(crate) fn refused(message: &str) -> Refusal {
    Refusal(400, "BusinessObjectException", message.to_owned())
}

pub(crate) fn missing() -> Refusal {
    Refusal(500, "RecordNotFoundException", "Record not found.".to_owned())
}

pub(crate) fn unknown(operation: &str) -> Refusal {
    Refusal(404, "ApiException", format!("{operation} is not known."))
}
