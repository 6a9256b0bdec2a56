//! The pages that are read: home, what is held, a dropped file, the chain, the audit log, orders.

use connector_app::stage::CONNECTION;
use fixtures::documents;

use crate::settlements::{house, id_of, until};
use crate::visitor::Visitor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn home_says_how_each_connection_stands_and_what_waits() {
    let house = house(&["us-plain.txt", "us-unknown-fee.txt"]).await;
    house.user("olga", "viewer,auditor").await;
    let mut anna = Visitor::signed_in(&house, "anna").await;
    let home = anna.get("/").await.body;
    for words in ["needs a person", "New to everybody", "Next due", "Drop a settlement file"] {
        assert!(home.contains(words), "{words}: {home}");
    }
    assert_eq!(anna.post("/run", &[("connection", CONNECTION)]).await.status, 303);
    assert!(anna.get("/").await.body.contains("are looked for now"));
    assert_eq!(anna.post("/run", &[("connection", "nobody")]).await.status, 404);
    // Who only looks starts nothing.
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let seen = vera.get("/").await.body;
    assert!(!seen.contains("action=\"/run\""), "{seen}");
    assert_eq!(vera.post("/run", &[("connection", CONNECTION)]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_decision_releases_everything_that_waited_for_it() {
    let house = house(&["us-unknown-fee.txt"]).await;
    let mut anna = Visitor::signed_in(&house, "anna").await;
    let held = anna.get("/held").await.body;
    let link = held.split("href=\"/mapping/decide?").nth(1).expect("a decision is offered");
    let query = link.split('"').next().expect("a query").replace("&#38;", "&");
    let ask = anna.get(&format!("/mapping/decide?{query}")).await;
    assert_eq!(ask.status, 200, "{}", ask.body);
    assert!(ask.body.contains("What it may be"), "{}", ask.body);
    let chosen = format!("{query}&role=other_fees&reason=a+fee+of+the+new+programme");
    let preview = anna.get(&format!("/mapping/preview?{chosen}")).await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    let field = |name: &str| {
        let at = preview.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
        let value = at.and_then(|rest| rest.split('"').next()).unwrap_or_default();
        value.replace("&#38;", "&").replace("&#34;", "\"")
    };
    let names = [
        "connection",
        "transaction_type",
        "amount_type",
        "amount_description",
        "of_role",
        "role",
        "account",
        "account_name",
        "marketplace",
        "from",
        "reason",
        "file",
    ];
    let values: Vec<_> = names.iter().map(|name| field(name)).collect();
    let fields: Vec<_> = names.iter().copied().zip(values.iter().map(String::as_str)).collect();
    let saved = anna.post("/mapping/save", &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert!(anna.get("/held").await.body.contains("nothing waits"));
    // The run that was asked for takes it to where somebody else approves it.
    let id = id_of("us-unknown-fee.txt");
    let mut bert = Visitor::signed_in(&house, "bert").await;
    let page = format!("/settlements/{CONNECTION}/{id}");
    until(&mut bert, &page, "Approve and post").await;
    let rules = std::fs::read_to_string(house.stage.folder().join("rules.toml")).expect("rules");
    assert!(rules.contains("a fee of the new programme"), "{rules}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_file_is_drawn_and_nothing_of_it_is_kept() {
    let house = house(&[]).await;
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let document = documents::get("us-plain.txt").expect("it ships");
    let file = ("us-plain.txt", document.bytes.as_slice());
    let form = vera.get("/drop").await.body;
    assert!(!form.contains("Take it in"), "{form}");
    let drawn = vera.upload("/drop", &[("do", "look")], file).await;
    assert_eq!(drawn.status, 200, "{}", drawn.body);
    for words in ["class=\"sentence good\"", "From sales to the deposit", "Journal 20", "4000"] {
        assert!(drawn.body.contains(words), "{words}: {}", drawn.body);
    }
    let settlement = format!("/settlements/{CONNECTION}/{}", id_of("us-plain.txt"));
    assert_eq!(vera.get(&settlement).await.status, 404, "nothing is kept");
    assert!(drawn.body.len() < 200 * 1024, "{} bytes", drawn.body.len());

    let unknown = documents::get("us-unknown-fee.txt").expect("it ships");
    let held = vera.upload("/drop", &[], ("fee.txt", unknown.bytes.as_slice())).await.body;
    assert!(held.contains("It would be held") && held.contains("Not mapped yet"), "{held}");
    let broken = vera.upload("/drop", &[], ("a.txt", b"not a settlement")).await;
    assert_eq!(broken.status, 200);
    assert!(broken.body.contains("cannot be read"), "{}", broken.body);
    let none = vera.upload("/drop", &[], ("", b"")).await;
    assert_eq!(none.status, 422, "{}", none.body);
    let large = vec![b'x'; 64 * 1024 * 1024 + 1];
    let large = vera.upload("/drop", &[], ("large.txt", &large)).await;
    assert_eq!(large.status, 422);
    assert!(large.body.contains("up to 64 MiB"), "{}", large.body);

    // Taking it in is for who prepares.
    assert_eq!(vera.upload("/drop", &[("do", "take in")], file).await.status, 403);
    let mut anna = Visitor::signed_in(&house, "anna").await;
    assert!(anna.get("/drop").await.body.contains("Take it in"));
    let taken = anna.upload("/drop", &[("do", "take in")], file).await;
    assert_eq!((taken.status, taken.header("location")), (303, settlement.as_str()));
    assert!(anna.get(&settlement).await.body.contains("is new"));
    let again = anna.upload("/drop", &[("do", "take in")], file).await;
    assert_eq!(again.status, 303);
    assert!(anna.get(&settlement).await.body.contains("was here before"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chain_shows_what_is_missing_in_words() {
    let house = house(&["us-plain.txt", "us-month-end.txt", "us-negative.txt"]).await;
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let chain = vera.get("/chain").await;
    assert_eq!(chain.status, 200, "{}", chain.body);
    for words in ["a settlement is missing between", "Nothing was posted yet", "Request budget"] {
        assert!(chain.body.contains(words), "{words}: {}", chain.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_is_searched_by_any_id_verified_and_exported() {
    let house = house(&["us-plain.txt"]).await;
    house.user("olga", "viewer,auditor").await;
    let id = id_of("us-plain.txt");
    let mut bert = Visitor::signed_in(&house, "bert").await;
    let settlement = format!("/settlements/{CONNECTION}/{id}");
    bert.get(&settlement).await;
    assert_eq!(bert.post(&format!("{settlement}/approve"), &[]).await.status, 303);
    until(&mut bert, &settlement, "not seen at the bank").await;
    let mut olga = Visitor::signed_in(&house, "olga").await;
    let story = olga.get(&format!("/audit?id={id}")).await.body;
    assert!(story.contains("<strong>approved</strong>") && story.contains("bert"), "{story}");
    let epicor = bert.get(&format!("{settlement}/epicor")).await.body;
    let token = epicor.split("<code>ML").nth(1).and_then(|rest| rest.split('<').next());
    let token = format!("ML{}", token.expect("a token"));
    for other in [token.as_str(), "1"] {
        let found = olga.get(&format!("/audit?id={other}")).await.body;
        assert!(found.contains(&format!("settlement {id}")), "{other}: {found}");
    }
    assert!(olga.get("/audit?id=nothing").await.body.contains("Nothing in the log is about"));
    let verified = olga.post("/audit/verify", &[]).await;
    assert!(verified.body.contains("events verify"), "{}", verified.body);
    assert!(!verified.body.contains("What this does not prove"), "{}", verified.body);
    let export = olga.post("/audit/export", &[]).await;
    assert_eq!(export.status, 200);
    assert!(export.header("content-disposition").contains(".jsonl"));
    let file = house.stage.folder().join("export.jsonl");
    std::fs::write(&file, &export.body).expect("written");
    let said = house.run(&["audit", "verify", "export.jsonl"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    // Where the key that signed is only in the store, whoever writes the store could be the one.
    std::fs::remove_file(house.stage.folder().join("audit.key")).expect("it lies beside the store");
    let verified = olga.post("/audit/verify", &[]).await;
    let doubt = "What this does not prove: nothing outside the store vouches for this log";
    assert!(verified.body.contains(doubt), "{}", verified.body);
    // Others read, and prove nothing.
    bert.get(&settlement).await;
    for path in ["/audit/verify", "/audit/export"] {
        assert_eq!(bert.post(path, &[]).await.status, 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_anything_every_page_says_what_it_is_for() {
    let house = house(&[]).await;
    let mut vera = Visitor::signed_in(&house, "vera").await;
    for (path, words) in [
        ("/", "not run yet"),
        ("/settlements", "No settlement is here yet"),
        ("/held", "nothing waits"),
        ("/orders", "No order is here"),
        ("/chain", "No settlement is here yet"),
        ("/audit", "Any id"),
        ("/drop", "Nothing of it is kept"),
    ] {
        let answer = vera.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert!(answer.body.contains(words), "{path}: {}", answer.body);
    }
    assert_eq!(vera.get("/orders/demo/111-1111111-1111111").await.status, 404);
}
