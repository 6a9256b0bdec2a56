//! Why a bank statement cannot be taken in.

use crate::statement::Form;

/// Nothing of the file was taken in: what is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct Unreadable {
    /// What the file was taken for.
    pub form: Form,
    /// The line of the file, from 1, where one can be named.
    pub line: Option<u64>,
    /// What is wrong and what to do.
    pub message: String,
}

impl Unreadable {
    pub(crate) fn of(form: Form, message: impl Into<String>) -> Self {
        Self { form, line: None, message: message.into() }
    }

    pub(crate) fn at(form: Form, line: u64, message: impl Into<String>) -> Self {
        Self { form, line: Some(line), message: message.into() }
    }
}
