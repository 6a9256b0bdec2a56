//! The accrual on a period's page: what was earned in it and is in no settlement, as a journal and its
//! reversal.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::post;
use store::{PeriodKey, RecordKey};

use super::period::Asked;
use super::{Known, text};
use crate::accrual::{self, Standing};
use crate::connect;
use crate::console::form::Checked;
use crate::console::page::PageError;
use crate::console::role::Act;
use crate::console::seat::Seat;
use crate::console::systems::Systems;
use crate::console::telling::who;
use crate::console::typed::{self, Nothing, Why};
use crate::console::{asking, figures, four_eyes, states};
use crate::lane;
use crate::pipeline::accrual::State as Life;
use crate::pipeline::{AccrualWorker, Silent, Site, posting_number};
use crate::reconcile::period::PeriodBooks;
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/reconciliation/accrual/prepare", post(prepare))
        .route("/reconciliation/accrual/approve", post(approve))
        .route("/reconciliation/accrual/release", post(release))
}

/// The accrual of a period as its page shows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AccrualView {
    /// The one that was prepared.
    pub(super) kept: Option<Kept>,
    /// What the button that asks Amazon says; nothing while it is not to be pressed.
    pub(super) ask: Option<&'static str>,
    /// Why it is not to be pressed.
    pub(super) why_not: String,
    /// Whether the user may approve it.
    pub(super) approve: bool,
    /// Why not, if it waits for that.
    pub(super) not_approve: String,
    /// Whether the user may let it go on.
    pub(super) release: bool,
    /// The accruals of earlier periods that are taken back in this one.
    pub(super) taken_back: Vec<String>,
}

/// An accrual that was prepared.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) word: &'static str,
    pub(super) tone: &'static str,
    pub(super) meaning: &'static str,
    pub(super) total: String,
    pub(super) deferred: String,
    pub(super) unsettled: String,
    pub(super) transactions: String,
    pub(super) date: String,
    pub(super) back: String,
    pub(super) lines: Vec<Line>,
    pub(super) documents: Vec<Document>,
    pub(super) held: Vec<String>,
    pub(super) changes: Vec<String>,
    pub(super) next: String,
}

/// A line of its journal; the reversal has debit and credit the other way round.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) debit: String,
    pub(super) credit: String,
}

/// The journal or the reversal, on its way or there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) what: &'static str,
    pub(super) key: String,
    pub(super) token: String,
    pub(super) step: String,
    pub(super) tone: &'static str,
    pub(super) number: String,
}

impl AccrualView {
    pub(super) async fn of(
        server: &Server,
        seat: &Seat,
        known: &Known,
        figures: &PeriodBooks,
    ) -> Result<Self, PageError> {
        let here = known.gathered.accruals_in(figures);
        let (own, earlier): (Vec<_>, Vec<_>) =
            here.iter().partition(|one| one.key.period == figures.period.name);
        let own = own.first().copied();
        let state = own.map(|one| one.state);
        let ask = match state {
            None => Some("Ask Amazon and prepare the accrual"),
            Some(Life::Approved | Life::Posting) => None,
            Some(Life::Posted) => Some("Compare with what Amazon tells now"),
            Some(_) => Some("Ask Amazon again"),
        };
        let is_over = figures.period.end < known.today;
        let mut view = Self {
            kept: own.map(Kept::of).transpose()?,
            ask: ask.filter(|_| is_over && seat.roles.may(Act::Prepare)),
            why_not: String::new(),
            approve: false,
            not_approve: String::new(),
            release: state == Some(Life::Held) && seat.roles.may(Act::Approve),
            taken_back: earlier.into_iter().map(taken_back).collect::<Result<_, _>>()?,
        };
        if !is_over {
            let end = figures.period.end;
            view.why_not = format!("The period ends on {end}: it is accrued when it is over.");
        } else if ask.is_some() && !seat.roles.may(Act::Prepare) {
            "Somebody with the role preparer asks Amazon.".clone_into(&mut view.why_not);
        }
        if let Some(own) = own.filter(|one| one.state == Life::Ready) {
            view.may_approve(server, seat, known, &own.key).await?;
        }
        Ok(view)
    }

    /// Whether this user approves it; if not, why.
    async fn may_approve(
        &mut self,
        server: &Server,
        seat: &Seat,
        known: &Known,
        key: &PeriodKey,
    ) -> Result<(), PageError> {
        let record = RecordKey::from(key);
        let story = known.store.events_of(&record.id).await?;
        let preparers = four_eyes::preparers(&story, &record);
        let four_eyes = server.in_force.get().config.console.four_eyes;
        if !seat.roles.may(Act::Approve) {
            "It waits for somebody with the role approver.".clone_into(&mut self.not_approve);
        } else if four_eyes && preparers.contains(&seat.actor().label()) {
            let names: Vec<_> = preparers.iter().map(|actor| who(actor)).collect();
            let names = names.join(" and ");
            self.not_approve = format!("{names} prepared it; another approver approves it.");
        } else {
            self.approve = true;
        }
        Ok(())
    }
}

fn taken_back(earlier: &Standing) -> Result<String, PageError> {
    let (journal, total) = (&earlier.plan.journal, earlier.plan.total()?);
    let number = earlier.documents.iter().find(|one| one.key != journal.key.as_str());
    let stands = number.map_or_else(
        || "planned".to_owned(),
        |posting| {
            posting_number(posting)
                .map_or_else(|| posting.step.clone(), |number| format!("journal {number}"))
        },
    );
    let period = &earlier.key.period;
    let (date, total) = (earlier.plan.reversal.date, text(total));
    Ok(format!("{total} that was accrued in {period} is taken back on {date} ({stands})."))
}

