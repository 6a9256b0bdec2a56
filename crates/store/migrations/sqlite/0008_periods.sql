-- What closes a month: the rules as they were saved, what other systems showed last, and the periods
-- that were signed.

-- Each text that a connection's rules file had, as far as this program saw it. None is ever changed.
CREATE TABLE rules_versions (
    connection TEXT NOT NULL,
    number INTEGER NOT NULL,                         -- 1, 2, 3 without a gap
    hash TEXT NOT NULL,                              -- SHA-256 of the text
    text TEXT NOT NULL,
    saved TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (connection, number)
) STRICT;

-- What was read in another system last, so that a page need not ask it again.
CREATE TABLE figures (
    connection TEXT NOT NULL,
    name TEXT NOT NULL,                              -- what they are, in the caller's words
    read TEXT NOT NULL,
    content TEXT NOT NULL,                           -- the figures, as JSON
    PRIMARY KEY (connection, name)
) STRICT;

-- Fiscal periods that a person signed. One that is signed again after it was re-opened is a row more.
CREATE TABLE signed_periods (
    connection TEXT NOT NULL,
    currency TEXT NOT NULL,
    period TEXT NOT NULL,                            -- the calendar's name of it
    number INTEGER NOT NULL,                         -- 1, 2, 3 without a gap
    figures TEXT NOT NULL,                           -- what was signed, as JSON
    hash TEXT NOT NULL,                              -- SHA-256 of it
    signed TEXT NOT NULL,
    signed_by TEXT NOT NULL,
    reopened TEXT,
    reopened_by TEXT,
    reason TEXT,                                     -- why it was re-opened
    PRIMARY KEY (connection, currency, period, number)
) STRICT;

-- The day of the entry that wrote a difference off; unknown for those noted without one.
ALTER TABLE waivers ADD COLUMN day TEXT;
