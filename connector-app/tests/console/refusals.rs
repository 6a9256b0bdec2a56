//! What is refused: forms that are not from our page, and what a role does not allow.

use connector_app::stage::{CONNECTION, Setting};

use crate::house::House;
use crate::settlements;
use crate::visitor::Visitor;

async fn house(users: &[(&str, &str)]) -> House {
    let mut house = House::built(Setting::new(Vec::new())).await;
    for (name, roles) in users {
        house.user(name, roles).await;
    }
    house.serve().await;
    house
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_another_page_sends_is_refused() {
    let house = house(&[("boss", "admin"), ("spy", "admin")]).await;
    let mut boss = Visitor::signed_in(&house, "boss").await;
    let mut spy = Visitor::signed_in(&house, "spy").await;
    boss.get("/users").await;
    spy.get("/users").await;
    let (token, theirs) = (boss.csrf.clone().expect("one"), spy.csrf.clone().expect("one"));
    assert_ne!(token, theirs);
    let path = "/users/spy/disabled";
    let disabled = ("disabled", "true");
    let own = format!("http://{}", house.address());
    for (why, fields, headers) in [
        ("no token", vec![disabled], vec![]),
        ("an empty token", vec![("csrf", ""), disabled], vec![]),
        ("another session's token", vec![("csrf", &*theirs), disabled], vec![]),
        (
            "another site",
            vec![("csrf", &*token), disabled],
            vec![("origin", "https://evil.example")],
        ),
        ("a hidden site", vec![("csrf", &*token), disabled], vec![("origin", "null")]),
        (
            "another site, as the browser says",
            vec![("csrf", &*token), disabled],
            vec![("origin", &*own), ("sec-fetch-site", "cross-site")],
        ),
    ] {
        let answer = boss.send(path, &fields, &headers).await;
        assert_eq!(answer.status, 403, "{why}");
        assert!(answer.body.contains("Nothing was changed"), "{why}: {}", answer.body);
        assert_eq!(spy.get("/users").await.status, 200, "{why}: the spy is signed in still");
    }
    // The same form from our own page goes through.
    let headers = [("origin", &*own), ("sec-fetch-site", "same-origin")];
    let answer = boss.send(path, &[("csrf", &*token), disabled], &headers).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(spy.get("/users").await.status, 303);

    // Nobody is signed in by another site's form.
    let fields = [("name", "boss"), ("password", "correct horse of boss")];
    let cross = [("origin", "https://evil.example")];
    assert_eq!(Visitor::of(&house).send("/sign-in", &fields, &cross).await.status, 403);
    // Without a session there is nothing to send to.
    let mut nobody = Visitor::of(&house);
    let answer = nobody.send(path, &[("csrf", &*token), disabled], &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_does_not_allow_it_is_refused_and_told() {
    let house = house(&[("boss", "admin"), ("clerk", "preparer,approver,auditor,viewer")]).await;
    let mut clerk = Visitor::signed_in(&house, "clerk").await;
    assert!(!clerk.get("/").await.body.contains("href=\"/users\""));
    let page = clerk.get("/users").await;
    assert_eq!(page.status, 403);
    for words in ["needs the role admin", "clerk has", "set-roles"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let answer = clerk.post("/users/boss/disabled", &[("disabled", "true")]).await;
    assert_eq!(answer.status, 403);
    let told = house.run(&["audit", "show", "user clerk", "--json"]).await.out;
    let refused: Vec<serde_json::Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|event: &serde_json::Value| event["action"] == "refused")
        .collect();
    let pages: Vec<_> = refused.iter().map(|event| event["detail"]["page"].clone()).collect();
    assert_eq!(pages, ["/users", "/users/boss/disabled"]);
    assert_eq!(refused[0]["detail"]["needs"], "admin");
    let verified = house.run(&["audit", "verify"]).await;
    assert_eq!(verified.code, 0, "{}", verified.err);
}

/// The actions about the configuration in the console's own chain.
async fn told_of_configuration(house: &House) -> Vec<String> {
    let folder = house.stage.folder().join("data");
    let store = store::Store::open_read_only(&folder).expect("it was written");
    let events = store.events_of("configuration").await.expect("readable");
    events.into_iter().map(|event| event.action).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_prepared_may_approve_only_where_the_configuration_says_so() {
    let house = settlements::house(&["us-plain.txt"]).await;
    let id = settlements::id_of("us-plain.txt");
    house.user("dora", "preparer,approver").await;
    let at = |end: &str| format!("/settlements/{CONNECTION}/{id}/{end}");
    let mut dora = Visitor::signed_in(&house, "dora").await;
    dora.get(&at("hold")).await;
    for (end, reason) in [("hold", "a look first"), ("release", "looked at")] {
        let answer = dora.post(&at(end), &[("reason", reason)]).await;
        assert_eq!(answer.status, 303, "{end}: {}", answer.body);
    }
    let ready = format!("/settlements/{CONNECTION}/{id}");
    settlements::until(&mut dora, &ready, "Approve and post").await;
    let refused = dora.post(&at("approve"), &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert!(refused.body.contains("was prepared by dora"), "{}", refused.body);
    assert!(told_of_configuration(&house).await.is_empty());

    // The setting is taken up, and told, while it serves.
    house.configure("\n[console]\nfour_eyes = false\n");
    house.signal("HUP");
    let mut looks = 0;
    while told_of_configuration(&house).await != ["four eyes relaxed"] {
        looks += 1;
        assert!(looks < 400, "it was never told");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let approved = dora.post(&at("approve"), &[]).await;
    assert_eq!(approved.status, 303, "{}", approved.body);
    let story = dora.get(&at("history")).await.body;
    assert!(story.contains("four_eyes = false: dora prepared it too"), "{story}");
}
