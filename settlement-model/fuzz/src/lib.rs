//! What must hold for any bytes, for libFuzzer to look for bytes for which it does not. The same
//! properties are checked for the kept corpus in every test run, see `tests/corpus`.

#[path = "../../tests/corpus/properties.rs"]
pub mod properties;
