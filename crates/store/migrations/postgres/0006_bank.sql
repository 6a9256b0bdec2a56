-- What the bank received from Amazon, and what people decided about it.

CREATE TABLE bank_lines (
    connection TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,                           -- as the statement names it; may be empty
    reference TEXT COLLATE "C" NOT NULL,                         -- the bank's, or one made of date, amount, text
    value_date TEXT COLLATE "C" NOT NULL,
    currency TEXT NOT NULL,
    amount TEXT NOT NULL,                            -- positive is money received
    text TEXT NOT NULL,
    document TEXT NOT NULL REFERENCES documents (hash),
    settlement_id TEXT,                              -- whose deposit it is, when a person said so
    PRIMARY KEY (connection, account, reference)
);

-- Differences of a settlement that a person has written off in the ledger.
CREATE TABLE waivers (
    connection TEXT COLLATE "C" NOT NULL,
    settlement_id TEXT COLLATE "C" NOT NULL,
    amount TEXT NOT NULL,                            -- positive is money that Amazon owed
    PRIMARY KEY (connection, settlement_id),
    FOREIGN KEY (connection, settlement_id) REFERENCES settlements (connection, settlement_id)
);
