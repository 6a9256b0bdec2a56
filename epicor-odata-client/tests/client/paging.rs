//! Sets read in windows of their key while others write, against a plain model in memory.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use crate::model::{COLUMNS, Cell, Key, Model, key};
use crate::support::builder;
use epicor_odata_client::EntitySet;
use epicor_odata_client::dataset::Row;
use epicor_odata_client::odata::{BrokenPaging, Filter, Page, Pager, Query, TableKey};
use futures_util::TryStreamExt as _;
use proptest::prelude::*;
use wire::{Random as _, SeededRandom};

fn set(model: &Arc<Model>, page_size: u32) -> EntitySet {
    let client = builder("https://erp.example.com").transport(model.clone());
    let client = client.page_size(page_size).build().unwrap();
    client.service("Erp.BO.CustomerPartXRefSvc").unwrap().set("CustomerPartXRefs").unwrap()
}

fn table_key() -> TableKey {
    TableKey::new(COLUMNS.map(|(name, _)| name))
}

fn key_of(row: &Row) -> Key {
    let text = |column: &str| Cell::Text(row.text(column).unwrap().to_owned());
    [
        Cell::Whole(row.integer("CustNum").unwrap()),
        text("PartNum"),
        text("EffectiveDate"),
        text("SysRowID"),
    ]
}

/// Inserts and deletes rows at random, and remembers the deleted ones.
fn others(
    seed: u64,
    writes: u64,
    gone: Arc<Mutex<BTreeSet<Key>>>,
) -> impl FnMut(&mut Vec<Key>) + Send {
    let random = SeededRandom::new(seed);
    let below = move |bound: u64| u32::try_from(random.below(bound)).unwrap();
    move |rows| {
        for _ in 0..writes {
            let part = format!("P{}", below(100_000));
            let new = key(below(6).into(), &part, below(300), below(1 << 31));
            if let Err(place) = rows.binary_search(&new) {
                rows.insert(place, new);
            }
            if below(3) == 0 && !rows.is_empty() {
                let place = below(rows.len() as u64) as usize;
                gone.lock().unwrap().insert(rows.remove(place));
            }
        }
    }
}

/// What was read is in order and has each row once; what was there all the time is in it.
fn check(read: &[Key], before: Vec<Key>, gone: &Mutex<BTreeSet<Key>>) {
    assert!(read.is_sorted_by(|one, two| one < two), "out of order, or twice");
    let gone = gone.lock().unwrap();
    for row in before {
        let found = read.binary_search(&row).is_ok();
        assert!(found || gone.contains(&row), "{row:?} was skipped");
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Any Unicode in the key, any page the server caps at, anybody writing meanwhile.
    #[test]
    fn no_row_is_skipped_and_none_comes_twice(
        rows in prop::collection::vec((0_i64..4, "(?s).{0,6}|['() ]{0,3}", 0_u32..40, any::<u32>()), 0..60),
        cap in 1_usize..20,
        page_size in 1_u32..20,
        seed: u64,
        writes in 0_u64..3,
    ) {
        let rows = rows.iter().map(|(cust, part, day, id)| key(*cust, part, *day, *id));
        let gone = Arc::new(Mutex::new(BTreeSet::new()));
        let others = others(seed, writes, gone.clone());
        let model = Arc::new(Model::new(rows.collect(), cap, false, Box::new(others)));
        let before = model.rows();
        let read: Vec<Row> = block_on(set(&model, page_size).rows(Query::new(), table_key()).try_collect())?;
        let read: Vec<Key> = read.iter().map(key_of).collect();
        check(&read, before, &gone);
    }

    /// The caller's own condition holds beside that of the window.
    #[test]
    fn the_callers_condition_stays(cust in 0_i64..4, seed: u64) {
        let mut rows = Vec::new();
        others(seed, 80, Arc::default())(&mut rows);
        let model = Arc::new(Model::new(rows, 7, false, Box::new(|_| ())));
        let either = Filter::eq("CustNum", cust).or(Filter::eq("CustNum", 5_i64));
        let query = Query::new().filter(either).select(["CustNum"]);
        let read = block_on(set(&model, 100).all(query, table_key(), 1000))?;
        let read: Vec<Key> = read.iter().map(key_of).collect();
        let wanted = |row: &Key| row[0] == Cell::Whole(cust) || row[0] == Cell::Whole(5);
        let expected: Vec<Key> = model.rows().into_iter().filter(wanted).collect();
        prop_assert_eq!(read, expected);
    }
}

#[tokio::test]
async fn a_hundred_thousand_rows_are_read_while_thousands_are_written() {
    let rows = (0..100_000_u32).map(|n| key((n % 5).into(), &format!("P{}", n / 5), n % 300, n));
    let gone = Arc::new(Mutex::new(BTreeSet::new()));
    let others = others(7, 20, gone.clone());
    let model = Arc::new(Model::new(rows.collect(), 800, true, Box::new(others)));
    let before = model.rows();
    let mut read = Vec::new();
    let mut pages = std::pin::pin!(set(&model, 1000).pages(Query::new(), table_key()));
    while let Some(page) = pages.try_next().await.unwrap() {
        read.extend(page.iter().map(key_of));
    }
    check(&read, before, &gone);
    assert!(read.len() > 100_000 && gone.lock().unwrap().len() > 500);
    assert!((125..140).contains(&model.requests()), "{} requests", model.requests());
}

#[tokio::test]
async fn a_list_shorter_than_any_page_takes_one_request() {
    let rows = (0..99_u32).map(|n| key(1, "P", 1, n));
    let model = Arc::new(Model::new(rows.collect(), 1000, false, Box::new(|_| ())));
    assert_eq!(set(&model, 500).all(Query::new(), table_key(), 99).await.unwrap().len(), 99);
    assert_eq!(model.requests(), 1);

    let error = set(&model, 500).all(Query::new(), table_key(), 98).await.unwrap_err();
    assert!(error.to_string().contains("more than 98 rows"), "{error}");
}

#[test]
fn a_key_that_does_not_tell_rows_apart_is_noticed() {
    let row = |id| format!(r#"{{"CustNum":1,"PartNum":"P","SysRowID":"{id}"}}"#);
    let page = || Page {
        rows: ["a", "b"].map(|id| serde_json::from_str(&row(id)).unwrap()).to_vec(),
        ..Page::default()
    };
    for (key, broken) in [
        (TableKey::new(["CustNum", "PartNum"]), BrokenPaging::SameKey),
        (TableKey::new([]), BrokenPaging::SameKey),
        (TableKey::new(["PartNum", "SysRowID"]), BrokenPaging::NoKey { column: "SysRowID".into() }),
    ] {
        let mut pager = Pager::by_key(Query::new(), key, 10);
        assert_eq!(pager.accept(page()), Err(broken));
    }
}

#[test]
fn a_server_that_does_not_heed_the_window_is_noticed() {
    let row: Row = serde_json::from_str(r#"{"PartNum":"P"}"#).unwrap();
    let page = || Page { rows: vec![row.clone()], count: Some(2), next_link: None };
    let mut pager = Pager::by_key(Query::new(), TableKey::new(["PartNum"]), 10);
    assert!(pager.accept(page()).is_ok());
    assert_eq!(pager.accept(page()), Err(BrokenPaging::RepeatedPage));
}
