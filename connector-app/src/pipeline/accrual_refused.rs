//! What stands against posting an accrual, by what the store knows: a signature under a period that it
//! posts into, and settlements that came since it was planned.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{PeriodKey, RecordKey, Store};

use super::accrual_booked::booked;
use super::accrual_plan::KeptAccrual;
use super::hold::HeldReason;

/// An accrual cannot go on as things stand. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccrualRefused {
    /// A person has signed what it posts into.
    #[error(
        "the accrual of {accrual} posts into period {period}, which is signed; the controller re-opens \
         it with a reason, then the accrual goes on"
    )]
    Signed {
        /// The accrual's period and currency.
        accrual: String,
        /// The period that is signed.
        period: String,
    },
    /// The period is not over.
    #[error("period {period} ends on {end}: accrue it when it is over")]
    Running {
        /// The period.
        period: String,
        /// Its last day.
        end: Date,
    },
    /// It was planned when other settlements were booked until the period's end.
    #[error("the accrual of {accrual} is out of date: {}; prepare it again", .since.join("; "))]
    Outdated {
        /// The accrual's period and currency.
        accrual: String,
        /// What came or went since.
        since: Vec<String>,
    },
    /// There is nothing in it.
    #[error("nothing is open any more of the accrual of {accrual}; prepare it again")]
    NothingOpen {
        /// The accrual's period and currency.
        accrual: String,
    },
}

/// Nothing is posted into a period that a person has signed.
///
/// # Errors
/// [`AccrualRefused::Signed`], or the store's errors.
pub(super) async fn refuse_signed(
    store: &Store,
    key: &PeriodKey,
    plan: &KeptAccrual,
) -> anyhow::Result<()> {
    match signed(store, key, plan).await? {
        None => Ok(()),
        Some(period) => {
            Err(AccrualRefused::Signed { accrual: RecordKey::from(key).id, period }.into())
        }
    }
}

/// An accrual is posted only beside the settlements that it was planned beside.
///
/// # Errors
/// [`AccrualRefused::Outdated`], or the store's errors.
pub(super) async fn refuse_outdated(
    store: &Store,
    key: &PeriodKey,
    plan: &KeptAccrual,
) -> anyhow::Result<()> {
    let since = since(store, key, plan).await?;
    if since.is_empty() {
        return Ok(());
    }
    Err(AccrualRefused::Outdated { accrual: RecordKey::from(key).id, since }.into())
}

/// The same as reasons that hold it; nothing when it may be posted.
pub(super) async fn held_for(
    store: &Store,
    key: &PeriodKey,
    plan: &KeptAccrual,
) -> anyhow::Result<Vec<HeldReason>> {
    let signed = signed(store, key, plan).await?.map(|period| {
        let message = format!(
            "period {period}, which it posts into, is signed; the controller re-opens it with a reason, \
             then the accrual goes on by itself"
        );
        HeldReason::new("period_signed", message)
    });
    let outdated = since(store, key, plan).await?.into_iter().map(|what| {
        let message = format!("{what}; an accountant prepares the accrual again");
        HeldReason::new("accrual_outdated", message)
    });
    Ok(signed.into_iter().chain(outdated).collect())
}

/// Of the two periods that it posts into, one that a person has signed.
async fn signed(
    store: &Store,
    key: &PeriodKey,
    plan: &KeptAccrual,
) -> anyhow::Result<Option<String>> {
    let periods = [&key.period, &plan.reversal.period];
    let signatures = store.signed_periods(&key.connection).await?;
    let signed = signatures.into_iter().find(|signed| {
        signed.reopened.is_none()
            && signed.key.currency == key.currency
            && periods.contains(&&signed.key.period)
    });
    Ok(signed.map(|signed| signed.key.period))
}

/// What came into the books until the period's end, or went out of them, since it was planned.
async fn since(store: &Store, key: &PeriodKey, plan: &KeptAccrual) -> anyhow::Result<Vec<String>> {
    let zone = TimeZone::get(&plan.journal.zone).ok();
    Ok(plan.since(&booked(store, &key.connection, zone.as_ref()).await?))
}
