#![doc = include_str!("../README.md")]

mod clock;
mod gate;
mod pages;
mod random;
mod redact;
mod request;
mod response;
mod retry;
mod token;
mod transport;

pub use clock::{Clock, ManualClock, SystemClock};
pub use gate::{Gate, OnWait, Plan, WaitNotice};
pub use pages::{BrokenPaging, Page, Paged, pages, whole_pages};
pub use random::{Random, SeededRandom, SystemRandom};
pub use redact::{Redacted, RedactedUrl};
pub use request::{Class, Request};
pub use response::{ByteStream, Response};
pub use retry::{Attempts, Outcome, RetryPolicy, Verdict, decide};
pub use token::{Token, TokenCache};
pub use transport::{
    InsecureUrl, Reached, ReqwestTransport, Transport, TransportError, TransportErrorKind,
    TransportOptions, is_loopback, require_secure,
};
