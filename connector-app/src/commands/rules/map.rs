//! `rules map` and `rules versions`: a decision about the rules, and the texts they had.

use anstyle::Style;
use anyhow::Context as _;
use ledger_mapper::{Role, triple_named};
use serde_json::json;
use store::DocumentHash;

use super::rows::print_diff;
use crate::cli::MapArgs;
use crate::commands::App;
use crate::config::{Config, ConfigError, Connection};
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, QUIET, Table, styled};
use crate::pipeline::settlement::State;
use crate::rules_version::{
    Decision, Draft, InForce, Mapping, Note, REPLAYED, Released, put_in_force, replay,
};

pub(super) async fn run(app: &App, args: &MapArgs) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let actor = App::person();
    let reason = args.reason.as_deref().unwrap_or("a trial");
    anyhow::ensure!(!reason.trim().is_empty(), "say why, with --reason");
    let note = Note { actor: &actor, reason, at: app.clock.now() };
    let path = config.folder.join(&connection.rules);
    let draft = Draft::of(&path, decision(args)?, &note)?;
    show(app, &config, connection, &draft).await?;
    if args.dry_run {
        return Ok(Exit::Ok);
    }
    let store = connect::store(&config).await?;
    let place = (&config, connection);
    let done = put_in_force(&store, place, &draft, app.clock.as_ref(), &note).await?;
    for line in told(app, &done) {
        output::line(line);
    }
    Ok(Exit::Ok)
}

fn decision(args: &MapArgs) -> anyhow::Result<Decision> {
    let role = |name: &str| {
        Role::named(name).with_context(|| {
            format!("there is no role \"{name}\"; `ml-connector rules list` lists them")
        })
    };
    let text = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
    let account = text(&args.account);
    let mapping = match (triple_named(&args.what), &args.role) {
        (Some(triple), given) => {
            let role = given.as_deref().map(role).transpose()?;
            anyhow::ensure!(
                role.is_some() || account.is_some(),
                "say what \"{triple}\" is: a role, an account with --account, or both"
            );
            Mapping::Triple { triple, marketplace: text(&args.marketplace), role, account }
        }
        (None, None) => {
            let role = role(&args.what).with_context(|| {
                let what = &args.what;
                format!("\"{what}\" is no row such as \"Order / ItemFees / Commission\" either")
            })?;
            let account = account.context("say which account the role has, with --account")?;
            Mapping::Role { role, account }
        }
        (None, Some(_)) => {
            anyhow::bail!("\"{}\" is no row such as \"Order / ItemFees / Commission\"", args.what)
        }
    };
    Ok(Decision { mapping, from: args.from, account_name: text(&args.account_name) })
}

/// The lines of the file that change, and what the change would have done to past settlements.
async fn show(
    app: &App,
    config: &Config,
    connection: &Connection,
    draft: &Draft,
) -> anyhow::Result<()> {
    let (gone, came) = draft.changed_lines();
    if app.common.json {
        output::line(json!({ "decision": draft.decision().to_string(), "removed": gone,
                             "added": came, "rules": draft.new_rules().version() }));
    } else {
        output::line(styled(HEAD, draft.decision()));
        let signed = |sign: &str, lines: &[&str], style: Style| {
            for line in lines {
                output::line(styled(style, format!("  {sign} {line}")));
            }
        };
        signed("-", &gone, BAD);
        signed("+", &came, GOOD);
    }
    let Some(store) = connect::store_if_any(config).await? else { return Ok(()) };
    let site = connect::site(connection, &config.folder)?;
    let replay = replay(&store, &site, draft, REPLAYED).await?;
    if !app.common.json {
        output::line(format!("over the newest {} settlements:", replay.settlements));
    }
    print_diff(app, replay.rows, &replay.moves, &replay.accounts)?;
    if !replay.left_out.is_empty() && !app.common.json {
        let left_out = replay.left_out.join(", ");
        output::line(styled(ATTENTION, format!("their documents are not kept: {left_out}")));
    }
    Ok(())
}

fn told(app: &App, done: &InForce) -> Vec<String> {
    let InForce { number, released } = done;
    let state = |released: &Released| match &released.state {
        Ok(state) => state.to_string(),
        Err(error) => format!("not looked at: {error:#}"),
    };
    if app.common.json {
        let released = released.iter().map(|released| {
            json!({ "settlement_id": released.key.settlement_id, "state": state(released) })
        });
        let released: Vec<_> = released.collect();
        return vec![json!({ "version": number, "released": released }).to_string()];
    }
    let mut lines = vec![format!("{} version {number}", styled(GOOD, "in force:"))];
    for released in released {
        let style = match &released.state {
            Ok(State::Held) | Err(_) => ATTENTION,
            Ok(_) => GOOD,
        };
        let id = &released.key.settlement_id;
        lines.push(format!("  settlement {id} waited for it: {}", styled(style, state(released))));
    }
    if released.iter().any(|released| matches!(released.state, Ok(State::Mapped))) {
        lines.push("  next: `ml-connector sync settlements` takes them on to Epicor".to_owned());
    }
    lines
}

pub(super) async fn versions(app: &App, number: Option<u64>) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let store = connect::store_to_read(&config).await?;
    let versions = store.rules_versions(&connection.name).await?;
    if let Some(number) = number {
        let version = versions.iter().find(|version| version.number == number);
        let version = version.with_context(|| {
            format!("there is no version {number}; `ml-connector rules versions` lists them")
        })?;
        output::line(version.text.trim_end());
        return Ok(Exit::Ok);
    }
    let path = config.folder.join(&connection.rules);
    let now = std::fs::read(&path).map_err(|source| ConfigError::Unreadable { path, source })?;
    let now = DocumentHash::of(&now);
    let mut table = Table::new(&[
        ("Version", Align::Right),
        ("Saved", Align::Left),
        ("By", Align::Left),
        ("", Align::Left),
        ("Why", Align::Left),
    ])
    .indent(2);
    for version in &versions {
        let in_force = version.hash == now;
        if app.common.json {
            output::line(json!({
                "connection": connection.name, "version": version.number,
                "sha256": version.hash.to_string(), "saved": version.saved.to_string(),
                "by": version.saved_by, "reason": version.reason, "in_force": in_force,
            }));
            continue;
        }
        let (style, word) = if in_force { (GOOD, "in force") } else { (QUIET, "") };
        table.styled_row(vec![
            (version.number.to_string(), Style::new()),
            (version.saved.strftime("%Y-%m-%d %H:%M UTC").to_string(), Style::new()),
            (version.saved_by.clone(), Style::new()),
            (word.to_owned(), style),
            (version.reason.clone(), Style::new()),
        ]);
    }
    if !app.common.json {
        for line in table.lines() {
            output::line(line);
        }
        if !versions.iter().any(|version| version.hash == now) {
            let words = "the file is none of these: somebody wrote it with an editor";
            output::line(styled(ATTENTION, format!("  {words}")));
        }
    }
    Ok(Exit::Ok)
}
