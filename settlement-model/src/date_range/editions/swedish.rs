//! Sweden.

use super::Edition;
use crate::date_range::TransactionType as T;
use crate::document::DecimalSign;

pub(super) static EDITION: Edition = Edition {
    language: "sv",
    decimal_sign: DecimalSign::Comma,
    date_time: &["datum/tid"],
    settlement_id: &["reglerings-id"],
    transaction_type: &["typ"],
    marketplace: &["marknadsplats"],
    texts: &[
        "beställnings-id",
        "sku",
        "beskrivning",
        "antal",
        "leverans",
        "stad för beställning",
        "delstat för beställning",
        "postadress för beställning",
    ],
    money: &[
        "försäljning av produkter",
        "fraktkrediter",
        "krediter för presentinslagning",
        "kampanjrabatter",
        "inkasserad moms",
        "skatt för marknadsplatsförmedlare",
        "försäljningsavgifter",
        "fba-avgifter",
        "övriga transaktionsavgifter",
        "övrigt",
    ],
    total: &["totalt"],
    status: &["transaktionsstatus"],
    release_date: &["transaktionens utgivningsdatum"],
    released: &[],
    deferred: &[],
    currency: None,
    months: ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    types: &[
        (T::Order, &["order", "beställning"]),
        (T::Refund, &["återbetalning"]),
        (T::ServiceFee, &["serviceavgift"]),
        (T::Adjustment, &["justering"]),
        (T::Debt, &["skuld"]),
        (T::Transfer, &["överföring"]),
    ],
};
