//! What a PostgreSQL store must do beyond what every engine does.

use store::{Error, PostgresOptions, Store};

use crate::{
    samples::{event, read},
    server::{connect, options},
};

#[tokio::test]
async fn reconnecting_finds_everything() {
    let store = connect("reconnecting").await;
    read(&store, 1, "810").await;
    let before = (store.settlements(None).await.unwrap(), store.verify_audit().await.unwrap());
    let again = connect("reconnecting").await;
    assert_eq!(
        (again.settlements(None).await.unwrap(), again.verify_audit().await.unwrap()),
        before
    );
}

#[tokio::test]
async fn processes_that_start_together_make_the_schema_once() {
    let starts = (0..6).map(|_| tokio::spawn(connect("together")));
    for start in starts.collect::<Vec<_>>() {
        assert_eq!(start.await.unwrap().verify_audit().await.unwrap().events(), 0);
    }
}

#[tokio::test]
async fn writers_of_one_connection_take_turns_and_the_chain_holds() {
    let store = connect("turns").await;
    read(&store, 1, "810").await;
    let writers = (0..8).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            for minutes in 0..20 {
                store.append(&event(minutes, &format!("{writer}"), "look-up")).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(store.verify_audit().await.unwrap().events(), 161);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    drop(connect("newer").await);
    let pool = sqlx::PgPool::connect(&crate::server::url()).await.unwrap();
    sqlx::query("INSERT INTO newer.schema_migrations VALUES (99, 'next', 'x')")
        .execute(&pool)
        .await
        .unwrap();
    for refused in
        [Store::connect(&options("newer")).await, Store::connect_to_read(&options("newer")).await]
    {
        assert!(matches!(refused, Err(Error::NewerSchema { found: 99, .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn a_reader_sees_what_the_writer_does_and_changes_nothing() {
    let writer = connect("reads").await;
    let reader = Store::connect_to_read(&options("reads")).await.unwrap();
    assert_eq!(reader.settlements(None).await.unwrap(), []);
    read(&writer, 1, "810").await;
    assert_eq!(reader.settlements(None).await.unwrap(), writer.settlements(None).await.unwrap());
    assert_eq!(reader.verify_audit().await.unwrap(), writer.verify_audit().await.unwrap());
    let asker = Store::connect_to_ask(&options("reads")).await.unwrap();
    for store in [&reader, &asker] {
        let refused = store.append(&event(2, "810", "settlement 810")).await;
        assert!(
            matches!(refused, Err(Error::ReadOnly { ref record }) if record == "settlement 810"),
            "{refused:?}"
        );
    }
    let at = crate::samples::minute(0);
    assert!(!asker.run_asked("us", "settlements", at, "clerk").await.unwrap(), "no schedule");
    let refused = reader.run_asked("us", "settlements", at, "clerk").await;
    assert!(matches!(refused, Err(Error::ReadOnly { .. })), "{refused:?}");
}

#[tokio::test]
async fn nothing_here_is_said_and_nothing_is_made() {
    let pool = administrator().await;
    run(&pool, "CREATE SCHEMA empty").await;
    for schema in ["missing", "empty"] {
        let refused = Store::connect_to_read(&options(schema)).await.unwrap_err();
        assert!(matches!(refused, Error::NothingHere { .. }), "{refused:?}");
        assert!(refused.to_string().contains(&format!("schema {schema} of")), "{refused}");
    }
    let made: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'missing') +
            (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'empty')",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(made, 0);
}

#[tokio::test]
async fn an_older_schema_is_not_upgraded_by_a_reader() {
    drop(connect("older").await);
    let pool = administrator().await;
    let newest = "DELETE FROM older.schema_migrations WHERE version =
         (SELECT max(version) FROM older.schema_migrations)";
    run(&pool, newest).await;
    for refused in [
        Store::connect_to_read(&options("older")).await,
        Store::connect_to_ask(&options("older")).await,
    ] {
        assert!(
            matches!(refused, Err(Error::OlderSchema { found, known }) if found + 1 == known),
            "{refused:?}"
        );
    }
}

/// The server as its administrator sees it.
async fn administrator() -> sqlx::PgPool {
    sqlx::PgPool::connect(&crate::server::url()).await.unwrap()
}

async fn run(pool: &sqlx::PgPool, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(pool).await.unwrap();
}

/// Where a role of its own finds a schema.
fn options_of(role: &str, schema: &str) -> PostgresOptions {
    let url = crate::server::url().replace("user=ml", &format!("user={role}"));
    PostgresOptions { url: url.into(), ..options(schema) }
}

#[tokio::test]
async fn a_role_whose_schema_was_made_for_it_needs_no_right_on_the_database() {
    let pool = administrator().await;
    run(&pool, "CREATE ROLE owns LOGIN; CREATE SCHEMA owned AUTHORIZATION owns").await;
    for minutes in 1..=2 {
        let store = Store::connect(&options_of("owns", "owned")).await.unwrap();
        read(&store, minutes, &format!("{minutes}")).await;
    }
}

#[tokio::test]
async fn a_role_that_may_only_work_on_the_tables_makes_none() {
    let pool = administrator().await;
    drop(connect("worked_on").await);
    run(
        &pool,
        "CREATE ROLE works LOGIN; GRANT USAGE ON SCHEMA worked_on TO works;
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA worked_on TO works;
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA worked_on TO works",
    )
    .await;
    let store = Store::connect(&options_of("works", "worked_on")).await.unwrap();
    read(&store, 1, "810").await;
}

#[tokio::test]
async fn a_role_that_may_only_read_the_tables_reads() {
    let pool = administrator().await;
    let store = connect("read_by").await;
    read(&store, 1, "810").await;
    run(
        &pool,
        "CREATE ROLE reads LOGIN; GRANT USAGE ON SCHEMA read_by TO reads;
         GRANT SELECT ON ALL TABLES IN SCHEMA read_by TO reads",
    )
    .await;
    let reader = Store::connect_to_read(&options_of("reads", "read_by")).await.unwrap();
    assert_eq!(reader.settlements(None).await.unwrap().len(), 1);
    assert_eq!(reader.verify_audit().await.unwrap().events(), 1);
}

#[tokio::test]
async fn the_server_refuses_to_change_an_event() {
    let store = connect("refuses").await;
    read(&store, 1, "810").await;
    let pool = sqlx::PgPool::connect(&crate::server::url()).await.unwrap();
    for sql in [
        "UPDATE refuses.audit SET event = '{}'",
        "DELETE FROM refuses.audit",
        "TRUNCATE refuses.audit",
        "UPDATE refuses.audit_heads SET seq = 0",
        "DELETE FROM refuses.audit_heads",
        "TRUNCATE refuses.audit_heads",
    ] {
        let refused = sqlx::query(sql).execute(&pool).await.unwrap_err();
        assert!(refused.to_string().contains("audit log"), "{sql}: {refused}");
    }
    assert_eq!(store.verify_audit().await.unwrap().events(), 1);
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_refused_without_repeating_it() {
    let options = PostgresOptions::new("postgres//ml:hunter2@db:x/ml".to_owned());
    let refused = Store::connect(&options).await.unwrap_err();
    assert!(matches!(refused, Error::BadAddress));
    assert!(!format!("{refused:?} {refused} {options:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let options = PostgresOptions::new("postgres://ml@127.0.0.1:1/ml?sslmode=disable".to_owned());
    let refused = Store::connect(&options).await.unwrap_err();
    assert!(matches!(refused, Error::Unreachable { .. }), "{refused:?}");
}

#[tokio::test]
async fn workers_that_look_together_share_what_is_due() {
    let store = connect("shares").await;
    let at = crate::samples::minute(0);
    let plan: Vec<_> = (0..200)
        .map(|n| store::Planned {
            connection: format!("c{n}"),
            flow: ["orders", "settlements"][n % 2].to_owned(),
            spec: "every 30m".to_owned(),
            due: Some(at),
        })
        .collect();
    store.schedule_set(&plan, &[]).await.unwrap();
    let together = std::sync::Arc::new(tokio::sync::Barrier::new(4));
    let workers: Vec<_> = (0..4)
        .map(|worker| {
            let (store, together) = (store.clone(), together.clone());
            tokio::spawn(async move {
                let owner = format!("worker {worker}");
                let minute = std::time::Duration::from_mins(1);
                let mut mine = Vec::new();
                // One that finds nothing may have looked while the others held it all.
                for look in 0..40 {
                    // Everybody's first look comes before anybody's second.
                    if look < 2 {
                        together.wait().await;
                    }
                    let claimed =
                        store.due_claim(at, 5, &Default::default(), (&owner, minute)).await;
                    mine.extend(claimed.unwrap().into_iter().map(|claimed| {
                        assert_eq!(claimed.lease.unwrap().owner, owner);
                        claimed.connection
                    }));
                }
                mine
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        let mine = worker.await.unwrap();
        assert!(!mine.is_empty(), "each has a share");
        all.extend(mine);
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 200);
    let lanes: u64 = store.overview().await.unwrap().lanes.iter().map(|(_, held)| held).sum();
    assert_eq!(lanes, 200, "each once");
}

/// Whoever asks may go away at any moment, as the loser of a `select!` does.
#[tokio::test]
async fn a_caller_that_goes_away_leaves_no_transaction_behind() {
    let options = PostgresOptions { connections_max: 1, ..options("goes_away") };
    let store = Store::connect(&options).await.unwrap();
    for polls in 0..200 {
        let mut asking = Box::pin(store.settlements(None));
        for _ in 0..polls % 40 {
            tokio::select! {
                biased;
                _ = &mut asking => break,
                () = tokio::task::yield_now() => {}
            }
        }
        drop(asking);
        // A transaction that was left behind reads only.
        read(&store, polls, &format!("{polls}")).await;
    }
}

/// Falls asleep before a commit, and wakes when it is told to.
#[cfg(feature = "interruptions")]
#[derive(Debug, Default)]
struct Asleep {
    falls: tokio::sync::Notify,
    wakes: tokio::sync::Notify,
}

#[cfg(feature = "interruptions")]
impl store::Interruptions for Asleep {
    fn at(&self, moment: store::Moment) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            if moment == store::Moment::BeforeCommit {
                self.falls.notify_one();
                self.wakes.notified().await;
            }
        })
    }
}

/// A secret of a connection that has none yet, and whose chain the other does not know of.
#[cfg(feature = "interruptions")]
#[tokio::test]
async fn resealing_waits_for_a_secret_that_is_being_set() {
    use std::{sync::Arc, time::Duration};

    use crate::samples::US;

    let about = |connection: &str| store::NewEvent {
        connection: connection.to_owned(),
        ..event(1, "credentials", "credentials")
    };
    let store = connect("resealing_waits").await;
    store.secret_set(US, "a", "one", &about(US)).await.unwrap();
    let was = store.secret(US, "a").await.unwrap().unwrap();
    let asleep = Arc::new(Asleep::default());
    let sets = store.with_interruptions(asleep.clone());
    let of = about("de");
    let setting = tokio::spawn(async move { sets.secret_set("de", "a", "two", &of).await });
    asleep.falls.notified().await;
    let of = about("");
    let resealing = tokio::spawn(async move {
        store.secrets_resealed(&[store::Resealed { sealed: "anew".to_owned(), was }], &of).await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    asleep.wakes.notify_one();
    setting.await.unwrap().unwrap();
    let refused = resealing.await.unwrap();
    assert!(
        matches!(refused, Err(Error::Stale { ref record, .. }) if record == "secret a of de"),
        "{refused:?}"
    );
}

#[cfg(feature = "interruptions")]
#[tokio::test]
async fn a_worker_that_sleeps_in_a_transaction_keeps_nobody_waiting() {
    use std::{collections::BTreeSet, sync::Arc, time::Duration};

    use crate::samples::minute;

    let plan = |connection: &str| store::Planned {
        connection: connection.to_owned(),
        flow: "settlements".to_owned(),
        spec: "every 1h".to_owned(),
        due: Some(minute(0)),
    };
    let (sleeps, lives) = (connect("sleeper").await, connect("sleeper").await);
    lives.schedule_set(&[plan("us"), plan("eu")], &[]).await.unwrap();
    let lease =
        sleeps.lane_claim("us", "sleeps", Duration::from_millis(200), minute(1)).await.unwrap();
    let asleep = Arc::new(Asleep::default());
    let under = sleeps.with_interruptions(asleep.clone()).under(lease.expect("free"));
    let writing = tokio::spawn(async move { under.append(&event(1, "us", "look-up")).await });
    asleep.falls.notified().await;
    tokio::time::sleep(Duration::from_millis(300)).await;

    let claim = async {
        let mut claimed = Vec::new();
        while claimed.len() < 2 {
            let owner = ("lives", Duration::from_secs(60));
            match lives.due_claim(minute(2), 10, &BTreeSet::new(), owner).await {
                Ok(more) => claimed.extend(more),
                Err(error) => panic!("{error}"),
            }
        }
        claimed
    };
    let claimed = tokio::time::timeout(Duration::from_secs(60), claim).await.expect("not stuck");
    assert_eq!(claimed.len(), 2);
    asleep.wakes.notify_one();
    let woken = writing.await.unwrap();
    assert!(matches!(woken, Err(Error::CommitUnknown { .. })), "{woken:?}");
}
