//! Brazil.

use super::Edition;
use crate::date_range::TransactionType as T;
use crate::document::DecimalSign;

pub(super) static EDITION: Edition = Edition {
    language: "pt",
    decimal_sign: DecimalSign::Comma,
    date_time: &["data/hora"],
    settlement_id: &["id de liquidação"],
    transaction_type: &["tipo"],
    marketplace: &["mercado"],
    texts: &[
        "id do pedido",
        "sku",
        "descrição",
        "quantidade",
        "tipo de conta",
        "atendimento",
        "cidade do pedido",
        "estado do pedido",
        "postal do pedido",
    ],
    money: &[
        "vendas do produto",
        "créditos de remessa",
        "créditos de embalagem de presente",
        "descontos promocionais",
        "imposto de vendas coletados",
        "tarifas de venda",
        "taxas fba",
        "taxas de outras transações",
        "outro",
    ],
    total: &["total"],
    status: &["status da transação"],
    release_date: &["data de liberação da transação"],
    released: &["liberado"],
    deferred: &["diferido"],
    currency: None,
    months: ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
    types: &[
        (T::Order, &["pedido"]),
        (T::Refund, &["reembolso"]),
        (T::ServiceFee, &["taxa de serviço"]),
        (T::FbaInventoryFee, &["taxa de estoque fba"]),
        (T::Adjustment, &["ajuste"]),
        (T::Transfer, &["transferir"]),
    ],
};
