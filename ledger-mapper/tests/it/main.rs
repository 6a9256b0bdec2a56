//! Planning settlements, from outside the crate.

mod plan;
mod properties;
mod samples;
mod support;
mod worked;
