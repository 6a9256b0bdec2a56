//! A decision about an amount or a role: what it may be, what the decision would change, and saving
//! it.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use ledger_mapper::{Role, Rules};
use serde::Deserialize;
use settlement_model::{Money, Triple};

use crate::config::ConfigError;
use crate::connect;
use crate::console::address::with_query;
use crate::console::asking;
use crate::console::figures;
use crate::console::form::Checked;
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::reconciliation::named;
use crate::console::role::Act;
use crate::console::seat::Seat;
use crate::console::typed;
use crate::output::grouped;
use crate::pipeline::settlement::State as Life;
use crate::rules_version::{
    Decision, Draft, InForce, LiveAccounts, Mapping, NotSound, Note, REPLAYED, Replay,
    live_accounts, put_in_force, replay,
};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/mapping/decide", get(ask))
        .route("/mapping/preview", get(preview))
        .route("/mapping/save", post(save))
}

/// What is typed, or named by an address: a triple or a role, and what it is to be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Typed {
    connection: String,
    transaction_type: String,
    amount_type: String,
    amount_description: String,
    /// The role whose account is decided; a triple is decided when it is empty.
    of_role: String,
    role: String,
    account: String,
    account_name: String,
    marketplace: String,
    from: String,
    reason: String,
    /// The file that was looked at, by its hash.
    file: String,
}

impl Typed {
    fn triple(&self) -> Triple {
        Triple {
            transaction_type: self.transaction_type.clone(),
            amount_type: self.amount_type.clone(),
            amount_description: self.amount_description.clone(),
        }
    }

    /// What is decided about.
    fn what(&self) -> Result<String, PageError> {
        if self.of_role.is_empty() {
            let triple = self.triple();
            let blank = [&triple.transaction_type, &triple.amount_type, &triple.amount_description];
            if blank.iter().all(|cell| cell.trim().is_empty()) {
                return Err(PageError::unknown("such amount"));
            }
            return Ok(triple.to_string());
        }
        let role = Role::named(&self.of_role);
        let role = role.ok_or_else(|| PageError::unknown(&format!("role {}", self.of_role)))?;
        Ok(role.info().title.clone())
    }

    fn decision(&self, accounts: &LiveAccounts) -> Result<Decision, PageError> {
        let unfit = |what: &str| PageError::bad_input(what.to_owned(), "Go back and choose.");
        let account = typed::text(&self.account);
        let mapping = match Role::named(&self.of_role) {
            Some(role) => {
                let account = account.ok_or_else(|| unfit("No account is named."))?;
                Mapping::Role { role, account }
            }
            None => {
                self.what()?;
                let role = Role::named(&self.role);
                if role.is_none() && account.is_none() {
                    return Err(unfit("Neither a role nor an account is chosen."));
                }
                let marketplace = typed::text(&self.marketplace);
                Mapping::Triple { triple: self.triple(), marketplace, role, account }
            }
        };
        let live = typed::text(&self.account).and_then(|one| accounts.accounts.get(&one).cloned());
        let live = live.map(|live| live.name).filter(|name| !name.is_empty());
        let account_name = typed::text(&self.account_name).or(live);
        Ok(Decision { mapping, from: typed::day(&self.from)?, account_name })
    }
}

#[derive(Template)]
#[template(path = "mapping/decide.html")]
struct DecidePage {
    frame: Frame,
    typed: Typed,
    what: String,
    all: String,
    /// Name, title and explanation of the roles that a row can have.
    roles: Vec<(&'static str, &'static str)>,
    /// What it may be: role, why.
    suggestions: Vec<(&'static str, &'static str, String)>,
    accounts: Vec<(String, String)>,
}

