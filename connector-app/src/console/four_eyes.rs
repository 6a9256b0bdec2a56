//! Preparer and approver are two people.

use std::collections::BTreeSet;

use store::{Event, RecordKey, RecordKind, Store};

use super::page::PageError;
use super::seat::Seat;
use crate::pipeline::{Actor, OTHER_CONTENT, accrual, settlement};
use crate::serve::Server;

/// Who took a settlement in, or another content of it, let it go on, or had it planned anew, or had an accrual planned; by its
/// story in the audit log.
#[must_use]
pub fn preparers(story: &[Event], record: &RecordKey) -> BTreeSet<String> {
    let prepares = [
        settlement::Event::Read.name(),
        settlement::Event::Reconsider.name(),
        settlement::Event::Resume.name(),
        settlement::Event::ReissueDeclined.name(),
        settlement::Event::Mapped { journals: 0 }.name(),
        settlement::Event::Mapped { journals: 1 }.name(),
        OTHER_CONTENT,
        accrual::Event::Prepared.name(),
    ];
    let of_it = story.iter().filter(|event| {
        event.connection == record.connection
            && event.record == record.id
            && prepares.contains(&event.action.as_str())
    });
    of_it.map(|event| event.actor.clone()).collect()
}

/// Refuses the approval of what the same user prepared. Where the configuration allows it, the reason
/// that is kept with the approval says so; it is what to approve with.
///
/// # Errors
/// [`PageError`] when they may not, or the audit log cannot be read.
pub async fn reason_to_approve(
    server: &Server,
    store: &Store,
    record: impl Into<RecordKey>,
    seat: &Seat,
    reason: Option<&str>,
) -> Result<Option<String>, PageError> {
    let record = record.into();
    let (id, user) = (&record.id, &seat.user);
    let story = store.events_of(id).await?;
    let me = Actor::ConsoleUser(user.clone()).label();
    let reason = reason.map(str::to_owned);
    if !preparers(&story, &record).contains(&me) {
        return Ok(reason);
    }
    if server.in_force.get().config.console.four_eyes {
        let what = match record.kind {
            RecordKind::Accrual => "The accrual of",
            _ => "Settlement",
        };
        return Err(PageError::conflict(
            format!("{what} {id} was prepared by {user}, who cannot approve it too."),
            "Another user with the role approver approves it.",
        ));
    }
    let relaxed = format!("four_eyes = false: {user} prepared it too");
    Ok(Some(reason.map_or(relaxed.clone(), |reason| format!("{reason} ({relaxed})"))))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use store::SettlementKey;

    use super::*;

    fn event(actor: &str, action: &str, connection: &str, record: &str) -> Event {
        Event {
            seq: 1,
            at: Timestamp::UNIX_EPOCH,
            actor: actor.to_owned(),
            connection: connection.to_owned(),
            record: record.to_owned(),
            subject: format!("settlement {record}"),
            action: action.to_owned(),
            from: None,
            to: None,
            detail: serde_json::json!({}),
            hash: String::new(),
            previous: String::new(),
        }
    }

    #[test]
    fn who_prepared_is_in_the_story() {
        let key = SettlementKey { connection: "us".to_owned(), settlement_id: "81".to_owned() };
        let key = RecordKey::from(&key);
        let story = [
            event("console user anna", "read", "us", "81"),
            event("ml-connector", "mapped", "us", "81"),
            event("console user bert", "hold", "us", "81"),
            event("console user carl", "reconsider", "us", "81"),
            event("console user dora", "read", "de", "81"),
            event("console user emil", "approved", "us", "81"),
            event("console user gina", "came with other content", "us", "81"),
            event("console user fred", "read", "us", "report 7"),
        ];
        let prepared: Vec<_> = preparers(&story, &key).into_iter().collect();
        assert_eq!(
            prepared,
            ["console user anna", "console user carl", "console user gina", "ml-connector"]
        );
    }
}
