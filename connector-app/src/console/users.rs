//! Who may use the console, for administrators.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use secrecy::SecretString;
use serde::Deserialize;
use store::UserRecord;

use super::form::Checked;
use super::frame::{Entry, Frame};
use super::page::{Page, PageError};
use super::role::{Act, Role, Roles};
use super::seat::Seat;
use crate::serve::Server;
use crate::user;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/users", get(show).post(add))
        .route("/users/{name}/roles", post(set_roles))
        .route("/users/{name}/password", post(set_password))
        .route("/users/{name}/disabled", post(set_disabled))
}

#[derive(Template)]
#[template(path = "users.html")]
struct UsersPage {
    frame: Frame,
    users: Vec<UserRow>,
    roles: [Role; 5],
}

struct UserRow {
    name: String,
    roles: Roles,
    password_set: String,
    disabled: Option<String>,
}

impl UserRow {
    fn of(user: UserRecord) -> anyhow::Result<Self> {
        Ok(Self {
            name: user.name,
            roles: user.roles.parse()?,
            password_set: user.password_set.strftime("%Y-%m-%d %H:%M").to_string(),
            disabled: user.disabled.map(|since| since.strftime("%Y-%m-%d").to_string()),
        })
    }

    fn has(&self, role: &Role) -> bool {
        self.roles.has(*role)
    }
}

async fn show(seat: Seat, State(server): State<Arc<Server>>) -> Result<Page<UsersPage>, PageError> {
    seat.may(Act::Administer)?;
    let users = server.keeper.read().await?.users().await?;
    let users = users.into_iter().map(UserRow::of).collect::<Result<_, _>>()?;
    Ok(Page(UsersPage { frame: seat.frame(Entry::Users), users, roles: Role::ALL }))
}

/// The fields of a form; a box that is not ticked is not among them.
type Fields = Vec<(String, String)>;

fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

fn roles_of(fields: &Fields) -> Result<Roles, PageError> {
    let ticked = fields.iter().filter(|(name, _)| name == "role");
    let words: Vec<_> = ticked.map(|(_, word)| word.as_str()).collect();
    let read = words.join(",").parse();
    read.map_err(|_| PageError::bad_input("No role was chosen.".to_owned(), "Choose at least one."))
}

/// What was typed and cannot be meant is the administrator's to mend, not a fault.
fn refused(error: anyhow::Error) -> PageError {
    if error.is::<user::Unfit>() {
        return PageError::bad_input(format!("{error}."), "Go back and choose another.");
    }
    error.into()
}

async fn add(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(fields): Checked<Fields>,
) -> Result<Response, PageError> {
    seat.may(Act::Administer)?;
    let (name, roles) = (field(&fields, "name").trim(), roles_of(&fields)?);
    let password = SecretString::from(field(&fields, "password"));
    let store = server.keeper.write().await?;
    let by = (&seat.actor(), server.clock().now());
    user::add(&store, by, name, &roles, password).await.map_err(refused)?;
    Ok(seat.go_on(Entry::Users.path(), &format!("User {name} is added.")))
}

async fn set_roles(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    Checked(fields): Checked<Fields>,
) -> Result<Response, PageError> {
    seat.may(Act::Administer)?;
    let roles = roles_of(&fields)?;
    let store = server.keeper.write().await?;
    user::set_roles(&store, (&seat.actor(), server.clock().now()), &name, &roles).await?;
    Ok(seat.go_on(Entry::Users.path(), &format!("User {name} has the roles {roles}.")))
}

#[derive(Deserialize)]
struct NewPassword {
    #[serde(deserialize_with = "super::form::secret")]
    password: SecretString,
}

async fn set_password(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    Checked(NewPassword { password }): Checked<NewPassword>,
) -> Result<Response, PageError> {
    seat.may(Act::Administer)?;
    let store = server.keeper.write().await?;
    let by = (&seat.actor(), server.clock().now());
    user::set_password(&store, by, &name, password).await.map_err(refused)?;
    Ok(seat.go_on(Entry::Users.path(), &format!("User {name} has another password.")))
}

#[derive(Deserialize)]
struct Disabled {
    disabled: bool,
}

async fn set_disabled(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    Checked(Disabled { disabled }): Checked<Disabled>,
) -> Result<Response, PageError> {
    seat.may(Act::Administer)?;
    if disabled && name == seat.user {
        let what = format!("{name} cannot disable themselves.");
        return Err(PageError::conflict(what, "Another administrator does it."));
    }
    let store = server.keeper.write().await?;
    user::set_disabled(&store, (&seat.actor(), server.clock().now()), &name, disabled).await?;
    let now = if disabled { "may sign in no more" } else { "may sign in again" };
    Ok(seat.go_on(Entry::Users.path(), &format!("User {name} {now}.")))
}
