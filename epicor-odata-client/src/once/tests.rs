use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use wire::ManualClock;

use super::*;
use crate::credentials::{ApiKey, Identity};

const SETTLE: Duration = Duration::from_secs(120);

/// A document that answers from a script, and notes what it was asked.
#[derive(Default)]
struct Scripted {
    finds: Mutex<VecDeque<Found<i64>>>,
    writes: Mutex<VecDeque<Result<i64, Error>>>,
    asked: Mutex<Vec<&'static str>>,
}

impl Scripted {
    fn new(
        finds: impl IntoIterator<Item = Found<i64>>,
        writes: impl IntoIterator<Item = Result<i64, Error>>,
    ) -> Self {
        Self {
            finds: Mutex::new(finds.into_iter().collect()),
            writes: Mutex::new(writes.into_iter().collect()),
            asked: Mutex::default(),
        }
    }

    fn asked(&self) -> Vec<&'static str> {
        self.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }

    fn write(&self, name: &'static str) -> Result<i64, Error> {
        self.note(name);
        let next = self.writes.lock().ok().and_then(|mut writes| writes.pop_front());
        next.unwrap_or_else(lost)
    }

    fn note(&self, name: &'static str) {
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(name);
        }
    }
}

impl Document for Scripted {
    type Key = i64;

    async fn find(&self) -> Result<Found<i64>, Error> {
        self.note("find");
        let next = self.finds.lock().ok().and_then(|mut finds| finds.pop_front());
        Ok(next.unwrap_or(Found::Absent))
    }

    async fn enter(&self) -> Result<i64, Error> {
        self.write("enter")
    }

    async fn finish(&self) -> Result<i64, Error> {
        self.write("finish")
    }

    async fn remove(&self) -> Result<(), Error> {
        self.write("remove").map(|_| ())
    }
}

impl Postable for Scripted {
    fn is_posted(key: &i64) -> bool {
        *key > 100
    }

    async fn post(&self) -> Result<(), Error> {
        self.write("post").map(|_| ())
    }
}

fn lost() -> Result<i64, Error> {
    Err(Error::invalid_response("Svc/Update", "it is no JSON object").outcome_unknown("Svc/Update"))
}

fn refused() -> Result<i64, Error> {
    Err(crate::dialogue::question("Svc/Update", "Period 5 is closed."))
}

fn client() -> Option<(Client, Arc<ManualClock>)> {
    let clock = Arc::new(ManualClock::new(jiff::Timestamp::UNIX_EPOCH));
    let identity = Identity::Basic { user: "connector".to_owned(), password: "x".into() };
    let base = "https://erp.example.com/KineticLive".parse().ok()?;
    let client = Client::builder(base, "EPIC06", ApiKey::from("key"), identity)
        .clock(clock.clone())
        .build()
        .ok()?;
    Some((client, clock))
}

/// Runs `ensure` over a script: the key or what stopped it, what was asked, and how long it waited.
async fn ensure(
    attempt: Attempt,
    finds: impl IntoIterator<Item = Found<i64>>,
    writes: impl IntoIterator<Item = Result<i64, Error>>,
) -> (Result<(i64, bool), String>, Vec<&'static str>, u64) {
    let Some((client, clock)) = client() else { return (Err(String::new()), Vec::new(), 0) };
    let document = Scripted::new(finds, writes);
    let ensured = client.ensure(&document, attempt, SETTLE).await;
    let ensured = ensured.map(|done| (done.key, done.adopted)).map_err(|error| error.to_string());
    let waited = clock.sleeps().iter().map(Duration::as_secs).sum();
    (ensured, document.asked(), waited)
}

#[tokio::test]
async fn a_first_attempt_enters_without_looking() {
    let (ensured, asked, waited) = ensure(Attempt::First, [], [Ok(7)]).await;
    assert_eq!((ensured, asked, waited), (Ok((7, false)), vec!["enter"], 0));
    let (ensured, asked, _) = ensure(Attempt::Again, [Found::Absent], [Ok(7)]).await;
    assert_eq!((ensured, asked), (Ok((7, false)), vec!["find", "enter"]));
}

#[tokio::test]
async fn a_lost_answer_is_waited_for_and_looked_up() {
    let finds = [Found::Whole(7)];
    let (ensured, asked, waited) = ensure(Attempt::First, finds, [lost()]).await;
    assert_eq!((ensured, asked, waited), (Ok((7, true)), vec!["enter", "find"], 120));
}

