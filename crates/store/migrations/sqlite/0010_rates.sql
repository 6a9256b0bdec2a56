-- What is left of Amazon's request budgets, so that a restart calls no faster than Amazon allows.

CREATE TABLE rates (
    connection TEXT NOT NULL,
    account TEXT NOT NULL,                          -- the selling account, as it is called for
    application TEXT NOT NULL,
    operation TEXT NOT NULL,
    tokens INTEGER NOT NULL,                          -- whole calls that were left
    earning_since TEXT NOT NULL,                     -- since when the next one is being earned
    interval_ns INTEGER NOT NULL,                     -- the time to earn one, as Amazon told last
    saved TEXT NOT NULL,
    PRIMARY KEY (connection, account, application, operation)
) STRICT;
