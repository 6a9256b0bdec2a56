//! From the configuration to something that works: clients, ledger, rules.

mod links;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use epicor_odata_client::{ApiKey, Identity, TokenForm};
use store::{PostgresOptions, Store};
use wire::{Clock, SystemClock, Transport};

pub use links::{Links, Traffic};

use crate::amazon::SettlementReports;
use crate::checkpoint::{AuditSigner, NotNamed};
use crate::config::{AmazonRegion, Config, ConfigError, Connection, EpicorLogin, Postgres};
use crate::ledger::{EpicorLedger, JournalFields};
use crate::pipeline::{Site, Watch};
use crate::secrets::Secrets;

/// The store of the configuration, for writing. The installation's key vouches for its audit log.
///
/// # Errors
/// [`store::Error`], or [`ConfigError`] when the database's address is missing.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    let store = store_unsigned(config).await?;
    match AuditSigner::open(config, &store, SystemClock::new().now()).await {
        Ok(signer) => {
            if let Some(not_named) = NotNamed::of(&signer.public(), config) {
                tracing::error!("{not_named}");
            }
            Ok(store.signed_by(signer))
        }
        // Without its key the vault must still be mended; `audit verify` tells what is not signed.
        Err(error) => {
            tracing::error!("the audit log is not signed: {error:#}");
            Ok(store)
        }
    }
}

/// As [`store()`], and nobody vouches for what is written: for taking back a backup.
///
/// # Errors
/// As [`store()`].
pub async fn store_unsigned(config: &Config) -> anyhow::Result<Store> {
    match &config.postgres {
        None => Ok(Store::open(&config.data_dir())?),
        Some(postgres) => Ok(Store::connect(&server(config, postgres)?).await?),
    }
}

/// As [`store()`], for reading alone; a process that writes may be at work. Nothing is made, and
/// nothing is brought up to date.
///
/// # Errors
/// As [`store()`], and [`store::Error::NothingHere`] when nothing was ever written.
pub async fn store_to_read(config: &Config) -> anyhow::Result<Store> {
    match &config.postgres {
        None => Ok(Store::open_read_only(&config.data_dir())?),
        Some(postgres) => Ok(Store::connect_to_read(&server(config, postgres)?).await?),
    }
}

/// As [`store_to_read`], for asking a process that writes, such as `serve`, for something.
///
/// # Errors
/// As [`store_to_read`].
pub async fn store_to_ask(config: &Config) -> anyhow::Result<Store> {
    match &config.postgres {
        None => Ok(Store::open_to_ask(&config.data_dir())?),
        Some(postgres) => Ok(Store::connect_to_ask(&server(config, postgres)?).await?),
    }
}

/// As [`store_to_read`]; `None` when nothing was ever written.
///
/// # Errors
/// As [`store()`].
pub async fn store_if_any(config: &Config) -> anyhow::Result<Option<Store>> {
    match store_to_read(config).await {
        Ok(store) => Ok(Some(store)),
        Err(error) => match error.downcast_ref() {
            Some(store::Error::NothingHere { .. }) => Ok(None),
            _ => Err(error),
        },
    }
}

fn server(config: &Config, postgres: &Postgres) -> anyhow::Result<PostgresOptions> {
    Ok(PostgresOptions {
        url: postgres.url.read("postgres.url", &config.folder)?,
        schema: postgres.schema.clone(),
        connections_max: postgres.connections_max,
    })
}

/// Everything pure of a connection: rules, calendar, zone, policies. Contacts nothing.
///
/// # Errors
/// [`ConfigError`] with file, line and column.
pub fn site(connection: &Connection, folder: &Path) -> Result<Site, ConfigError> {
    Ok(Site {
        connection: connection.name.clone(),
        rules: connection.load_rules(folder)?,
        calendar: connection.load_calendar(folder)?,
        zone: connection.cut_off_zone(),
        go_live: connection.go_live,
        approval: connection.approval.policy(),
        chain: connection.chain,
        fees: connection.posting.fees(),
        parts: connection.parts_policy(),
        posting: connection.posting.policy(),
    })
}

/// The selling account's reports.
///
/// # Errors
/// [`ConfigError`] when a secret is missing, or the client's refusal of an address.
pub async fn amazon(
    connection: &Connection,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    watch: &Arc<dyn Watch>,
    links: &Links,
) -> anyhow::Result<SettlementReports> {
    let client = amazon_client(connection, secrets, clock, watch, links).await?.build()?;
    Ok(SettlementReports::new(client))
}

