use serde_json::{Value, json};

use super::{GlJournals, GroupId, JournalKey};
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
            self.client.delete(DELETE_JOURNAL, &journal_parameters(&journal.key)).await?;
        }
        self.client.delete(DELETE_GROUP, &json!({ "groupID": group_id.as_str() })).await
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
