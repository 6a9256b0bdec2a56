-- What is left of Amazon's request budgets, so that a restart calls no faster than Amazon allows.

CREATE TABLE rates (
    connection TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,                          -- the selling account, as it is called for
    application TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    tokens BIGINT NOT NULL,                          -- whole calls that were left
    earning_since TEXT NOT NULL,                     -- since when the next one is being earned
    interval_ns BIGINT NOT NULL,                     -- the time to earn one, as Amazon told last
    saved TEXT NOT NULL,
    PRIMARY KEY (connection, account, application, operation)
);
