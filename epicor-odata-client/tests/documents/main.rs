//! Documents against a small Epicor in memory: what is sent, how often, and what becomes of it
//! when answers get lost.

mod contracts;
mod epicor;
mod flows;
mod lost_answers;
mod meanwhile;
mod requests;
#[path = "../schemas/mod.rs"]
mod schemas;
mod stand_in;
