//! The console as people meet it: the real binary over the stand-ins, by HTTP and in a real Chromium.
//!
//! ```text
//! cargo test -p connector-app --test console
//! ML_CONSOLE_PICTURES=docs/console cargo test -p connector-app --test console every_page
//!                             also writes a picture of each page there; needs pngquant
//! ```
//!
//! * [`house`] is a served console with users, [`visitor`] somebody who asks it by HTTP.
//! * [`browser`] is a headless Chromium, driven over the WebDriver protocol.
//! * [`axe`] asks a page in it for what keeps people from using it.
//!
//! Needs Chromium with its driver, and npm for the accessibility rules.

mod access;
mod axe;
mod books;
mod browser;
mod house;
mod month;
mod pages;
mod reading;
mod refusals;
mod settlements;
mod tls;
mod visitor;
