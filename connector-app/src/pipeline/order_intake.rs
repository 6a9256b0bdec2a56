//! Reads the orders that changed, window by window, and records what Amazon tells of each.
//!
//! Windows are over the last change by Amazon's own clock: where one ends, the answer says, so that a
//! clock of ours that is wrong moves nothing. They overlap, and an order that is told again as it is
//! known is left alone. The page that is next is kept, so a restart goes on there; when its token has
//! become too old, the window is read again, in halves.

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sp_api_client::orders_2026_01_01::Order;
use store::{OrderKey, OrderMove, OrderRecord, OrderTold, Poll};

use super::audit::Scribe;
use super::order::{Event, State, decide};
use super::{Actor, OrderWork, UnknownWord};
use crate::amazon::{OrderFacts, WindowRefused, order_facts};
use crate::day::{begin_of, day_of};

/// The name of the list in the store.
pub(super) const LIST: &str = "orders";

/// Amazon keeps orders for two years; a day less, so that no clock matters.
pub const ORDERS_KEPT: SignedDuration = SignedDuration::from_hours((2 * 365 - 1) * 24);

/// A window that ends this long ago ends in the past by any clock.
const SURELY_PAST: SignedDuration = SignedDuration::from_mins(15);

/// How often the token of a page may be refused in one run.
const REFUSALS_MAX: u32 = 100;

/// Two years of minutes.
const PAGES_MAX: u32 = 1_000_000;

/// Records what Amazon tells.
#[derive(Debug, Clone, Copy)]
pub struct OrderIntake<'a> {
    /// The connection's orders.
    pub work: OrderWork<'a>,
}

/// What a run over the windows brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Polled {
    /// Windows read to their end.
    pub windows: u32,
    /// Pages read, which are calls of searchOrders that were answered.
    pub pages: u32,
    /// Orders told, repeated ones too.
    pub told: u64,
    /// Orders that were not known before.
    pub new: u64,
    /// Known orders of which Amazon told something new.
    pub changed: u64,
    /// Pages whose token was refused.
    pub refused: u32,
}

/// What recording one order did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was not known before.
    New,
    /// Something of it is new.
    Changed,
    /// It is known as it is, or newer.
    Known,
}

