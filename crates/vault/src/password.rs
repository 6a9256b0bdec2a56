//! What is kept of a person's password: enough to recognise it, and nothing to guess it from.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{Entropy, Error};

/// The least length of a password, in characters.
const LEAST: usize = 12;

/// The most bytes that are hashed; a longer password is a mistake.
const MOST_BYTES: usize = 1024;

/// The hash to keep: Argon2id with a salt of its own, as a PHC string. Takes some 20 ms, on purpose.
///
/// # Errors
/// [`Error::ShortPassword`] below twelve characters, [`Error::LongPassword`] beyond a kilobyte.
pub fn hash_password(password: &SecretString, entropy: &mut Entropy<'_>) -> Result<String, Error> {
    let password = password.expose_secret();
    let length = password.chars().count();
    if length < LEAST {
        return Err(Error::ShortPassword { length, least: LEAST });
    }
    if password.len() > MOST_BYTES {
        return Err(Error::LongPassword { most: MOST_BYTES });
    }
    let mut salt = [0; 16];
    entropy(&mut salt);
    let hash = argon().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|_| Error::NotAPasswordHash)
}

/// Whether this is the password of that hash. Without a hash it takes as long, and is not: who tries
/// names learns nothing from the time.
#[must_use]
pub fn is_password(password: &SecretString, hash: Option<&str>) -> bool {
    let password = password.expose_secret().as_bytes();
    let hash = hash.filter(|_| password.len() <= MOST_BYTES);
    let Some(hash) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        let _hashed = argon().hash_password_with_salt(&[0; 32], &[0; 16]);
        return false;
    };
    argon().verify_password(password, &hash).is_ok()
}

/// What OWASP and the Argon2 crate's maintainers advise at least: 19 MiB, 2 passes, 1 lane.
fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(bytes: &mut [u8]) {
        for (byte, count) in bytes.iter_mut().zip(0..) {
            *byte = count;
        }
    }

    fn hashed(password: &str) -> Result<String, Error> {
        hash_password(&SecretString::from(password), &mut counting)
    }

    #[test]
    fn a_password_is_recognised_and_no_other() {
        let hash = hashed("correct horse").expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let is = |password: &str, hash: Option<&str>| is_password(&password.into(), hash);
        assert!(is("correct horse", Some(&hash)));
        assert!(!is("correct horsf", Some(&hash)));
        assert!(!is("", Some(&hash)));
        assert!(!is("correct horse", None));
        assert!(!is("correct horse", Some("no hash")));
        let longest = "x".repeat(MOST_BYTES);
        let hash = hashed(&longest).expect("a hash");
        assert!(is(&longest, Some(&hash)));
        assert!(!is(&format!("{longest}y"), Some(&hash)), "it is not cut");
    }

    #[test]
    fn each_hash_has_its_own_salt() {
        let mut count = 0;
        let mut entropy = |bytes: &mut [u8]| {
            count += 1;
            bytes.fill(count);
        };
        let password = SecretString::from("correct horse");
        let first = hash_password(&password, &mut entropy).expect("a hash");
        assert_ne!(hash_password(&password, &mut entropy), Ok(first));
    }

    #[test]
    fn what_protects_nothing_is_refused() {
        assert_eq!(hashed("short"), Err(Error::ShortPassword { length: 5, least: LEAST }));
        let long = "x".repeat(MOST_BYTES + 1);
        assert_eq!(hashed(&long), Err(Error::LongPassword { most: MOST_BYTES }));
    }
}
