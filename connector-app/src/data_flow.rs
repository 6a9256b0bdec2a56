//! What is read from whom, kept where, how long, how protected, and who may see it: one table, for
//! whoever answers for the data.

use crate::config::Retention;

/// One kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// What it is, and whether it says anything about a person.
    pub data: &'static str,
    /// Where it comes from, and by which operation.
    pub from: &'static str,
    /// Where it is kept: tables of the store, a file, Epicor, or nowhere.
    pub kept: &'static [&'static str],
    /// How long.
    pub keep: Keep,
    /// How it is protected where it is kept.
    pub protected: &'static str,
    /// Who may see it.
    pub seen_by: &'static str,
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// As the configuration says of settlements.
    Settlements,
    /// As settlements, and at least as long as Amazon tells of orders.
    Orders,
    /// In words.
    For(&'static str),
}

impl Keep {
    /// In words, with the retention of a configuration.
    #[must_use]
    pub fn text(self, retention: Retention) -> String {
        match self {
            Self::Settlements => {
                format!("{} years, then `purge` removes the documents", retention.settlement_years)
            }
            Self::Orders => {
                let years = retention.settlement_years.max(2);
                format!("{years} years after their last change, then `purge` removes them")
            }
            Self::For(text) => text.to_owned(),
        }
    }
}

const OWNER: &str = "readable by the owner of the data folder, or by the database's user, alone";
const SEALED: &str =
    "encrypted, each under a key of its own; the key of those keys is kept elsewhere";
const READERS: &str = "whoever may run the connector";

