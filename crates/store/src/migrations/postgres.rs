//! The schema in a PostgreSQL database.

use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use super::{Found, MIGRATIONS, known, sha256, unchanged};
use crate::{engine::postgres::quoted, error::Fault};

/// `MLcn` in ASCII: the advisory lock under which one process at a time migrates a database.
const LOCK: i64 = 0x4d4c_636e;

/// Looks at what a schema holds, and refuses what a newer program made. Needs no right on it.
pub(crate) async fn look(connection: &mut PgConnection, schema: &str) -> Result<Found, Fault> {
    let tables = "SELECT EXISTS (
        SELECT FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = 'schema_migrations'
    )";
    let made: bool = sqlx::query_scalar(tables).bind(schema).fetch_one(&mut *connection).await?;
    if !made {
        return Ok(Found::Nothing);
    }
    let newest: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM schema_migrations")
        .fetch_one(connection)
        .await?;
    known(u32::try_from(newest).unwrap_or(u32::MAX)).map(Found::Version)
}

/// Makes the schema unless somebody made it before: to make one takes a right on the database, and
/// PostgreSQL asks for it also where nothing is to be made.
async fn make(connection: &mut PgConnection, schema: &str) -> Result<(), Fault> {
    let there = "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1)";
    if !sqlx::query_scalar(there).bind(schema).fetch_one(&mut *connection).await? {
        let create = format!("CREATE SCHEMA {}", quoted(schema));
        sqlx::query(AssertSqlSafe(create)).execute(&mut *connection).await?;
    }
    sqlx::query(
        "CREATE TABLE schema_migrations (
            version BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL
        )",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings the schema to [`LATEST`](super::LATEST), all of it or none of it. One that is there already
/// is only looked at.
pub(crate) async fn migrate(pool: &PgPool, schema: &str) -> Result<(), Fault> {
    let mut transaction = pool.begin().await?;
    let connection = &mut *transaction;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *connection).await?;
    let found = match look(connection, schema).await? {
        Found::Version(found) => found,
        Found::Nothing => {
            make(connection, schema).await?;
            0
        }
    };
    for migration in MIGRATIONS {
        if migration.version <= found {
            let kept: Option<String> =
                sqlx::query_scalar("SELECT sha256 FROM schema_migrations WHERE version = $1")
                    .bind(i64::from(migration.version))
                    .fetch_optional(&mut *connection)
                    .await?;
            unchanged(migration.version, migration.postgres, kept.as_deref())?;
            continue;
        }
        sqlx::raw_sql(migration.postgres).execute(&mut *connection).await?;
        sqlx::query("INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3)")
            .bind(i64::from(migration.version))
            .bind(migration.name)
            .bind(sha256(migration.postgres))
            .execute(&mut *connection)
            .await?;
    }
    Ok(transaction.commit().await?)
}
