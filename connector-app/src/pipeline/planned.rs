//! What a settlement will be posted as, in the connection's posting style: planned, and as kept.

use anyhow::Context as _;
use ledger_mapper::{
    FeeError, FeeInvoice, FeePolicy, FeePosting, Hold, Journal, Plan, Role, Rules, Source,
    fee_invoice,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use settlement_model::Money;
use store::SettlementRecord;

use crate::ledger::Document;

/// A plan, and the supplier invoices that were taken out of its journals.
///
/// Its JSON form is the contract of `plan --json`: the plan's, with an array of `invoices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Planned {
    /// The plan; its journals are without what the invoices charge.
    #[serde(flatten)]
    pub plan: Plan,
    /// The fees as supplier invoices, at most one for each journal; none in the style `journal`.
    pub invoices: Vec<FeeInvoice>,
}

impl Planned {
    /// Takes the fees out of the plan's journals, where the connection's style asks for it. Rules
    /// without an account to meet the invoices hold the settlement.
    ///
    /// # Errors
    /// [`FeeError`] when amounts cannot be computed.
    pub fn new(plan: Plan, rules: &Rules, fees: Option<&FeePolicy>) -> Result<Self, FeeError> {
        let mut planned = Self { plan, invoices: Vec::new() };
        let Some(policy) = fees else { return Ok(planned) };
        let mut held = Vec::new();
        for journal in std::mem::take(&mut planned.plan.journals) {
            match fee_invoice(&journal, rules, policy) {
                Ok(None) => planned.plan.journals.push(journal),
                Ok(Some(FeePosting { journal, invoice })) => {
                    planned.plan.journals.push(journal);
                    planned.invoices.push(invoice);
                }
                Err(FeeError::NoAccount) => held.push(no_account(&journal, policy)?),
                Err(error) => return Err(error),
            }
        }
        if !held.is_empty() {
            planned.plan.journals.clear();
            planned.invoices.clear();
            planned.plan.held.extend(held);
        }
        Ok(planned)
    }

    /// The documents, in the order they are written: each journal with its invoice.
    #[must_use]
    pub fn documents(&self) -> Vec<Document> {
        in_order(self.plan.journals.clone(), &self.invoices)
    }
}

fn no_account(journal: &Journal, policy: &FeePolicy) -> Result<Hold, FeeError> {
    let sources = journal.lines.iter().flat_map(|line| &line.sources);
    let fees: Vec<_> = sources.filter(|source| policy.roles.contains(&source.role)).collect();
    let amount: Decimal = fees.iter().map(|source| source.amount).sum();
    Ok(Hold::RoleWithoutAccount {
        role: Role::FEES_PAYABLE,
        triple: None,
        rows: fees.iter().map(|source| source.rows).sum(),
        amount: Money::new(amount, journal.currency)?,
    })
}

fn in_order(journals: Vec<Journal>, invoices: &[FeeInvoice]) -> Vec<Document> {
    let mut documents = Vec::with_capacity(journals.len() + invoices.len());
    for journal in journals {
        let invoice = invoices.iter().find(|invoice| invoice.journal == journal.key);
        documents.push(Document::Journal(journal));
        documents.extend(invoice.cloned().map(Document::ApInvoice));
    }
    documents
}

/// The plan that is kept with a settlement: what [`Planned`] was stored as.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptPlan {
    /// Whether the rows add up to the total.
    pub ties: bool,
    /// The sum of the rows less the total, as decimal text.
    pub difference: String,
    /// The version of the rules it was made by.
    pub rules: String,
    /// The journals; none when it is held.
    pub journals: Vec<Journal>,
    /// The supplier invoices that were taken out of them.
    pub invoices: Vec<FeeInvoice>,
    /// Rows that no journal line shows.
    #[serde(default)]
    pub netted_to_zero: Vec<Source>,
}

impl KeptPlan {
    /// The plan of a settlement.
    ///
    /// # Errors
    /// When the settlement was not mapped yet, or another version wrote the plan.
    pub fn of(record: &SettlementRecord) -> anyhow::Result<Self> {
        let id = &record.key.settlement_id;
        let plan = record.plan.as_deref().with_context(|| {
            format!("settlement {id} has no plan yet; run `ml-connector sync settlements`")
        })?;
        serde_json::from_str(plan).with_context(|| format!("settlement {id}: stored plan"))
    }

    /// The documents, in the order they are written: each journal with its invoice.
    #[must_use]
    pub fn into_documents(self) -> Vec<Document> {
        in_order(self.journals, &self.invoices)
    }
}

/// The version of the rules that a stored plan was made by; `None` before the first plan.
pub(super) fn rules_of(record: &SettlementRecord) -> Option<String> {
    #[derive(Deserialize)]
    struct Rules {
        rules: String,
    }
    let plan: Rules = serde_json::from_str(record.plan.as_deref()?).ok()?;
    Some(plan.rules)
}

/// The journals of a stored plan.
///
/// # Errors
/// When the settlement was not mapped yet, or another version wrote the plan.
pub fn journals_of(record: &SettlementRecord) -> anyhow::Result<Vec<Journal>> {
    Ok(KeptPlan::of(record)?.journals)
}

/// The documents of a stored plan, in the order they are written.
///
/// # Errors
/// As [`journals_of`].
pub fn documents_of(record: &SettlementRecord) -> anyhow::Result<Vec<Document>> {
    Ok(KeptPlan::of(record)?.into_documents())
}
