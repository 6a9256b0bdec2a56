//! Who may use the console, and who is signed in to it.
//!
//! What happens to a user is told in a chain of its own, [`CONSOLE`], since it belongs to no
//! connection. Whatever takes something from a user ends all their sessions in the same transaction.

use std::fmt;

use jiff::Timestamp;

use crate::{
    Store, audit,
    engine::{Row, Tx, params},
    error::{Error, Fault, about, refused},
};

/// The chain of the audit log that tells about users. No connection can have this name.
pub const CONSOLE: &str = "(console)";

/// A user to be added.
#[derive(Clone)]
pub struct NewUser {
    /// What they sign in with.
    pub name: String,
    /// What they may do, in the caller's words.
    pub roles: String,
    /// The hash of their password.
    pub password: String,
}

/// Shows no part of the hash.
impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("name", &self.name)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

/// A recorded user.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// See [`NewUser::name`].
    pub name: String,
    /// See [`NewUser::roles`].
    pub roles: String,
    /// See [`NewUser::password`].
    pub password: String,
    /// When they were added.
    pub added: Timestamp,
    /// When the password was set.
    pub password_set: Timestamp,
    /// Since when they may not sign in.
    pub disabled: Option<Timestamp>,
}

/// Shows no part of the hash.
impl fmt::Debug for UserRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserRecord")
            .field("name", &self.name)
            .field("roles", &self.roles)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

impl UserRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            name: row.text("name")?,
            roles: row.text("roles")?,
            password: row.text("password")?,
            added: row.parsed("added")?,
            password_set: row.parsed("password_set")?,
            disabled: row.parsed_if_any("disabled")?,
        })
    }
}

/// A session, with what its user may do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// Whose it is.
    pub user: String,
    /// See [`NewUser::roles`].
    pub roles: String,
    /// When they signed in.
    pub began: Timestamp,
    /// When it was last used, as [`session_seen`](Store::session_seen) was told.
    pub seen: Timestamp,
}

fn user(name: &str) -> String {
    format!("user {name}")
}

async fn found(tx: &mut Tx<'_>, name: &str) -> Result<Option<UserRecord>, Fault> {
    let query = format!("SELECT * FROM users WHERE name = ?1{}", tx.for_update());
    tx.row(&query, &params![name]).await?.map(UserRecord::read).transpose()
}

async fn known(tx: &mut Tx<'_>, name: &str) -> Result<UserRecord, Fault> {
    let found = found(tx, name).await?;
    found.ok_or_else(|| Error::Unknown { record: user(name) }.into())
}

async fn end_sessions(tx: &mut Tx<'_>, name: &str) -> Result<u64, Fault> {
    tx.execute("DELETE FROM sessions WHERE user_name = ?1", &params![name]).await
}

/// `event` in the chain of the console.
fn told(event: &audit::NewEvent) -> audit::NewEvent {
    audit::NewEvent { connection: CONSOLE.to_owned(), ..event.clone() }
}

impl Store {
    /// Adds a user, and appends the event.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when there is one of this name, disabled or not.
    pub async fn user_add(&self, new: &NewUser, event: &audit::NewEvent) -> Result<(), Error> {
        about(&user(&new.name), async {
            let mut tx = self.write(CONSOLE).await?;
            let insert = "INSERT INTO users (name, roles, password, added, password_set)
                 VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (name) DO NOTHING";
            let NewUser { name, roles, password } = new;
            if tx.execute(insert, &params![name, roles, password, event.at]).await? != 1 {
                return Err(Error::AlreadyThere { record: user(name) }.into());
            }
            audit::append_move(&mut tx, &told(event), None, roles).await?;
            tx.commit().await
        })
        .await
    }

    /// Gives a user other roles than the caller saw, ends their sessions, and appends the event.
    ///
    /// # Errors
    /// [`Error::Stale`] when they have other roles than `was` by now, [`Error::Unknown`] when there
    /// is no such user.
    pub async fn user_roles(
        &self,
        name: &str,
        (was, roles): (&str, &str),
        event: &audit::NewEvent,
    ) -> Result<(), Error> {
        about(&user(name), async {
            let mut tx = self.write(CONSOLE).await?;
            let now = known(&mut tx, name).await?.roles;
            if now != was {
                return Err(refused(&user(name), was, Some(now)).into());
            }
            let change = "UPDATE users SET roles = ?2 WHERE name = ?1";
            tx.execute(change, &params![name, roles]).await?;
            end_sessions(&mut tx, name).await?;
            audit::append_move(&mut tx, &told(event), Some(was), roles).await?;
            tx.commit().await
        })
        .await
    }

