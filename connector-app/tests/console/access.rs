//! Signing in and out, users, sessions, and what every answer says to the browser.

use connector_app::stage::Setting;

use crate::browser::Browser;
use crate::house::{House, password};
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
async fn there_is_no_user_until_one_is_added() {
    let house = house(&[]).await;
    let mut visitor = Visitor::of(&house);
    let home = visitor.get("/").await;
    assert_eq!((home.status, home.header("location")), (303, "/sign-in"));
    let page = visitor.get("/sign-in").await;
    assert!(page.body.contains("ml-connector users add NAME"), "{}", page.body);
    assert!(!page.body.contains("type=\"password\""), "{}", page.body);
    let refused = visitor.sign_in("admin", "admin").await;
    assert_eq!(refused.status, 403);
    assert_eq!(visitor.get("/").await.status, 303);
    // The machines' endpoints ask nobody to sign in.
    for path in ["/live", "/metrics"] {
        assert_eq!(visitor.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_sign_in_and_out_in_a_browser() {
    let house = house(&[("anna", "viewer")]).await;
    let browser = Browser::open().await;
    browser.go(&house.url("/users?x=1")).await;
    assert!(browser.address().await.ends_with("/sign-in?next=%2Fusers%3Fx%3D1"));
    browser.fill("#name", "anna").await;
    browser.fill("#password", "not her password").await;
    browser.press("main form button").await;
    browser.until_text("main [role=alert]", "not right").await;
    browser.fill("#password", &password("anna")).await;
    browser.press("main form button").await;
    // She is where she wanted to go, and learns there that it is not for her.
    browser.until_text("main", "needs the role admin").await;
    assert!(browser.address().await.ends_with("/users?x=1"));
    assert_eq!(browser.run("return document.cookie", &[]).await, "", "no script reads it");
    browser.go(&house.url("/")).await;
    assert!(!browser.text("nav").await.contains("Users"), "what she may not is not offered");
    browser.press("header .who button").await;
    browser.until_text("h1", "Sign in").await;
    browser.go(&house.url("/")).await;
    assert!(browser.address().await.ends_with("/sign-in"));

    let told = house.told_of_users().await;
    let told: Vec<_> = told.iter().map(|(by, action)| format!("{by}: {action}")).collect();
    assert_eq!(
        told,
        [
            "person clerk: added",
            "console user anna: sign-in refused",
            "console user anna: signed in",
            "console user anna: refused",
            "console user anna: signed out",
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_keeps_the_browser_to_our_own() {
    let house = house(&[("anna", "viewer")]).await;
    let mut visitor = Visitor::signed_in(&house, "anna").await;
    for path in ["/", "/sign-in", "/no-such-page", "/assets/console.css"] {
        let answer = visitor.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        let stays = if path.starts_with("/assets") { "public" } else { "no-store" };
        assert!(answer.header("cache-control").starts_with(stays), "{path}");
        assert!(!answer.body.contains("<script") && !answer.body.contains(" style="), "{path}");
    }
    assert_eq!(visitor.get("/no-such-page").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_for_a_user_ends_their_sessions() {
    let house = house(&[("anna", "viewer"), ("boss", "admin,viewer")]).await;
    let changes: [&[&str]; 3] = [
        &["users", "set-roles", "anna", "preparer,viewer"],
        &["users", "disable", "anna"],
        &["users", "password", "anna"],
    ];
    for change in changes {
        house.run(&["users", "enable", "anna"]).await;
        let mut anna = Visitor::signed_in(&house, "anna").await;
        let mut twice = Visitor::signed_in(&house, "anna").await;
        assert_eq!(anna.get("/").await.status, 200, "{change:?}");
        let said = house.run_with(change, &password("anna")).await;
        assert_eq!(said.code, 0, "{change:?}: {}", said.err);
        for visitor in [&mut anna, &mut twice] {
            assert_eq!(visitor.get("/").await.header("location"), "/sign-in", "{change:?}");
        }
    }
    let said = house.run(&["users", "disable", "anna"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let refused = Visitor::of(&house).sign_in("anna", &password("anna")).await;
    assert_eq!(refused.status, 403, "a disabled user may not");

    let listed = house.run(&["users", "list", "--json"]).await.out;
    assert!(listed.contains("\"preparer\"") && !listed.contains("argon2"), "{listed}");
    let table = house.run(&["users", "list"]).await.out;
    assert!(table.contains("disabled 20") && table.contains("may sign in"), "{table}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_keeps_users_on_the_page() {
    let house = house(&[("boss", "admin")]).await;
    let mut boss = Visitor::signed_in(&house, "boss").await;
    boss.get("/users").await;
    let fields = [("name", "anna"), ("password", "short"), ("role", "viewer")];
    let refused = boss.post("/users", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("at least 12"), "{}", refused.body);
    let secret = password("anna");
    let fields =
        [("name", "anna"), ("password", &*secret), ("role", "viewer"), ("role", "preparer")];
    assert_eq!(boss.post("/users", &fields).await.header("location"), "/users");
    let page = boss.get("/users").await.body;
    assert!(page.contains("User anna is added.") && page.contains("viewer, preparer"), "{page}");
    assert!(!boss.get("/users").await.body.contains("is added"), "a notice is said once");
    assert_eq!(boss.post("/users", &fields).await.status, 409, "a name is taken once");

    let mut anna = Visitor::signed_in(&house, "anna").await;
    assert_eq!(anna.get("/").await.status, 200);
    assert_eq!(boss.post("/users/anna/roles", &[("role", "auditor")]).await.status, 303);
    assert_eq!(anna.get("/").await.status, 303, "signed out");
    assert_eq!(boss.post("/users/anna/roles", &[]).await.status, 422, "no role");
    assert_eq!(boss.post("/users/nobody/roles", &[("role", "viewer")]).await.status, 404);
    let fresh = [("password", "quite another password")];
    assert_eq!(boss.post("/users/anna/password", &fresh).await.status, 303);
    assert_eq!(Visitor::of(&house).sign_in("anna", &secret).await.status, 403);
    assert_eq!(Visitor::of(&house).sign_in("anna", fresh[0].1).await.status, 303);
    assert_eq!(boss.post("/users/anna/disabled", &[("disabled", "true")]).await.status, 303);
    assert_eq!(Visitor::of(&house).sign_in("anna", fresh[0].1).await.status, 403);
    assert_eq!(boss.post("/users/boss/disabled", &[("disabled", "true")]).await.status, 409);
    // Nothing that was typed is kept anywhere in clear.
    let log = house.run(&["audit", "show", "users", "--json"]).await.out;
    assert!(!log.contains(&secret) && !log.contains("argon2"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_tries_too_often_waits() {
    let house = house(&[("anna", "viewer")]).await;
    let mut visitor = Visitor::of(&house);
    for attempt in 0..10 {
        assert_eq!(visitor.sign_in("anna", "a guess").await.status, 403, "{attempt}");
    }
    let waits = visitor.sign_in("anna", &password("anna")).await;
    assert_eq!(waits.status, 429, "even the right one");
    assert!(waits.body.contains("Try again in 15 minutes"), "{}", waits.body);
    let mut other = Visitor::of(&house);
    assert_eq!(other.sign_in("nobody", "a guess").await.status, 403, "others may try");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_keeps_users_too() {
    let house = House::built(Setting::new(Vec::new())).await;
    let add = ["users", "add", "anna", "--roles", "viewer,preparer"];
    let secret = password("anna");
    for (args, input, code, words) in [
        (&["users", "list"][..], "", 0, "users add NAME"),
        (&["users", "add", "anna"], &*secret, 2, "--roles"),
        (&["users", "add", "anna", "--roles", "root"], &secret, 2, "possible values"),
        (&add, "", 1, "nothing was entered"),
        (&add, "too short", 1, "at least 12"),
        (&["users", "add", "an na", "--roles", "viewer"], &secret, 1, "letters, digits"),
        (&add, &secret, 0, "User anna is added."),
        (&add, &secret, 1, "already recorded"),
        (&["users", "set-roles", "anna", "preparer,viewer"], "", 0, "has these roles already"),
        (&["users", "set-roles", "anna", "approver"], "", 0, "has other roles"),
        (&["users", "set-roles", "bert", "approver"], "", 1, "not known here"),
        (&["users", "disable", "anna"], "", 0, "may sign in no more"),
        (&["users", "disable", "anna"], "", 0, "is disabled already"),
        (&["users", "enable", "anna"], "", 0, "may sign in again"),
        (&["users", "password", "anna"], "another good password", 0, "another password"),
        (&["audit", "show", "users"], "", 0, "roles set"),
    ] {
        let said = house.run_with(args, input).await;
        assert_eq!(said.code, code, "{args:?}: {}{}", said.out, said.err);
        let all = said.out + &said.err;
        assert!(all.contains(words), "{args:?}: {all}");
        assert!(input.is_empty() || !all.contains(input), "{args:?}: {all}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_command_is_at_work_pages_are_shown_and_nothing_is_changed() {
    let house = house(&[("boss", "admin")]).await;
    let mut boss = Visitor::signed_in(&house, "boss").await;
    boss.get("/users").await;
    let theirs = store::Store::open(&house.stage.folder().join("data")).expect("it is free");
    assert_eq!(boss.get("/users").await.status, 200);
    let answer = boss.post("/users/boss/roles", &[("role", "viewer")]).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.body.contains("A command is at work"), "{}", answer.body);
    assert_eq!(Visitor::of(&house).sign_in("boss", &password("boss")).await.status, 503);
    drop(theirs);
    assert_eq!(boss.post("/users/boss/roles", &[("role", "viewer")]).await.status, 303);
}
