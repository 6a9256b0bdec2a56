-- What needs a person, and who was told of it.

CREATE TABLE alerts (
    connection TEXT NOT NULL,
    key TEXT NOT NULL,                               -- what it is about, in the caller's words
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,                             -- a change of it is told anew
    message TEXT NOT NULL,
    raised TEXT NOT NULL,
    cleared TEXT,                                    -- kept until those who were told know
    PRIMARY KEY (connection, key)
) STRICT;

CREATE TABLE alerts_told (
    connection TEXT NOT NULL,
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    told TEXT NOT NULL,                              -- the last time
    PRIMARY KEY (connection, key, channel),
    FOREIGN KEY (connection, key) REFERENCES alerts (connection, key)
) STRICT;
