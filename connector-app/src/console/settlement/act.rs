//! What a person does with a settlement: approve and post, hold, say that it was entered by hand,
//! release, reverse.

use std::sync::Arc;

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;
use serde::Deserialize;
use store::{SettlementKey, Store};

use super::{Found, Head, Named, Tab};
use crate::connect;
use crate::console::asking;
use crate::console::form::Checked;
use crate::console::four_eyes;
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::role::Act;
use crate::console::seat::Seat;
use crate::console::telling;
use crate::console::typed::{self, Nothing};
use crate::decision::{self, Decision};
use crate::pipeline::settlement::{Event, Illegal, State as Life};
use crate::pipeline::{BeforeGoLive, NotByHand, Obstructed, Silent, Worker};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    let at = |end: &str| format!("/settlements/{{connection}}/{{id}}/{end}");
    let asks = |what: Ask| {
        get(move |seat: Seat, server: State<Arc<Server>>, named: Path<Named>| {
            ask(seat, server, named, what)
        })
    };
    Router::new()
        .route(&at("approve"), post(approve))
        .route(&at(HOLD.end), asks(HOLD).post(hold))
        .route(&at(BY_HAND.end), asks(BY_HAND).post(by_hand))
        .route(&at(RELEASE.end), asks(RELEASE).post(release))
        .route(&at(REVERSE.end), asks(REVERSE).post(reverse))
}

/// A page that asks for a reason before something is done.
#[derive(Template)]
#[template(path = "settlement/act.html")]
struct AskPage {
    frame: Frame,
    head: Head,
    ask: Ask,
    /// The day of reversing journals, where there are any.
    date: Option<String>,
}

/// What is asked, in the clerk's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ask {
    /// The last part of the address.
    end: &'static str,
    title: &'static str,
    /// What will happen.
    what: &'static str,
    button: &'static str,
    /// Whether it cannot be undone.
    danger: bool,
    needs: Act,
}

const HOLD: Ask = Ask {
    end: "hold",
    title: "Hold",
    what: "Nothing of it goes to Epicor until somebody releases it.",
    button: "Hold it",
    danger: false,
    needs: Act::Prepare,
};

const BY_HAND: Ask = Ask {
    end: "by-hand",
    title: "Entered by hand",
    what: "It is in Epicor's books already, because somebody entered it there. The connector posts \
           nothing of it; whoever releases it later takes that back.",
    button: "It is in the books",
    danger: false,
    needs: Act::Approve,
};

const RELEASE: Ask = Ask {
    end: "release",
    title: "Release",
    what: "It is looked at afresh with the rules of now and goes on from there. What held it may \
           hold it again. A gap or an overlap in the series of settlements is waived for good.",
    button: "Release it",
    danger: false,
    needs: Act::Approve,
};

const REVERSE: Ask = Ask {
    end: "reverse",
    title: "Reverse",
    what: "Reversing documents are posted to Epicor on the day below. They take back everything \
           that is posted; nothing is deleted, and the reversal itself stays in the books.",
    button: "Reverse it in Epicor",
    danger: true,
    needs: Act::Approve,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    reason: String,
    date: String,
}

async fn ask(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
    ask: Ask,
) -> Result<Page<AskPage>, PageError> {
    seat.may(ask.needs)?;
    let found = Found::of(&server, &seat, named).await?;
    let head = found.head(Tab::Journal)?;
    let connection = found.config.connection(Some(&found.record.key.connection))?;
    let today = || connection.today(server.clock().now()).to_string();
    let date = ask.danger.then(today);
    Ok(Page(AskPage { frame: seat.frame(Entry::Settlements), head, ask, date }))
}

