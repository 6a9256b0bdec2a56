//! Epicor's general ledger, by journal groups.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use epicor_odata_client::gl_journal::{
    EnteredJournal, GlAccount, Group, GroupId, NewGroup, NewJournal, NewLine, PostedQuery,
};
use epicor_odata_client::master::Book;
use epicor_odata_client::{Client, Error};
use jiff::{SignedDuration, Timestamp};
use ledger_mapper::Journal;
use tokio::sync::OnceCell;
use wire::{Clock, Transport};

use super::compare::{self, Expected, sorted};
use super::guard::SendGuard;
use super::{Draft, Ledger, Obstacle, Seen, Sent};
use crate::pipeline::posting::Found;

/// The journal's fixed fields of one connection.
#[derive(Debug, Clone)]
pub struct JournalFields {
    /// `BookID`; the company's main book when `None`.
    pub book: Option<String>,
    /// `JournalCode`.
    pub journal_code: String,
    /// What separates the segments of an account in the rules.
    pub segment_separator: char,
    /// The connector's own Epicor user: an empty group that another user made is not ours.
    pub user: String,
}

/// One company's general ledger.
pub struct EpicorLedger {
    client: Client,
    guard: Arc<SendGuard>,
    fields: JournalFields,
    book: OnceCell<Book>,
}

