//! The client's core against the stand-in Epicor, which knows nothing of this crate.

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use epicor_odata_client::dataset::Row;
use epicor_odata_client::odata::{EntityKey, Filter, Query, TableKey};
use epicor_odata_client::{
    ApiKey, Client, ClientBuilder, ConnectionFault, EntitySet, Error, GetRows, Identity, TokenForm,
};
use fixtures::Fault;
use fixtures::epicor::{
    ApiKey as Key, Company, Function, Options, Part, ProviderClient, Query as SavedQuery, StandIn,
};
use futures_util::TryStreamExt as _;
use rust_decimal::Decimal;
use serde_json::json;
use wire::RetryPolicy;

/// Part numbers that are hard to quote, in any order.
const HARD: [&str; 12] = [
    "it's",
    "''",
    "a&b=c",
    "50% +/-",
    "#1",
    "tab\tbed",
    "Ünïcode ß",
    "日本 部品",
    "🧰",
    "a\"b",
    "(x) or (y)",
    "x' or '1' eq '1",
];

fn options() -> Options {
    let mut options = Options { next_links: false, top_max: 40, ..Options::default() };
    options.masters.parts = (0..230)
        .map(|number| Part::new(&format!("P{number:03}"), "Ring", 1000 + number))
        .chain(HARD.map(|number| Part::new(number, "Hard", 50)))
        .collect();
    options
}

fn basic(password: &str) -> Identity {
    Identity::Basic { user: "connector".to_owned(), password: password.into() }
}

fn token(form: TokenForm) -> Identity {
    let (user, password) = ("connector".to_owned(), "connector".into());
    Identity::TokenService { user, password, form }
}

fn builder(epicor: &StandIn, key: &str, identity: Identity) -> ClientBuilder {
    let retry = RetryPolicy { base: Duration::from_millis(1), ..RetryPolicy::default() };
    Client::builder(epicor.base_url(), "EPIC06", ApiKey::from(key), identity).retry(retry)
}

fn client(epicor: &StandIn) -> Client {
    builder(epicor, "stand-in-key", basic("connector")).build().unwrap()
}

fn parts(client: &Client) -> EntitySet {
    client.service("Erp.BO.PartSvc").unwrap().set("Parts").unwrap()
}

fn number(row: &Row) -> String {
    row.text("PartNum").unwrap().to_owned()
}

#[tokio::test]
async fn every_way_of_logging_in_opens_the_door() {
    let mut options = options();
    options.provider_clients.push(ProviderClient {
        id: "id".to_owned(),
        secret: "s&=+".to_owned(),
        user: "connector".to_owned(),
    });
    let epicor = StandIn::start(options).await.unwrap();
    let of_provider = |secret: &str| Identity::ClientCredentials {
        token_url: format!("{}/identity/connect/token", epicor.base_url()).parse().unwrap(),
        client_id: "id".to_owned(),
        client_secret: secret.into(),
        scope: "api://epicor/.default".to_owned(),
    };
    let identities = [
        basic("connector"),
        token(TokenForm::Basic),
        token(TokenForm::Headers),
        of_provider("s&=+"),
    ];
    for identity in identities {
        let client = builder(&epicor, "stand-in-key", identity).build().unwrap();
        assert_eq!(client.ping().await.unwrap().company_name, "Example Manufacturing");
    }
    let client = builder(&epicor, "stand-in-key", of_provider("wrong")).build().unwrap();
    let error = client.ping().await.unwrap_err();
    assert_eq!(error.connection_fault(), Some(ConnectionFault::Identity), "{error:?}");
}

#[tokio::test]
async fn a_token_that_epicor_forgot_is_renewed() {
    let epicor = StandIn::start(options()).await.unwrap();
    let client = builder(&epicor, "stand-in-key", token(TokenForm::Headers)).build().unwrap();
    client.ping().await.unwrap();
    epicor.expire_tokens();
    client.ping().await.unwrap();
    let asked = epicor.requests().len();
    assert_eq!(asked, 5, "two tokens, two pings and the one that was refused");
}

