//! What no document tells about Epicor, asked of this very one. Everything is a read.

use http::HeaderValue;

use crate::call::Call;
use crate::client::Client;
use crate::client::builder::{LICENSE, license_header};
use crate::error::Error;
use crate::odata::{EntityKey, Guid, Page, Query, percent_encode};

/// A small set with a key of two columns.
const CURRENCIES: &str = "Erp.BO.CurrencySvc/Currencies";
/// A set that has more rows than a page.
const PERIODS: &str = "Erp.BO.GLBookPerSearchSvc/GLBookPerSearches";
/// What no currency, key or company is called.
const NOBODYS: &str = "NOSUCH";
/// More rows than servers are known to give without a limit of their own.
const MANY: u32 = 1000;

/// One question, and what this Epicor answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// A stable word for programs.
    pub question: &'static str,
    /// The answer, for people.
    pub answer: String,
}

impl Client {
    /// Asks Epicor what differs between versions and installations, and is written nowhere: how
    /// many rows a page has, how keys are written, which status means what. About ten reads, one of
    /// them with an API key that is wrong on purpose. The password is never wrong: that could lock
    /// the user out.
    ///
    /// A question that fails is answered by its failure. Nothing depends on the answers: they are
    /// for whoever has to explain what this Epicor does.
    pub async fn probe(&self) -> Vec<Probe> {
        vec![
            Probe { question: "page", answer: self.page_habits().await },
            Probe { question: "entity_key", answer: self.key_habits().await },
            Probe { question: "in_operator", answer: self.in_operator().await },
            Probe { question: "missing_record", answer: self.missing_record().await },
            Probe { question: "wrong_company", answer: self.wrong_company().await },
            Probe { question: "wrong_key", answer: self.wrong_key().await },
            Probe { question: "license", answer: self.license_header().await },
        ]
    }

    async fn page_habits(&self) -> String {
        let read = async |query: Query| {
            let call = Call::entity_set(PERIODS, &query)?;
            self.read_page(&call).await
        };
        let unasked = read(Query::new().select(["BookID"]).count()).await;
        let asked = read(Query::new().select(["BookID"]).count().top(MANY)).await;
        let (unasked, asked) = match (unasked, asked) {
            (Ok(unasked), Ok(asked)) => (unasked, asked),
            (Err(error), _) | (_, Err(error)) => return told(&error),
        };
        let given = |page: &Page| match page.count {
            Some(all) if all <= page.rows.len() as u64 => "all that there are".to_owned(),
            _ => format!("{} rows", page.rows.len()),
        };
        let link = match unasked.next_link {
            Some(_) => "a link to the next page comes with them",
            None => "no link to a next page",
        };
        let count = if asked.count.is_some() { "are counted" } else { "are not counted" };
        format!(
            "unasked a page has {}, {link}; asked for {MANY} it has {}; rows {count}",
            given(&unasked),
            given(&asked)
        )
    }

    async fn key_habits(&self) -> String {
        let Some(code) = self.some_currency().await else {
            return "there is no currency to try it with".to_owned();
        };
        let positional = EntityKey::new(self.company()).part(code.as_str()).encode();
        let named = format!("(Company='{}',CurrencyCode='{code}')", self.company());
        let mut answers = Vec::new();
        for (form, key) in [("by place", positional), ("by name", percent_encode(&named))] {
            let path = format!("{CURRENCIES}{key}");
            let call = Call::read(CURRENCIES.into(), path, &Query::new(), "");
            let answer = match call {
                Ok(call) => said(&self.call_row(&call).await, "taken"),
                Err(error) => told(&error),
            };
            answers.push(format!("{form}: {answer}"));
        }
        answers.join("; ")
    }

    async fn some_currency(&self) -> Option<String> {
        let call = Call::entity_set(CURRENCIES, &Query::new().select(["CurrencyCode"]).top(1));
        let page = self.read_page(&call.ok()?).await.ok()?;
        Some(page.rows.first()?.text("CurrencyCode").ok()?.to_owned())
    }

    async fn in_operator(&self) -> String {
        let filter = percent_encode(&format!("CurrencyCode in ('{NOBODYS}')"));
        let parameters = format!("$filter={filter}");
        let query = Query::new().select(["CurrencyCode"]).top(1);
        match Call::read(CURRENCIES.into(), CURRENCIES.to_owned(), &query, &parameters) {
            Ok(call) => said(&self.read_page(&call).await, "taken"),
            Err(error) => told(&error),
        }
    }

    async fn missing_record(&self) -> String {
        let key = EntityKey::new(self.company()).part(NOBODYS).encode();
        let path = format!("{CURRENCIES}{key}");
        match Call::read(CURRENCIES.into(), path, &Query::new(), "") {
            Ok(call) => said(&self.call_row(&call).await, "an empty answer"),
            Err(error) => told(&error),
        }
    }

    async fn wrong_company(&self) -> String {
        match self.for_company(NOBODYS) {
            Ok(client) => said(&client.ping().await, "it is taken"),
            Err(error) => told(&error),
        }
    }

    async fn wrong_key(&self) -> String {
        match self.saying("x-api-key", HeaderValue::from_static(NOBODYS)) {
            Ok(client) => said(&client.one_currency().await, "IT IS TAKEN: any API key opens"),
            Err(error) => told(&error),
        }
    }

    async fn license_header(&self) -> String {
        let pool = license_header(&Guid::web_service_license());
        match pool.and_then(|pool| self.saying(LICENSE, pool)) {
            Ok(client) => said(&client.one_currency().await, "the Web Service licence is taken"),
            Err(error) => told(&error),
        }
    }

    /// The cheapest read, which tells nothing but whether it may be made.
    async fn one_currency(&self) -> Result<Page, Error> {
        let query = Query::new().select(["CurrencyCode"]).top(1);
        self.read_page(&Call::entity_set(CURRENCIES, &query)?).await
    }
}

fn said<T>(result: &Result<T, Error>, taken: &str) -> String {
    match result {
        Ok(_) => taken.to_owned(),
        Err(error) => told(error),
    }
}

/// The status and the text, without advice: what fails here was meant to, or may.
fn told(error: &Error) -> String {
    match (error.answer(), error) {
        (Some(answer), _) if answer.message.is_empty() => format!("HTTP {}", answer.status),
        (Some(answer), _) => format!("HTTP {}: {}", answer.status, answer.message),
        (None, Error::BusinessRule { message, .. }) => format!("refused: {message}"),
        (None, other) => other.to_string(),
    }
}
