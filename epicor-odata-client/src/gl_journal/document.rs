use super::check::{self, Comparable};
use super::{EnteredJournal, GlJournals, Group, NewGroup, NewJournal, PostedLine, PostedQuery};
use crate::error::Error;
use crate::limit;
use crate::once::{Document, Found, Postable};

/// A journal in a group of its own, entered once and posted once. Its key is the first word of its
/// descriptions, the token, together with the group's id.
#[derive(Clone, Debug)]
pub struct JournalDocument<'a> {
    journals: GlJournals<'a>,
    group: NewGroup,
    journal: NewJournal,
    made_by: Option<String>,
}

/// A journal's number, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalNumber {
    /// `JournalNum`. While it is in entry it reserves nothing.
    pub number: i64,
    /// Whether it is posted, rather than in entry.
    pub posted: bool,
}

impl<'a> GlJournals<'a> {
    /// A journal to be entered once, by [`Client::ensure`](crate::Client::ensure), and posted
    /// once, by [`Client::ensure_posted`](crate::Client::ensure_posted).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a journal that does not balance or does not fit, whose
    /// descriptions do not all begin with the same token, or whose date is not the group's.
    pub fn document(
        &self,
        group: NewGroup,
        journal: NewJournal,
    ) -> Result<JournalDocument<'a>, Error> {
        check::can_be_sent(&journal, self.client.description_length())?;
        let invalid = |parameter, reason: &str| {
            Err(Error::InvalidParameter { parameter, reason: reason.to_owned() })
        };
        let token = limit::first_word(&journal.description);
        let marked = |text: &str| limit::first_word(text) == token;
        if token.is_empty() || !journal.lines.iter().all(|line| marked(&line.description)) {
            return invalid("Description", "not every description begins with the same token");
        }
        if journal.je_date != group.je_date {
            return invalid("JEDate", "the journal's is not the group's");
        }
        Ok(JournalDocument { journals: *self, group, journal, made_by: None })
    }
}

impl JournalDocument<'_> {
    /// The same, with the user who makes its groups: an empty group of another maker is not ours.
    #[must_use]
    pub fn made_by(self, user: &str) -> Self {
        Self { made_by: Some(user.to_owned()), ..self }
    }

    fn token(&self) -> &str {
        limit::first_word(&self.journal.description)
    }

    /// The group and the journals in it.
    async fn in_entry(&self) -> Result<(Option<Group>, Vec<EnteredJournal>), Error> {
        let group = self.journals.group(&self.group.group_id).await?;
        let journals = self.journals.journals_in_group(&self.group.group_id).await?;
        Ok((group, journals))
    }

    /// Whether one of the journals in the group carries our token.
    fn holds_ours(&self, journals: &[EnteredJournal]) -> bool {
        journals.iter().any(|journal| journal.token() == self.token())
    }

    /// Why a group under our id is somebody else's.
    fn not_ours(&self, group: Option<&Group>, journals: &[EnteredJournal]) -> Option<String> {
        let id = &self.group.group_id;
        let token = self.token();
        if let Some(foreign) = journals.iter().find(|journal| journal.token() != token) {
            let what = &foreign.description;
            return Some(format!("group {id} holds a journal that is not ours: \"{what}\""));
        }
        let group = group?;
        let maker = self.made_by.as_deref().unwrap_or(&group.created_by);
        if journals.is_empty() && !maker.eq_ignore_ascii_case(&group.created_by) {
            return Some(format!("group {id} was made by {}", group.created_by));
        }
        self.group.difference(group).map(|difference| format!("group {id}: {difference}"))
    }

    fn compare_entered(&self, entered: &EnteredJournal) -> Found<JournalNumber> {
        if entered.lines.is_empty() {
            return Found::Remains;
        }
        let invalid = entered.lines.iter().find(|line| line.invalid_account.is_some());
        if let Some(line) = invalid {
            return Found::Differs(format!("Epicor does not accept account {}", line.account));
        }
        let sent = self.journal.lines.iter().map(check::sent_line);
        let number = JournalNumber { number: entered.key.journal_num, posted: false };
        let head = (entered.je_date, entered.currency.as_str());
        if head != (Some(self.journal.je_date), &self.journal.currency_code) {
            return Found::Differs("the journal's date or currency was changed".to_owned());
        }
        match check::difference(sent, entered.lines.iter().map(check::saved_line)) {
            None => Found::Whole(number),
            Some(difference) => Found::Differs(difference),
        }
    }

    fn compare_posted(&self, lines: &[PostedLine]) -> Found<JournalNumber> {
        // A book that is posted to as well repeats the journal in its own currency.
        let lines: Vec<_> =
            lines.iter().filter(|line| line.book_id == self.group.book_id).collect();
        let Some(first) = lines.first() else {
            return Found::Differs("it is posted, but to another book".to_owned());
        };
        if let Some(other) = lines.iter().find(|line| line.journal_num != first.journal_num) {
            let (one, two) = (first.journal_num, other.journal_num);
            return Found::Differs(format!("it is posted twice, as journals {one} and {two}"));
        }
        let sent = self.journal.lines.iter().map(check::sent_line);
        let number = JournalNumber { number: first.journal_num, posted: true };
        match check::difference(sent, lines.iter().map(|line| posted_line(line))) {
            None => Found::Whole(number),
            Some(difference) => Found::Differs(difference),
        }
    }
}

