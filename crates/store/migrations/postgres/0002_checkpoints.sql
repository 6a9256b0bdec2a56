-- Signed checkpoints of the audit log: whoever holds the signing key vouches for a chain up to an
-- event. They only ever grow in number, as the log does.
CREATE TABLE checkpoints (
    connection TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,                              -- the newest event that is vouched for
    head TEXT NOT NULL,                              -- its hash
    at TEXT NOT NULL,
    public_key TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (connection, seq)
);

CREATE TRIGGER checkpoints_are_never_changed BEFORE UPDATE OR DELETE ON checkpoints
FOR EACH ROW EXECUTE FUNCTION audit_refuses();

CREATE TRIGGER checkpoints_are_never_truncated BEFORE TRUNCATE ON checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();

-- When the bytes of a document were removed, because they had been kept long enough.
ALTER TABLE documents ADD COLUMN purged TEXT;