/// The whole table.
pub const FLOWS: &[Flow] = &[
    Flow {
        data: "settlement documents: amounts, order ids, SKUs; no names or addresses",
        from: "Amazon getReports, getReportDocument; `import`",
        kept: &["documents", "reports", "sightings"],
        keep: Keep::Settlements,
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "settlements, their journals and holds",
        from: "made from the documents by the rules",
        kept: &["settlements", "postings"],
        keep: Keep::For("as settlements"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "orders: ids, SKUs, quantities, amounts; no names, addresses or e-mail",
        from: "Amazon searchOrders, getOrder, the report of all orders; Epicor's packs",
        kept: &[
            "orders",
            "shipments",
            "polls",
            "postings",
            "Epicor: sales orders",
            "Epicor: customer shipments",
        ],
        keep: Keep::Orders,
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "listings: SKUs, ASINs, titles, trade item numbers, the parts they are or may be",
        from: "Amazon's report of all listings; Epicor PartSvc, CustomerPartXRefSvc",
        kept: &["listings", "polls", "Epicor: customer part cross references, where asked for"],
        keep: Keep::For("until the listing is gone"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "mappings: the part that a person named for a SKU",
        from: "`catalog accept`",
        kept: &["mappings", "postings"],
        keep: Keep::For("until another part is named"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "buyers' names and addresses, where `orders.ship_to` is one-time",
        from: "Amazon searchOrders, getOrder",
        kept: &["Epicor: one-time ship-to of the sales order"],
        keep: Keep::For("in memory until the order is written; in Epicor as Epicor keeps it"),
        protected: "never on a disk of the connector; Epicor's rights",
        seen_by: "whoever may see the sales order",
    },
    Flow {
        data: "journals: accounts, amounts, settlement ids",
        from: "the connector",
        kept: &["Epicor: journal entry and general ledger"],
        keep: Keep::For("as Epicor keeps its ledger"),
        protected: "Epicor's rights",
        seen_by: "whoever may see the ledger",
    },
    Flow {
        data: "audit log: who did what, when and why; login names of those who decided",
        from: "the connector",
        kept: &["audit", "audit_heads", "checkpoints"],
        keep: Keep::For("never removed"),
        protected: "chained by hashes, checkpoints signed; no secrets in it",
        seen_by: READERS,
    },
    Flow {
        data: "client secret, refresh token, API key, password, signing key",
        from: "typed or piped in by the IT admin",
        kept: &["secrets"],
        keep: Keep::For("until `credentials forget`, or replaced"),
        protected: SEALED,
        seen_by: "nobody; the connector sends each to its own system only",
    },
    Flow {
        data: "salt of the vault's passphrase",
        from: "the connector",
        kept: &["settings"],
        keep: Keep::For("as long as the installation"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "access tokens",
        from: "Login with Amazon; Epicor's token service",
        kept: &["memory"],
        keep: Keep::For("an hour at most"),
        protected: "wiped from memory when replaced",
        seen_by: "nobody",
    },
    Flow {
        data: "bank lines: day, amount, reference and text of the account that deposits come to",
        from: "bank statements that the finance clerk brings in",
        kept: &["bank_lines"],
        keep: Keep::For("as settlements"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "differences of settlements that a person wrote off in the ledger",
        from: "whoever wrote them off",
        kept: &["waivers"],
        keep: Keep::For("as settlements"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "fiscal periods: the figures that were signed, by whom, and why one was re-opened",
        from: "whoever signs them",
        kept: &["signed_periods"],
        keep: Keep::For("as settlements"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "month-end accruals: transaction ids, amounts by account, why one is held",
        from: "Amazon listTransactions, planned by the rules",
        kept: &["accruals", "postings"],
        keep: Keep::For("as settlements"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "each text that the rules file had: accounts, and who decided why",
        from: "whoever keeps the rules",
        kept: &["rules_versions", "the rules file"],
        keep: Keep::For("as settlements"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "lines of the clearing accounts, names of accounts, payouts without account numbers",
        from: "Epicor GLJrnDtlSvc, GLAccountSvc; Amazon listPayouts",
        kept: &["figures"],
        keep: Keep::For("until they are read again"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "when each flow is due, when it ran and how it ended",
        from: "the connector",
        kept: &["runs", "schedule"],
        keep: Keep::For("the newest 500 runs of each flow"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "alerts: which record needs a person, why, who was told when; no secrets",
        from: "the connector",
        kept: &["alerts", "alerts_told"],
        keep: Keep::For(
            "until it is over and those who were told know; else `purge`, as settlements",
        ),
        protected: OWNER,
        seen_by: "whoever `[alerts]` names: a web address, people by e-mail",
    },
    Flow {
        data: "what is left of Amazon's request budgets",
        from: "counted by the connector, learnt from Amazon's answers",
        kept: &["rates"],
        keep: Keep::For("the newest of each operation"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "users of the console: name, roles, hash of the password",
        from: "typed in by an administrator",
        kept: &["users"],
        keep: Keep::For("as long as the audit log names them"),
        protected: "passwords as Argon2id hashes alone",
        seen_by: "administrators; the hashes nobody",
    },
    Flow {
        data: "who is signed in to the console, since when; hash of the session's token",
        from: "the connector",
        kept: &["sessions"],
        keep: Keep::For("until they sign out, or the session's longest time"),
        protected: OWNER,
        seen_by: "nobody",
    },
    Flow {
        data: "who works for which connection now",
        from: "the connector",
        kept: &["lanes"],
        keep: Keep::For("seconds"),
        protected: OWNER,
        seen_by: READERS,
    },
    Flow {
        data: "chart of accounts, periods, books, journal codes, currencies",
        from: "Epicor GLAccountSvc, GLBookPerSearchSvc, GLBookSvc, JrnlCodeSvc, CurrencySvc",
        kept: &["nowhere"],
        keep: Keep::For("not kept"),
        protected: "read when needed",
        seen_by: "nobody",
    },
    Flow {
        data: "the stores in which the account sells",
        from: "Amazon getMarketplaceParticipations",
        kept: &["nowhere"],
        keep: Keep::For("not kept"),
        protected: "read by `check` alone",
        seen_by: "whoever runs `check`",
    },
    Flow {
        data: "logs: operations, states, ids; no secrets, no personal data",
        from: "the connector",
        kept: &["standard error"],
        keep: Keep::For("as the system keeps its logs"),
        protected: "secrets are masked before anything is logged",
        seen_by: "whoever may read the system's logs",
    },
    Flow {
        data: "backups and exports: copies of what is kept",
        from: "`backup`, `audit export`",
        kept: &["the file that was named"],
        keep: Keep::For("as whoever made it keeps it"),
        protected: "readable by its owner alone; credentials in it stay encrypted",
        seen_by: "whoever is given the file",
    },
];
