/// Why a secret cannot be had, in words for the IT administrator. No variant holds any of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The key is a good one, but not the one that the secret was sealed with.
    #[error(
        "{place}: sealed with key {sealed_with}, but the key given is {given}; \
         give the former key, or set the secret again"
    )]
    WrongKey {
        /// What was to be opened.
        place: String,
        /// The id of the key it was sealed with.
        sealed_with: String,
        /// The id of the key that was given.
        given: String,
    },
    /// The stored text was changed, or was copied from another secret.
    #[error(
        "{place}: the stored text was changed or belongs to another secret; \
         restore a backup, or set the secret again"
    )]
    Damaged {
        /// What was to be opened.
        place: String,
    },
    /// The text of a key-encryption key is not one.
    #[error(
        "the key-encryption key is not one: 43 characters are expected, as `credentials` writes \
         them; check that the whole line was copied"
    )]
    NotAKey,
    /// The text of a signing key is not one.
    #[error("the signing key is not one: 43 characters are expected; restore its file")]
    NotASigningKey,
    /// The text of a public key is not one.
    #[error("the public key is not one: 43 characters are expected, as `audit key` prints them")]
    NotAPublicKey,
    /// The passphrase is too short to protect anything.
    #[error("the passphrase has {length} characters; use at least {least}")]
    ShortPassphrase {
        /// How many characters it has.
        length: usize,
        /// How many are asked for.
        least: usize,
    },
    /// The password is too short to protect anything.
    #[error("the password has {length} characters; use at least {least}")]
    ShortPassword {
        /// How many characters it has.
        length: usize,
        /// How many are asked for.
        least: usize,
    },
    /// The password is too long to be one.
    #[error("the password has more than {most} bytes; use a shorter one")]
    LongPassword {
        /// How many bytes it may have.
        most: usize,
    },
    /// The hash of a password could not be made.
    #[error("the password could not be hashed; this is a defect: please report it")]
    NotAPasswordHash,
    /// The salt beside the secrets is damaged.
    #[error("the salt of the passphrase is damaged; restore a backup")]
    NotASalt,
}
