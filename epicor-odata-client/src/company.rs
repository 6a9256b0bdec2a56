//! Is Epicor there, and may we in? One cheap read answers.

use crate::call::Call;
use crate::client::Client;
use crate::error::{Answer, Error, ReadAnswer};
use crate::odata::{Filter, Query};

const COMPANIES: &str = "Erp.BO.CompanySvc/Companies";

/// Epicor answered, and knows the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// The company's `Name`.
    pub company_name: String,
}

impl Client {
    /// Checks address, API key, user, access scope and company by one read of the company's name.
    ///
    /// # Errors
    /// Each of the five by its own [`Error`]: `Unreachable`, `Unauthorized` (key or user),
    /// `Forbidden`, `UnknownCompany`; and any other a read ends in.
    pub async fn ping(&self) -> Result<Ping, Error> {
        let query = Query::new()
            .filter(Filter::eq("Company1", self.company()))
            .select(["Company1", "Name"])
            .top(1);
        let call = Call::entity_set(COMPANIES, &query)?;
        let page = match self.read_page(&call).await {
            Ok(page) => page,
            Err(Error::NotFound { answer, .. }) => return Err(self.unknown_company(answer)),
            Err(error) => return Err(error),
        };
        let Some(row) = page.rows.first() else {
            let answer = Answer {
                operation: COMPANIES,
                status: 200,
                message: "no such company in the list".to_owned(),
                correlation_id: None,
            };
            return Err(self.unknown_company(answer));
        };
        Ok(Ping { company_name: row.text("Name").in_answer_to(COMPANIES)?.to_owned() })
    }

    fn unknown_company(&self, answer: Answer) -> Error {
        Error::UnknownCompany { company: self.company().to_owned(), answer }
    }
}
