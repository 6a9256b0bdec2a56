use proptest::prelude::*;
use secrecy::ExposeSecret as _;

use crate::{Error, KeyEncryptionKey, Place, Salt, SecretString};

const PLACE: Place<'_> = Place { connection: "us", name: "amazon.client_secret" };

/// Not random, and never the same twice.
fn entropy(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut next = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = next.to_be_bytes()[0];
        }
    }
}

fn key(seed: u8) -> KeyEncryptionKey {
    KeyEncryptionKey::generate(&mut entropy(seed))
}

proptest! {
    #[test]
    fn any_secret_comes_back(secret in any::<String>(), connection in any::<String>(), name in any::<String>()) {
        let place = Place { connection: &connection, name: &name };
        let sealed = key(1).seal(place, &SecretString::from(secret.as_str()), &mut entropy(9));
        let opened = key(1).open(place, &sealed).unwrap();
        prop_assert_eq!(opened.expose_secret(), secret);
    }

    #[test]
    fn a_flipped_bit_is_found(at in any::<prop::sample::Index>(), bit in 0..7u8) {
        let sealed = key(1).seal(PLACE, &"hunter2".into(), &mut entropy(9));
        let mut bytes = sealed.clone().into_bytes();
        bytes[at.index(sealed.len())] ^= 1 << bit;
        if let Ok(changed) = String::from_utf8(bytes) {
            let opened = key(1).open(PLACE, &changed);
            let refused = matches!(opened, Err(Error::Damaged { .. } | Error::WrongKey { .. }));
            prop_assert!(refused);
        }
    }

    #[test]
    fn any_text_is_refused_without_a_panic(text in any::<String>()) {
        prop_assert!(key(1).open(PLACE, &text).is_err());
        let ours = format!("ml1.{}.{text}", key(1).id());
        prop_assert!(key(1).open(PLACE, &ours).is_err());
    }
}

#[test]
fn another_place_is_refused() {
    let sealed = key(1).seal(PLACE, &"hunter2".into(), &mut entropy(9));
    let elsewhere = [
        Place { connection: "de", ..PLACE },
        Place { name: "amazon.refresh_token", ..PLACE },
        Place { connection: "us amazon", name: "client_secret" },
    ];
    for place in elsewhere {
        let refused = key(1).open(place, &sealed).unwrap_err();
        assert_eq!(refused, Error::Damaged { place: place.to_string() });
    }
}

#[test]
fn the_wrong_key_says_which_is_the_right_one() {
    let sealed = key(1).seal(PLACE, &"hunter2".into(), &mut entropy(9));
    let refused = key(2).open(PLACE, &sealed).unwrap_err();
    let (sealed_with, given) = (key(1).id().to_string(), key(2).id().to_string());
    assert_ne!(sealed_with, given);
    assert_eq!(refused, Error::WrongKey { place: PLACE.to_string(), sealed_with, given });
}

#[test]
fn a_new_key_takes_over_and_the_former_one_is_useless() {
    let sealed = key(1).seal(PLACE, &"hunter2".into(), &mut entropy(9));
    let rewrapped = key(2).rewrap(&key(1), PLACE, &sealed, &mut entropy(8)).unwrap();
    assert_eq!(key(2).open(PLACE, &rewrapped).unwrap().expose_secret(), "hunter2");
    assert!(matches!(key(1).open(PLACE, &rewrapped), Err(Error::WrongKey { .. })));
    let again = key(3).rewrap(&key(1), PLACE, &rewrapped, &mut entropy(8));
    assert!(matches!(again, Err(Error::WrongKey { .. })));
}

#[test]
fn the_same_secret_never_looks_the_same() {
    let mut entropy = entropy(9);
    let first = key(1).seal(PLACE, &"hunter2".into(), &mut entropy);
    assert_ne!(first, key(1).seal(PLACE, &"hunter2".into(), &mut entropy));
}

#[test]
fn a_key_is_its_text() {
    let text = key(1).to_text();
    let padded = SecretString::from(format!(" {}\n", text.expose_secret()));
    assert_eq!(KeyEncryptionKey::from_text(&padded).unwrap().id(), key(1).id());
    for wrong in ["", "short", &text.expose_secret()[1..]] {
        let refused = KeyEncryptionKey::from_text(&wrong.into());
        assert_eq!(refused.unwrap_err(), Error::NotAKey);
    }
}

#[test]
fn a_passphrase_is_a_key_of_its_salt() {
    let (one, other) = (Salt::generate(&mut entropy(1)), Salt::generate(&mut entropy(2)));
    let from = |salt: &Salt| {
        let passphrase = "correct horse battery".into();
        KeyEncryptionKey::from_passphrase(&passphrase, salt).unwrap().id().to_string()
    };
    assert_eq!(from(&one), from(&one.to_string().parse().unwrap()));
    assert_ne!(from(&one), from(&other));
    let short = KeyEncryptionKey::from_passphrase(&"hunter2".into(), &one).unwrap_err();
    assert_eq!(short, Error::ShortPassphrase { length: 7, least: 12 });
}

#[test]
fn nothing_shows_a_key_or_a_secret() {
    let shown = format!("{:?} {:?}", key(1), key(1).to_text());
    let text = key(1).to_text();
    assert!(!shown.contains(text.expose_secret()));
    assert!(!shown.contains(&format!("{:?}", key(1).bytes.as_slice())));
}
