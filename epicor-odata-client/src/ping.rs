//! Is Epicor there, and may we in? One cheap read answers.

use crate::call::Call;
use crate::client::Client;
use crate::credentials::{Identity, TokenForm};
use crate::error::{Answer, Credential, Error, ReadAnswer};
use crate::odata::{Filter, Query};

const COMPANIES: &str = "Erp.BO.CompanySvc/Companies";

/// Epicor answered, and knows the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// The company's `Name`.
    pub company_name: String,
}

impl Client {
    /// Checks address, encryption, API key, user and company by one read of the company's name.
    ///
    /// When Epicor refuses without saying whether it was the key or the user, its token service is
    /// asked too, which knows the user alone.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in; [`Error::connection_fault`] says which part is at fault.
    pub async fn ping(&self) -> Result<Ping, Error> {
        let query = Query::new()
            .filter(Filter::eq("Company1", self.company()))
            .select(["Company1", "Name"])
            .top(1);
        let call = Call::entity_set(COMPANIES, &query)?;
        let page = match self.read_page(&call).await {
            Ok(page) => page,
            Err(Error::NotFound { answer, .. }) => return Err(self.unknown_company(answer)),
            Err(Error::Unauthorized { refused: Credential::Either, answer }) => {
                let refused = self.refused_lock().await;
                return Err(Error::Unauthorized { refused, answer });
            }
            Err(error) => return Err(error),
        };
        let Some(row) = page.rows.first() else {
            let answer = Answer {
                operation: COMPANIES.into(),
                status: 200,
                message: "no such company in the list".to_owned(),
                from_epicor: true,
                correlation_id: None,
            };
            return Err(self.unknown_company(answer));
        };
        Ok(Ping { company_name: row.text("Name").in_answer_to(COMPANIES)?.to_owned() })
    }

    /// Like [`ping`](Self::ping), and then checks that each of these services may be called, by
    /// reading what columns it has.
    ///
    /// # Errors
    /// Those of [`ping`](Self::ping); [`Error::Forbidden`] for a service that the key's access
    /// scope or the user's rights do not include, and [`Error::NotFound`] for one there is not.
    pub async fn ping_services(&self, services: &[&str]) -> Result<Ping, Error> {
        let ping = self.ping().await?;
        for service in services {
            self.service(service)?.metadata().await?;
        }
        Ok(ping)
    }

    fn unknown_company(&self, answer: Answer) -> Error {
        Error::UnknownCompany { company: self.company().to_owned(), answer }
    }

    /// Which of the two locks it was that refused a call, as far as can be found out.
    async fn refused_lock(&self) -> Credential {
        let (user, password) = match self.identity() {
            Identity::Basic { user, password } => (user.clone(), password.clone()),
            // Epicor itself gave the token that was refused, so it is the key.
            Identity::TokenService { .. } => return Credential::ApiKey,
            Identity::ClientCredentials { .. } => return Credential::Either,
        };
        let identity = Identity::TokenService { user, password, form: TokenForm::Basic };
        match self.try_login(&identity).await {
            Ok(()) => Credential::ApiKey,
            Err(Error::Unauthorized { refused, .. }) => refused,
            // The token service is switched off, or does not answer.
            Err(_) => Credential::Either,
        }
    }
}