fn posted_line(line: &PostedLine) -> Comparable<'_> {
    (line.account.clone(), line.debit, line.credit, &line.description)
}

impl Document for JournalDocument<'_> {
    type Key = JournalNumber;

    async fn find(&self) -> Result<Found<JournalNumber>, Error> {
        let query = PostedQuery {
            group_id: self.group.group_id.clone(),
            token: self.token().to_owned(),
            je_date_from: self.journal.je_date,
        };
        // A journal moves from entry to the posted ones, never back. Read in this order, one that is
        // posted between the reads is seen at least once.
        let (group, journals) = self.in_entry().await?;
        let posted = self.journals.posted(&query).await?;
        if !posted.is_empty() {
            // And one that was seen in both places has to be there still.
            let twice = self.holds_ours(&journals) && self.holds_ours(&self.in_entry().await?.1);
            return Ok(if twice {
                Found::Differs("it is posted, and stands in entry a second time".to_owned())
            } else {
                self.compare_posted(&posted)
            });
        }
        if let Some(why) = self.not_ours(group.as_ref(), &journals) {
            return Ok(Found::Differs(why));
        }
        if group.as_ref().is_some_and(|group| group.in_review) {
            let why = "its group stopped half way in posting and stands in Review Journal";
            return Ok(Found::Differs(why.to_owned()));
        }
        Ok(match journals.as_slice() {
            [] if group.is_none() => Found::Absent,
            [] => Found::Unfinished,
            [journal] => self.compare_entered(journal),
            _ => Found::Remains,
        })
    }

    async fn enter(&self) -> Result<JournalNumber, Error> {
        self.journals.create_group(&self.group).await?;
        self.finish().await
    }

    /// The group is there, and empty.
    async fn finish(&self) -> Result<JournalNumber, Error> {
        let key = self.journals.create_journal(&self.group.group_id, &self.journal).await?;
        Ok(JournalNumber { number: key.journal_num, posted: false })
    }

    async fn remove(&self) -> Result<(), Error> {
        let (group, journals) = self.in_entry().await?;
        // What is not ours is not removed, whatever the group is called: the next look says so.
        if self.not_ours(group.as_ref(), &journals).is_none() {
            self.journals.remove_unposted(&self.group.group_id).await?;
        }
        Ok(())
    }
}

impl Postable for JournalDocument<'_> {
    fn is_posted(key: &JournalNumber) -> bool {
        key.posted
    }

    async fn post(&self) -> Result<(), Error> {
        if self.journals.entry == crate::Entry::Dialogue {
            // A lock of our own is left from the entry.
            self.journals.unlock_group(&self.group.group_id).await?;
        }
        self.journals.post_group(&self.group.group_id).await.map(|_| ())
    }
}