#[tokio::test]
async fn the_ping_names_what_is_at_fault() {
    for wrong_key_status in [401, 403] {
        let mut options = Options { wrong_key_status, ..options() };
        options.companies.push(Company {
            id: "EPIC07".to_owned(),
            name: "Other".to_owned(),
            currency: "USD".to_owned(),
        });
        options.api_keys.push(Key {
            key: "narrow".to_owned(),
            companies: Vec::new(),
            scope: Some(vec!["Erp.BO.CompanySvc".to_owned(), "Erp.BO.PartSvc".to_owned()]),
        });
        let epicor = StandIn::start(options).await.unwrap();
        let fault = async |key: &str, password: &str, company: &str, services: &[&str]| {
            let client = builder(&epicor, key, basic(password)).build().unwrap();
            let client = client.for_company(company).unwrap();
            let error = client.ping_services(services).await.err()?;
            Some(error.connection_fault().expect("a fault of the connection"))
        };
        let key = "stand-in-key";
        let journals = "Erp.BO.GLJrnGrpSvc";
        assert_eq!(fault(key, "connector", "EPIC07", &[journals]).await, None);
        assert_eq!(fault("other", "connector", "EPIC06", &[]).await, Some(ConnectionFault::ApiKey));
        assert_eq!(fault(key, "wrong", "EPIC06", &[]).await, Some(ConnectionFault::Identity));
        let company = Some(ConnectionFault::Company("EPIC08".to_owned()));
        assert_eq!(fault(key, "connector", "EPIC08", &[]).await, company);
        assert_eq!(fault("narrow", "connector", "EPIC06", &["Erp.BO.PartSvc"]).await, None);
        let scope = Some(ConnectionFault::AccessScope(journals.to_owned()));
        assert_eq!(fault("narrow", "connector", "EPIC06", &[journals]).await, scope);
        epicor.stop().await;
    }
}

#[tokio::test]
async fn every_part_is_found_by_its_number_and_by_nothing_else() {
    let epicor = StandIn::start(options()).await.unwrap();
    let client = client(&epicor);
    let parts = parts(&client);
    for hard in HARD {
        let query = Query::new().filter(Filter::eq("PartNum", hard)).select(["PartNum"]);
        let found = parts.all(query, TableKey::new(["PartNum"]), 10).await.unwrap();
        assert_eq!(found.iter().map(number).collect::<Vec<_>>(), [hard]);
        let key = EntityKey::new("EPIC06").part(hard);
        let found = parts.get(&key, &Query::new()).await.unwrap();
        assert_eq!(found.as_ref().map(number).as_deref(), Some(hard));
        let service = client.service("Erp.BO.PartSvc").unwrap();
        let found = service.get_list(Some(&Filter::eq("PartNum", hard)), &["PartNum"]).unwrap();
        let found: Vec<_> = found.datasets().try_collect().await.unwrap();
        assert_eq!(found[0].rows("PartList").iter().map(number).collect::<Vec<_>>(), [hard]);
    }
    let key = EntityKey::new("EPIC06").part("not there");
    assert_eq!(parts.get(&key, &Query::new()).await.unwrap(), None);
}

#[tokio::test]
async fn all_parts_come_once_whatever_the_server_sends_at_a_time() {
    for (next_links, top_max) in [(false, 40), (true, 40), (true, 1000), (false, 7)] {
        let epicor = StandIn::start(Options { next_links, top_max, ..options() }).await.unwrap();
        let client = builder(&epicor, "stand-in-key", basic("connector")).page_size(60).build();
        let client = client.unwrap();
        let parts = parts(&client);
        let query = || Query::new().select(["PartDescription"]);
        let key = TableKey::new(["PartNum"]);
        let mut read = Vec::new();
        let mut pages = pin!(parts.pages(query(), key));
        while let Some(page) = pages.try_next().await.unwrap() {
            // Somebody adds a part in front of every page, and one behind.
            let at = read.len();
            epicor.put_part(&Part::new(&format!("A{at:04}"), "New", 1));
            epicor.put_part(&Part::new(&format!("Z{at:04}"), "New", 1));
            read.extend(page.iter().map(number));
        }
        let once: BTreeSet<&String> = read.iter().collect();
        assert_eq!(once.len(), read.len(), "no part comes twice");
        for old in (0..230).map(|number| format!("P{number:03}")).chain(HARD.map(str::to_owned)) {
            assert!(once.contains(&old), "{old} was skipped");
        }

        // Nobody writes now, so that the other way of paging must find the same.
        let by_link = parts.linked_pages(query().select(["PartNum"]).orderby(["PartNum"]));
        let by_link: Vec<Vec<Row>> = by_link.try_collect().await.unwrap();
        let all = parts.all(query(), TableKey::new(["PartNum"]), 1000).await.unwrap();
        assert!(by_link.concat().iter().map(number).eq(all.iter().map(number)));
        epicor.stop().await;
    }
}