impl Kept {
    fn of(standing: &Standing) -> Result<Self, PageError> {
        let Standing { state, plan, held, documents, changes, .. } = standing;
        let currency = plan.journal.currency;
        let line = |line: &ledger_mapper::JournalLine| Line {
            account: line.account.to_string(),
            name: line.account_name.clone().unwrap_or_default(),
            debit: figures::side(line.debit, currency),
            credit: figures::side(line.credit, currency),
        };
        let document = |posting: &store::PostingRecord| Document {
            what: match posting.key == plan.journal.key.as_str() {
                true => "Accrual",
                false => "Reversal",
            },
            key: posting.key.clone(),
            token: posting.token.clone(),
            tone: states::tone(&posting.step),
            number: posting_number(posting).unwrap_or_default(),
            step: posting.step.clone(),
        };
        Ok(Self {
            word: state.as_str(),
            tone: states::tone(state.as_str()),
            meaning: meaning(*state),
            total: text(plan.total()?),
            deferred: text(plan.deferred),
            unsettled: text(plan.unsettled),
            transactions: figures::counted(plan.transactions.len() as u64, "transaction"),
            date: plan.journal.date.to_string(),
            back: plan.reversal.date.to_string(),
            lines: plan.journal.lines.iter().map(line).collect(),
            documents: documents.iter().map(document).collect(),
            held: held.iter().map(|reason| reason.message.clone()).collect(),
            changes: changes.clone(),
            next: match state {
                Life::Posted if !changes.is_empty() => {
                    "Nothing is posted by itself: the reversal takes the accrual back as it was \
                     posted. An accountant decides whether the period wants a journal for the \
                     difference."
                        .to_owned()
                }
                _ => String::new(),
            },
        })
    }
}

const fn meaning(state: Life) -> &'static str {
    match state {
        Life::Prepared => "It is planned; the next run asks Epicor whether it takes both journals.",
        Life::Ready => "Epicor takes both journals. It waits for somebody to approve it.",
        Life::Approved => "It is approved; the next run posts it.",
        Life::Posting => "It is on its way into Epicor. Reload to see how far it is.",
        Life::Posted => "Both journals are in Epicor.",
        Life::Held => "It is held. Nothing more of it is posted until somebody decides.",
    }
}

/// An accrual that something is done with, by who may not act beside the run of its connection.
struct Target<'s> {
    server: &'s Server,
    systems: Systems<'s>,
    site: Site,
    key: PeriodKey,
}

impl<'s> Target<'s> {
    async fn of(server: &'s Server, asked: &Asked) -> Result<Self, PageError> {
        let systems = Systems::of(server, &asked.connection).await?;
        let connection = systems.connection()?;
        let site = connect::site(connection, systems.folder())?;
        let key = PeriodKey {
            connection: connection.name.clone(),
            currency: asked.currency.clone(),
            period: asked.period.clone(),
        };
        Ok(Self { server, systems, site, key })
    }

    /// Records what is done; the run that is asked for goes on.
    fn worker(&self) -> AccrualWorker<'_> {
        let (clock, store) = (self.server.clock().as_ref(), &self.systems.store);
        AccrualWorker { site: &self.site, store, ledger: None, clock, watch: &Silent }
    }

    async fn go_on(&self, seat: &Seat, asked: &Asked, told: &str) -> Result<Response, PageError> {
        let (store, name) = (&self.systems.store, &self.key.connection);
        asking::for_a_run(self.server, store, seat, name).await?;
        let id = RecordKey::from(&self.key).id;
        Ok(seat.go_on(&asked.address(), &format!("The accrual of {id} {told}")))
    }
}

async fn prepare(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Response, PageError> {
    seat.may(Act::Prepare)?;
    let known = Known::of(&server, &seat, &asked.connection).await?;
    let period = known.find(&asked.currency, &asked.period)?.period;
    let target = Target::of(&server, &asked).await?;
    let client = target.systems.amazon().await?;
    let (store, clock) = (&target.systems.store, server.clock());
    let told = accrual::ask(store, &target.site, &client, &period, clock.now()).await?;
    if !told.accruals.held.is_empty() {
        let reasons: Vec<_> = told.accruals.held.iter().map(ToString::to_string).collect();
        let next = "Decide under Mapping what these amounts are, then ask again.";
        return Err(PageError::conflict(reasons.join(" "), next));
    }
    let name = &target.key.connection;
    lane::alone(store, name, clock.as_ref(), async |store| {
        let worker = AccrualWorker { store: &store, ..target.worker() };
        let only = Some(target.key.currency.as_str());
        accrual::prepare(&worker, &told, only, &seat.actor()).await
    })
    .await?;
    match store.accrual(&target.key).await? {
        None => Ok(seat.go_on(&asked.address(), "Nothing is open at the end of the period.")),
        Some(record) => {
            let told = format!("is {}, by what Amazon tells now.", record.state);
            target.go_on(&seat, &asked, &told).await
        }
    }
}

async fn approve(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Response, PageError> {
    seat.may(Act::Approve)?;
    let target = Target::of(&server, &asked).await?;
    let (store, key) = (&target.systems.store, &target.key);
    let reason = four_eyes::reason_to_approve(&server, store, key, &seat, None).await?;
    target.worker().approve(key, &seat.actor(), reason.as_deref()).await?;
    target.go_on(&seat, &asked, "is approved and goes to Epicor now.").await
}

async fn release(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
    Checked(Why { reason }): Checked<Why>,
) -> Result<Response, PageError> {
    seat.may(Act::Approve)?;
    let reason = typed::reason(&reason)?;
    let target = Target::of(&server, &asked).await?;
    target.worker().release(&target.key, &seat.actor(), Some(reason)).await?;
    target.go_on(&seat, &asked, "is released and goes on.").await
}
