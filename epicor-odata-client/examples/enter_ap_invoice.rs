//! Enters a vendor's invoice once, and posts it once.
//!
//! `cargo run -p epicor-odata-client --example enter_ap_invoice`; run it again, and nothing is entered.
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

mod connection;

use std::error::Error;
use std::time::Duration;

use epicor_odata_client::GroupId;
use epicor_odata_client::ap_invoice::{NewApInvoice, NewApLine};
use epicor_odata_client::gl_account::GlAccount;
use epicor_odata_client::once::Attempt;
use jiff::civil::date;
use rust_decimal::Decimal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connection::client()?;
    let vendor = client.vendors().by_vendor_id("AMAZON").await?.ok_or("there is no such vendor")?;
    let line = |text: &str, cents, account: &str| {
        GlAccount::parse(account, '-').map(|account| NewApLine {
            part_num: "FEES".to_owned(),
            description: text.to_owned(),
            amount: Decimal::new(cents, 2),
            account: Some(account),
        })
    };
    let day = date(2026, 5, 31);
    let invoice = NewApInvoice {
        vendor_num: vendor.vendor_num,
        vendor_id: vendor.vendor_id,
        invoice_num: "EXAMPLE-1".to_owned(),
        description: "MLEXAMPLE2 fees of May".to_owned(),
        comment: String::new(),
        invoice_date: day,
        currency_code: vendor.currency_code,
        terms_code: None,
        invoice_ref: None,
        lines: vec![line("Referral fees", 4217, "5100")?, line("Fee refunds", -250, "5100")?],
    };
    let invoices = client.ap_invoices();
    let document = invoices.document(GroupId::new("MLEXAMPLE")?, day, invoice)?;
    let settle = Duration::from_secs(120);
    let entered = client.ensure(&document, Attempt::Again, settle).await?;
    println!("{}", if entered.adopted { "it is there" } else { "it was entered" });
    client.ensure_posted(&document, Attempt::Again, settle).await?;
    if let Some(invoice) = invoices.by_number(vendor.vendor_num, "EXAMPLE-1").await? {
        println!("{} over {} is posted", invoice.head.invoice_num, invoice.head.total);
    }
    Ok(())
}