    /// Sets a user's password, ends their sessions, and appends the event.
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is no such user.
    pub async fn user_password(
        &self,
        name: &str,
        password: &str,
        event: &audit::NewEvent,
    ) -> Result<(), Error> {
        about(&user(name), async {
            let mut tx = self.write(CONSOLE).await?;
            known(&mut tx, name).await?;
            let change = "UPDATE users SET password = ?2, password_set = ?3 WHERE name = ?1";
            tx.execute(change, &params![name, password, event.at]).await?;
            end_sessions(&mut tx, name).await?;
            audit::append(&mut tx, &told(event)).await?;
            tx.commit().await
        })
        .await
    }

    /// Lets a user sign in no more, or again; ends their sessions, and appends the event. Nothing
    /// happens to one who is so already: `false`.
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is no such user.
    pub async fn user_disabled(
        &self,
        name: &str,
        disabled: bool,
        event: &audit::NewEvent,
    ) -> Result<bool, Error> {
        about(&user(name), async {
            let mut tx = self.write(CONSOLE).await?;
            if known(&mut tx, name).await?.disabled.is_some() == disabled {
                return Ok(false);
            }
            let since = disabled.then(|| event.at.to_string());
            let change = "UPDATE users SET disabled = ?2 WHERE name = ?1";
            tx.execute(change, &params![name, since.as_ref()]).await?;
            end_sessions(&mut tx, name).await?;
            audit::append(&mut tx, &told(event)).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// All users, by name.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn users(&self) -> Result<Vec<UserRecord>, Error> {
        about("users", async {
            let query = "SELECT * FROM users ORDER BY name";
            let rows = self.read().await?.rows(query, &params![]).await?;
            rows.into_iter().map(UserRecord::read).collect()
        })
        .await
    }

    /// The user of that name.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn user(&self, name: &str) -> Result<Option<UserRecord>, Error> {
        about(&user(name), async {
            let query = "SELECT * FROM users WHERE name = ?1";
            let row = self.read().await?.row(query, &params![name]).await?;
            row.map(UserRecord::read).transpose()
        })
        .await
    }

    /// A user has signed in with the password whose hash is `password`: begins a session, forgets
    /// the sessions that began before `forget`, and appends the event. `token` is the SHA-256 of
    /// what the browser holds.
    ///
    /// # Errors
    /// [`Error::Stale`] when the password was changed or the user disabled in the meantime,
    /// [`Error::Unknown`] when there is no such user.
    pub async fn session_begin(
        &self,
        (name, password): (&str, &str),
        token: &str,
        forget: Timestamp,
        event: &audit::NewEvent,
    ) -> Result<(), Error> {
        about(&user(name), async {
            let mut tx = self.write(CONSOLE).await?;
            let now = known(&mut tx, name).await?;
            if now.password != password || now.disabled.is_some() {
                let now = "another password, or disabled".to_owned();
                return Err(refused(&user(name), "the password", Some(now)).into());
            }
            let query = "SELECT token, began FROM sessions";
            for mut row in tx.rows(query, &params![]).await? {
                let old = row.text("token")?;
                if row.parsed::<Timestamp>("began")? < forget {
                    tx.execute("DELETE FROM sessions WHERE token = ?1", &params![&old]).await?;
                }
            }
            let insert = "INSERT INTO sessions (token, user_name, began, seen)
                 VALUES (?1, ?2, ?3, ?3)";
            tx.execute(insert, &params![token, name, event.at]).await?;
            audit::append(&mut tx, &told(event)).await?;
            tx.commit().await
        })
        .await
    }

    /// The session of that token. Whether it is over by its age is for the caller to say.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn session(&self, token: &str) -> Result<Option<SessionRecord>, Error> {
        about("session", async {
            let query = "SELECT user_name, roles, began, seen FROM sessions
                 JOIN users ON users.name = sessions.user_name
                 WHERE token = ?1 AND disabled IS NULL";
            let Some(mut row) = self.read().await?.row(query, &params![token]).await? else {
                return Ok(None);
            };
            Ok(Some(SessionRecord {
                user: row.text("user_name")?,
                roles: row.text("roles")?,
                began: row.parsed("began")?,
                seen: row.parsed("seen")?,
            }))
        })
        .await
    }

    /// Notes that a session is in use. One that has ended stays ended.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn session_seen(&self, token: &str, at: Timestamp) -> Result<(), Error> {
        about("session", async {
            let mut tx = self.begin(crate::engine::Access::Write).await?;
            let change = "UPDATE sessions SET seen = ?2 WHERE token = ?1";
            tx.execute(change, &params![token, at]).await?;
            tx.commit().await
        })
        .await
    }

    /// Ends a session and appends the event; `false` when it had ended already.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn session_end(&self, token: &str, event: &audit::NewEvent) -> Result<bool, Error> {
        about("session", async {
            let mut tx = self.write(CONSOLE).await?;
            let end = "DELETE FROM sessions WHERE token = ?1";
            if tx.execute(end, &params![token]).await? == 0 {
                return Ok(false);
            }
            audit::append(&mut tx, &told(event)).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }
}