async fn ask(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(mut typed): Query<Typed>,
) -> Result<Page<DecidePage>, PageError> {
    seat.may(Act::Prepare)?;
    let config = Arc::clone(&server.in_force.get().config);
    let connection = named(&config, &typed.connection)?;
    typed.connection.clone_from(&connection.name);
    let what = typed.what()?;
    let rules = connection.load_rules(&config.folder)?;
    let store = server.keeper.read().await?;
    let accounts = live_accounts(&store, &connection.name).await?;
    if let (Some(role), true) = (Role::named(&typed.of_role), typed.account.is_empty()) {
        typed.account = rules.account_for(&role).map(ToString::to_string).unwrap_or_default();
    }
    let suggestions = match typed.of_role.is_empty() {
        true => ledger_mapper::suggest(&typed.triple()),
        false => Vec::new(),
    };
    if let (Some(first), true) = (suggestions.first(), typed.role.is_empty()) {
        first.role.as_str().clone_into(&mut typed.role);
    }
    let suggestions = suggestions
        .into_iter()
        .map(|one| (one.role.as_str(), one.role.info().title.as_str(), one.reason));
    Ok(Page(DecidePage {
        frame: seat.frame(Entry::Mapping),
        what,
        all: with_query("/mapping", &[("connection", &typed.connection)]),
        roles: ledger_mapper::roles()
            .iter()
            .map(|info| (info.role.as_str(), info.title.as_str()))
            .collect(),
        suggestions: suggestions.collect(),
        accounts: known_accounts(&rules, &accounts),
        typed,
    }))
}

/// The accounts that are known, with their names: to be chosen from.
fn known_accounts(rules: &Rules, live: &LiveAccounts) -> Vec<(String, String)> {
    let of_rules = crate::rules_version::accounts_of(rules).into_iter().map(|account| {
        let name = rules.account_name(&account).unwrap_or_default().to_owned();
        (account.to_string(), name)
    });
    let mut known: std::collections::BTreeMap<String, String> = of_rules.collect();
    for (account, live) in &live.accounts {
        if !live.name.is_empty() {
            known.insert(account.clone(), live.name.clone());
        }
    }
    known.into_iter().collect()
}

#[derive(Template)]
#[template(path = "mapping/preview.html")]
struct PreviewPage {
    frame: Frame,
    typed: Typed,
    what: String,
    decision: String,
    back: String,
    gone: Vec<String>,
    came: Vec<String>,
    settlements: usize,
    rows: String,
    moved: String,
    accounts: Vec<Account>,
    moves: Vec<Moved>,
    left_out: Vec<String>,
    waiting: Vec<String>,
}

/// What an account gets by the old and by the new rules.
struct Account {
    account: String,
    before: String,
    after: String,
    by: String,
    currency: String,
}

/// Rows that are posted otherwise.
struct Moved {
    what: String,
    place: String,
    rows: u64,
    amount: String,
    before: String,
    after: String,
}

/// A refusal of a decision, in the page's words.
fn unsound(error: anyhow::Error) -> PageError {
    if error.is::<NotSound>() || error.is::<ConfigError>() {
        let next = "Go back and decide otherwise.";
        return PageError::bad_input(format!("{error:#}"), next);
    }
    error.into()
}

async fn preview(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(mut typed): Query<Typed>,
) -> Result<Page<PreviewPage>, PageError> {
    seat.may(Act::Prepare)?;
    let config = Arc::clone(&server.in_force.get().config);
    let connection = named(&config, &typed.connection)?;
    let store = server.keeper.read().await?;
    let accounts = live_accounts(&store, &connection.name).await?;
    let (actor, at) = (seat.actor(), server.clock().now());
    let note = Note { actor: &actor, reason: typed::reason(&typed.reason)?, at };
    let decision = typed.decision(&accounts)?;
    let path = config.folder.join(&connection.rules);
    let draft = Draft::of(&path, decision, &note).map_err(unsound)?;
    let site = connect::site(connection, &config.folder)?;
    let replay = replay(&store, &site, &draft, REPLAYED).await?;
    let waits = |record: &store::SettlementRecord| {
        crate::rules_version::waits_for(record, draft.decision())
    };
    let records = store.settlements(Some(&connection.name)).await?;
    let waiting = records.iter().filter(|record| waits(record));
    let (gone, came) = draft.changed_lines();
    let owned = |lines: Vec<&str>| lines.into_iter().map(str::to_owned).collect();
    typed.file = draft.file_hash();
    let moved: u64 = replay.moves.iter().map(|one| one.rows).sum();
    Ok(Page(PreviewPage {
        frame: seat.frame(Entry::Mapping),
        what: typed.what()?,
        decision: draft.decision().to_string(),
        back: back(&typed),
        gone: owned(gone),
        came: owned(came),
        settlements: replay.settlements,
        rows: figures::counted(replay.rows, "row"),
        moved: figures::counted(moved, "row"),
        accounts: changes(&replay)?,
        moves: moves(&replay),
        left_out: replay.left_out.clone(),
        waiting: waiting.map(|record| record.key.settlement_id.clone()).collect(),
        typed,
    }))
}