impl fmt::Debug for EpicorLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EpicorLedger").field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl EpicorLedger {
    /// A ledger over the client that `build` makes with the guarded transport it is given.
    ///
    /// # Errors
    /// What `build` refuses.
    pub fn new(
        fields: JournalFields,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        send_grace: SignedDuration,
        build: impl FnOnce(Arc<dyn Transport>) -> Result<Client, Error>,
    ) -> Result<Self, Error> {
        let guard = Arc::new(SendGuard::new(transport, clock, send_grace));
        let client = build(guard.clone())?;
        Ok(Self { client, guard, fields, book: OnceCell::new() })
    }

    /// Asks Epicor whether address, key, user and company are right.
    ///
    /// # Errors
    /// The client's error, which names the half that failed.
    pub async fn ping(&self) -> Result<(), Error> {
        self.client.ping().await.map(|_| ())
    }

    /// The book journals are entered into.
    async fn book(&self) -> anyhow::Result<&Book> {
        self.book
            .get_or_try_init(|| async {
                let books = self.client.gl_books().all().await?;
                let wanted = self.fields.book.as_deref();
                let found = books.into_iter().find(|book| match wanted {
                    Some(id) => book.book_id == id,
                    None => book.main_book,
                });
                found.ok_or_else(|| {
                    anyhow::anyhow!(
                        "company {} has no {}; an IT admin must set `epicor.book` to one of its books",
                        self.client.company(),
                        wanted.map_or("main book".to_owned(), |id| format!("book {id}")),
                    )
                })
            })
            .await
    }

    fn account(&self, account: &ledger_mapper::Account) -> Result<GlAccount, String> {
        GlAccount::parse(account.as_str(), self.fields.segment_separator)
            .map_err(|error| error.to_string())
    }

    /// The draft's lines in wire form, sorted.
    fn expected<'a>(&self, draft: &'a Draft) -> Result<Expected<'a>, String> {
        let mut lines = Vec::with_capacity(draft.journal.lines.len());
        for line in &draft.journal.lines {
            lines.push((self.account(&line.account)?.to_string(), line.debit, line.credit));
        }
        Ok(Expected {
            token: &draft.token,
            date: draft.journal.date,
            currency: draft.journal.currency.code(),
            lines: sorted(lines),
        })
    }

    fn new_journal(&self, draft: &Draft) -> Result<NewJournal, String> {
        let journal = &draft.journal;
        let fitted = |text: &str| {
            let text = format!("{} {text}", draft.token);
            self.client.gl_journals().fit_description(&text).map_err(|error| error.to_string())
        };
        let mut lines = Vec::with_capacity(journal.lines.len());
        for line in &journal.lines {
            let name = line.account_name.as_deref().unwrap_or(line.role.as_str());
            lines.push(NewLine {
                account: self.account(&line.account)?,
                debit: line.debit,
                credit: line.credit,
                description: fitted(name)?,
                comment: format!("{}, {} rows", line.role, line.rows),
            });
        }
        Ok(NewJournal {
            description: fitted(&journal.description)?,
            comment: format!(
                "{}. ml-connector key {}; days counted in {}",
                journal.description, journal.key, journal.zone
            ),
            je_date: journal.date,
            currency_code: journal.currency.code().to_owned(),
            lines,
        })
    }

    async fn try_write(&self, draft: &Draft) -> Result<(), NotDone> {
        let group_id = group_id(draft)?;
        let journal = self.new_journal(draft).map_err(NotDone::Refused)?;
        let book = self.book().await.map_err(|error| NotDone::NotSent(format!("{error:#}")))?;
        let ledger = self.client.gl_journals();
        let group = NewGroup {
            group_id: group_id.clone(),
            je_date: draft.journal.date,
            book_id: book.book_id.clone(),
            journal_code: self.fields.journal_code.clone(),
        };
        ledger.create_group(&group).await?;
        ledger.create_journal(&group_id, &journal).await?;
        Ok(())
    }

    async fn try_post(&self, draft: &Draft) -> Result<(), NotDone> {
        let group_id = group_id(draft)?;
        let ledger = self.client.gl_journals();
        // A lock of our own is left from the entry; nothing is posted when it cannot be opened.
        let unlocked = ledger.unlock_group(&group_id).await;
        unlocked.map_err(|error| NotDone::NotSent(chain(&error)))?;
        ledger.post_group(&group_id).await?;
        Ok(())
    }

    async fn try_remove(&self, draft: &Draft) -> Result<(), NotDone> {
        let group_id = group_id(draft)?;
        let ledger = self.client.gl_journals();
        // Read first: what is not ours is not removed, whatever the group is called.
        let group = ledger.group(&group_id).await?;
        let journals = ledger.journals_in_group(&group_id).await?;
        if let Some(why) = self.not_ours(draft, group.as_ref(), &journals) {
            return Err(NotDone::Refused(why));
        }
        if group.is_some() || !journals.is_empty() {
            ledger.remove_unposted(&group_id).await?;
        }
        Ok(())
    }

    /// Why a group under our id is somebody else's.
    fn not_ours(
        &self,
        draft: &Draft,
        group: Option<&Group>,
        journals: &[EnteredJournal],
    ) -> Option<String> {
        let id = &draft.group_id;
        if let Some(foreign) = journals.iter().find(|j| !j.description.starts_with(&draft.token)) {
            let what = &foreign.description;
            return Some(format!("group {id} holds a journal that is not ours: \"{what}\""));
        }
        let maker = group.map_or("", |group| group.created_by.as_str());
        if journals.is_empty()
            && !maker.is_empty()
            && !maker.eq_ignore_ascii_case(&self.fields.user)
        {
            return Some(format!("group {id} was made by {maker}"));
        }
        None
    }
}

#[async_trait]
impl Ledger for EpicorLedger {
    async fn obstacles(&self, journals: &[Journal]) -> anyhow::Result<Vec<Obstacle>> {
        let book = self.book().await?;
        let mut obstacles = Vec::new();
        let mut accounts = BTreeSet::new();
        for line in journals.iter().flat_map(|journal| &journal.lines) {
            match self.account(&line.account) {
                Ok(account) => {
                    accounts.insert(account);
                }
                Err(why) => obstacles.push(Obstacle { reason: "account_missing", message: why }),
            }
        }
        let accounts: Vec<_> = accounts.into_iter().collect();
        let known = self.client.gl_accounts().states(&book.coa_code, &accounts).await?;
        for account in &accounts {
            let wire = account.to_string();
            match known.iter().find(|state| state.account == wire) {
                None => obstacles.push(Obstacle {
                    reason: "account_missing",
                    message: format!(
                        "account {wire} is not in chart {} of Epicor; the finance clerk names another in the rules, or an Epicor admin adds it",
                        book.coa_code
                    ),
                }),
                Some(state) if !state.active => obstacles.push(Obstacle {
                    reason: "account_inactive",
                    message: format!(
                        "account {wire} ({}) is inactive in Epicor; the finance clerk names another in the rules, or an Epicor admin activates it",
                        state.description
                    ),
                }),
                Some(_) => {}
            }
        }
        for date in journals.iter().map(|journal| journal.date).collect::<BTreeSet<_>>() {
            let period = self.client.book_periods().holding(&book.book_id, date).await?;
            let reason = match &period {
                Some(period) if !period.closed => continue,
                Some(_) => "period_closed",
                None => "period_missing",
            };
            let word = if period.is_some() { "closed" } else { "not set up" };
            obstacles.push(Obstacle {
                reason,
                message: format!(
                    "the period of {date} is {word} in book {} of Epicor; the controller opens it, then the next run goes on",
                    book.book_id
                ),
            });
        }
        Ok(obstacles)
    }

