//! Where the examples connect to: environment variables.

use std::env;
use std::error::Error;

use epicor_odata_client::{ApiKey, Client, Identity, TokenForm};

const USAGE: &str = "\
set these variables and run again:
  EPICOR_URL       base address, like https://erp.example.com/KineticLive
  EPICOR_COMPANY   company id, like EPIC06
  EPICOR_API_KEY   key from API Key Maintenance
  EPICOR_USER      user id
  EPICOR_PASSWORD  password
and, where they apply:
  EPICOR_CA_FILE   certificate authority of the server, in PEM
  EPICOR_TOKEN     anything: fetch an access token instead of sending the password with each call
In the repository, `cargo run -p fixtures --bin stand-ins` starts an Epicor to try them on, and prints
them.";

/// A client of the Epicor that the variables name.
pub(crate) fn client() -> Result<Client, Box<dyn Error>> {
    let variable = |name: &str| env::var(name).map_err(|_| format!("{name} is not set; {USAGE}"));
    let (user, password) = (variable("EPICOR_USER")?, variable("EPICOR_PASSWORD")?.into());
    let identity = match env::var("EPICOR_TOKEN") {
        Ok(_) => Identity::TokenService { user, password, form: TokenForm::Basic },
        Err(_) => Identity::Basic { user, password },
    };
    let key = ApiKey::from(variable("EPICOR_API_KEY")?.as_str());
    let base = variable("EPICOR_URL")?.parse()?;
    let mut builder = Client::builder(base, &variable("EPICOR_COMPANY")?, key, identity);
    if let Ok(file) = env::var("EPICOR_CA_FILE") {
        builder = builder.ca_file(file)?;
    }
    Ok(builder.build()?)
}