#[tokio::test]
async fn half_a_document_is_finished_or_removed() {
    let finds = [Found::Unfinished];
    let (ensured, asked, _) = ensure(Attempt::Again, finds, [Ok(7)]).await;
    assert_eq!((ensured, asked), (Ok((7, false)), vec!["find", "finish"]));
    let finds = [Found::Remains, Found::Absent];
    let (ensured, asked, _) = ensure(Attempt::Again, finds, [Ok(0), Ok(7)]).await;
    assert_eq!((ensured, asked), (Ok((7, false)), vec!["find", "remove", "find", "enter"]));
}

#[tokio::test]
async fn a_duplicate_is_looked_at_and_not_taken_for_ours() {
    let answer = crate::Answer {
        operation: "Svc/Update".into(),
        status: 409,
        message: "Duplicate.".to_owned(),
        from_epicor: true,
        correlation_id: None,
    };
    let duplicate = || [Err(Error::Duplicate { answer: answer.clone() })];
    let finds = [Found::Differs("it is claimed by B".to_owned())];
    let (ensured, asked, waited) = ensure(Attempt::First, finds, duplicate()).await;
    assert!(ensured.is_err_and(|why| why.contains("it is claimed by B")));
    assert_eq!((asked, waited), (vec!["enter", "find"], 0));
    let (ensured, _, _) = ensure(Attempt::First, [Found::Whole(7)], duplicate()).await;
    assert_eq!(ensured, Ok((7, true)));
}

#[tokio::test]
async fn a_definite_no_ends_it() {
    let (ensured, asked, _) = ensure(Attempt::First, [], [refused()]).await;
    assert!(ensured.is_err_and(|why| why.contains("Period 5 is closed.")));
    assert_eq!(asked, ["enter"]);
}

#[tokio::test]
async fn it_never_goes_on_for_ever() {
    let (ensured, asked, _) = ensure(Attempt::First, [], []).await;
    assert!(ensured.is_err_and(|why| why.contains("after 12 attempts")));
    assert_eq!(asked.len(), 12);
}

#[tokio::test]
async fn a_posting_is_read_back_and_repeated_only_after_a_look() {
    let Some((client, _)) = client() else { return };
    let document = Scripted::new([Found::Whole(107)], [Ok(0)]);
    let posted = client.ensure_posted(&document, Attempt::First, SETTLE).await;
    assert!(matches!(posted, Ok(107)));
    assert_eq!(document.asked(), ["post", "find"]);

    let document = Scripted::new([Found::Whole(7), Found::Whole(107)], [lost(), Ok(0)]);
    let posted = client.ensure_posted(&document, Attempt::First, SETTLE).await;
    assert!(matches!(posted, Ok(107)));
    assert_eq!(document.asked(), ["post", "find", "post", "find"]);

    for found in [Found::Absent, Found::Remains, Found::Differs("changed".to_owned())] {
        let document = Scripted::new([found], []);
        let posted = client.ensure_posted(&document, Attempt::Again, SETTLE).await;
        assert!(matches!(posted, Err(NotEnsured::Differs(_))), "{posted:?}");
        assert_eq!(document.asked(), ["find"]);
    }
}

/// A yes that posted nothing: the posting may be at work still.
#[tokio::test]
async fn a_posting_that_was_taken_is_waited_for_before_it_is_repeated() {
    let Some((client, clock)) = client() else { return };
    let document = Scripted::new([Found::Whole(7), Found::Whole(107)], [Ok(0)]);
    let posted = client.ensure_posted(&document, Attempt::First, SETTLE).await;
    assert!(matches!(posted, Ok(107)), "{posted:?}");
    assert_eq!(document.asked(), ["post", "find", "find"]);
    assert_eq!(clock.sleeps(), [SETTLE]);

    let finds = [Found::Whole(7), Found::Whole(7), Found::Whole(107)];
    let document = Scripted::new(finds, [Ok(0), Ok(0)]);
    let posted = client.ensure_posted(&document, Attempt::First, SETTLE).await;
    assert!(matches!(posted, Ok(107)), "{posted:?}");
    assert_eq!(document.asked(), ["post", "find", "find", "post", "find"]);

    let document = Scripted::new([(); 12].map(|()| Found::Whole(7)), [(); 12].map(|()| Ok(0)));
    let posted = client.ensure_posted(&document, Attempt::First, SETTLE).await;
    assert!(matches!(posted, Err(NotEnsured::Unposted)), "{posted:?}");
    assert_eq!(document.asked().iter().filter(|asked| **asked == "post").count(), 6);
}
