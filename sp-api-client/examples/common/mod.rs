//! What the examples share: a client from environment variables, and errors for people.

use std::env::var;
use std::process::ExitCode;

use sp_api_client::{Client, Credentials, Error, Region};

const USAGE: &str = "Set SP_API_CLIENT_ID, SP_API_CLIENT_SECRET, SP_API_REFRESH_TOKEN and \
    SP_API_REGION (na, eu or fe); for a stand-in also SP_API_BASE_URL and SP_API_LWA_URL.";

/// Runs an example with a client from the environment, and tells how it ended.
pub(crate) async fn run(example: impl AsyncFnOnce(Client) -> Result<(), Error>) -> ExitCode {
    let Some((region, credentials)) = from_environment() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let ran = match client(region, credentials) {
        Ok(client) => example(client).await,
        Err(error) => Err(error),
    };
    let Err(error) = ran else { return ExitCode::SUCCESS };
    eprintln!("{error}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
    ExitCode::FAILURE
}

fn client(region: Region, credentials: Credentials) -> Result<Client, Error> {
    let mut builder = Client::builder(region, credentials)
        .on_wait(|notice| eprintln!("{}: waiting {:?}", notice.operation, notice.wait));
    // A name that is no address is told by the builder, as the address of nothing.
    let address = |name| var(name).ok().and_then(|text| text.parse().ok());
    if let Some(url) = address("SP_API_BASE_URL") {
        builder = builder.base_url(url);
    }
    if let Some(url) = address("SP_API_LWA_URL") {
        builder = builder.lwa_url(url);
    }
    builder.build()
}

fn from_environment() -> Option<(Region, Credentials)> {
    let region = match var("SP_API_REGION").ok()?.as_str() {
        "na" => Region::NorthAmerica,
        "eu" => Region::Europe,
        "fe" => Region::FarEast,
        _ => return None,
    };
    let credentials = Credentials {
        client_id: var("SP_API_CLIENT_ID").ok()?,
        client_secret: var("SP_API_CLIENT_SECRET").ok()?.into(),
        refresh_token: var("SP_API_REFRESH_TOKEN").ok()?.into(),
    };
    Some((region, credentials))
}
