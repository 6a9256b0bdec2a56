#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| settlement_model_fuzz::properties::encoding(bytes));
