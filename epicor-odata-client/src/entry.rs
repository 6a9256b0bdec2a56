//! How documents are entered: by the dialogue real clients use, or in fewer requests.

/// Which steps of Epicor's dialogues are taken, which decides how many requests a document costs.
///
/// Choose it per connection, after a trial on that Epicor's test environment: what
/// [`Compact`](Self::Compact) leaves out is optional by Epicor's published schemas, but no client
/// whose code we know leaves out all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// Every step that production clients are known to take.
    #[default]
    Dialogue,
    /// Only the steps that save something or decide something. Rows are built from their known
    /// columns, all lines travel together, groups are made without a lock, and Epicor's checks
    /// before posting are left to the posting itself.
    Compact,
}
