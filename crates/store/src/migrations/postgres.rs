//! The schema in a PostgreSQL database.

use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use super::{MIGRATIONS, known, sha256, unchanged};
use crate::{engine::postgres::quoted, error::Fault};

/// `MLcn` in ASCII: the advisory lock under which one process at a time migrates a database.
const LOCK: i64 = 0x4d4c_636e;

/// Brings the schema to [`LATEST`](super::LATEST), all of it or none of it.
pub(crate) async fn migrate(pool: &PgPool, schema: &str) -> Result<(), Fault> {
    let mut transaction = pool.begin().await?;
    let connection = &mut *transaction;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *connection).await?;
    let create = format!("CREATE SCHEMA IF NOT EXISTS {}", quoted(schema));
    sqlx::query(AssertSqlSafe(create)).execute(&mut *connection).await?;
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
            version BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL
        )",
    )
    .execute(&mut *connection)
    .await?;
    let found = newest(connection).await?;
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

/// The newest version that was ever applied; 0 before the first.
async fn newest(connection: &mut PgConnection) -> Result<u32, Fault> {
    let newest: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM schema_migrations")
        .fetch_one(connection)
        .await?;
    known(u32::try_from(newest).unwrap_or(u32::MAX))
}
