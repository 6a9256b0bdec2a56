//! The file of a backup: gzip around lines of JSON. The first says what it is, each other one is a
//! row, and the last holds the counts and the checksum of all lines before it.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use sha2::{Digest as _, Sha256};

use super::BackupSummary;
use crate::{audit::ChainEnd, engine::Value, error::Error};

/// The version of the form.
const FORM: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    /// The form's version.
    ml_connector_backup: u32,
    /// The schema of the tables.
    schema: u32,
    at: Timestamp,
}

/// A row: its table and what is not absent in it.
#[derive(Serialize, Deserialize)]
struct Kept {
    table: String,
    row: Map<String, serde_json::Value>,
}

/// A line as it is read.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Row(Kept),
    End { end: BackupSummary },
}

/// What comes next out of a file.
pub(super) enum Line {
    Row { table: String, values: Vec<(String, Value<'static>)> },
    End(BackupSummary),
}

/// Writes a file.
pub(super) struct Writer {
    path: PathBuf,
    out: GzEncoder<File>,
    digest: Sha256,
}

impl Writer {
    pub(super) fn create(path: &Path, schema: u32, at: Timestamp) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file =
            options.open(path).map_err(|error| io_error(path, "create the backup", error))?;
        let out = GzEncoder::new(file, Compression::default());
        let mut writer = Self { path: path.to_owned(), out, digest: Sha256::new() };
        writer.line(&json!(Head { ml_connector_backup: FORM, schema, at }))?;
        Ok(writer)
    }

    pub(super) fn row<'c>(
        &mut self,
        table: &str,
        values: impl Iterator<Item = (&'c String, Value<'static>)>,
    ) -> Result<(), Error> {
        let row: Map<_, _> =
            values.filter_map(|(column, value)| Some((column.clone(), to_json(value)?))).collect();
        self.line(&json!(Kept { table: table.to_owned(), row }))
    }

    /// Writes the last line, and returns when all is on the disk.
    pub(super) fn finish(
        mut self,
        at: Timestamp,
        rows: BTreeMap<String, u64>,
        audit: BTreeMap<String, ChainEnd>,
    ) -> Result<BackupSummary, Error> {
        let sha256 = hexadecimal(self.digest.clone());
        let summary = BackupSummary { at, rows, audit, sha256 };
        self.line(&json!({ "end": &summary }))?;
        let finished = self.out.finish().and_then(|file| file.sync_all());
        finished.map_err(|error| io_error(&self.path, "write the backup", error))?;
        Ok(summary)
    }

    fn line(&mut self, line: &serde_json::Value) -> Result<(), Error> {
        let text = format!("{line}\n");
        self.digest.update(text.as_bytes());
        let written = self.out.write_all(text.as_bytes());
        written.map_err(|error| io_error(&self.path, "write the backup", error))
    }
}

/// Reads a file to its end, once.
pub(super) struct Reader {
    path: PathBuf,
    lines: BufReader<GzDecoder<BufReader<File>>>,
    digest: Sha256,
}

impl Reader {
    pub(super) fn open(path: &Path, schema: u32) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| io_error(path, "read the backup", error))?;
        let lines = BufReader::new(GzDecoder::new(BufReader::new(file)));
        let mut reader = Self { path: path.to_owned(), lines, digest: Sha256::new() };
        let head = reader.line()?;
        let head: Head = serde_json::from_slice(&head)
            .map_err(|_| reader.bad("it is no backup of ml-connector"))?;
        match head.schema.cmp(&schema) {
            std::cmp::Ordering::Equal if head.ml_connector_backup == FORM => Ok(reader),
            std::cmp::Ordering::Greater => {
                Err(Error::NewerSchema { found: head.schema, known: schema })
            }
            _ => Err(reader.bad(format!(
                "an older version of ml-connector made it (schema {}): restore it with that \
                 version, then open it with this one",
                head.schema
            ))),
        }
    }

    /// The next row, or the end, whose checksum is checked.
    pub(super) fn next(&mut self) -> Result<Line, Error> {
        let so_far = self.digest.clone();
        let text = self.line()?;
        let line = serde_json::from_slice(&text).map_err(|_| self.bad("a line is damaged"))?;
        match line {
            Written::Row(Kept { table, row }) => {
                let values = row
                    .into_iter()
                    .map(|(column, value)| {
                        let value = from_json(value);
                        let value = value.ok_or_else(|| self.bad("a row is damaged"))?;
                        Ok((column, value))
                    })
                    .collect::<Result<_, Error>>()?;
                Ok(Line::Row { table, values })
            }
            Written::End { end } => {
                if end.sha256 != hexadecimal(so_far) {
                    return Err(self.bad("its checksum does not fit its content"));
                }
                // The checksum of the compressed file is checked when its end is reached.
                match self.lines.read_until(b'\n', &mut Vec::new()) {
                    Ok(0) => Ok(Line::End(end)),
                    Ok(_) => Err(self.bad("there is something behind its end")),
                    Err(error) => Err(self.unreadable(&error)),
                }
            }
        }
    }

    pub(super) fn bad(&self, what: impl Into<String>) -> Error {
        Error::BadBackup { path: self.path.clone(), what: what.into() }
    }

    fn line(&mut self) -> Result<Vec<u8>, Error> {
        let mut text = Vec::new();
        match self.lines.read_until(b'\n', &mut text) {
            Err(error) => return Err(self.unreadable(&error)),
            Ok(_) if !text.ends_with(b"\n") => return Err(self.bad("it was cut off")),
            Ok(_) => {}
        }
        self.digest.update(&text);
        Ok(text)
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => self.bad("it was cut off"),
            _ => self.bad(format!("it is damaged, or no backup ({error})")),
        }
    }
}

fn io_error(path: &Path, doing: &'static str, source: io::Error) -> Error {
    Error::Io { path: path.to_owned(), doing, source }
}

fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `None` for what is absent.
fn to_json(value: Value<'static>) -> Option<serde_json::Value> {
    Some(match value {
        Value::Text(text) => text?.into_owned().into(),
        Value::Integer(number) => number?.into(),
        Value::Bytes(bytes) => json!({ "base64": STANDARD.encode(bytes?) }),
    })
}

fn from_json(value: serde_json::Value) -> Option<Value<'static>> {
    Some(match value {
        serde_json::Value::String(text) => Value::Text(Some(text.into())),
        serde_json::Value::Number(number) => Value::Integer(Some(number.as_i64()?)),
        serde_json::Value::Object(bytes) => {
            let bytes = bytes.get("base64")?.as_str()?;
            Value::Bytes(Some(STANDARD.decode(bytes).ok()?.into()))
        }
        _ => return None,
    })
}
