use crate::client::Client;
use crate::record::{Records, record};

record! {
    /// A journal code: a row of `JrnlCode`.
    JournalCode in "Erp.BO.JrnlCodeSvc/JrnlCodes" by ["JournalCode"] {
        /// Like `GJ`.
        code: String = "JournalCode",
        description: String = "JrnlDescription",
        /// Epicor's own: nobody enters journals under it.
        system: bool = "SystemJournal",
    }
}

impl Client {
    /// The journal codes.
    #[must_use]
    pub fn journal_codes(&self) -> Records<'_, JournalCode> {
        self.records()
    }
}
