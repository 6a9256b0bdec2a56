-- Month-end accruals: what a person had accrued of a fiscal period, and where it stands.

-- One row for each period and currency. What is written for it are two postings: the accrual, and the
-- reversal that takes it back on the first day of the next period.
CREATE TABLE accruals (
    connection TEXT NOT NULL,
    currency TEXT NOT NULL,
    period TEXT NOT NULL,                            -- the calendar's name of it
    state TEXT NOT NULL,
    plan TEXT NOT NULL,                              -- the two journals and what is in them, as JSON
    hold TEXT,                                       -- why it is held
    differs TEXT,                                    -- what is open at the end of the period by now, as JSON
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (connection, currency, period)
) STRICT;
