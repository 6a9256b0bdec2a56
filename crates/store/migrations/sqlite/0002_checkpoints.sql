-- Signed checkpoints of the audit log: whoever holds the signing key vouches for a chain up to an
-- event. They only ever grow in number, as the log does.
CREATE TABLE checkpoints (
    connection TEXT NOT NULL,
    seq INTEGER NOT NULL,                              -- the newest event that is vouched for
    head TEXT NOT NULL,                              -- its hash
    at TEXT NOT NULL,
    public_key TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (connection, seq)
) STRICT;

CREATE TRIGGER checkpoints_are_never_updated BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints of the audit log are never changed'); END;

CREATE TRIGGER checkpoints_are_never_deleted BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints of the audit log are never deleted'); END;

-- When the bytes of a document were removed, because they had been kept long enough.
ALTER TABLE documents ADD COLUMN purged TEXT;
