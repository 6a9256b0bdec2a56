use jiff::Timestamp;

use super::*;

fn hour(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-11-11T09:00:00Z".parse().expect("an instant");
    start + SignedDuration::from_hours(hours)
}

fn held(id: u32, kind: Kind, told: Option<i64>, cleared: Option<i64>) -> AlertRecord {
    let message = Message {
        record: format!("settlement {id}"),
        what: "is held: no role for New Fee".to_owned(),
        who: "the accountant".to_owned(),
        next: "run it".to_owned(),
    };
    AlertRecord {
        connection: "us".to_owned(),
        key: format!("{} settlement {id}", kind.as_str()),
        kind: kind.as_str().to_owned(),
        stage: String::new(),
        message: serde_json::to_string(&message).expect("text"),
        raised: hour(0),
        cleared: cleared.map(hour),
        told: told.map(|at| ("mail".to_owned(), hour(at))).into_iter().collect(),
    }
}

fn due(alerts: &[AlertRecord], at: i64) -> Option<Digest> {
    Digest::due("us", alerts, "mail", |_| true, hour(at))
}

fn events(alerts: &[AlertRecord], at: i64) -> Vec<(Event, String)> {
    let news = due(alerts, at).map(|digest| digest.news).unwrap_or_default();
    news.into_iter().map(|(event, _, message)| (event, message.record)).collect()
}

#[test]
fn an_alert_is_raised_once_repeated_daily_and_called_off_once() {
    let one = |told, cleared| held(1, Kind::Held, told, cleared);
    let told = |event| vec![(event, "settlement 1".to_owned())];
    assert_eq!(events(&[one(None, None)], 0), told(Event::Raised));
    assert_eq!(events(&[one(Some(0), None)], 22), []);
    assert_eq!(events(&[one(Some(0), None)], 23), told(Event::Reminder));
    assert_eq!(events(&[one(Some(0), Some(1))], 1), told(Event::Cleared));
    assert_eq!(events(&[one(None, Some(1))], 1), [], "who never knew need not know");
    // The stages of a secret's age are its reminders.
    assert_eq!(events(&[held(1, Kind::SecretAge, Some(0), None)], 240), []);
}

#[test]
fn bad_news_come_first_and_only_what_is_wanted() {
    let alerts = [
        held(1, Kind::Held, Some(0), Some(1)),
        held(2, Kind::Silence, None, None),
        held(3, Kind::Held, None, None),
    ];
    let order: Vec<_> = events(&alerts, 2).into_iter().map(|(_, record)| record).collect();
    assert_eq!(order, ["settlement 2", "settlement 3", "settlement 1"]);
    let digest = due(&alerts, 2).expect("news");
    assert_eq!(digest.subject(), "ml-connector, us: 2 alerts, 1 over");
    assert_eq!(digest.records().len(), 3);
    let silence = Digest::due("us", &alerts, "mail", |kind| kind == "silence", hour(2));
    let subject = silence.expect("news").subject();
    assert_eq!(subject, "ml-connector, us: settlement not seen, settlement 2");
}

#[test]
fn the_text_says_what_which_who_and_what_next() {
    let digest = due(&[held(1, Kind::Held, None, None)], 2).expect("news");
    assert_eq!(
        digest.text(),
        "settlement 1 is held: no role for New Fee\n  Since: 2026-11-11 09:00 UTC\n  \
         Who: the accountant\n  Next: run it\n\n\
         Connection us; all of it: ml-connector alerts list"
    );
    let json = digest.json();
    assert_eq!(json["alerts"][0]["event"], "raised");
    assert_eq!(json["alerts"][0]["who"], "the accountant");
    assert!(json["text"].as_str().is_some_and(|text| text.contains("settlement 1 is held")));
}
