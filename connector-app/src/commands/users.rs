//! `users`: who may use the console.

use anstyle::Style;
use serde_json::json;
use store::UserRecord;

use super::App;
use super::credentials::ask_twice;
use crate::cli::UsersCommand;
use crate::connect;
use crate::console::Roles;
use crate::exit::Exit;
use crate::output::{self, Align, HEAD, QUIET, Table, styled};
use crate::user;

pub(super) async fn run(app: &App, command: &UsersCommand) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let person = App::person();
    let by = (&person, app.clock.now());
    let (name, done) = match command {
        UsersCommand::List => return list(app).await,
        UsersCommand::Add { name, roles } => {
            let password = ask_twice(&format!("the password of user {name}"))?;
            let roles: Roles = roles.iter().copied().collect();
            user::add(&connect::store(&config).await?, by, name, &roles, password).await?;
            (name, "is added")
        }
        UsersCommand::Password { name } => {
            let password = ask_twice(&format!("the password of user {name}"))?;
            user::set_password(&connect::store(&config).await?, by, name, password).await?;
            (name, "has another password, and is signed out everywhere")
        }
        UsersCommand::SetRoles { name, roles } => {
            let roles: Roles = roles.iter().copied().collect();
            let set = user::set_roles(&connect::store(&config).await?, by, name, &roles).await?;
            let done = "has other roles, and is signed out everywhere";
            (name, if set { done } else { "has these roles already" })
        }
        UsersCommand::Disable { name } => {
            let set = user::set_disabled(&connect::store(&config).await?, by, name, true).await?;
            let done = "may sign in no more, and is signed out everywhere";
            (name, if set { done } else { "is disabled already" })
        }
        UsersCommand::Enable { name } => {
            let set = user::set_disabled(&connect::store(&config).await?, by, name, false).await?;
            (name, if set { "may sign in again" } else { "is not disabled" })
        }
    };
    if app.common.json {
        let user = connect::store_to_read(&config).await?.user(name).await?;
        output::line(user.as_ref().map(json_of).unwrap_or_default());
    } else {
        output::line(format!("User {name} {done}."));
    }
    Ok(Exit::Ok)
}

fn json_of(user: &UserRecord) -> serde_json::Value {
    json!({
        "name": user.name,
        "roles": user.roles.split(',').collect::<Vec<_>>(),
        "disabled": user.disabled.map(|since| since.to_string()),
        "added": user.added.to_string(),
        "password_set": user.password_set.to_string(),
    })
}

async fn list(app: &App) -> anyhow::Result<Exit> {
    let users = match connect::store_if_any(&app.config()?).await? {
        Some(store) => store.users().await?,
        None => Vec::new(),
    };
    if app.common.json {
        for user in &users {
            output::line(json_of(user));
        }
        return Ok(Exit::Ok);
    }
    if users.is_empty() {
        output::line("There is no user; `ml-connector users add NAME --roles ROLES` adds one.");
        return Ok(Exit::Ok);
    }
    let columns = ["User", "Roles", "Password set (UTC)", "State"];
    let mut table = Table::new(&columns.map(|name| (name, Align::Left)));
    for user in &users {
        let (state, style) = match user.disabled {
            None => ("may sign in".to_owned(), Style::new()),
            Some(since) => (format!("disabled {}", since.strftime("%Y-%m-%d")), QUIET),
        };
        let set = user.password_set.strftime("%Y-%m-%d %H:%M").to_string();
        table.row(style, [user.name.clone(), user.roles.replace(',', ", "), set, state]);
    }
    output::line(styled(HEAD, "Users of the console"));
    for line in table.lines() {
        output::line(line);
    }
    Ok(Exit::Ok)
}
