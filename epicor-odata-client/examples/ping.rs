//! Checks the connection to Epicor: address, encryption, API key, user, company, and the access to
//! each service that is named.
//!
//! `cargo run -p epicor-odata-client --example ping -- Erp.BO.GLJrnGrpSvc Erp.BO.PartSvc`
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

mod connection;

use std::env;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connection::client()?;
    let services: Vec<String> = env::args().skip(1).collect();
    let services: Vec<&str> = services.iter().map(String::as_str).collect();
    match client.ping_services(&services).await {
        Ok(ping) => println!("{} is {}", client.company(), ping.company_name),
        Err(error) => {
            if let Some(fault) = error.connection_fault() {
                println!("at fault: {fault}");
            }
            return Err(error.into());
        }
    }
    Ok(())
}
