//! The data folder: `ml-connector.db` and the lock beside it, readable by their owner alone.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use crate::error::Error;

/// The data folder, open for writing by this process alone.
pub(crate) struct Folder {
    /// Where the database is.
    pub(crate) database: PathBuf,
    /// The lock; the operating system releases it when the process ends, however it ends.
    pub(crate) lock: File,
}

/// Where the database of a data folder is.
pub(crate) fn database(dir: &Path) -> PathBuf {
    dir.join("ml-connector.db")
}

/// Makes the folder if it is missing, takes its lock, and makes the database file.
pub(crate) fn claim(dir: &Path) -> Result<Folder, Error> {
    make_private(dir).map_err(|source| Error::Io {
        path: dir.to_owned(),
        doing: "create the data folder",
        source,
    })?;
    let path = dir.join("ml-connector.lock");
    let lock = private_file(&path)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => Error::InUse { dir: dir.to_owned() },
        TryLockError::Error(source) => Error::Io { path, doing: "lock the data folder", source },
    })?;
    let database = database(dir);
    private_file(&database)?;
    Ok(Folder { database, lock })
}

/// An existing folder keeps its permissions: it may be shared on purpose, and the files are private.
fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// SQLite gives its journal files the permissions of the database, so the file is made first.
fn private_file(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        doing: "create the file",
        source,
    })
}