#[tokio::test]
async fn columns_are_checked_before_they_are_needed() {
    let epicor = StandIn::start(options()).await.unwrap();
    let metadata = client(&epicor).service("Erp.BO.PartSvc").unwrap().metadata().await.unwrap();
    assert_eq!(metadata.set("Parts").unwrap().key, ["Company", "PartNum"]);
    metadata.require(&[("Parts", &["PartNum", "UnitPrice", "SysRevID"])]).unwrap();
    let error = metadata.require(&[("Parts", &["PartNum", "Size_c"])]).unwrap_err();
    assert!(error.to_string().contains("Erp.BO.PartSvc of this Epicor lacks Parts.Size_c"));
}

#[tokio::test]
async fn a_user_table_is_written_by_address_and_guarded_by_its_version() {
    let epicor = StandIn::start(options()).await.unwrap();
    let set = client(&epicor).service("Ice.BO.UD01Svc").unwrap().set("UD01s").unwrap();
    let row = json!({ "Company": "EPIC06", "Key1": "it's", "Key2": "", "Key3": "", "Key4": "",
        "Key5": "", "ShortChar01": "one" });
    let row: Row = serde_json::from_value(row).unwrap();
    let inserted = set.insert(&row).await.unwrap();
    let error = set.insert(&row).await.unwrap_err();
    assert!(matches!(error, Error::Duplicate { .. }), "{error:?}");

    let key = EntityKey::new("EPIC06").part("it's").part("").part("").part("").part("");
    let change = |of: &Row, text: &str| {
        let mut change = of.to_change();
        change.set_text("ShortChar01", text);
        change.set_decimal("Number01", Decimal::new(-1_000_000_001, 9));
        change
    };
    set.update(&key, &change(&inserted, "two")).await.unwrap();
    let error = set.update(&key, &change(&inserted, "three")).await.unwrap_err();
    assert!(matches!(error, Error::Stale { .. }), "{error:?}");
    let read = set.get(&key, &Query::new()).await.unwrap().unwrap();
    assert_eq!(read.text("ShortChar01").unwrap(), "two");
    assert_eq!(read.decimal("Number01").unwrap().normalize().to_string(), "-1.000000001");

    set.delete(&key).await.unwrap();
    assert_eq!(set.get(&key, &Query::new()).await.unwrap(), None);
}

#[tokio::test]
async fn where_clauses_read_the_same_parts() {
    let epicor = StandIn::start(options()).await.unwrap();
    let client = client(&epicor);
    let service = client.service("Erp.BO.PartSvc").unwrap();
    let columns = service.get_rows(&all_tables("1")).page_size(50);
    let read: Vec<_> = columns.datasets().try_collect().await.unwrap();
    assert_eq!(read.iter().map(|ds| ds.rows("Part").len()).collect::<Vec<_>>(), [50, 50]);
    let numbers: Vec<String> = read.iter().flat_map(|ds| ds.rows("Part")).map(number).collect();
    assert_eq!(numbers, (100..200).map(|number| format!("P{number}")).collect::<Vec<_>>());
}

/// The parts beginning with this, and no rows of the other tables.
fn all_tables(prefix: &str) -> GetRows {
    let filter = Filter::startswith("PartNum", &format!("P{prefix}"));
    let rows = GetRows::new().rows("Part", &filter, &["PartNum"]).unwrap();
    let others = "PartAttch PartCOO PartDim PartLangDesc PartPlanningPool PartPlant \
        PartPlantPlanningAttribute PartRestriction PartRestrictSubst PartRev PartRevAttch PartAudit \
        PartCOPart PartRevInspPlan PartRevInspPlanAttch PartRevInspVend PartSubs PartPC PartWhse \
        PartBinInfo PartUOM EntityGLC TaxExempt";
    others.split_whitespace().fold(rows, GetRows::none)
}

#[tokio::test]
async fn taken_seats_pass() {
    let epicor = StandIn::start(options()).await.unwrap();
    epicor.exhaust_seats(2);
    client(&epicor).ping().await.unwrap();
    assert_eq!(epicor.requests().len(), 3);
}

