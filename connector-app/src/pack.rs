//! What the controller gets of a signed period: one workbook with everything that the period's page
//! shows and every journal line that was posted, beside the documents it all comes from.

mod posted;
mod sheet;

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use settlement_model::Money;
use store::DocumentHash;

pub use posted::{PostedDocument, PostedLine, posted_in, sources};

use crate::reconcile::period::{PeriodBooks, between};
use crate::reconcile::sign::Standing;
use sheet::{Column, Sheet};

/// What a workbook is made of.
#[derive(Debug, Clone, Copy)]
pub struct Pack<'a> {
    /// The connection.
    pub connection: &'a str,
    /// The period's figures.
    pub figures: &'a PeriodBooks,
    /// Whether it is signed.
    pub standing: &'a Standing,
    /// What was posted in it.
    pub documents: &'a [PostedDocument],
    /// The documents behind it: file name and hash.
    pub sources: &'a BTreeMap<String, DocumentHash>,
    /// When it is made.
    pub at: Timestamp,
}

impl Pack<'_> {
    /// What the file is called.
    #[must_use]
    pub fn name(&self) -> String {
        let PeriodBooks { period, currency, .. } = self.figures;
        let plain = |text: &str| {
            let letters = text.chars();
            letters.map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect()
        };
        let (connection, period): (String, String) = (plain(self.connection), plain(&period.name));
        format!("{connection}-{period}-{currency}.xlsx")
    }

    /// The workbook, as the bytes of an XLSX file. The same pack gives the same bytes.
    ///
    /// # Errors
    /// What a workbook cannot hold.
    pub fn workbook(&self) -> anyhow::Result<Vec<u8>> {
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_timestamp(self.at.as_second())?;
        let title = format!("{} {}", self.connection, self.figures.period.name);
        book.set_properties(
            &DocProperties::new()
                .set_title(title)
                .set_author("ml-connector")
                .set_creation_datetime(&made),
        );
        self.summary(&mut book)?;
        self.settlements(&mut book)?;
        self.clearing(&mut book)?;
        self.journals(&mut book)?;
        self.differences(&mut book)?;
        self.bank_lines(&mut book)?;
        self.files(&mut book)?;
        Ok(book.save_to_buffer()?)
    }

    fn summary(&self, book: &mut Workbook) -> anyhow::Result<()> {
        let PeriodBooks { period, currency, until, totals, .. } = self.figures;
        let columns = [Column::text("What"), Column::text("")];
        let mut sheet = Sheet::new(book, "Summary", *currency, &columns)?;
        for (what, text) in [
            ("Connection", self.connection.to_owned()),
            ("Period", period.name.clone()),
            ("First day", period.start.to_string()),
            ("Last day", period.end.to_string()),
            ("Figures of", until.to_string()),
            ("Currency", currency.to_string()),
            ("Made at", self.at.to_string()),
            ("State", self.standing.word().to_owned()),
        ] {
            sheet.row(&[what.into(), text.into()])?;
        }
        if let Standing::Signed(signed) | Standing::Changed { signed, .. } = self.standing {
            sheet.row(&["Signed by".into(), signed.signed_by.clone().into()])?;
            sheet.row(&["Signed at".into(), signed.signed.to_string().into()])?;
            let hash = signed.hash.to_string();
            sheet.row(&["SHA-256 of the figures".into(), hash.into()])?;
        }
        if let Standing::Changed { changes, .. } = self.standing {
            for change in changes {
                sheet.row(&["Changed since".into(), change.clone().into()])?;
            }
        }
        for why in &self.figures.obstacles {
            sheet.row(&["Not to sign".into(), why.clone().into()])?;
        }
        for (what, money) in [
            ("Amazon", totals.amazon),
            ("Journal", totals.journal),
            ("Epicor", totals.ledger),
            ("Bank", totals.bank),
        ] {
            sheet.row(&[what.into(), money.into()])?;
        }
        sheet.end();
        Ok(())
    }

    fn settlements(&self, book: &mut Workbook) -> anyhow::Result<()> {
        let columns = [
            Column::text("Settlement"),
            Column::text("Booked on"),
            Column::money("Amazon"),
            Column::money("Journal"),
            Column::money("Epicor"),
            Column::money("Bank"),
            Column::text("State"),
        ];
        let mut sheet = Sheet::new(book, "Settlements", self.figures.currency, &columns)?;
        for row in &self.figures.rows {
            let state = if row.closed { "closed" } else { "open" };
            sheet.row(&[
                row.settlement.to_string().into(),
                row.booked_on.to_string().into(),
                row.amazon.into(),
                row.journal.into(),
                row.ledger.into(),
                row.bank.into(),
                state.into(),
            ])?;
        }
        sheet.end();
        Ok(())
    }

    fn clearing(&self, book: &mut Workbook) -> anyhow::Result<()> {
        let roll = &self.figures.roll;
        let columns = [Column::text("Clearing account"), Column::money("Amount")];
        let mut sheet = Sheet::new(book, "Clearing", self.figures.currency, &columns)?;
        let rows: [(&str, Option<Money>); 11] = [
            ("Balance before", Some(roll.opening)),
            ("+ totals of the settlements", Some(roll.deposits)),
            ("+ opening debts, card charges, payouts returned", Some(roll.rows)),
            ("- received by the bank", Some(roll.bank)),
            ("- written off", Some(roll.waived)),
            ("+ accruals, less those taken back", Some(roll.accruals)),
            ("= balance", Some(roll.closing)),
            ("Explained by what is open", Some(roll.explained)),
            ("Not explained", Some(roll.unexplained)),
            ("Balance in Epicor", roll.ledger),
            ("Epicor beyond the balance", roll.ledger_difference),
        ];
        for (what, money) in rows {
            sheet.row(&[what.into(), money.into()])?;
        }
        sheet.end();
        Ok(())
    }

    fn journals(&self, book: &mut Workbook) -> anyhow::Result<()> {
        let columns = [
            Column::text("Of"),
            Column::text("Kind"),
            Column::text("Number in Epicor"),
            Column::text("Date"),
            Column::text("Account"),
            Column::text("Name"),
            Column::text("Role"),
            Column::money("Debit"),
            Column::money("Credit"),
            Column::count("Rows"),
            Column::text("Key"),
        ];
        let currency = self.figures.currency;
        let mut sheet = Sheet::new(book, "Journals", currency, &columns)?;
        for document in self.documents {
            for line in &document.lines {
                let side = |amount: Decimal| -> anyhow::Result<Option<Money>> {
                    let money = (!amount.is_zero()).then(|| Money::new(amount, currency));
                    Ok(money.transpose()?)
                };
                sheet.row(&[
                    document.record.clone().into(),
                    document.kind.into(),
                    document.number.clone().into(),
                    document.date.to_string().into(),
                    line.account.clone().into(),
                    line.account_name.clone().into(),
                    line.role.clone().into(),
                    side(line.debit)?.into(),
                    side(line.credit)?.into(),
                    line.rows.into(),
                    document.key.clone().into(),
                ])?;
            }
        }
        sheet.end();
        Ok(())
    }

    fn differences(&self, book: &mut Workbook) -> anyhow::Result<()> {
        let columns = [
            Column::text("Kind"),
            Column::text("Settlement"),
            Column::text("Bank line"),
            Column::text("Between"),
            Column::money("Amount"),
            Column::text("Currency"),
            Column::text("On the account"),
            Column::count("Days"),
        ];
        let mut sheet = Sheet::new(book, "Differences", self.figures.currency, &columns)?;
        for one in &self.figures.differences {
            let settlement = one.settlement.as_ref().map(ToString::to_string);
            sheet.row(&[
                one.kind.to_string().into(),
                settlement.unwrap_or_default().into(),
                one.bank_line.clone().unwrap_or_default().into(),
                between(one.comparison).into(),
                one.amount.into(),
                one.amount.currency().to_string().into(),
                if one.open { "yes" } else { "no" }.into(),
                u64::from(one.age_days.unsigned_abs()).into(),
            ])?;
        }
        sheet.end();
        Ok(())
    }

    fn bank_lines(&self, book: &mut Workbook) -> anyhow::Result<()> {
        let columns = [
            Column::text("Day"),
            Column::text("Account"),
            Column::text("Reference"),
            Column::text("Text"),
            Column::money("Amount"),
            Column::text("Currency"),
            Column::text("Settlement"),
        ];
        let mut sheet = Sheet::new(book, "Bank", self.figures.currency, &columns)?;
        for line in &self.figures.bank_lines {
            let currency = settlement_model::Currency::parse(&line.currency)?;
            sheet.row(&[
                line.date.to_string().into(),
                line.account.clone().into(),
                line.reference.clone().into(),
                line.text.clone().into(),
                Money::new(line.amount.parse()?, currency)?.into(),
                line.currency.clone().into(),
                self.figures.paid_by(line).unwrap_or_default().to_owned().into(),
            ])?;
        }
        sheet.end();
        Ok(())
    }

    fn files(&self, book: &mut Workbook) -> anyhow::Result<()> {
        let columns = [Column::text("Document"), Column::text("SHA-256")];
        let mut sheet = Sheet::new(book, "Documents", self.figures.currency, &columns)?;
        for (name, hash) in self.sources {
            sheet.row(&[name.clone().into(), hash.to_string().into()])?;
        }
        sheet.end();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