/// The page where it was typed, with what was typed.
fn back(typed: &Typed) -> String {
    let pairs = [
        ("connection", typed.connection.as_str()),
        ("transaction_type", &typed.transaction_type),
        ("amount_type", &typed.amount_type),
        ("amount_description", &typed.amount_description),
        ("of_role", &typed.of_role),
        ("role", &typed.role),
        ("account", &typed.account),
        ("account_name", &typed.account_name),
        ("marketplace", &typed.marketplace),
        ("from", &typed.from),
        ("reason", &typed.reason),
    ];
    with_query("/mapping/decide", &pairs)
}

fn changes(replay: &Replay) -> Result<Vec<Account>, PageError> {
    let text = |money: Money| grouped(&money.amount_text());
    let mut told = Vec::with_capacity(replay.accounts.len());
    for change in &replay.accounts {
        told.push(Account {
            account: change.account.clone(),
            before: text(change.old),
            after: text(change.new),
            by: text(change.new.checked_sub(change.old)?),
            currency: change.currency.to_string(),
        });
    }
    Ok(told)
}

fn moves(replay: &Replay) -> Vec<Moved> {
    let moved = |one: &ledger_mapper::Move| Moved {
        what: one.triple.to_string(),
        place: one.marketplace.clone().unwrap_or_default(),
        rows: one.rows,
        amount: format!("{} {}", grouped(&one.amount.amount_text()), one.currency),
        before: one.old.to_string(),
        after: one.new.to_string(),
    };
    replay.moves.iter().map(moved).collect()
}

async fn save(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, PageError> {
    seat.may(Act::Prepare)?;
    let config = Arc::clone(&server.in_force.get().config);
    let connection = named(&config, &typed.connection)?;
    let (actor, at) = (seat.actor(), server.clock().now());
    let note = Note { actor: &actor, reason: typed::reason(&typed.reason)?, at };
    let store = server.keeper.write().await?;
    let accounts = live_accounts(&store, &connection.name).await?;
    let path = config.folder.join(&connection.rules);
    let draft = Draft::of(&path, typed.decision(&accounts)?, &note).map_err(unsound)?;
    if draft.file_hash() != typed.file {
        let file = path.display().to_string();
        let what = NotSound::Changed { file }.to_string();
        return Err(PageError::conflict(what, "Go back, and look at what it would change now."));
    }
    let place = (config.as_ref(), connection);
    let clock = server.clock().as_ref();
    let done = put_in_force(&store, place, &draft, clock, &note).await.map_err(unsound)?;
    asking::for_a_run(&server, &store, &seat, &connection.name).await?;
    let back = with_query("/mapping", &[("connection", &connection.name)]);
    Ok(seat.go_on(&back, &told(&done)))
}

fn told(done: &InForce) -> String {
    let InForce { number, released } = done;
    let goes_on = released.iter().filter(|one| !matches!(one.state, Ok(Life::Held) | Err(_)));
    let count = goes_on.count();
    let held = released.len() - count;
    let mut told = format!("Version {number} of the rules is in force.");
    if count > 0 {
        let counted = figures::counted(count as u64, "settlement");
        told.push_str(&format!(" {counted} that waited for it: going on."));
    }
    if held > 0 {
        let counted = figures::counted(held as u64, "settlement");
        told.push_str(&format!(" {counted} still held for something else."));
    }
    told
}
