-- Amazon's listings and what each is in Epicor, and the parts that people named for SKUs.

CREATE TABLE listings (
    connection TEXT COLLATE "C" NOT NULL,
    marketplace TEXT COLLATE "C" NOT NULL,           -- Amazon's marketplaceId
    sku TEXT COLLATE "C" NOT NULL,
    asin TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,                            -- Amazon's word: Active, Inactive, Incomplete
    channel TEXT NOT NULL,                           -- Amazon's fulfillment-channel
    gtin TEXT,
    state TEXT NOT NULL,                             -- matched, inactive, ambiguous, missing
    part TEXT,                                       -- Epicor's PartNum
    alignment TEXT NOT NULL,                         -- what it is and what it may be, as JSON
    PRIMARY KEY (connection, marketplace, sku)
);

CREATE INDEX listings_by_state ON listings (connection, state);

CREATE TABLE mappings (
    connection TEXT COLLATE "C" NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    part TEXT NOT NULL,                              -- Epicor's PartNum
    unit TEXT,                                       -- the part's own sales unit without it
    multiple BIGINT NOT NULL DEFAULT 1,              -- how many of that unit one SKU is
    state TEXT NOT NULL,
    hold TEXT,
    revision BIGINT NOT NULL DEFAULT 0,              -- cross references intended so far
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (connection, sku)
);
