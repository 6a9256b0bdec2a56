-- The schedule and its runs.

-- Each time a flow went over a connection. A run without an end is under way, or its process died.
CREATE TABLE runs (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of starting
    connection TEXT COLLATE "C" NOT NULL,
    flow TEXT COLLATE "C" NOT NULL,
    cause TEXT NOT NULL,                             -- why it started: schedule, run-now, command
    worker TEXT NOT NULL,                            -- which process
    started TEXT NOT NULL,
    ended TEXT,
    outcome TEXT,
    counts TEXT,                                     -- what it did, as JSON
    message TEXT
);

CREATE INDEX runs_by_flow ON runs (connection, flow, number);

-- When each flow of each connection is due; `due` is absent where only a person starts it. The times
-- have nine decimals, so that their text sorts as they do.
CREATE TABLE schedule (
    connection TEXT COLLATE "C" NOT NULL,
    flow TEXT COLLATE "C" NOT NULL,
    spec TEXT NOT NULL,                              -- the configuration's words for it
    due TEXT COLLATE "C",
    asked TEXT COLLATE "C",                          -- somebody wants it now
    asked_by TEXT,
    outcome TEXT,                                    -- of the last run that ended
    ended TEXT,
    PRIMARY KEY (connection, flow)
);

CREATE INDEX schedule_by_due ON schedule (due);
CREATE INDEX schedule_by_asked ON schedule (asked) WHERE asked IS NOT NULL;
CREATE INDEX settlements_by_state ON settlements (state);
