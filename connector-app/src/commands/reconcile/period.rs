//! `reconcile --period|periods|sign|reopen`: fiscal periods.

use anstyle::Style;
use anyhow::Context as _;
use ledger_mapper::Period;
use serde_json::{Value, json};
use settlement_model::Money;

use super::{looked_at, print};
use crate::accrual::Standing as Accrued;
use crate::commands::{App, accrue};
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, QUIET, Table, grouped, styled};
use crate::reconcile::gather;
use crate::reconcile::period::{PeriodBooks, figures, periods};
use crate::reconcile::sign::{self, Standing, to_sign};

/// The period of that name, among those in which anything happened.
pub(in crate::commands) fn named<'p>(
    periods: &'p [Period],
    name: &str,
) -> anyhow::Result<&'p Period> {
    periods.iter().find(|period| period.name == name).with_context(|| {
        let names: Vec<_> = periods.iter().map(|period| period.name.as_str()).collect();
        format!("nothing happened in a period {name}; there are {}", names.join(", "))
    })
}

pub(super) async fn show(app: &App, name: &str) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let mut exit = Exit::Ok;
    let (mut any, mut without) = (false, Vec::new());
    for connection in app.connections(&config)? {
        let calendar = connection.load_calendar(&config.folder)?;
        let today = connection.today(app.clock.now());
        looked_at(app, &config, connection, today, async |looked| {
            let periods = periods(&looked.gathered, &calendar, today);
            let period = match named(&periods, name) {
                Ok(period) => period,
                Err(none) => {
                    without.push(none.context(format!("connection {}", connection.name)));
                    return Ok(());
                }
            };
            any = true;
            let signatures = looked.store.signed_periods(&connection.name).await?;
            for books in &looked.gathered.books {
                let transit = connection.bank.transit_days;
                let figures = figures(&looked.gathered, books, period, today, transit)?;
                let standing = Standing::of(&figures, &signatures)?;
                if !figures.is_reconciled() || matches!(standing, Standing::Changed { .. }) {
                    exit = Exit::NotReconciled;
                }
                if app.common.json {
                    output::line(as_json(&connection.name, &figures, &standing));
                } else {
                    let accruals = looked.gathered.accruals_in(&figures);
                    for line in people(&connection.name, &figures, (&standing, &accruals))? {
                        output::line(line);
                    }
                }
            }
            print::unreadable(&looked.gathered.unreadable);
            Ok(())
        })
        .await?;
    }
    if !any && let Some(none) = without.pop() {
        return Err(none);
    }
    for none in without {
        output::note(format!("{none:#}"));
    }
    Ok(exit)
}

pub(super) async fn list(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let mut table = Table::new(&[
        ("Connection", Align::Left),
        ("Period", Align::Left),
        ("", Align::Left),
        ("Amazon", Align::Right),
        ("Clearing", Align::Right),
        ("Unknown", Align::Right),
        ("", Align::Left),
    ])
    .indent(2);
    let mut exit = Exit::Ok;
    for connection in app.connections(&config)? {
        let calendar = connection.load_calendar(&config.folder)?;
        let today = connection.today(app.clock.now());
        let zone = connection.cut_off_zone();
        let gathered = gather(&store, &connection.name, zone.as_ref()).await?;
        let signatures = store.signed_periods(&connection.name).await?;
        for period in periods(&gathered, &calendar, today) {
            for books in &gathered.books {
                let transit = connection.bank.transit_days;
                let figures = figures(&gathered, books, &period, today, transit)?;
                let standing = Standing::of(&figures, &signatures)?;
                if matches!(standing, Standing::Changed { .. }) {
                    exit = Exit::NotReconciled;
                }
                if app.common.json {
                    output::line(as_json(&connection.name, &figures, &standing));
                    continue;
                }
                let amount = |money: Money| grouped(&money.amount_text());
                table.styled_row(vec![
                    (connection.name.clone(), Style::new()),
                    (period.name.clone(), HEAD),
                    (figures.currency.to_string(), Style::new()),
                    (amount(figures.totals.amazon), Style::new()),
                    (amount(figures.roll.closing), Style::new()),
                    (figures.unknown().to_string(), Style::new()),
                    (standing.word().to_owned(), style(&standing)),
                ]);
            }
        }
        print::unreadable(&gathered.unreadable);
    }
    for line in table.lines().into_iter().filter(|_| !app.common.json) {
        output::line(line);
    }
    Ok(exit)
}

