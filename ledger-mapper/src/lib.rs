#![doc = include_str!("../README.md")]

mod accrual;
mod adjustment;
mod alignment;
mod calendar;
mod catalogue;
mod drill;
mod explain;
mod fees;
mod file_error;
mod form;
mod hold;
mod journal;
mod key;
mod lines;
mod lint;
mod nearest;
mod order;
mod order_match;
mod pattern;
mod plan;
mod reconcile;
mod reversal;
mod role;
mod rule_test;
mod rules;
mod rules_diff;
mod suggest;
mod translation;

pub use accrual::{
    Accrual, AccrualContext, AccrualHold, Accruals, BookedSettlement, DeferredAmount,
    DeferredTransaction, TransactionStatus, accrue,
};
pub use adjustment::{AdjustmentError, adjustment};
pub use alignment::{Aligned, Alignment, Candidate, Clue, Listing, Part, align};
pub use calendar::{Calendar, Period};
pub use catalogue::{CatalogueEntry, Confidence, catalogue};
pub use drill::{Drill, DrillError, SourceRow};
pub use explain::{CatalogueMatch, Considered, Explanation, Outcome, Why};
pub use fees::{
    FeeDocument, FeeError, FeeInvoice, FeeLine, FeePolicy, FeePosting, fee_invoice, fee_reversal,
};
pub use file_error::{CalendarError, FileError, RulesError};
pub use hold::Hold;
pub use journal::{Journal, JournalError, JournalLine, RoleShare, Source};
pub use key::{JournalKey, period_in_key, reversed_in_key, token};
pub use lint::{Finding, Severity, lint};
pub use order::{
    AmazonOrder, ChargeCodes, ChargeKind, DraftCharge, DraftLine, FulfilledBy, OrderChange,
    OrderHold, OrderItem, OrderPolicy, OrderStatus, OrderStep, Proceeds, SalesOrderDraft, ShipTo,
    SkuPart, order_step,
};
pub use order_match::{MatchError, MatchedOrder, OrderMatch, OrderMoney, OrderMonies, match_order};
pub use plan::{Context, Plan, plan};
pub use reconcile::{
    Ageing, BankLine, Booked, ClearingRow, Comparison, Difference, DifferenceKind, Evidence,
    Payment, Reconciliation, RollForward, SettlementFigures, Waiver, reconcile,
};
pub use reversal::{ReversalError, reversal};
pub use role::{Role, RoleInfo, Side, Statement, roles};
pub use rule_test::{CaseLine, CaseResult, RuleTests, fulfillment_named, triple_named};
pub use rules::{Account, Field, ListedRule, RowFacts, RuleRef, Rules};
pub use rules_diff::{AccountChange, Move, RulesDiff};
pub use suggest::{Suggestion, suggest};
