use serde_json::{Value, json};

use super::{GlJournals, GroupId, JournalKey};
use crate::call::{Call, Effect};
use crate::error::Error;

const DELETE_JOURNAL: &str = "Erp.BO.GLJournalEntrySvc/DeleteByID";
const DELETE_GROUP: &str = "Erp.BO.GLJrnGrpSvc/DeleteByID";

impl GlJournals<'_> {
    /// Removes a group and the journals in it while they are unposted. What is gone already is
    /// no error. Nothing posted is touched.
    ///
    /// The caller must have made sure that the group is its own: group ids can be used again.
    ///
    /// # Errors
    /// Any [`Error`]; after [`Error::OutcomeUnknown`] look again before repeating it.
    pub async fn remove_unposted(&self, group_id: &GroupId) -> Result<(), Error> {
        for journal in self.journals_in_group(group_id).await? {
            self.delete(DELETE_JOURNAL, &journal_parameters(&journal.key)).await?;
        }
        self.delete(DELETE_GROUP, &json!({ "groupID": group_id.as_str() })).await
    }

    /// A deletion is a write like any other: the number of a deleted journal may be given again,
    /// so that a blind repetition could delete somebody else's.
    async fn delete(&self, operation: &'static str, parameters: &Value) -> Result<(), Error> {
        let call = Call::method(operation, Effect::Write, parameters);
        match self.client.call_method(&call).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_missing_record() => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn journal_parameters(key: &JournalKey) -> Value {
    json!({
        "bookID": key.book_id,
        "fiscalYear": key.fiscal_year,
        "fiscalYearSuffix": key.fiscal_year_suffix,
        "journalCode": key.journal_code,
        "journalNum": key.journal_num,
        "fiscalCalendarID": key.fiscal_calendar_id,
    })
}
