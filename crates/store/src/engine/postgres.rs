//! PostgreSQL: one schema of one database, any number of processes.

use std::{fmt, sync::Arc, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{
    AssertSqlSafe, Column as _, Row as _, TypeInfo as _,
    postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow},
    query::Query,
};

use super::{Access, Row, Value};
use crate::{
    error::{Error, Fault, about},
    migrations::{self, Found, LATEST},
};

/// How long a caller waits for a connection: longer, and the server or the pool is stuck.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Sees one moment of the whole database.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The server ends a transaction in which a process is silent for so long: a machine that falls
/// asleep there holds the rows it touched, and with them everybody who needs one of them.
const WRITE: &str = "BEGIN; SET LOCAL idle_in_transaction_session_timeout TO '5s'";

/// How to reach a PostgreSQL server.
///
/// The password never shows in `Debug`.
#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=…`. Unless it
    /// says otherwise, the connection is encrypted where the server can.
    pub url: SecretString,
    /// The schema that holds the tables; made when it is missing, which takes CREATE on the database.
    pub schema: String,
    /// The most connections this process opens.
    pub connections_max: u32,
}

impl PostgresOptions {
    /// The schema `ml_connector` of that database, with up to eight connections.
    #[must_use]
    pub fn new(url: impl Into<SecretString>) -> Self {
        Self { url: url.into(), schema: "ml_connector".to_owned(), connections_max: 8 }
    }
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("schema", &self.schema)
            .field("connections_max", &self.connections_max)
            .finish_non_exhaustive()
    }
}

/// A pool of connections to one schema.
#[derive(Debug)]
pub(crate) struct Postgres {
    pool: PgPool,
    /// The most that a transaction may do.
    most: Access,
}

impl Postgres {
    /// Connects and brings the schema up to date.
    pub(crate) async fn connect(options: &PostgresOptions) -> Result<Self, Error> {
        about("database", async {
            let pool = pool(options).await?;
            migrations::postgres::migrate(&pool, &options.schema).await?;
            Ok(Self { pool, most: Access::Write })
        })
        .await
    }

    /// Connects beside processes that may be writing; neither makes nor upgrades the schema.
    pub(crate) async fn connect_beside(
        options: &PostgresOptions,
        most: Access,
    ) -> Result<Self, Error> {
        about("database", async {
            let pool = pool(options).await?;
            let schema = &options.schema;
            match migrations::postgres::look(&mut *pool.acquire().await?, schema).await? {
                Found::Nothing => {
                    let place = format!("schema {schema} of the database");
                    Err(Error::NothingHere { place }.into())
                }
                Found::Version(found) if found < LATEST => {
                    Err(Error::OlderSchema { found, known: LATEST }.into())
                }
                Found::Version(_) => Ok(Self { pool, most }),
            }
        })
        .await
    }

    pub(super) async fn begin(&self, access: Access) -> Result<Tx, Fault> {
        if access > self.most {
            return Err(Fault::ReadOnly);
        }
        let begin = match access {
            Access::Read => READ,
            Access::Write | Access::Ask => WRITE,
        };
        // In a task of its own: whoever asked may be dropped at any await, and a connection that goes
        // back between BEGIN and its answer has a transaction that the pool does not know of.
        let pool = self.pool.clone();
        let begun = tokio::spawn(async move { pool.begin_with(begin).await });
        let transaction = begun.await.map_err(|_| sqlx::Error::WorkerCrashed)??;
        Ok(Tx { transaction })
    }
}

/// Connections that find the tables of the schema.
async fn pool(options: &PostgresOptions) -> Result<PgPool, Fault> {
    let server = address(options)?;
    let schema = quoted(&options.schema);
    let pool = PgPoolOptions::new()
        .max_connections(options.connections_max)
        .acquire_timeout(ACQUIRE)
        .after_connect(move |connection, _| {
            let path = format!("SET search_path TO {schema}");
            Box::pin(async move {
                sqlx::query(AssertSqlSafe(path)).execute(connection).await.map(|_| ())
            })
        })
        .connect_with(server)
        .await?;
    Ok(pool)
}

/// Reads the address. What sqlx says about a wrong one may repeat the password, so it is not told.
fn address(options: &PostgresOptions) -> Result<PgConnectOptions, Fault> {
    let parsed: Result<PgConnectOptions, _> = options.url.expose_secret().parse();
    let server = parsed.map_err(|_| Error::BadAddress)?;
    Ok(server.application_name("ml-connector"))
}

/// A name as an identifier of SQL, whatever its characters.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A transaction; its connection goes back to the pool with it.
pub(crate) struct Tx {
    transaction: sqlx::Transaction<'static, sqlx::Postgres>,
}

impl Tx {
    pub(super) async fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Fault> {
        let done = query(sql, params).execute(&mut *self.transaction).await?;
        Ok(done.rows_affected())
    }

    pub(super) async fn rows(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
    ) -> Result<Vec<Row>, Fault> {
        let found = query(sql, params).fetch_all(&mut *self.transaction).await?;
        let Some(first) = found.first() else { return Ok(Vec::new()) };
        let columns: Arc<[String]> =
            first.columns().iter().map(|column| column.name().to_owned()).collect();
        found
            .iter()
            .map(|row| Ok(Row { columns: Arc::clone(&columns), values: values(row)? }))
            .collect()
    }

    pub(super) async fn commit(self) -> Result<(), Fault> {
        self.transaction.commit().await.map_err(Fault::Commit)
    }
}

fn query<'q>(sql: &str, params: &'q [Value<'q>]) -> Query<'q, sqlx::Postgres, PgArguments> {
    // Every statement is this crate's own text; values come as parameters alone.
    let query = sqlx::query(AssertSqlSafe(numbered(sql)));
    params.iter().fold(query, |query, value| match value {
        Value::Text(text) => query.bind(text.as_deref()),
        Value::Integer(number) => query.bind(*number),
        Value::Bytes(bytes) => query.bind(bytes.as_deref()),
    })
}

/// `?1` becomes `$1`: no statement here has a question mark elsewhere.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

fn values(row: &PgRow) -> Result<Vec<Value<'static>>, Fault> {
    row.columns()
        .iter()
        .enumerate()
        .map(|(place, column)| {
            Ok(match column.type_info().name() {
                "INT8" => Value::Integer(row.try_get(place)?),
                "BYTEA" => Value::Bytes(row.try_get::<Option<Vec<u8>>, _>(place)?.map(Into::into)),
                "TEXT" => Value::Text(row.try_get::<Option<String>, _>(place)?.map(Into::into)),
                other => {
                    let what = format!("column {}: its type is {other}", column.name());
                    return Err(Fault::Damaged(what));
                }
            })
        })
        .collect()
}
