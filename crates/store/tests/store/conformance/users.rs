use store::{CONSOLE, Error, NewEvent, NewUser, SessionRecord, Store};

use crate::samples::{event, minute};

/// An event about a user, told under a connection's name by mistake: it goes to the right chain.
fn told(minutes: i64, user: &str) -> NewEvent {
    event(minutes, "users", &format!("user {user}"))
}

async fn add(store: &Store, name: &str) {
    let (name, roles) = (name.to_owned(), "viewer".to_owned());
    let new = NewUser { name, roles, password: "hash 1".to_owned() };
    assert!(!format!("{new:?}").contains("hash"), "no log shows it");
    store.user_add(&new, &told(1, &new.name)).await.unwrap();
}

async fn sign_in(store: &Store, name: &str, token: &str, at: i64) -> Result<(), Error> {
    store.session_begin((name, "hash 1"), token, minute(at - 60), &told(at, name)).await
}

async fn is_signed_in(store: &Store, token: &str) -> bool {
    store.session(token).await.unwrap().is_some()
}

pub(super) async fn a_name_is_taken_once(store: &Store) {
    add(store, "anna").await;
    let again = NewUser {
        name: "anna".to_owned(),
        roles: "admin".to_owned(),
        password: "hash 2".to_owned(),
    };
    let refused = store.user_add(&again, &told(2, "anna")).await.unwrap_err();
    assert!(matches!(refused, Error::AlreadyThere { .. }), "{refused}");
    add(store, "Anna").await;
    let users = store.users().await.unwrap();
    let names: Vec<_> = users.iter().map(|user| (&*user.name, &*user.roles)).collect();
    assert_eq!(names, [("Anna", "viewer"), ("anna", "viewer")]);
    assert_eq!(
        (users[1].added, users[1].password_set, users[1].disabled),
        (minute(1), minute(1), None)
    );
    let story = store.events_of("user anna").await.unwrap();
    let events: Vec<_> =
        story.iter().map(|event| (&*event.connection, event.to.as_deref())).collect();
    assert_eq!(events, [(CONSOLE, Some("viewer"))], "what was refused is no event");
    assert_eq!(store.user("bert").await.unwrap(), None);
}

pub(super) async fn what_changes_for_a_user_ends_their_sessions_alone(store: &Store) {
    add(store, "anna").await;
    add(store, "bert").await;
    sign_in(store, "bert", "of bert", 2).await.unwrap();
    for change in 0..3 {
        sign_in(store, "anna", "one", 3).await.unwrap();
        sign_in(store, "anna", "two", 3).await.unwrap();
        assert!(is_signed_in(store, "one").await && is_signed_in(store, "two").await);
        match change {
            0 => {
                let roles = ("viewer", "admin,viewer");
                store.user_roles("anna", roles, &told(4, "anna")).await.unwrap();
            }
            1 => store.user_password("anna", "hash 1", &told(5, "anna")).await.unwrap(),
            _ => assert!(store.user_disabled("anna", true, &told(6, "anna")).await.unwrap()),
        }
        assert!(!is_signed_in(store, "one").await && !is_signed_in(store, "two").await);
        assert!(is_signed_in(store, "of bert").await, "{change}");
    }
    let anna = store.user("anna").await.unwrap().expect("added");
    assert_eq!(
        (&*anna.roles, anna.password_set, anna.disabled),
        ("admin,viewer", minute(5), Some(minute(6)))
    );
    assert!(!store.user_disabled("anna", true, &told(7, "anna")).await.unwrap(), "so already");
    let refused = sign_in(store, "anna", "three", 7).await.unwrap_err();
    assert!(matches!(refused, Error::Stale { .. }), "{refused}");
    assert!(store.user_disabled("anna", false, &told(8, "anna")).await.unwrap());
    sign_in(store, "anna", "three", 9).await.unwrap();
}

pub(super) async fn a_refused_change_changes_nothing(store: &Store) {
    add(store, "anna").await;
    sign_in(store, "anna", "one", 2).await.unwrap();
    let before = store.events_of("users").await.unwrap().len();
    let stale = store.user_roles("anna", ("admin", "auditor"), &told(3, "anna")).await;
    assert!(matches!(stale, Err(Error::Stale { .. })), "{stale:?}");
    for unknown in [
        store.user_roles("bert", ("viewer", "admin"), &told(3, "bert")).await,
        store.user_password("bert", "hash 2", &told(3, "bert")).await,
        store.user_disabled("bert", true, &told(3, "bert")).await.map(|_| ()),
        sign_in(store, "bert", "two", 3).await,
    ] {
        assert!(matches!(unknown, Err(Error::Unknown { .. })), "{unknown:?}");
    }
    let wrong = store.session_begin(("anna", "hash 2"), "two", minute(0), &told(3, "anna")).await;
    assert!(matches!(wrong, Err(Error::Stale { .. })), "{wrong:?}");
    assert!(is_signed_in(store, "one").await && !is_signed_in(store, "two").await);
    assert_eq!(store.events_of("users").await.unwrap().len(), before);
}

pub(super) async fn a_session_lives_until_it_is_ended_or_forgotten(store: &Store) {
    add(store, "anna").await;
    sign_in(store, "anna", "one", 10).await.unwrap();
    store.session_seen("one", minute(12)).await.unwrap();
    store.session_seen("never begun", minute(12)).await.unwrap();
    let session = store.session("one").await.unwrap().expect("begun");
    let (user, roles) = ("anna".to_owned(), "viewer".to_owned());
    assert_eq!(session, SessionRecord { user, roles, began: minute(10), seen: minute(12) });
    assert!(store.session_end("one", &told(13, "anna")).await.unwrap());
    assert!(!store.session_end("one", &told(14, "anna")).await.unwrap());
    assert!(!is_signed_in(store, "one").await);

    sign_in(store, "anna", "old", 20).await.unwrap();
    sign_in(store, "anna", "young", 70).await.unwrap();
    assert!(is_signed_in(store, "old").await);
    sign_in(store, "anna", "new", 81).await.unwrap();
    assert!(!is_signed_in(store, "old").await && is_signed_in(store, "young").await);
    store.verify_audit().await.unwrap();
}
