-- Documents, reports, settlements, postings, the audit log, leases and sealed credentials.
--
-- Times are RFC 3339 text in UTC. Money is decimal text. Hashes are 64 lower-case hexadecimal digits.
-- States, steps, holds, plans and payloads are the caller's text: the store keeps and compares them.

CREATE TABLE documents (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64), -- SHA-256 of the original bytes
    name TEXT NOT NULL,                              -- the name it first came under
    size INTEGER NOT NULL,                           -- original length, bytes
    gzip BLOB NOT NULL,
    charset TEXT,                                    -- the charset its download named
    marketplace TEXT                                 -- the one marketplace its report named
) STRICT;

CREATE TABLE reports (
    connection TEXT NOT NULL,
    report_id TEXT NOT NULL,
    report_document_id TEXT NOT NULL,
    created TEXT NOT NULL,                           -- Amazon's createdTime
    marketplace TEXT,                                -- Amazon's marketplaceIds, when it is one
    state TEXT NOT NULL,
    document TEXT REFERENCES documents (hash),       -- known once retrieved
    hold TEXT,
    discovered TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (connection, report_id)
) STRICT;

CREATE INDEX reports_by_document ON reports (document);

CREATE TABLE settlements (
    connection TEXT NOT NULL,
    settlement_id TEXT NOT NULL,
    document TEXT NOT NULL REFERENCES documents (hash),
    source TEXT NOT NULL,
    currency TEXT NOT NULL,
    deposit TEXT NOT NULL,
    start_date TEXT NOT NULL,
    end_date TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    content TEXT NOT NULL,                           -- SHA-256 of this settlement's own content
    state TEXT NOT NULL,
    hold TEXT,
    plan TEXT,
    chain TEXT NOT NULL,                             -- what is compared with its neighbours
    reissue TEXT,                                    -- other contents that came under its id
    waived TEXT,                                     -- checks that a person waived
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (connection, settlement_id)
) STRICT;

-- Every document that ever showed a settlement: Amazon lists one settlement under several reports.
CREATE TABLE sightings (
    settlement_id TEXT NOT NULL,
    connection TEXT NOT NULL,
    document TEXT NOT NULL REFERENCES documents (hash),
    source TEXT NOT NULL,
    PRIMARY KEY (settlement_id, connection, document, source),
    FOREIGN KEY (connection, settlement_id) REFERENCES settlements (connection, settlement_id)
) STRICT;

-- One row per document that we write into Epicor, or send to Amazon. The record is a settlement, an
-- order or a shipment; its row is moved by the transaction that records the intent.
CREATE TABLE postings (
    number INTEGER PRIMARY KEY,                      -- order of recording
    key TEXT NOT NULL UNIQUE,
    connection TEXT NOT NULL,
    record_kind TEXT NOT NULL CHECK (record_kind IN
        ('settlement', 'order', 'shipment', 'listing', 'accrual')),
    record TEXT NOT NULL,                            -- its id within the connection
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    group_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    step TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    since TEXT NOT NULL,
    outcome TEXT,
    swept TEXT,                                      -- when its key was last counted
    incident TEXT,                                   -- what the count found, unless it was one
    created TEXT NOT NULL,
    updated TEXT NOT NULL
) STRICT;

CREATE INDEX postings_by_record ON postings (connection, record_kind, record);
CREATE INDEX postings_by_step ON postings (step);

-- Each connection has a chain of its own: hash = SHA-256 of two lines, each ended by one line feed:
-- previous, event. The text that is hashed is the text that is kept; record and subject repeat it
-- for look-ups, and are checked against it.
CREATE TABLE audit (
    connection TEXT NOT NULL,
    seq INTEGER NOT NULL,
    previous TEXT NOT NULL,
    event TEXT NOT NULL,
    hash TEXT NOT NULL,
    record TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (connection, seq)
) STRICT;

CREATE INDEX audit_by_record ON audit (record);
CREATE INDEX audit_by_subject ON audit (subject);

-- The newest event of each chain. A chain cannot tell that its own tail was cut off; this row can.
CREATE TABLE audit_heads (
    connection TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_never_updated BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_head_only_advances BEFORE UPDATE ON audit_heads
WHEN new.seq <> old.seq + 1 OR new.connection <> old.connection
BEGIN SELECT RAISE(ABORT, 'the audit log only grows, by one event at a time'); END;

CREATE TRIGGER audit_head_is_never_deleted BEFORE DELETE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- Who may act for a selling account or a company. The fence rises with each new holder, and every
-- write under a lease checks it: a holder that slept past its lease writes nothing more.
CREATE TABLE lanes (
    lane TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    until TEXT NOT NULL
) STRICT;

-- Credentials, each encrypted by the caller before it comes here.
CREATE TABLE secrets (
    connection TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed TEXT NOT NULL,
    set_at TEXT NOT NULL,                            -- by a person; sealing it anew leaves this
    PRIMARY KEY (connection, name)
) STRICT;

-- Facts about the installation, such as the salt of the vault's passphrase.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
