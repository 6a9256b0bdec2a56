//! Whether Amazon, the journals, Epicor's ledger and the bank tell the same story: gathers what each
//! of them says about one connection, by currency, and lets `ledger_mapper` compare.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::civil::Date;
use ledger_mapper::{
    Account, BankLine, Booked, Evidence, Journal, Reconciliation, Role, SettlementFigures, Source,
    Waiver, reconcile,
};
use serde::Deserialize;
use settlement_model::{Currency, Money, SettlementId};
use store::{BankLineRecord, SettlementRecord, Store};

/// A posted line of Epicor's ledger on one of the clearing accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Starts with the token of the journal, when it is ours.
    pub description: String,
    /// `CurrencyCode`.
    pub currency: String,
    /// What it adds to the account: debit less credit.
    pub amount: Money,
}

/// The settlements of one currency, and everything that is compared with them.
#[derive(Debug, Clone)]
pub struct Books {
    /// The currency.
    pub currency: Currency,
    /// The clearing accounts, as the rules write them.
    pub accounts: Vec<Account>,
    /// The earliest date of a journal: nothing of ours is on the accounts before it.
    pub from: Date,
    /// What each settlement says; the ledger's figures come from [`Books::with_ledger`].
    figures: Vec<SettlementFigures>,
    /// The tokens of each settlement's journals, in the order of `figures`.
    tokens: Vec<Vec<String>>,
    bank: Vec<BankLine>,
    waivers: Vec<Waiver>,
    ledger_balance: Option<Money>,
}

/// A settlement's four figures on the clearing account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FourFigures {
    /// The settlement.
    pub settlement: SettlementId,
    /// Amazon: the settlement's total.
    pub amazon: Money,
    /// What its journals put on the clearing account.
    pub journal: Money,
    /// The same as Epicor's ledger shows it; `None` when it is not posted.
    pub ledger: Option<Money>,
    /// What the bank received for it; `None` when no line was met.
    pub bank: Option<Money>,
    /// Whether nothing of it is left on the clearing account.
    pub closed: bool,
}

/// The plan that is kept with a settlement, as far as the books need it.
#[derive(Deserialize)]
struct Kept {
    journals: Vec<Journal>,
    #[serde(default)]
    netted_to_zero: Vec<Source>,
}

/// Gathers what the store knows about a connection until a day, by currency. Settlements that are
/// not on their way into the ledger yet are left out.
///
/// # Errors
/// The store's errors, or a stored plan that cannot be read.
pub async fn books(store: &Store, connection: &str, until: Date) -> anyhow::Result<Vec<Books>> {
    let mut by_currency: BTreeMap<Currency, Books> = BTreeMap::new();
    for record in store.settlements(Some(connection)).await? {
        if matches!(record.state.as_str(), "posting" | "posted" | "matched") {
            add(&mut by_currency, &record, until)?;
        }
    }
    for waiver in store.waivers(connection).await? {
        for books in by_currency.values_mut() {
            let Some(id) = books.known(&waiver.settlement_id) else { continue };
            let amount = Money::new(waiver.amount.parse()?, books.currency)?;
            books.waivers.push(Waiver { settlement: id, amount });
        }
    }
    for line in store.bank_lines(connection).await? {
        if line.date <= until {
            add_bank_line(&mut by_currency, &line)?;
        }
    }
    Ok(by_currency.into_values().collect())
}

fn add(
    by_currency: &mut BTreeMap<Currency, Books>,
    record: &SettlementRecord,
    until: Date,
) -> anyhow::Result<()> {
    let id = &record.key.settlement_id;
    let due: Date = record
        .end
        .get(..10)
        .and_then(|day| day.parse().ok())
        .with_context(|| format!("settlement {id}: its end \"{}\" is no date", record.end))?;
    if due > until {
        return Ok(());
    }
    let plan = record.plan.as_deref().unwrap_or("{\"journals\":[]}");
    let kept: Kept =
        serde_json::from_str(plan).with_context(|| format!("settlement {id}: stored plan"))?;
    let currency = Currency::parse(&record.currency)?;
    let total = Money::new(record.deposit.parse()?, currency)?;
    let books = by_currency.entry(currency).or_insert_with(|| Books::new(currency, due));
    let booked = Booked { journals: &kept.journals, netted_to_zero: &kept.netted_to_zero };
    let figures =
        SettlementFigures::of_journals(SettlementId::parse(id)?, total, booked, due, None)?;
    books.figures.push(figures);
    books.tokens.push(kept.journals.iter().map(|journal| journal.key.token()).collect());
    for journal in &kept.journals {
        books.from = books.from.min(journal.date);
        let clearing = journal.lines.iter().filter(|line| line.role == Role::AMAZON_CLEARING);
        for line in clearing {
            if !books.accounts.contains(&line.account) {
                books.accounts.push(line.account.clone());
            }
        }
    }
    Ok(())
}

