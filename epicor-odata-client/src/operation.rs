use std::borrow::Cow;
use std::fmt;

/// What was called: service and method or entity set, like `Erp.BO.GLJrnGrpSvc/Update`; a query of
/// the customer's, like `BaqSvc/MyQuery`; or a function, like `efx/Library/Function`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operation(Cow<'static, str>);

impl Operation {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The service alone: what stands before the first slash.
    #[must_use]
    pub fn service(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(service, _)| service)
    }

    /// Its text for a log whose words are fixed; names that only this call knows have none.
    pub(crate) fn label(&self) -> &'static str {
        match self.0 {
            Cow::Borrowed(name) => name,
            Cow::Owned(_) => "Epicor",
        }
    }
}

impl From<&'static str> for Operation {
    fn from(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl From<String> for Operation {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl From<&Self> for Operation {
    fn from(other: &Self) -> Self {
        other.clone()
    }
}

impl PartialEq<str> for Operation {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Operation {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
