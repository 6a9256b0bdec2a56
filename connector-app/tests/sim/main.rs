//! Exactly once, over seeds: the real pipeline posts settlements through networks that lose and
//! delay what they carry, in processes that crash and sleep, by clocks that jump, and in virtual
//! time. Everything that happens follows from the seed.
//!
//! ```text
//! cargo test -p connector-app --test sim -- --nocapture       200 seeds, and what they went through
//! ML_SIM_SEEDS=100000 cargo test -p connector-app --release --test sim posts_exactly_once -- --nocapture
//! ML_SIM_FROM=40000 ML_SIM_SEEDS=20000 cargo test …       a part of them
//! ML_SIM_SEED=17 cargo test -p connector-app --test sim posts_exactly_once        one seed, told step by step
//! ```
//!
//! * [`world`] is what all share: Epicor, the store, time, chance, and the record of what happened.
//! * [`machine`] is a computer: it tells the time, sleeps, crashes.
//! * [`network`] carries its requests to Epicor, [`amazon`] hands it the settlements.
//! * [`process`] is a worker on it: the connector's own code from the lease to the posted journal.
//! * [`verdict`] looks at the end of it all.

mod amazon;
mod machine;
mod network;
mod process;
mod retry;
mod seeds;
mod verdict;
mod world;
