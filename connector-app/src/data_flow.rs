//! What is read from whom, kept where, how long, how protected, and who may see it: one table, for
//! whoever answers for the data.

use serde::Serialize;

use crate::config::Retention;

/// Kept as long as settlements are.
const AS_SETTLEMENTS: &str = "as settlements";

/// One kind of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// What it is, and whether it says anything about a person.
    pub data: &'static str,
    /// Where it comes from, and by which operation.
    pub from: &'static str,
    /// Where it is kept: tables of the store, a file, Epicor, or nowhere.
    pub kept: &'static [&'static str],
    /// How long.
    pub retention: String,
    /// How it is protected where it is kept.
    pub protected: &'static str,
    /// Who may see it.
    pub seen_by: &'static str,
}

/// The whole table, with the retention of this configuration.
#[must_use]
pub fn flows(retention: Retention) -> Vec<Flow> {
    let years = format!("{} years, then `purge` removes the documents", retention.settlement_years);
    let flow = |data, from, kept, retention: &str, protected, seen_by| Flow {
        data,
        from,
        kept,
        retention: retention.to_owned(),
        protected,
        seen_by,
    };
    let owner = "readable by the owner of the data folder, or by the database's user, alone";
    let sealed = "encrypted, each under a key of its own; the key of those keys is kept elsewhere";
    let readers = "whoever may run the connector";
    vec![
        flow(
            "settlement documents: amounts, order ids, SKUs; no names or addresses",
            "Amazon getReports, getReportDocument; `import`",
            &["documents", "reports", "sightings"],
            &years,
            owner,
            readers,
        ),
        flow(
            "settlements, their journals and holds",
            "made from the documents by the rules",
            &["settlements", "postings"],
            AS_SETTLEMENTS,
            owner,
            readers,
        ),
        flow(
            "journals: accounts, amounts, settlement ids",
            "the connector",
            &["Epicor: journal entry and general ledger"],
            "as Epicor keeps its ledger",
            "Epicor's rights",
            "whoever may see the ledger",
        ),
        flow(
            "audit log: who did what, when and why; login names of those who decided",
            "the connector",
            &["audit", "audit_heads", "checkpoints"],
            "never removed",
            "chained by hashes, checkpoints signed; no secrets in it",
            readers,
        ),
        flow(
            "client secret, refresh token, API key, password, signing key",
            "typed or piped in by the IT admin",
            &["secrets"],
            "until `credentials forget`, or replaced",
            sealed,
            "nobody; the connector sends each to its own system only",
        ),
        flow(
            "salt of the vault's passphrase",
            "the connector",
            &["settings"],
            "as long as the installation",
            owner,
            readers,
        ),
        flow(
            "access tokens",
            "Login with Amazon; Epicor's token service",
            &["memory"],
            "an hour at most",
            "wiped from memory when replaced",
            "nobody",
        ),
        flow(
            "who works for which connection now",
            "the connector",
            &["lanes"],
            "seconds",
            owner,
            readers,
        ),
        flow(
            "chart of accounts, periods, books, journal codes, currencies",
            "Epicor GLAccountSvc, GLBookPerSearchSvc, GLBookSvc, JrnlCodeSvc, CurrencySvc",
            &["nowhere"],
            "not kept",
            "read when needed",
            "nobody",
        ),
        flow(
            "the stores in which the account sells",
            "Amazon getMarketplaceParticipations",
            &["nowhere"],
            "not kept",
            "read by `check` alone",
            "whoever runs `check`",
        ),
        flow(
            "logs: operations, states, ids; no secrets, no personal data",
            "the connector",
            &["standard error"],
            "as the system keeps its logs",
            "secrets are masked before anything is logged",
            "whoever may read the system's logs",
        ),
        flow(
            "backups and exports: copies of what is kept",
            "`backup`, `audit export`",
            &["the file that was named"],
            "as whoever made it keeps it",
            "readable by its owner alone; credentials in it stay encrypted",
            "whoever is given the file",
        ),
    ]
}