#[tokio::test]
async fn a_saved_query_and_a_function_answer() {
    let mut options = options();
    options.queries.push(SavedQuery {
        id: "My Parts".to_owned(),
        service: "Erp.BO.PartSvc".to_owned(),
        set: "Parts".to_owned(),
        columns: vec!["PartNum".to_owned(), "PartDescription".to_owned()],
        parameters: vec![("Kind".to_owned(), "PartDescription".to_owned())],
    });
    for staging in [false, true] {
        options.functions.push(Function {
            library: "Connector".to_owned(),
            name: if staging { "Next" } else { "Number" }.to_owned(),
            staging,
            inputs: vec!["series".to_owned()],
            answer: None,
        });
    }
    let epicor = StandIn::start(options).await.unwrap();
    let client = client(&epicor);
    let baq = client.baq("My Parts").unwrap().parameter("Kind", "Hard");
    let rows = baq.data().all(Query::new(), TableKey::new(["Part_PartNum"]), 1000).await.unwrap();
    let read: BTreeSet<&str> = rows.iter().map(|row| row.text("Part_PartNum").unwrap()).collect();
    assert_eq!(read, BTreeSet::from(HARD));
    let query = Query::new().filter(Filter::startswith("Part_PartNum", "P22"));
    let rings = client.baq("My Parts").unwrap().parameter("Kind", "Ring").data();
    let rings = rings.all(query, TableKey::new(["Part_PartNum"]), 1000).await.unwrap();
    assert_eq!(rings.len(), 10);

    let call = |name: &str| client.function("Connector", name).unwrap().input("series", "it's");
    let answered = call("Number").call().await.unwrap();
    assert_eq!(answered.text("series").unwrap(), "it's");
    assert!(matches!(call("Next").call().await, Err(Error::NotFound { .. })));
    assert!(call("Next").staging().call().await.is_ok());
}

#[tokio::test]
async fn refusals_are_understood_in_odatas_shape_too() {
    for odata_errors in [false, true] {
        let epicor = StandIn::start(Options { odata_errors, ..options() }).await.unwrap();
        let parts = parts(&client(&epicor));
        let unknown = parts.page(&Query::new().select(["NoSuchColumn"])).await.unwrap_err();
        let Error::BusinessRule { message, .. } = &unknown else { panic!("{unknown:?}") };
        assert!(message.contains("NoSuchColumn"), "{message}");
        epicor.faults().at(0, Fault::Html(200));
        let page = parts.page(&Query::new()).await.unwrap_err();
        assert!(matches!(page, Error::InvalidResponse { .. }), "{page:?}");
    }
}

#[tokio::test]
async fn what_differs_between_epicors_is_found_out_by_reading() {
    let options = |named_keys, next_links, wrong_key_status| Options {
        page_rows: 30,
        top_max: 40,
        named_keys,
        next_links,
        wrong_key_status,
        ..Options::default()
    };
    for (options, expected) in [
        (
            options(false, false, 401),
            [
                ("page", "unasked a page has 30 rows, no link to a next page; asked for 1000"),
                ("entity_key", "by place: taken; by name: refused: "),
                ("wrong_key", "HTTP 401"),
            ],
        ),
        (
            options(true, true, 403),
            [
                (
                    "page",
                    "30 rows, a link to the next page comes with them; asked for 1000 it has 40",
                ),
                ("entity_key", "by place: taken; by name: taken"),
                ("wrong_key", "HTTP 403"),
            ],
        ),
    ] {
        let epicor = StandIn::start(options).await.unwrap();
        let probes = client(&epicor).probe().await;
        let answer = |question: &str| {
            let found = probes.iter().find(|probe| probe.question == question);
            found.map(|probe| probe.answer.clone()).unwrap_or_default()
        };
        for (question, text) in expected {
            assert!(answer(question).contains(text), "{question}: {}", answer(question));
        }
        assert!(answer("missing_record").starts_with("HTTP 404"), "{probes:?}");
        assert!(answer("wrong_company").starts_with("HTTP 404"), "{probes:?}");
        assert_eq!(answer("license"), "the Web Service licence is taken");
        assert!(!answer("in_operator").is_empty());
        let asked = epicor.requests();
        assert!(asked.iter().all(|request| request.method == "GET"), "{asked:?}");
    }
}

#[tokio::test]
async fn a_parameter_that_a_newer_epicor_asks_for_is_named_before_an_order_is_entered() {
    let further = ("ChangePartNumMaster".to_owned(), "checkPartSaleable".to_owned());
    for (further_parameters, named) in [(vec![], false), (vec![further], true)] {
        let epicor = StandIn::start(Options { further_parameters, ..options() }).await.unwrap();
        let tried = client(&epicor).sales_orders().try_parameters().await;
        let error = tried.err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(error.contains("checkPartSaleable"), named, "{error}");
        assert_eq!(error.is_empty(), !named, "{error}");
    }
}
