//! Where the Selling Partner API is.

/// A selling region. A refresh token belongs to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// Canada, United States, Mexico, Brazil.
    NorthAmerica,
    /// Europe, the Middle East, Africa, India.
    Europe,
    /// Singapore, Australia, Japan.
    FarEast,
}

impl Region {
    /// The address of the service.
    #[must_use]
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::NorthAmerica => "https://sellingpartnerapi-na.amazon.com/",
            Self::Europe => "https://sellingpartnerapi-eu.amazon.com/",
            Self::FarEast => "https://sellingpartnerapi-fe.amazon.com/",
        }
    }

    /// The address of its sandbox, which answers with canned data.
    #[must_use]
    pub const fn sandbox_endpoint(self) -> &'static str {
        match self {
            Self::NorthAmerica => "https://sandbox.sellingpartnerapi-na.amazon.com/",
            Self::Europe => "https://sandbox.sellingpartnerapi-eu.amazon.com/",
            Self::FarEast => "https://sandbox.sellingpartnerapi-fe.amazon.com/",
        }
    }
}
