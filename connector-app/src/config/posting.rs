//! How documents are posted: the style, the vendor that Amazon is, the times and limits.

use jiff::SignedDuration;
use ledger_mapper::{FeePolicy, Role};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::pipeline::posting;

/// What the settle time is longer than grace and timeout together, where nothing else is set: for
/// the way, and for Epicor's searches to show a commit.
const SETTLE_MARGIN_SECONDS: u64 = 10;

/// How documents are posted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Posting {
    /// `journal`, or `journal+ap-invoice`.
    pub style: PostingStyle,
    /// The vendor (`VendorID`) that Amazon is in Epicor, for the style `journal+ap-invoice`.
    pub vendor: Option<String>,
    /// The roles that go to the invoice; all that Amazon charges as a supplier when left out.
    pub fee_roles: Option<Vec<String>>,
    /// Post what was entered; `false` stops at "entered" and leaves posting to people.
    pub post: bool,
    /// Seconds an unknown outcome waits before it is looked up.
    pub settle_seconds: u32,
    /// Seconds after the decision, or the last answer, within which a request may still be sent.
    pub send_grace_seconds: u32,
    /// Seconds one Epicor request may take.
    pub request_timeout_seconds: u32,
}

/// Which documents a settlement becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum PostingStyle {
    /// Everything in a journal for each period.
    #[default]
    #[serde(rename = "journal")]
    Journal,
    /// Amazon's fees as a supplier invoice beside each journal.
    #[serde(rename = "journal+ap-invoice")]
    JournalAndApInvoice,
}

impl Default for Posting {
    fn default() -> Self {
        Self {
            style: PostingStyle::Journal,
            vendor: None,
            fee_roles: None,
            post: true,
            settle_seconds: 120,
            send_grace_seconds: 10,
            request_timeout_seconds: 100,
        }
    }
}

impl Posting {
    /// The policy for [`posting::decide`].
    #[must_use]
    pub fn policy(&self) -> posting::Policy {
        posting::Policy {
            post: self.post,
            settle: SignedDuration::from_secs(i64::from(self.settle_seconds)),
            send_grace: SignedDuration::from_secs(i64::from(self.send_grace_seconds)),
            ..posting::Policy::default()
        }
    }

    /// Why an unknown outcome would be looked up before its request has an end, and what to set.
    #[must_use]
    pub fn settles_too_early(&self) -> Option<String> {
        let (settle, grace) = (self.settle_seconds, self.send_grace_seconds);
        let on_its_way = u64::from(grace) + u64::from(self.request_timeout_seconds);
        (u64::from(settle) <= on_its_way).then(|| {
            format!(
                "settle_seconds = {settle} is not longer than send_grace_seconds = {grace} and \
                 request_timeout_seconds = {} together: a request that Epicor still carries out \
                 would be looked up too early, taken for lost and sent a second time. Set \
                 settle_seconds to {} or more under [connection.posting]",
                self.request_timeout_seconds,
                on_its_way + SETTLE_MARGIN_SECONDS
            )
        })
    }

    /// How fees are booked as supplier invoices; `None` in the style `journal`.
    #[must_use]
    pub fn fees(&self) -> Option<FeePolicy> {
        let vendor = self.vendor.as_ref().filter(|_| self.style != PostingStyle::Journal)?;
        let mut policy = FeePolicy::all_fees(vendor);
        if let Some(roles) = &self.fee_roles {
            policy.roles = roles.iter().filter_map(|name| Role::named(name)).collect();
        }
        Some(policy)
    }

    /// What cannot be meant, and what to write instead.
    pub(super) fn check(&self) -> Result<(), String> {
        let with_vendor = self.vendor.as_ref().is_some_and(|vendor| !vendor.trim().is_empty());
        match self.style {
            PostingStyle::JournalAndApInvoice if !with_vendor => {
                return Err(
                    "posting.style \"journal+ap-invoice\" needs posting.vendor, the VendorID \
                            that Amazon has in Epicor"
                        .to_owned(),
                );
            }
            PostingStyle::Journal if self.vendor.is_some() || self.fee_roles.is_some() => {
                return Err("posting.vendor and posting.fee_roles are for the style \
                            \"journal+ap-invoice\"; name that style, or remove them"
                    .to_owned());
            }
            _ => {}
        }
        let roles = self.fee_roles.iter().flatten();
        match roles.into_iter().find(|name| Role::named(name).is_none()) {
            Some(name) => Err(format!(
                "posting.fee_roles: \"{name}\" is not a role; `ml-connector rules list` shows them"
            )),
            None => Ok(()),
        }
    }
}
