//! Pages, and what is shown instead of one.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use url::form_urlencoded;

use super::frame::Frame;
use super::role::Roles;
use super::seat::Refusal;
use crate::lane;
use crate::pipeline::settlement::Illegal;
use crate::pipeline::{AccrualRefused, NotKept, accrual};

/// A page, of a template.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(text) => ([(header::CACHE_CONTROL, "no-store")], Html(text)).into_response(),
            Err(error) => {
                tracing::error!("a page could not be written: {error}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// What is shown instead of a page.
#[derive(Debug)]
pub enum PageError {
    /// The page where one signs in, and then goes on to `next`.
    SignIn {
        /// A path of ours.
        next: Option<String>,
    },
    /// Why there is no page: never a secret.
    Told {
        /// The status.
        status: StatusCode,
        /// In a few words.
        title: &'static str,
        /// What happened, to which record.
        what: String,
        /// Who must do what now.
        next: String,
        /// For the audit log.
        refusal: Option<Box<Refusal>>,
    },
}

impl PageError {
    /// There is no such record.
    #[must_use]
    pub fn unknown(what: &str) -> Self {
        Self::told(
            StatusCode::NOT_FOUND,
            "Not known here",
            format!("There is no {what}."),
            "Check the address, or search in the lists.",
        )
    }

    /// What was asked for does not go, as things stand; nothing was changed.
    #[must_use]
    pub fn conflict(what: String, next: &str) -> Self {
        Self::told(StatusCode::CONFLICT, "Nothing was changed", what, next)
    }

    /// What was sent cannot be meant; nothing was changed.
    #[must_use]
    pub fn bad_input(what: String, next: &str) -> Self {
        Self::told(StatusCode::UNPROCESSABLE_ENTITY, "Nothing was changed", what, next)
    }

    /// A form that did not come from our page.
    pub(super) fn forged(why: &str) -> Self {
        Self::told(
            StatusCode::FORBIDDEN,
            "Not sent from this page",
            format!("The form was refused: {why}. Nothing was changed."),
            "Go back, reload the page, and send it again. If you did not press anything here, tell \
             your administrator.",
        )
    }

    pub(super) fn forbidden(roles: &Roles, refusal: Refusal) -> Self {
        let (role, does) = refusal.act.needs();
        let (role, user) = (role.as_str(), &refusal.user);
        let what = format!(
            "This needs the role {role} (who has it {does}); {user} has {}. Nothing was changed.",
            roles.words()
        );
        let next = "An administrator gives roles with `ml-connector users set-roles`.";
        let mut told = Self::told(StatusCode::FORBIDDEN, "Not with your roles", what, next);
        if let Self::Told { refusal: kept, .. } = &mut told {
            *kept = Some(Box::new(refusal));
        }
        told
    }

    pub(super) fn told(status: StatusCode, title: &'static str, what: String, next: &str) -> Self {
        Self::Told { status, title, what, next: next.to_owned(), refusal: None }
    }

    /// The page for what went wrong.
    fn of(error: &anyhow::Error) -> Self {
        let what = format!("{error:#}");
        if error.is::<lane::Taken>() {
            return Self::conflict(what, "Reload the page in a moment.");
        }
        if error.is::<AccrualRefused>() {
            return Self::conflict(what, "Do what it says, then try again.");
        }
        if error.is::<Illegal>() || error.is::<accrual::Illegal>() {
            return Self::conflict(what, "Look at it again: somebody may have been faster.");
        }
        if error.is::<NotKept>() {
            let next = "Take its file from your archive, or from Amazon, and put it on the page \
                        Drop: it is kept anew.";
            return Self::told(StatusCode::GONE, "Not kept any more", what, next);
        }
        match error.downcast_ref() {
            Some(store::Error::InUse { .. }) => Self::told(
                StatusCode::SERVICE_UNAVAILABLE,
                "A command is at work",
                "A command is working in the data folder just now; nothing was changed here."
                    .to_owned(),
                "Try again when it has finished.",
            ),
            Some(store::Error::Unknown { .. }) => Self::told(
                StatusCode::NOT_FOUND,
                "Not known here",
                what,
                "Check the address, or search in the lists.",
            ),
            Some(store::Error::AlreadyThere { .. }) => {
                Self::conflict(what, "Choose another name, or go on with what is there.")
            }
            Some(store::Error::Stale { .. }) => {
                Self::conflict(what, "Look at it again: somebody was faster.")
            }
            _ => {
                tracing::error!("a page could not be shown: {what}");
                Self::told(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "It did not work",
                    what,
                    "If the sentence above names nobody who must act, tell your IT administrator.",
                )
            }
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self::of(&error.into())
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'e> {
    frame: Frame,
    title: &'e str,
    what: &'e str,
    next: &'e str,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn { next } => {
                let next = next.filter(|next| next != "/").map_or_else(String::new, |next| {
                    let query = form_urlencoded::Serializer::new(String::new())
                        .append_pair("next", &next)
                        .finish();
                    format!("?{query}")
                });
                Redirect::to(&format!("/sign-in{next}")).into_response()
            }
            Self::Told { status, title, what, next, refusal } => {
                let frame = Frame::bare();
                let page = Page(ErrorPage { frame, title, what: &what, next: &next });
                let mut response = (status, page).into_response();
                if let Some(refusal) = refusal {
                    response.extensions_mut().insert(*refusal);
                }
                response
            }
        }
    }
}
