//! What Epicor's ledger shows on an account: the posted lines, whoever posted them.

use anyhow::Context as _;
use epicor_odata_client::gl_journal::JournalSearch;
use jiff::civil::Date;
use ledger_mapper::Account;
use settlement_model::{Currency, Money};

use super::EpicorLedger;
use crate::reconcile::LedgerLine;

impl EpicorLedger {
    /// The posted lines on these accounts between two days, both included, in one currency. Lines in
    /// another currency are another's to compare.
    ///
    /// # Errors
    /// The client's errors, or an amount finer than the currency's smallest unit.
    pub async fn lines_on(
        &self,
        accounts: &[Account],
        from: Date,
        until: Date,
        currency: Currency,
    ) -> anyhow::Result<Vec<LedgerLine>> {
        let book = self.book().await?;
        let own = Currency::parse(&book.currency_code)
            .with_context(|| format!("book {} of Epicor", book.book_id))?;
        let mut lines = Vec::new();
        for account in accounts {
            let account = self.account(account).map_err(anyhow::Error::msg)?;
            let search = JournalSearch {
                je_date_to: Some(until),
                book_id: Some(book.book_id.clone()),
                account: Some(account.to_string()),
                ..JournalSearch::from(from)
            };
            for line in self.client.gl_journals().search(&search).await? {
                if line.currency != currency.code() {
                    continue;
                }
                let net = |debit, credit, currency| {
                    Money::new(debit, currency)?.checked_sub(Money::new(credit, currency)?)
                };
                lines.push(LedgerLine {
                    description: line.description,
                    date: line.je_date.unwrap_or(from),
                    amount: net(line.debit, line.credit, currency)?,
                    in_book: net(line.book_debit, line.book_credit, own)?,
                });
            }
        }
        Ok(lines)
    }
}