impl OrderIntake<'_> {
    /// Reads every window up to now.
    ///
    /// # Errors
    /// The store's errors and Amazon's; the next run goes on from the last page.
    pub async fn poll(&self) -> anyhow::Result<Polled> {
        let mut polled = Polled::default();
        while polled.pages < PAGES_MAX {
            let poll = self.current().await?;
            match self.page(&poll, &mut polled).await {
                Ok(true) => return Ok(polled),
                Ok(false) => {}
                Err(error) if error.is::<WindowRefused>() && polled.refused < REFUSALS_MAX => {
                    polled.refused += 1;
                    self.work.watch.note(&format!("{error}"));
                    self.keep(&self.halved(&poll)).await?;
                }
                Err(error) => return Err(error),
            }
        }
        anyhow::bail!("the orders never end: {PAGES_MAX} pages were read")
    }

    /// The window that is being read, or the next one.
    async fn current(&self) -> anyhow::Result<Poll> {
        let now = self.work.clock.now();
        let poll = match self.work.store.poll(&self.work.site.connection, LIST).await? {
            Some(poll) => poll,
            None => Poll { since: self.first_day(now), until: None, page: None },
        };
        if poll.until.is_some() || poll.page.is_some() {
            return Ok(poll);
        }
        let end = poll.since.checked_add(self.work.setting.window())?;
        Ok(Poll { until: Some(end).filter(|end| *end < now - SURELY_PAST), ..poll })
    }

    /// Where the first window begins; Amazon has nothing older than two years.
    pub(crate) fn first_day(&self, now: Timestamp) -> Timestamp {
        if let Some(refused) = self.too_old(now) {
            self.work.watch.note(&refused);
        }
        begin_of(self.work.setting.since).max(now - ORDERS_KEPT)
    }

    /// What is said of a first run when older orders are wanted than Amazon keeps.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn refused(&self) -> anyhow::Result<Option<String>> {
        let known = self.work.store.poll(&self.work.site.connection, LIST).await?;
        Ok(if known.is_none() { self.too_old(self.work.clock.now()) } else { None })
    }

    fn too_old(&self, now: Timestamp) -> Option<String> {
        let (since, oldest) = (self.work.setting.since, day_of(now - ORDERS_KEPT));
        (since < oldest).then(|| {
            format!(
                "orders are wanted since {since}, but Amazon keeps orders for two years: those from \
                 before {oldest} are refused. Finance enters by hand what Epicor must have of them"
            )
        })
    }

    /// The begin of a window whose page was refused, to be read in a shorter time.
    fn halved(&self, poll: &Poll) -> Poll {
        let end = poll.until.unwrap_or_else(|| self.work.clock.now() - SURELY_PAST);
        let half = end.duration_since(poll.since) / 2;
        let until = (half > SURELY_PAST).then(|| poll.since.checked_add(half).ok()).flatten();
        Poll { since: poll.since, until: until.or(poll.until), page: None }
    }

    /// Reads one page and keeps how far that is; true when everything up to now is read.
    async fn page(&self, poll: &Poll, polled: &mut Polled) -> anyhow::Result<bool> {
        let since = poll.since - self.work.setting.overlap();
        let page = self.work.amazon.changed(since, poll.until, poll.page.as_deref()).await?;
        polled.pages += 1;
        for order in &page.orders {
            polled.told += 1;
            match self.record(order).await? {
                Recorded::New => polled.new += 1,
                Recorded::Changed => polled.changed += 1,
                Recorded::Known => {}
            }
        }
        if page.next.is_some() {
            self.keep(&Poll { page: page.next, ..poll.clone() }).await?;
            return Ok(false);
        }
        let end = poll.until.or(page.until).context("Amazon does not say where its window ends")?;
        // A clock that was set back must not make us forget what is known.
        let end = end.max(poll.since);
        let closed = Poll { since: end, until: None, page: None };
        let event = Scribe { connection: &self.work.site.connection, at: self.work.clock.now() }
            .event(
                &Actor::Connector,
                LIST,
                "window of orders".to_owned(),
                "read",
                (None, None),
                json!({ "since": since.to_string(), "until": end.to_string() }),
            );
        self.work.store.polled(&self.work.site.connection, LIST, &closed, Some(&event)).await?;
        polled.windows += 1;
        Ok(poll.until.is_none())
    }

    async fn keep(&self, poll: &Poll) -> anyhow::Result<()> {
        Ok(self.work.store.polled(&self.work.site.connection, LIST, poll, None).await?)
    }

    /// The orders that changed since the last window, as they would be recorded; nothing is.
    ///
    /// # Errors
    /// The store's errors and Amazon's.
    pub async fn preview(&self) -> anyhow::Result<Vec<OrderRecord>> {
        let poll = self.current().await?;
        let since = poll.since - self.work.setting.overlap();
        let (mut records, mut token) = (Vec::new(), None);
        for _ in 0..PAGES_MAX {
            let page = self.work.amazon.changed(since, None, token.as_deref()).await?;
            for order in &page.orders {
                records.extend(self.as_recorded(order).await?);
            }
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        Ok(records)
    }

    /// The record that an order would have, unless it is known as it is.
    async fn as_recorded(&self, order: &Order) -> anyhow::Result<Option<OrderRecord>> {
        let (key, told) = (self.key(order), told(order)?);
        let now = self.work.clock.now();
        let known = self.work.store.order(&key).await?;
        let mut record = known.unwrap_or_else(|| OrderRecord {
            key,
            told: told.clone(),
            state: State::Pending.as_str().to_owned(),
            hold: None,
            entered: None,
            order_num: None,
            revision: 0,
            created: now,
            updated: now,
        });
        if record.told == told && record.order_num.is_some() {
            return Ok(None);
        }
        record.told = told;
        Ok(Some(record))
    }

    fn key(&self, order: &Order) -> OrderKey {
        OrderKey {
            connection: self.work.site.connection.clone(),
            order_id: order.order_id.as_str().to_owned(),
        }
    }

    /// Records one order, as Amazon told it just now.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn record(&self, order: &Order) -> anyhow::Result<Recorded> {
        let told = told(order)?;
        let key = self.key(order);
        let known = self.work.store.order(&key).await?;
        let from = match &known {
            None => None,
            Some(known) if known.told == told => return Ok(Recorded::Known),
            // What a report told is less, however new it is.
            Some(known) if known.told.changed > told.changed && !is_reported(known)? => {
                return Ok(Recorded::Known);
            }
            Some(known) => Some(state_of(&known.key, &known.state)?),
        };
        self.take(&key, from, told, "the Orders API").await
    }

    /// Records what was told of an order that is in a state, or that was not known before.
    pub(super) async fn take(
        &self,
        key: &OrderKey,
        from: Option<State>,
        told: OrderTold,
        by: &str,
    ) -> anyhow::Result<Recorded> {
        let next = from.map_or(Ok(State::Pending), |state| decide(state, Event::Told))?;
        let event = Scribe { connection: &self.work.site.connection, at: self.work.clock.now() }
            .event(
                &Actor::Connector,
                &key.order_id,
                format!("order {}", key.order_id),
                Event::Told.name(),
                (from.map(State::as_str), Some(next.as_str())),
                json!({ "status": told.status, "changed": told.changed.to_string(), "by": by }),
            );
        let Some(from) = from else {
            let state = (next.as_str(), None);
            let new = self.work.store.order_told(key, &told, state, &event).await?;
            return Ok(if new { Recorded::New } else { Recorded::Known });
        };
        let change = OrderMove { told: Some(told), ..OrderMove::default() };
        self.work.store.order_advance(key, from.as_str(), next.as_str(), &change, &event).await?;
        Ok(Recorded::Changed)
    }
}

/// Whether only a report has told the order so far.
fn is_reported(known: &OrderRecord) -> anyhow::Result<bool> {
    let facts: OrderFacts = serde_json::from_str(&known.told.payload)
        .with_context(|| format!("{}: its stored form", known.key))?;
    Ok(facts.reported.is_some())
}

/// What is kept of an order.
///
/// # Errors
/// Never in practice.
pub fn told(order: &Order) -> anyhow::Result<OrderTold> {
    let status = order.fulfillment.as_ref().map(|f| f.fulfillment_status.as_str());
    Ok(OrderTold {
        status: status.unwrap_or_default().to_owned(),
        changed: order.last_updated_time,
        payload: serde_json::to_string(&order_facts(order)?)?,
    })
}

/// The state of a stored order.
pub(crate) fn state_of(key: &OrderKey, word: &str) -> Result<State, UnknownWord> {
    State::parse(word).ok_or_else(|| UnknownWord {
        record: format!("order {}", key.order_id),
        word: word.to_owned(),
    })
}
