//! Documents: the exact bytes that came, kept compressed under the SHA-256 of the original.

use std::{
    fmt,
    io::{Read, Write},
    str::FromStr,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    Store,
    engine::{Access, Row, Tx, params},
    error::{Error, Fault, about},
};

/// The SHA-256 of a document's original bytes, written as 64 lower-case hexadecimal digits.
///
/// ```
/// # use store::DocumentHash;
/// let hash = DocumentHash::of(b"abc");
/// let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
/// assert_eq!(hash.to_string(), text);
/// assert_eq!(text.parse(), Ok(hash));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentHash([u8; 32]);

impl DocumentHash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for DocumentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DocumentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentHash({self})")
    }
}

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256: 64 lower-case hexadecimal digits are expected")]
pub struct NotAHash;

impl FromStr for DocumentHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return Err(NotAHash);
        }
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

fn digit(ascii: u8) -> Result<u8, NotAHash> {
    match ascii {
        b'0'..=b'9' => Ok(ascii - b'0'),
        b'a'..=b'f' => Ok(ascii - b'a' + 10),
        _ => Err(NotAHash),
    }
}

/// What the sender said of a document beside its bytes. The same bytes are always read alike, so
/// what was said when they first came stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The charset of the download's `Content-Type`.
    pub charset: Option<String>,
    /// The marketplace that the report's `marketplaceIds` name, when they name one.
    pub marketplace: Option<String>,
}

/// A document that came from Amazon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDocument<'a> {
    /// The name it comes under.
    pub name: &'a str,
    /// Its exact bytes.
    pub bytes: &'a [u8],
    /// The charset of the download's `Content-Type`.
    pub charset: Option<&'a str>,
}

/// A kept document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    /// The SHA-256 of `bytes`; checked when it was read back.
    pub hash: DocumentHash,
    /// The name it first came under, for example a report document id or a file name.
    pub name: String,
    /// What the sender said of it.
    pub hints: Hints,
    /// The exact original bytes.
    pub bytes: Vec<u8>,
}

/// A document made ready outside the transaction, so that compressing holds no lock.
pub(crate) struct Packed<'a> {
    pub(crate) hash: DocumentHash,
    name: &'a str,
    size: usize,
    gzip: Vec<u8>,
}

impl<'a> Packed<'a> {
    pub(crate) fn new(name: &'a str, bytes: &[u8]) -> Result<Self, Error> {
        let io = |source| Error::Io { path: name.into(), doing: "compress the document", source };
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).map_err(io)?;
        let gzip = encoder.finish().map_err(io)?;
        Ok(Self { hash: DocumentHash::of(bytes), name, size: bytes.len(), gzip })
    }

    /// Keeps the document unless it is there already; one that was purged is there again.
    pub(crate) async fn keep(&self, tx: &mut Tx<'_>, hints: &Hints) -> Result<(), Fault> {
        let size = self.size as u64;
        let (charset, marketplace) = (hints.charset.as_deref(), hints.marketplace.as_deref());
        tx.execute(
            "INSERT INTO documents (hash, name, size, gzip, charset, marketplace)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (hash) DO UPDATE SET gzip = excluded.gzip, purged = NULL
             WHERE documents.purged IS NOT NULL",
            &params![self.hash, self.name, size, self.gzip.as_slice(), charset, marketplace],
        )
        .await?;
        Ok(())
    }
}

/// Refuses a document that is not kept.
pub(crate) async fn required(tx: &mut Tx<'_>, hash: &DocumentHash) -> Result<(), Fault> {
    let kept = tx.row("SELECT hash FROM documents WHERE hash = ?1", &params![*hash]).await?;
    match kept {
        Some(_) => Ok(()),
        None => Err(Error::Unknown { record: format!("document {hash}") }.into()),
    }
}

impl Store {
    /// Keeps a document's exact bytes, of which nothing else was said, under their SHA-256. Bytes that
    /// are there already are kept once, under the name they first came with.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn put_document(&self, name: &str, bytes: &[u8]) -> Result<DocumentHash, Error> {
        let packed = Packed::new(name, bytes)?;
        about(&format!("document {name}"), async {
            let mut tx = self.begin(Access::Write).await?;
            packed.keep(&mut tx, &Hints::default()).await?;
            tx.commit().await
        })
        .await?;
        Ok(packed.hash)
    }

    /// What was said of a document when it first came; nothing when it was never kept.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn document_hints(&self, hash: &DocumentHash) -> Result<Hints, Error> {
        about(&format!("document {hash}"), async {
            let query = "SELECT charset, marketplace FROM documents WHERE hash = ?1";
            let row = self.read().await?.row(query, &params![*hash]).await?;
            row.map(|mut row| hints(&mut row)).transpose().map(Option::unwrap_or_default)
        })
        .await
    }

    /// A document by its hash, checked against it; `None` when it was never kept, or was
    /// [purged](Store::purge_documents).
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the kept bytes are not the ones that came.
    pub async fn document(&self, hash: &DocumentHash) -> Result<Option<StoredDocument>, Error> {
        let record = format!("document {hash}");
        let found = about(&record, async {
            let mut tx = self.read().await?;
            let query = "SELECT * FROM documents WHERE hash = ?1 AND purged IS NULL";
            let Some(mut row) = tx.row(query, &params![*hash]).await? else { return Ok(None) };
            let size: u64 = row.number("size")?;
            Ok(Some((row.text("name")?, hints(&mut row)?, size, row.bytes("gzip")?)))
        })
        .await?;
        let Some((name, hints, size, gzip)) = found else {
            return Ok(None);
        };
        let bytes = unpacked(size, &gzip)
            .map_err(|error| Error::Corrupt { record: record.clone(), what: error.to_string() })?;
        if DocumentHash::of(&bytes) != *hash {
            let what = "its bytes do not have its SHA-256".to_owned();
            return Err(Error::Corrupt { record, what });
        }
        Ok(Some(StoredDocument { hash: *hash, name, hints, bytes }))
    }

    /// When a document's bytes were [purged](Store::purge_documents); `None` for one that is kept, or was
    /// never there.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn document_purged(&self, hash: &DocumentHash) -> Result<Option<Timestamp>, Error> {
        about(&format!("document {hash}"), async {
            let query = "SELECT purged FROM documents WHERE hash = ?1";
            let row = self.read().await?.row(query, &params![*hash]).await?;
            row.map_or(Ok(None), |mut row| row.parsed_if_any("purged"))
        })
        .await
    }
}

fn hints(row: &mut Row) -> Result<Hints, Fault> {
    Ok(Hints { charset: row.text_if_any("charset")?, marketplace: row.text_if_any("marketplace")? })
}

/// Inflates at most one byte more than the recorded size: damage cannot fill the memory.
fn unpacked(size: u64, gzip: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(gzip).take(size.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
