//! One throwaway PostgreSQL server for all tests of this executable, a schema for each.

use std::sync::OnceLock;

use fixtures::postgres::Server;
use store::{PostgresOptions, Store};

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start().expect("a throwaway PostgreSQL server"))
}

/// The server's address.
pub(crate) fn url() -> String {
    server().url()
}

/// Where a test's own schema is.
pub(crate) fn options(schema: &str) -> PostgresOptions {
    // PostgreSQL cuts a name after 63 bytes; the end tells the tests apart.
    let from = schema.len().saturating_sub(60);
    PostgresOptions {
        schema: schema[from..].to_owned(),
        connections_max: 4,
        ..PostgresOptions::new(url())
    }
}

/// A store in a schema of its own.
pub(crate) async fn connect(schema: &str) -> Store {
    Store::connect(&options(schema)).await.expect("a store")
}
