//! The company: address, key, user, rights, book, journal code, currencies, accounts, period, and
//! what differs between versions of Epicor. Nothing is saved.

mod calendar;
mod methods;
mod orders;
mod rights;

use std::collections::BTreeSet;

use epicor_odata_client::gl_account::AccountState;
use epicor_odata_client::master::{Book, BookPeriod, Currency, Vendor};
use epicor_odata_client::metadata::Metadata;
use epicor_odata_client::odata::Filter;
use epicor_odata_client::{Client, ConnectionFault, Error, Probe};
use jiff::civil::Date;
use ledger_mapper::{Calendar, Rules, Severity};

use super::clock::{self, Dated};
use super::{Finding, Part, Who, chain};
use crate::config;
use crate::exit::Exit;

/// The sets whose `Description` carries our token.
const DESCRIBED: [&str; 2] = ["GLJournalEntries", "GLJrnDtlMnls"];

/// What is asked of the company.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The connection's settings.
    pub settings: &'a config::Epicor,
    /// The vendor that Amazon's fees are booked to, where they are booked as invoices.
    pub vendor: Option<&'a str>,
    /// Which orders become sales orders, where any do.
    pub orders: Option<&'a config::Orders>,
    /// The rules whose accounts must exist; `None` when they cannot be read.
    pub rules: Option<&'a Rules>,
    /// The fiscal calendar; `None` when it cannot be read.
    pub calendar: Option<&'a Calendar>,
    /// Today, in the zone that days are counted in.
    pub today: Date,
}

