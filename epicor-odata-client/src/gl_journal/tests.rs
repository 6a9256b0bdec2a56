use proptest::prelude::*;

use super::check::fit;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A description fits its column, and the token it starts with is never cut.
    #[test]
    fn descriptions_keep_their_token(text in "(?s).{0,40}", length in 0_usize..40) {
        let token = text.split_whitespace().next().unwrap_or_default();
        match fit(&text, length) {
            Ok(fitted) => {
                prop_assert!(fitted.encode_utf16().count() <= length);
                prop_assert!(text.trim().starts_with(&fitted));
                prop_assert_eq!(fitted.split_whitespace().next().unwrap_or_default(), token);
            }
            Err(_) => prop_assert!(token.encode_utf16().count() > length),
        }
    }
}