pub(super) async fn sign(app: &App, name: &str, currency: Option<&str>) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let calendar = connection.load_calendar(&config.folder)?;
    let today = connection.today(app.clock.now());
    looked_at(app, &config, connection, today, async |looked| {
        let gathered = &looked.gathered;
        let periods = periods(gathered, &calendar, today);
        let period = named(&periods, name)?;
        let wanted = |code: &str| currency.is_none_or(|currency| currency == code);
        let books: Vec<_> =
            gathered.books.iter().filter(|books| wanted(books.currency.code())).collect();
        let [books] = books.as_slice() else {
            let codes: Vec<_> = gathered.books.iter().map(|books| books.currency.code()).collect();
            anyhow::bail!("name one of the currencies with --currency: {}", codes.join(", "))
        };
        let transit = connection.bank.transit_days;
        let figures = figures(gathered, books, period, today, transit)?;
        let by = (&App::person(), app.clock.now());
        sign::sign(looked.store, &connection.name, &figures, by).await?;
        let closing = figures.roll.closing;
        let currency = figures.currency;
        let done = json!({
            "connection": connection.name, "period": name, "currency": currency.code(),
            "standing": "signed", "clearing": { "closing": closing.amount_text() },
        });
        let people = format!(
            "period {name} {currency} is {}; {closing} is on the clearing account, explained",
            styled(GOOD, "signed")
        );
        app.tell(&done, people);
        Ok(Exit::Ok)
    })
    .await
}

pub(super) async fn reopen(
    app: &App,
    name: &str,
    currency: Option<&str>,
    reason: &str,
) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let store = connect::store(&config).await?;
    let signatures = store.signed_periods(&connection.name).await?;
    let keys: Vec<_> = signatures
        .into_iter()
        .filter(|signed| signed.reopened.is_none() && signed.key.period == name)
        .map(|signed| signed.key)
        .filter(|key| currency.is_none_or(|currency| currency == key.currency))
        .collect();
    let [key] = keys.as_slice() else {
        anyhow::bail!(
            "there is {} signature under a period {name}; `ml-connector reconcile periods` lists them",
            if keys.is_empty() { "no" } else { "more than one" }
        )
    };
    sign::reopen(&store, key, reason, (&App::person(), app.clock.now())).await?;
    let done = json!({
        "connection": key.connection, "period": key.period, "currency": key.currency,
        "standing": "open", "reason": reason,
    });
    app.tell(&done, format!("{key} is open again: {reason}"));
    Ok(Exit::Ok)
}

fn style(standing: &Standing) -> Style {
    match standing {
        Standing::Open { .. } => QUIET,
        Standing::Signed(_) => GOOD,
        Standing::Changed { .. } => BAD,
    }
}

fn as_json(connection: &str, figures: &PeriodBooks, standing: &Standing) -> Value {
    let mut object = to_sign(figures);
    object["connection"] = connection.into();
    object["reconciled"] = figures.is_reconciled().into();
    object["unknown"] = figures.unknown().into();
    object["obstacles"] = json!(figures.obstacles);
    object["standing"] = standing.word().into();
    if let Standing::Signed(signed) | Standing::Changed { signed, .. } = standing {
        object["signed"] = json!({ "at": signed.signed.to_string(), "by": signed.signed_by,
                                   "sha256": signed.hash.to_string() });
    }
    if let Standing::Changed { changes, .. } = standing {
        object["changes"] = json!(changes);
    }
    object
}

fn people(
    connection: &str,
    figures: &PeriodBooks,
    (standing, accruals): (&Standing, &[Accrued]),
) -> anyhow::Result<Vec<String>> {
    let PeriodBooks { currency, period, until, roll, .. } = figures;
    let head = format!("{connection} {currency}, period {}", period.name);
    let word = styled(style(standing), standing.word());
    let mut lines = vec![format!("{} ({} to {until}): {word}", styled(HEAD, head), period.start)];
    lines.extend(print::four_columns(&figures.rows));
    lines.push(String::new());
    lines.extend(print::clearing(&[
        ("balance before", Some(roll.opening)),
        ("+ totals of the settlements", Some(roll.deposits)),
        ("+ opening debts, card charges, payouts returned", Some(roll.rows)),
        ("- received by the bank", Some(roll.bank)),
        ("- written off", Some(roll.waived)),
        ("+ accruals, less those taken back", roll.accruals_if_any()),
        ("= balance", Some(roll.closing)),
        ("explained by what is open", Some(roll.explained)),
        ("balance in Epicor", roll.ledger),
    ]));
    lines.extend(figures.differences.iter().map(print::sentence));
    lines.extend(accruals.iter().flat_map(accrue::people));
    for kind in figures.by_kind()? {
        let (kind, count, open) = (kind.kind, kind.count, kind.open);
        lines.push(format!("  {kind}: {count}, {open} of it on the account"));
    }
    if let Standing::Signed(signed) | Standing::Changed { signed, .. } = standing {
        let at = signed.signed.strftime("%Y-%m-%d %H:%M UTC");
        lines.push(format!("  signed by {} on {at}", signed.signed_by));
    }
    if let Standing::Changed { changes, .. } = standing {
        let told = changes.iter().map(|change| format!("  {} {change}", styled(BAD, "changed:")));
        lines.extend(told);
        lines.push(format!("  next: `ml-connector reconcile reopen {} --reason …`", period.name));
    }
    if matches!(standing, Standing::Open { .. }) {
        let told = figures.obstacles.iter();
        lines.extend(told.map(|why| format!("  {} {why}", styled(ATTENTION, "not to sign:"))));
    }
    Ok(lines)
}
