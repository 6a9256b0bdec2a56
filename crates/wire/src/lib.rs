#![doc = include_str!("../README.md")]

mod clock;
mod gate;
mod gates;
mod link;
mod pages;
mod random;
mod redact;
mod request;
mod response;
mod retry;
mod secret;
mod token;
mod transport;

pub use clock::{Clock, ManualClock, SystemClock};
pub use gate::{Caller, Gate, OnWait, Plan, Priority, SavedBucket, WaitNotice, WaitReason};
pub use gates::{GateKey, Gates, SavedGate};
pub use link::{Link, LinkBuilder};
pub use pages::{BrokenPaging, Page, Paged, pages, whole_pages};
pub use random::{Random, SeededRandom, SystemRandom};
pub use redact::{Redacted, RedactedUrl, masked};
pub use request::{Class, Request};
pub use reqwest::Client as HttpClient;
pub use response::{ByteStream, Response, retry_after};
pub use retry::{Attempts, Outcome, RetryPolicy, Verdict, decide};
pub use secret::{secret_body, secret_header, wipe};
pub use token::{Token, TokenCache};
pub use transport::{
    InsecureUrl, Reached, ReqwestTransport, Transport, TransportError, TransportErrorKind,
    TransportOptions, base_fault, is_loopback, require_secure,
};
