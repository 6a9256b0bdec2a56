-- Who may use the console, and who is signed in.

CREATE TABLE users (
    name TEXT NOT NULL PRIMARY KEY,
    roles TEXT NOT NULL,                             -- the app's words, by commas
    password TEXT NOT NULL,                          -- an Argon2id hash, with its salt and parameters
    added TEXT NOT NULL,
    password_set TEXT NOT NULL,
    disabled TEXT                                    -- since when they may not sign in
) STRICT;

-- Only the SHA-256 of what the browser holds is kept.
CREATE TABLE sessions (
    token TEXT NOT NULL PRIMARY KEY,
    user_name TEXT NOT NULL REFERENCES users (name),
    began TEXT NOT NULL,
    seen TEXT NOT NULL                               -- when it was last used, about
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_name);
