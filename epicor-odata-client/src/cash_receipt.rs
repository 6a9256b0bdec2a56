//! Cash receipts, in outline: read and looked up, not entered. They tell whether somebody booked a
//! marketplace's payment by hand.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::client::Client;
use crate::error::Error;
use crate::odata::Filter;
use crate::record::{Records, record};

record! {
    /// A cash receipt: a row of `CashHead`.
    CashReceipt in "Erp.BO.CashRecSvc/CashRecs" by ["GroupID", "HeadNum"] {
        /// The group it was entered in.
        group_id: String = "GroupID",
        /// Given by Epicor.
        head_num: i64 = "HeadNum",
        /// `PAYINV` a customer's payment, `DEPOSIT`, or `MISPAY` any other.
        kind: String = "TranType",
        cust_num: i64 = "CustNum",
        bank_acct_id: String = "BankAcctID",
        /// The cheque's or transfer's number.
        check_ref: String = "CheckRef",
        reference: String = "Reference",
        date: Option<Date> = "TranDate",
        currency_code: String = "CurrencyCode",
        /// In [`currency_code`](Self::currency_code).
        amount: Decimal = "DocTranAmt",
        posted: bool = "Posted",
    }
}

impl Client {
    /// The cash receipts.
    #[must_use]
    pub fn cash_receipts(&self) -> Records<'_, CashReceipt> {
        self.records()
    }
}

impl Records<'_, CashReceipt> {
    /// The receipts of a bank account with this `CheckRef`.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn by_check_ref(
        &self,
        bank_acct_id: &str,
        check_ref: &str,
    ) -> Result<Vec<CashReceipt>, Error> {
        let filter = Filter::eq("BankAcctID", bank_acct_id);
        self.matching(filter.and(Filter::eq("CheckRef", check_ref))).await
    }
}
