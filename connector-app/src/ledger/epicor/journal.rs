//! A journal in a group of its own.

use std::collections::BTreeSet;

use async_trait::async_trait;
use epicor_odata_client::Entry;
use epicor_odata_client::gl_journal::{
    EnteredJournal, Group, GroupId, JournalSearch, NewGroup, NewJournal, NewLine, PostedQuery,
};
use ledger_mapper::Journal;

use super::not_done::{NotDone, chain};
use super::{EpicorLedger, Written};
use crate::ledger::compare::{self, Expected, sorted};
use crate::ledger::{Draft, Seen};
use crate::pipeline::posting::Found;

/// A journal as Epicor knows it: by its group, and by its token at the start of every description.
pub(super) struct JournalInGroup<'a> {
    pub(super) ledger: &'a EpicorLedger,
    pub(super) draft: &'a Draft,
    pub(super) journal: &'a Journal,
}

impl JournalInGroup<'_> {
    fn group_id(&self) -> Result<GroupId, NotDone> {
        GroupId::new(&self.draft.group_id).map_err(|error| NotDone::Refused(error.to_string()))
    }

    /// The lines in wire form, sorted.
    fn expected(&self) -> Result<Expected<'_>, String> {
        let mut lines = Vec::with_capacity(self.journal.lines.len());
        for line in &self.journal.lines {
            lines.push((self.ledger.account(&line.account)?.to_string(), line.debit, line.credit));
        }
        Ok(Expected {
            token: &self.draft.token,
            date: self.journal.date,
            currency: self.journal.currency.code(),
            lines: sorted(lines),
        })
    }

    fn new_journal(&self) -> Result<NewJournal, String> {
        let journal = self.journal;
        let mut lines = Vec::with_capacity(journal.lines.len());
        for line in &journal.lines {
            let name = line.account_name.as_deref().unwrap_or(line.role.as_str());
            lines.push(NewLine {
                account: self.ledger.account(&line.account)?,
                debit: line.debit,
                credit: line.credit,
                description: self.ledger.fitted(self.draft, name)?,
                comment: format!("{}, {} rows", line.role, line.rows),
            });
        }
        Ok(NewJournal {
            description: self.ledger.fitted(self.draft, &journal.description)?,
            comment: format!(
                "{}. ml-connector key {}; days counted in {}",
                journal.description, self.draft.key, journal.zone
            ),
            je_date: journal.date,
            currency_code: journal.currency.code().to_owned(),
            lines,
        })
    }

    /// Why a group under our id is somebody else's.
    fn not_ours(&self, group: Option<&Group>, journals: &[EnteredJournal]) -> Option<String> {
        let Draft { token, group_id: id, .. } = self.draft;
        if let Some(foreign) = journals.iter().find(|journal| journal.token() != token) {
            let what = &foreign.description;
            return Some(format!("group {id} holds a journal that is not ours: \"{what}\""));
        }
        let maker = group.map_or("", |group| group.created_by.as_str());
        if journals.is_empty() && !self.ledger.is_ours(maker) {
            return Some(format!("group {id} was made by {maker}"));
        }
        None
    }
}

#[async_trait]
impl Written for JournalInGroup<'_> {
    async fn look_up(&self) -> anyhow::Result<Seen> {
        let token = &self.draft.token;
        let group_id = GroupId::new(&self.draft.group_id)?;
        let expected = self.expected().map_err(anyhow::Error::msg)?;
        let ledger = self.ledger.client.gl_journals();
        let query = PostedQuery {
            group_id: group_id.clone(),
            token: token.clone(),
            je_date_from: self.journal.date,
        };
        // A journal goes from entry to the posted ones and never back: in this order none is missed
        // that is posted meanwhile.
        let group = ledger.group(&group_id).await?;
        let journals = ledger.journals_in_group(&group_id).await?;
        let posted = ledger.posted(&query).await?;

        if let Some(line) = posted.first() {
            let ours = |journal: &EnteredJournal| journal.token() == token;
            // What stood in entry a moment ago may be what is posted now.
            let twice = journals.iter().any(ours)
                && ledger.journals_in_group(&group_id).await?.iter().any(ours);
            let (found, note) = if twice {
                let note = "it is posted, and stands in entry a second time";
                (Found::Different, note.to_owned())
            } else {
                let book = &self.ledger.book().await?.book_id;
                compare::posted(&expected, book, &posted)
            };
            return Ok(Seen { found, number: Some(line.journal_num.to_string()), note });
        }
        if let Some(note) = self.not_ours(group.as_ref(), &journals) {
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

    async fn write(&self) -> Result<(), NotDone> {
        let group_id = self.group_id()?;
        let journal = self.new_journal().map_err(NotDone::Refused)?;
        let book = self.ledger.book().await;
        let book = book.map_err(|error| NotDone::NotSent(format!("{error:#}")))?;
        let fields = &self.ledger.fields;
        let ledger = self.ledger.client.gl_journals().entry(fields.entry);
        let group = NewGroup {
            group_id: group_id.clone(),
            je_date: self.journal.date,
            book_id: book.book_id.clone(),
            journal_code: fields.journal_code.clone(),
        };
        ledger.create_group(&group).await?;
        ledger.create_journal(&group_id, &journal).await?;
        Ok(())
    }

    async fn post(&self) -> Result<(), NotDone> {
        let group_id = self.group_id()?;
        let entry = self.ledger.fields.entry;
        let ledger = self.ledger.client.gl_journals().entry(entry);
        if entry == Entry::Dialogue {
            // A lock of our own is left from the entry; nothing is posted when it cannot be opened.
            let unlocked = ledger.unlock_group(&group_id).await;
            unlocked.map_err(|error| NotDone::NotSent(chain(&error)))?;
        }
        ledger.post_group(&group_id).await?;
        Ok(())
    }

    async fn remove(&self) -> Result<(), NotDone> {
        let group_id = self.group_id()?;
        let ledger = self.ledger.client.gl_journals();
        // Read first: what is not ours is not removed, whatever the group is called.
        let group = ledger.group(&group_id).await?;
        let journals = ledger.journals_in_group(&group_id).await?;
        if let Some(why) = self.not_ours(group.as_ref(), &journals) {
            return Err(NotDone::Refused(why));
        }
        if group.is_some() || !journals.is_empty() {
            ledger.remove_unposted(&group_id).await?;
        }
        Ok(())
    }

    async fn count(&self) -> anyhow::Result<u32> {
        let ledger = self.ledger.client.gl_journals();
        let search = JournalSearch {
            description: Some(self.draft.token.clone()),
            // A book that is posted to as well repeats the journal.
            book_id: Some(self.ledger.book().await?.book_id.clone()),
            ..JournalSearch::from(self.journal.date)
        };
        let group_id = GroupId::new(&self.draft.group_id)?;
        let in_entry = async || {
            let entered = ledger.journals_in_group(&group_id).await?;
            let ours = |journal: &&EnteredJournal| journal.token() == self.draft.token;
            anyhow::Ok(entered.iter().filter(ours).count())
        };
        let mut entered = in_entry().await?;
        let posted = ledger.search(&search).await?;
        let posted: BTreeSet<_> =
            posted.iter().map(|line| (line.fiscal_year, line.journal_num)).collect();
        if entered > 0 && !posted.is_empty() {
            // What stood in entry a moment ago may be what is posted now.
            entered = in_entry().await?;
        }
        Ok(u32::try_from(posted.len() + entered)?)
    }
}
