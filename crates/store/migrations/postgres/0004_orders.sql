-- Amazon's orders, Epicor's packs, and how far each was read. What is personal is never in here.

CREATE TABLE orders (
    connection TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,                          -- Amazon's orderId
    status TEXT NOT NULL,                            -- Amazon's fulfillmentStatus
    changed TEXT NOT NULL,                           -- Amazon's lastUpdatedTime
    payload TEXT NOT NULL,                           -- the order as read, without the buyer
    state TEXT NOT NULL,
    hold TEXT,
    entered TEXT,                                    -- the draft that Epicor has
    order_num TEXT,                                  -- Epicor's OrderNum
    revision BIGINT NOT NULL DEFAULT 0,             -- documents written so far
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (connection, order_id)
);

CREATE INDEX orders_by_state ON orders (connection, state);
CREATE INDEX orders_by_number ON orders (connection, order_num);

CREATE TABLE shipments (
    connection TEXT COLLATE "C" NOT NULL,
    pack_num TEXT COLLATE "C" NOT NULL,                          -- Epicor's PackNum
    order_id TEXT COLLATE "C" NOT NULL,
    content TEXT NOT NULL,                           -- what is to be confirmed
    state TEXT NOT NULL,
    hold TEXT,
    revision BIGINT NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (connection, pack_num, order_id)
);

CREATE INDEX shipments_by_state ON shipments (connection, state);
CREATE INDEX shipments_by_order ON shipments (connection, order_id);

-- How far a list that is read in windows was read: everything before `since` is known. A window that
-- is being read has an end, or a page that is next.
CREATE TABLE polls (
    connection TEXT COLLATE "C" NOT NULL,
    list TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    page TEXT,
    PRIMARY KEY (connection, list)
);
