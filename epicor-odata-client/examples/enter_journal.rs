//! Enters a journal once and posts it once, then shows what Epicor holds.
//!
//! `cargo run -p epicor-odata-client --example enter_journal`; run it again, and nothing is entered.
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

mod connection;

use std::error::Error;
use std::time::Duration;

use epicor_odata_client::gl_journal::{GlAccount, JournalSearch, NewGroup, NewJournal, NewLine};
use epicor_odata_client::once::Attempt;
use epicor_odata_client::{Entry, GroupId};
use jiff::civil::date;
use rust_decimal::Decimal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connection::client()?;
    let journals = client.gl_journals().entry(Entry::Dialogue);
    let line = |account: &str, debit, credit| {
        let description = "MLEXAMPLE1 fees of May".to_owned();
        GlAccount::parse(account, '-').map(|account| NewLine {
            account,
            debit,
            credit,
            description,
            comment: String::new(),
        })
    };
    let (fees, day) = (Decimal::new(1250, 2), date(2026, 5, 31));
    let document = journals.document(
        NewGroup {
            group_id: GroupId::new("MLEXAMPLE")?,
            je_date: day,
            book_id: "MAIN".to_owned(),
            journal_code: "GJ".to_owned(),
        },
        NewJournal {
            description: "MLEXAMPLE1 May".to_owned(),
            comment: "An example".to_owned(),
            je_date: day,
            currency_code: "USD".to_owned(),
            lines: vec![line("5100", fees, Decimal::ZERO)?, line("1150", Decimal::ZERO, fees)?],
        },
    )?;
    // What is unknown is looked up after so long; here nothing is said about earlier runs.
    let settle = Duration::from_secs(120);
    let entered = client.ensure(&document, Attempt::Again, settle).await?;
    println!(
        "journal {}, {}",
        entered.key.number,
        if entered.adopted { "there" } else { "entered" }
    );
    let posted = client.ensure_posted(&document, Attempt::Again, settle).await?;
    println!("journal {} is posted", posted.number);

    let mut search = JournalSearch::from(day);
    search.description = Some("MLEXAMPLE1".to_owned());
    for line in journals.search(&search).await? {
        println!("{:8} {:>10} {:>10}", line.account, line.debit, line.credit);
    }
    Ok(())
}
