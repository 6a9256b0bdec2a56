//! Checks the connection to Epicor: address, API key, user, access scope and company.
//!
//! `cargo run -p epicor-odata-client --example ping`
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

use std::env;
use std::error::Error;

use epicor_odata_client::{ApiKey, Client, Identity};

const USAGE: &str = "\
Set these variables and run again:
  EPICOR_URL       base address, like https://erp.example.com/KineticLive
  EPICOR_COMPANY   company id, like EPIC06
  EPICOR_API_KEY   key from API Key Maintenance
  EPICOR_USER      user id
  EPICOR_PASSWORD  password";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (Ok(url), Ok(company), Ok(key), Ok(user), Ok(password)) = (
        env::var("EPICOR_URL"),
        env::var("EPICOR_COMPANY"),
        env::var("EPICOR_API_KEY"),
        env::var("EPICOR_USER"),
        env::var("EPICOR_PASSWORD"),
    ) else {
        println!("{USAGE}");
        return Ok(());
    };
    let identity = Identity::Basic { user, password: password.into() };
    let key = ApiKey::from(key.as_str());
    let client = Client::builder(url.parse()?, &company, key, identity).build()?;
    let ping = client.ping().await?;
    println!("{company} is {}", ping.company_name);
    Ok(())
}