/// The client of the selling account, ready to be built.
///
/// # Errors
/// [`ConfigError`] when a secret is missing.
pub async fn amazon_client(
    connection: &Connection,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    watch: &Arc<dyn Watch>,
    links: &Links,
) -> anyhow::Result<sp_api_client::ClientBuilder> {
    let amazon = &connection.amazon;
    let name = &connection.name;
    let (client_secret, token) = (&amazon.client_secret, &amazon.refresh_token);
    let credentials = sp_api_client::Credentials {
        client_id: amazon.client_id.clone(),
        client_secret: secrets.read(client_secret, name, "amazon.client_secret").await?,
        refresh_token: secrets.read(token, name, "amazon.refresh_token").await?,
    };
    let next = secrets.read_new(client_secret, name, "amazon.client_secret").await?;
    let region = match amazon.region {
        AmazonRegion::Na => sp_api_client::Region::NorthAmerica,
        AmazonRegion::Eu => sp_api_client::Region::Europe,
        AmazonRegion::Fe => sp_api_client::Region::FarEast,
    };
    let (watch, traffic) = (Arc::clone(watch), links.traffic());
    let mut builder = sp_api_client::Client::builder(region, credentials)
        .app_name("ml-connector", env!("CARGO_PKG_VERSION"))
        .clock(Arc::clone(clock))
        .transport(links.transport(None)?)
        .shared_rates(links.rates(), name)
        .on_wait(move |notice| {
            if let Some(traffic) = &traffic {
                traffic.waits(notice.operation, notice.wait);
            }
            if notice.wait > Duration::from_secs(1) {
                watch.note(&format!(
                    "Amazon's limit for {}: going on in {} s",
                    notice.operation,
                    notice.wait.as_secs()
                ));
            }
        });
    if let Some(next) = next {
        builder = builder.new_client_secret(next);
    }
    if let Some(url) = &amazon.base_url {
        builder = builder.base_url(url.clone());
    }
    if let Some(url) = &amazon.lwa_url {
        builder = builder.lwa_url(url.clone());
    }
    Ok(builder)
}

/// The company's general ledger.
///
/// # Errors
/// [`ConfigError`] when a secret or the CA file is missing, or the client's refusal of an address.
pub async fn epicor(
    connection: &Connection,
    folder: &Path,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    links: &Links,
) -> anyhow::Result<EpicorLedger> {
    let epicor = &connection.epicor;
    let (builder, transport) =
        epicor_client(connection, folder, secrets, clock, links, epicor.login).await?;
    let fields = JournalFields {
        book: epicor.book.clone(),
        journal_code: epicor.journal_code.clone(),
        entry: epicor.entry.into(),
        segment_separator: epicor.segment_separator,
        user: epicor.user.clone(),
    };
    let grace = connection.posting.policy().send_grace;
    let ledger = EpicorLedger::new(fields, transport, Arc::clone(clock), grace, |guarded| {
        builder.transport(guarded).build()
    })?;
    Ok(ledger)
}

/// The client of the company, ready to be built over a transport, and the transport that trusts
/// the company's certificate authority.
///
/// # Errors
/// [`ConfigError`] when a secret or the CA file is missing.
pub async fn epicor_client(
    connection: &Connection,
    folder: &Path,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    links: &Links,
    login: EpicorLogin,
) -> anyhow::Result<(epicor_odata_client::ClientBuilder, Arc<dyn Transport>)> {
    let epicor = &connection.epicor;
    let name = &connection.name;
    let ca_file = epicor.ca_file.as_ref().map(|file| folder.join(file));
    let transport = links.transport(ca_file).context("connecting to Epicor")?;
    let user = epicor.user.clone();
    let password = secrets.read(&epicor.password, name, "epicor.password").await?;
    let identity = match login {
        EpicorLogin::Basic => Identity::Basic { user, password },
        EpicorLogin::Token => Identity::TokenService { user, password, form: TokenForm::default() },
    };
    let api_key = ApiKey(secrets.read(&epicor.api_key, name, "epicor.api_key").await?);
    let timeout = Duration::from_secs(u64::from(connection.posting.request_timeout_seconds));
    let mut builder = epicor_odata_client::Client::builder(
        epicor.url.clone(),
        &epicor.company,
        api_key,
        identity,
    )
    .clock(Arc::clone(clock))
    .timeout(timeout)
    .description_length(epicor.description_length);
    for (operation, parameters) in &epicor.further_parameters {
        for (parameter, value) in parameters {
            builder = builder.further_parameter(operation, parameter, value);
        }
    }
    Ok((builder, transport))
}