impl Asked<'_> {
    /// Asks Epicor. The dated transport is the client's own.
    pub async fn findings(&self, client: &Client, dated: &Dated) -> Vec<Finding> {
        let mut findings = Vec::new();
        match client.ping().await {
            Ok(ping) => {
                let message =
                    format!("company {} ({}) answers", client.company(), ping.company_name);
                findings.push(ok("connection", message));
            }
            Err(error) => {
                findings.push(fault("connection", &error));
                return findings;
            }
        }
        self.services(client, &mut findings).await;
        self.methods(client, &mut findings).await;
        self.entries(client, &mut findings).await;
        if let Some(book) = self.book(client, &mut findings).await {
            self.currencies(client, &book, &mut findings).await;
            self.accounts(client, &book, &mut findings).await;
            self.period(client, &book, &mut findings).await;
            if let Some(calendar) = self.calendar {
                findings.push(calendar::finding(client, &book, calendar, self.today).await);
            }
        }
        self.journal_code(client, &mut findings).await;
        self.vendor(client, &mut findings).await;
        if let Some(setting) = self.orders {
            orders::findings(setting, client, &mut findings).await;
        }
        let probes = client.probe().await.into_iter();
        findings.extend(probes.map(|probe| ok(probe.question, habit(&probe))));
        findings.push(clock::finding(Part::Epicor, dated.ahead()));
        findings
    }

    /// The column that carries our token is as long as the configuration says.
    fn description_length(&self, metadata: &Metadata) -> Finding {
        let what = "description_length";
        let set = self.settings.description_length;
        let told = DESCRIBED.iter().filter_map(|name| metadata.column(name, "Description"));
        let lengths = told.filter_map(|column| column.max_length);
        let Some(longest) = lengths.min().and_then(|length| usize::try_from(length).ok()) else {
            let message = format!(
                "this Epicor does not tell how long a Description may be; {set} characters are \
                 used (epicor.description_length), which every version takes when it is 30"
            );
            return if set <= 30 { ok(what, message) } else { warning(what, message) };
        };
        if set > longest {
            let message = format!(
                "a Description takes {longest} characters here; write \
                 description_length = {longest} under [connection.epicor]"
            );
            return failed(what, (Who::ItAdmin, Exit::Configuration), message);
        }
        ok(what, format!("a Description takes {longest} characters here; {set} are used"))
    }

    async fn book(&self, client: &Client, findings: &mut Vec<Finding>) -> Option<Book> {
        let books = match client.gl_books().all().await {
            Ok(books) => books,
            Err(error) => {
                findings.push(fault("book", &error));
                return None;
            }
        };
        let wanted = self.settings.book.as_deref();
        let ids: Vec<_> = books.iter().map(|book| book.book_id.clone()).collect();
        let found = books.into_iter().find(|book| match wanted {
            Some(id) => book.book_id == id,
            None => book.main_book,
        });
        let act = (Who::ItAdmin, Exit::Configuration);
        let Some(book) = found else {
            let which = wanted.map_or("main book".to_owned(), |id| format!("book {id}"));
            let message = format!(
                "there is no {which}; write one of these as epicor.book: {}",
                ids.join(", ")
            );
            findings.push(failed("book", act, message));
            return None;
        };
        findings.push(if book.inactive {
            let message =
                format!("book {} is inactive; activate it, or name another", book.book_id);
            failed("book", act, message)
        } else {
            let Book { book_id, coa_code, currency_code, .. } = &book;
            ok("book", format!("book {book_id}, chart {coa_code}, kept in {currency_code}"))
        });
        Some(book)
    }

    async fn journal_code(&self, client: &Client, findings: &mut Vec<Finding>) {
        let code = self.settings.journal_code.as_str();
        let act = (Who::ItAdmin, Exit::Configuration);
        findings.push(match client.journal_codes().only(Filter::eq("JournalCode", code)).await {
            Ok(Some(found)) if !found.system => {
                ok("journal_code", format!("journal code {code} ({})", found.description))
            }
            Ok(found) => {
                let why = if found.is_some() { "is Epicor's own" } else { "does not exist" };
                let message = format!("journal code {code} {why}; name another as journal_code");
                failed("journal_code", act, message)
            }
            Err(error) => fault("journal_code", &error),
        });
    }

    async fn vendor(&self, client: &Client, findings: &mut Vec<Finding>) {
        let Some(id) = self.vendor else { return };
        let act = (Who::EpicorAdmin, Exit::Configuration);
        findings.push(match client.vendors().by_vendor_id(id).await {
            Ok(Some(vendor)) if !vendor.inactive => {
                let Vendor { vendor_id, name, currency_code, .. } = vendor;
                ok("vendor", format!("vendor {vendor_id} ({name}), invoiced in {currency_code}"))
            }
            Ok(found) => {
                let why = if found.is_some() { "is inactive" } else { "does not exist" };
                let message = format!("vendor {id} {why}; name another as posting.vendor");
                failed("vendor", act, message)
            }
            Err(error) => fault("vendor", &error),
        });
    }

    /// Each currency of the book and of the posting is active.
    async fn currencies(&self, client: &Client, book: &Book, findings: &mut Vec<Finding>) {
        let currencies = match client.currencies().all().await {
            Ok(currencies) => currencies,
            Err(error) => return findings.push(fault("currency", &error)),
        };
        let active = |currency: &&Currency| !currency.inactive;
        let codes: Vec<_> =
            currencies.iter().filter(active).map(|found| found.currency_code.as_str()).collect();
        let own = book.currency_code.as_str();
        findings.push(if codes.contains(&own) {
            let message = format!("active: {}; settlements in others are held", codes.join(", "));
            ok("currency", message)
        } else {
            let message = format!("{own}, the currency of book {}, is not active", book.book_id);
            failed("currency", (Who::EpicorAdmin, Exit::Failed), message)
        });
    }

    /// Every account that the rules can make is in the chart and may be posted to today.
    async fn accounts(&self, client: &Client, book: &Book, findings: &mut Vec<Finding>) {
        let Some(rules) = self.rules else { return };
        let of_chart = Filter::eq("COACode", book.coa_code.as_str());
        let accounts = match client.gl_accounts().matching(of_chart).await {
            Ok(accounts) => accounts,
            Err(error) => return findings.push(fault("accounts", &error)),
        };
        let missing = self.not_in(rules, &accounts, |_| true);
        let closed = self.not_in(rules, &accounts, |account| account.open_on(self.today));
        if closed.is_empty() {
            let message = format!(
                "every account of the rules is in chart {} and may be posted to",
                book.coa_code
            );
            findings.push(ok("accounts", message));
        }
        for message in closed {
            let message = match missing.contains(&message) {
                true => message,
                false => format!(
                    "{message} It is there, but inactive or not effective today: an Epicor admin \
                     activates it."
                ),
            };
            let act = (Who::FinanceClerk, Exit::Configuration);
            findings.push(failed("accounts", act, message));
        }
    }

    /// What is said of the accounts that the rules can make and that are not among these.
    fn not_in(
        &self,
        rules: &Rules,
        accounts: &[AccountState],
        open: impl Fn(&AccountState) -> bool,
    ) -> BTreeSet<String> {
        let separator = self.settings.segment_separator.to_string();
        let chart: BTreeSet<String> = accounts
            .iter()
            .filter(|account| open(account))
            .map(|account| account.account.replace('|', &separator))
            .collect();
        // An empty chart is one that is not known.
        let chart = if chart.is_empty() { BTreeSet::from([String::new()]) } else { chart };
        ledger_mapper::lint(rules, Some(&chart))
            .into_iter()
            .filter(|finding| finding.code == "not_in_chart" && finding.severity == Severity::Error)
            .map(|finding| format!("{}:{}: {}", finding.file, finding.line, finding.message))
            .collect()
    }

    async fn period(&self, client: &Client, book: &Book, findings: &mut Vec<Finding>) {
        let today = self.today;
        let act = (Who::Controller, Exit::Failed);
        findings.push(match client.book_periods().holding(&book.book_id, today).await {
            Ok(Some(BookPeriod { closed: false, fiscal_year, fiscal_period, .. })) => {
                ok("period", format!("period {fiscal_period} of {fiscal_year} is open"))
            }
            Ok(Some(BookPeriod { fiscal_year, fiscal_period, .. })) => {
                let message = format!(
                    "period {fiscal_period} of {fiscal_year}, which holds today ({today}), is \
                     closed in book {}; open it",
                    book.book_id
                );
                failed("period", act, message)
            }
            Ok(None) => {
                let message = format!("no period of book {} holds today ({today})", book.book_id);
                failed("period", act, message)
            }
            Err(error) => fault("period", &error),
        });
    }
}