async fn approve(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Response, PageError> {
    seat.may(Act::Approve)?;
    let target = Target::of(&server, named).await?;
    let (store, key) = (&target.store, &target.key);
    let reason = four_eyes::reason_to_approve(&server, store, key, &seat, None).await?;
    match target.decide(&server, &seat, Decision::Approve(None), reason.as_deref()).await {
        Ok(state) => {
            asking::for_a_run(&server, &target.store, &seat, &target.key.connection).await?;
            let notice = match state {
                Life::Approved | Life::Posting => "is approved and goes to Epicor now",
                Life::Posted => "is approved; there was nothing more to post",
                _ => "is approved and goes on",
            };
            Ok(seat.go_on(&target.page(), &format!("Settlement {} {notice}.", target.id())))
        }
        Err(error) => match target.somebody_was_faster(&error).await? {
            Some(notice) => Ok(seat.go_on(&target.page(), &notice)),
            None => Err(error.into()),
        },
    }
}

async fn hold(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, PageError> {
    seat.may(HOLD.needs)?;
    let target = Target::of(&server, named).await?;
    let reason = typed::reason(&typed.reason)?;
    target.decide(&server, &seat, Decision::Hold, Some(reason)).await?;
    Ok(seat.go_on(&target.page(), &format!("Settlement {} is held.", target.id())))
}

async fn by_hand(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, PageError> {
    seat.may(BY_HAND.needs)?;
    let target = Target::of(&server, named).await?;
    let reason = typed::reason(&typed.reason)?;
    match target.decide(&server, &seat, Decision::EnteredByHand, Some(reason)).await {
        Ok(_) => {}
        Err(error) if error.is::<NotByHand>() => {
            return Err(PageError::conflict(format!("{error:#}"), "Reverse it first."));
        }
        Err(error) => return Err(error.into()),
    }
    let notice =
        format!("Settlement {} is in the books by hand; nothing of it is posted.", target.id());
    Ok(seat.go_on(&target.page(), &notice))
}

async fn release(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, PageError> {
    seat.may(RELEASE.needs)?;
    let target = Target::of(&server, named).await?;
    let reason = typed::reason(&typed.reason)?;
    let released = target.decide(&server, &seat, Decision::Release, Some(reason)).await;
    let state = match released {
        Err(error) if error.is::<BeforeGoLive>() => {
            let next = "Ask the IT admin to move go_live, or leave it.";
            return Err(PageError::conflict(format!("{error:#}"), next));
        }
        released => released?,
    };
    let notice = if state == Life::Held {
        format!("Settlement {} was looked at afresh, and is held still.", target.id())
    } else {
        asking::for_a_run(&server, &target.store, &seat, &target.key.connection).await?;
        format!("Settlement {} is released and goes on.", target.id())
    };
    Ok(seat.go_on(&target.page(), &notice))
}

async fn reverse(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, PageError> {
    seat.may(REVERSE.needs)?;
    let (reason, date) = (typed::reason(&typed.reason)?, typed::day(&typed.date)?);
    let target = Target::of(&server, named).await?;
    match target.reverse(&server, &seat, date, reason).await {
        Ok(()) => {}
        Err(error) if error.is::<Obstructed>() || error.is::<ledger_mapper::ReversalError>() => {
            let what = format!("{error:#}");
            return Err(PageError::conflict(what, "Choose another day, or mend it in Epicor."));
        }
        Err(error) => return Err(error.into()),
    }
    asking::for_a_run(&server, &target.store, &seat, &target.key.connection).await?;
    let notice = format!("Settlement {} is being reversed in Epicor now.", target.id());
    Ok(seat.go_on(&target.page(), &notice))
}

/// A settlement that something is done with.
struct Target {
    store: Store,
    key: SettlementKey,
}

impl Target {
    async fn of(server: &Server, (connection, settlement_id): Named) -> Result<Self, PageError> {
        let store = server.keeper.write().await?;
        let key = SettlementKey { connection, settlement_id };
        super::known(&store, &key).await?;
        Ok(Self { store, key })
    }

    fn id(&self) -> &str {
        &self.key.settlement_id
    }

    fn page(&self) -> String {
        crate::console::address::settlement(&self.key)
    }

    async fn decide(
        &self,
        server: &Server,
        seat: &Seat,
        decision: Decision,
        reason: Option<&str>,
    ) -> anyhow::Result<Life> {
        let config = &server.in_force.get().config;
        let connection = config.connection(Some(&self.key.connection))?;
        let site = connect::site(connection, &config.folder)?;
        let with = (&self.store, &site, server.clock().as_ref());
        decision::decide(with, &self.key, decision, (seat.actor(), reason)).await
    }

    /// Records the reversing documents; the run that is asked for posts them.
    async fn reverse(
        &self,
        server: &Server,
        seat: &Seat,
        date: Option<Date>,
        reason: &str,
    ) -> anyhow::Result<()> {
        let loaded = server.in_force.get();
        let config = &loaded.config;
        let connection = config.connection(Some(&self.key.connection))?;
        let site = connect::site(connection, &config.folder)?;
        let secrets = loaded.secrets(&self.store).await?;
        let (clock, links) = (server.clock(), server.links());
        let ledger = connect::epicor(connection, &config.folder, &secrets, clock, links).await?;
        let (store, clock, watch) = (&self.store, clock.as_ref(), &Silent);
        let worker = Worker { site: &site, store, ledger: Some(&ledger), clock, watch };
        worker.reverse(&self.key, date, seat.actor(), reason).await.with_context(|| {
            format!("settlement {} is not reversed; nothing was changed", self.id())
        })?;
        Ok(())
    }

    /// What to say when the settlement was approved meanwhile; `None` when it was not.
    async fn somebody_was_faster(&self, error: &anyhow::Error) -> anyhow::Result<Option<String>> {
        let moved = error.is::<Illegal>()
            || matches!(error.downcast_ref(), Some(store::Error::Stale { .. }));
        let record = self.store.settlement(&self.key).await?;
        let Some(record) = record.filter(|_| moved) else { return Ok(None) };
        let state = crate::pipeline::state_of(&record)?;
        if !matches!(state, Life::Approved | Life::Posting | Life::Posted | Life::Matched) {
            return Ok(None);
        }
        let events = self.store.events_of(self.id()).await?;
        let approved = Event::Approved.name();
        let by = events
            .iter()
            .rev()
            .find(|event| event.action == approved && event.connection == self.key.connection);
        let who = by.map_or("somebody else", |event| telling::who(&event.actor));
        Ok(Some(format!(
            "Settlement {} was approved by {who} a moment ago and is {state}. Nothing was done twice.",
            self.id()
        )))
    }
}