/// A line goes to the settlements of its currency, or to those of the settlement it is assigned to.
/// A line in a currency that no settlement has goes to the first: it must not be lost.
fn add_bank_line(
    by_currency: &mut BTreeMap<Currency, Books>,
    record: &BankLineRecord,
) -> anyhow::Result<()> {
    let currency = Currency::parse(&record.currency)?;
    let assigned = record.settlement_id.as_deref();
    let owner = assigned
        .and_then(|id| by_currency.values().find(|books| books.known(id).is_some()))
        .map(|books| books.currency);
    let place = owner.or_else(|| by_currency.contains_key(&currency).then_some(currency));
    let books = match place {
        Some(place) => by_currency.get_mut(&place),
        None => by_currency.values_mut().next(),
    };
    if let Some(books) = books {
        books.bank.push(BankLine {
            reference: record.reference.clone(),
            date: record.date,
            amount: Money::new(record.amount.parse()?, currency)?,
            settlement: assigned.map(SettlementId::parse).transpose()?,
        });
    }
    Ok(())
}

impl Books {
    fn new(currency: Currency, from: Date) -> Self {
        Self {
            currency,
            accounts: Vec::new(),
            from,
            figures: Vec::new(),
            tokens: Vec::new(),
            bank: Vec::new(),
            waivers: Vec::new(),
            ledger_balance: None,
        }
    }

    fn known(&self, id: &str) -> Option<SettlementId> {
        self.figures.iter().map(|figures| &figures.id).find(|known| known.as_str() == id).cloned()
    }

    /// Adds what Epicor's ledger shows on the clearing accounts since [`Books::from`]. A line
    /// belongs to the settlement whose token its description starts with; all of them together are
    /// the balance.
    ///
    /// # Errors
    /// When the amounts cannot be added.
    pub fn with_ledger(mut self, lines: &[LedgerLine]) -> anyhow::Result<Self> {
        let mut balance = Money::zero(self.currency);
        let ours = lines.iter().filter(|line| line.currency == self.currency.code());
        for line in ours {
            balance = balance.checked_add(line.amount)?;
            let of = |tokens: &Vec<String>| {
                tokens.iter().any(|token| line.description.starts_with(token.as_str()))
            };
            let Some(at) = self.tokens.iter().position(of) else { continue };
            if let Some(figures) = self.figures.get_mut(at) {
                let before = figures.ledger.unwrap_or_else(|| Money::zero(self.currency));
                figures.ledger = Some(before.checked_add(line.amount)?);
            }
        }
        self.ledger_balance = Some(balance);
        Ok(self)
    }

    /// Compares. `transit_days` is how long a deposit may be on its way.
    ///
    /// # Errors
    /// When the amounts cannot be added.
    pub fn reconcile(&self, today: Date, transit_days: i32) -> anyhow::Result<Reconciliation> {
        Ok(reconcile(&Evidence {
            currency: self.currency,
            opening: Money::zero(self.currency),
            settlements: &self.figures,
            bank: &self.bank,
            waivers: &self.waivers,
            ledger_balance: self.ledger_balance,
            today,
            transit_days,
        })?)
    }

    /// The four columns, by settlement.
    ///
    /// # Errors
    /// When the amounts cannot be added.
    pub fn four_figures(&self, result: &Reconciliation) -> anyhow::Result<Vec<FourFigures>> {
        let open: BTreeSet<_> = result
            .differences
            .iter()
            .filter(|difference| difference.open)
            .filter_map(|difference| difference.settlement.as_ref())
            .collect();
        let mut rows = Vec::with_capacity(self.figures.len());
        for figures in &self.figures {
            let mut bank: Option<Money> = None;
            let payments = result.payments.iter().filter(|paid| paid.settlement == figures.id);
            for payment in payments {
                let before = bank.unwrap_or_else(|| Money::zero(self.currency));
                bank = Some(before.checked_add(payment.amount)?);
            }
            rows.push(FourFigures {
                settlement: figures.id.clone(),
                amazon: figures.total,
                journal: figures.journal,
                ledger: figures.ledger,
                bank,
                closed: figures.ledger == Some(figures.journal) && !open.contains(&figures.id),
            });
        }
        Ok(rows)
    }
}
