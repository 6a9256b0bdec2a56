//! What the examples share: a client from environment variables, and errors for people.

use std::env::{VarError, var};
use std::error::Error;
use std::process::ExitCode;

use sp_api_client::{Client, Credentials, Region};
use url::Url;

const USAGE: &str = "Set SP_API_CLIENT_ID, SP_API_CLIENT_SECRET, SP_API_REFRESH_TOKEN and \
    SP_API_REGION (na, eu or fe); for a stand-in also the addresses SP_API_BASE_URL and \
    SP_API_LWA_URL.";

/// What the environment says.
struct Settings {
    region: Region,
    credentials: Credentials,
    base_url: Option<Url>,
    lwa_url: Option<Url>,
}

/// Runs an example with a client from the environment, and tells how it ended.
pub(crate) async fn run(
    example: impl AsyncFnOnce(Client) -> Result<(), Box<dyn Error>>,
) -> ExitCode {
    let Some(settings) = from_environment() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let ran = match client(settings) {
        Ok(client) => example(client).await,
        Err(error) => Err(error.into()),
    };
    let Err(error) = ran else { return ExitCode::SUCCESS };
    eprintln!("{error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
    ExitCode::FAILURE
}

fn client(settings: Settings) -> Result<Client, sp_api_client::Error> {
    let Settings { region, credentials, base_url, lwa_url } = settings;
    let mut builder = Client::builder(region, credentials)
        .on_wait(|notice| eprintln!("{}: waiting {:?}", notice.operation, notice.wait));
    if let Some(url) = base_url {
        builder = builder.base_url(url);
    }
    if let Some(url) = lwa_url {
        builder = builder.lwa_url(url);
    }
    builder.build()
}

/// `None` when something is missing, or not what it must be.
fn from_environment() -> Option<Settings> {
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
    let (base_url, lwa_url) = (address("SP_API_BASE_URL")?, address("SP_API_LWA_URL")?);
    Some(Settings { region, credentials, base_url, lwa_url })
}

/// The address in a variable that need not be set. Who mistypes a stand-in's does not mean Amazon.
fn address(name: &str) -> Option<Option<Url>> {
    match var(name) {
        Err(VarError::NotPresent) => Some(None),
        text => Some(Some(text.ok()?.parse().ok()?)),
    }
}