    async fn look_up(&self, draft: &Draft) -> anyhow::Result<Seen> {
        let group_id = GroupId::new(&draft.group_id)?;
        let expected = self.expected(draft).map_err(anyhow::Error::msg)?;
        let ledger = self.client.gl_journals();
        let query = PostedQuery {
            group_id: group_id.clone(),
            token: draft.token.clone(),
            je_date_from: draft.journal.date,
        };
        let posted = ledger.posted(&query).await?;
        let group = ledger.group(&group_id).await?;
        let journals = ledger.journals_in_group(&group_id).await?;

        if let Some(line) = posted.first() {
            let (found, note) = if journals.iter().any(|j| j.description.starts_with(&draft.token))
            {
                let note = "it is posted, and stands in entry a second time";
                (Found::Different, note.to_owned())
            } else {
                compare::posted(&expected, &posted)
            };
            return Ok(Seen { found, number: Some(line.journal_num.to_string()), note });
        }
        if let Some(note) = self.not_ours(draft, group.as_ref(), &journals) {
            return Ok(Seen { found: Found::Different, number: None, note });
        }
        let number = journals.first().map(|journal| journal.key.journal_num.to_string());
        let in_review = group.as_ref().is_some_and(|group| group.in_review);
        let (found, note) = match journals.as_slice() {
            _ if in_review => (
                Found::InReview,
                format!(
                    "group {group_id} stopped half way in posting; an Epicor admin finishes or cancels it in Review Journal"
                ),
            ),
            [] if group.is_none() => (Found::Absent, String::new()),
            [] => (Found::Partial, "the group is empty".to_owned()),
            [journal] => compare::entered(&expected, journal),
            several => (Found::Partial, format!("{} journals in the group", several.len())),
        };
        Ok(Seen { found, number, note })
    }

    async fn write(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.guard.allow_until(not_after);
        self.try_write(draft).await.into()
    }

    async fn post(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.guard.allow_until(not_after);
        self.try_post(draft).await.into()
    }

    async fn remove(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.guard.allow_until(not_after);
        self.try_remove(draft).await.into()
    }
}

fn group_id(draft: &Draft) -> Result<GroupId, NotDone> {
    GroupId::new(&draft.group_id).map_err(|error| NotDone::Refused(error.to_string()))
}

/// Why something was not done, or may not have been.
enum NotDone {
    Refused(String),
    NotSent(String),
    Unknown(String),
}

impl From<Error> for NotDone {
    fn from(error: Error) -> Self {
        let text = chain(&error);
        match error {
            Error::OutcomeUnknown { .. } => Self::Unknown(text),
            // Steps that save nothing failed: the saving one never left.
            error if error.is_transient() => Self::NotSent(text),
            Error::InvalidResponse { .. } => Self::NotSent(text),
            _ => Self::Refused(text),
        }
    }
}

impl From<Result<(), NotDone>> for Sent {
    fn from(result: Result<(), NotDone>) -> Self {
        match result {
            Ok(()) => Self::Done,
            Err(NotDone::Refused(why)) => Self::Refused(why),
            Err(NotDone::NotSent(why)) => Self::NotSent(why),
            Err(NotDone::Unknown(why)) => Self::Unknown(why),
        }
    }
}

/// An error with its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
