//! Poland.

use super::Edition;
use crate::date_range::TransactionType as T;
use crate::document::DecimalSign;

pub(super) static EDITION: Edition = Edition {
    language: "pl",
    decimal_sign: DecimalSign::Comma,
    date_time: &["data/godzina"],
    settlement_id: &["identyfikator rozliczenia"],
    transaction_type: &["typ"],
    marketplace: &["rynek"],
    texts: &[
        "identyfikator zamówienia",
        "sku",
        "opis",
        "ilość",
        "realizacja",
        "miejscowość zamówienia",
        "stan zamówienia",
        "przekaz pocztowy",
    ],
    money: &[
        "sprzedaż produktów",
        "noty kredytowe za wysyłkę",
        "środki na pokrycie pakowania na prezent",
        "rabaty promocyjne",
        "pobrany podatek od sprzedaży",
        "podatek od transakcji marketplace facilitator",
        "opłaty za sprzedaż",
        "opłaty za fba",
        "inne opłaty transakcyjne",
        "inne",
    ],
    total: &["suma"],
    status: &["status transakcji"],
    release_date: &["data zrealizowania transakcji"],
    released: &[],
    deferred: &[],
    currency: None,
    months: ["sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"],
    types: &[
        (T::Order, &["zamówienie"]),
        (T::Refund, &["zwrot"]),
        (T::Adjustment, &["korekta"]),
        (T::AmazonFees, &["opłaty amazon"]),
        (T::Debt, &["dług"]),
        (T::Transfer, &["przelew"]),
    ],
};