/// What a login by Epicor's token service says, beside the login that is configured.
pub fn token_service(logged_in: Result<(), Error>, configured: config::EpicorLogin) -> Finding {
    let what = "token_service";
    match (logged_in, configured) {
        (Ok(()), config::EpicorLogin::Token) => ok(what, "the token service logs the user in"),
        (Ok(()), config::EpicorLogin::Basic) => {
            ok(what, "the token service works here too; login = \"token\" sends the password less")
        }
        (Err(error), config::EpicorLogin::Token) => fault(what, &error),
        (Err(_), config::EpicorLogin::Basic) => {
            ok(what, "no token service here; login = \"basic\" is right")
        }
    }
}

/// A habit of this Epicor's, told in one line.
fn habit(probe: &Probe) -> String {
    let about = match probe.question {
        "page" => "pages",
        "entity_key" => "keys of several columns",
        "in_operator" => "the operator `in` of $filter",
        "missing_record" => "a record that is not there",
        "wrong_company" => "a company that is not there",
        "wrong_key" => "an API key that is wrong",
        "license" => "claiming a Web Service licence",
        other => other,
    };
    format!("{about}: {}", probe.answer)
}

/// Which half of the connection failed, who must act, and what Epicor said.
fn fault(what: &'static str, error: &Error) -> Finding {
    use ConnectionFault as Fault;
    let text = chain(error);
    let Some(part) = error.connection_fault() else {
        return failed(what, (Who::EpicorAdmin, Exit::Failed), text);
    };
    let act = match &part {
        Fault::Unreachable => (Who::ItAdmin, Exit::Failed),
        Fault::Tls | Fault::Address | Fault::Company(_) => (Who::ItAdmin, Exit::Configuration),
        Fault::ApiKey | Fault::Identity | Fault::ApiKeyOrIdentity => {
            (Who::ItAdmin, Exit::NotAuthorised)
        }
        Fault::AccessScope(_) => (Who::EpicorAdmin, Exit::NotAuthorised),
        _ => (Who::ItAdmin, Exit::Failed),
    };
    failed(what, act, format!("it is {part}. {text}"))
}

fn ok(what: &'static str, message: impl Into<String>) -> Finding {
    Finding::ok(Part::Epicor, what, message)
}

fn warning(what: &'static str, message: impl Into<String>) -> Finding {
    Finding::warning(Part::Epicor, what, Who::ItAdmin, message)
}

fn failed(what: &'static str, act: (Who, Exit), message: impl Into<String>) -> Finding {
    Finding::failed(Part::Epicor, what, act, message)
}
