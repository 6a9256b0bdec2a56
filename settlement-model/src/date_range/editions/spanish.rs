//! Spain.

use super::Edition;
use crate::date_range::TransactionType as T;
use crate::document::DecimalSign;

pub(super) static EDITION: Edition = Edition {
    language: "es",
    decimal_sign: DecimalSign::Comma,
    date_time: &["fecha y hora"],
    settlement_id: &["identificador de pago"],
    transaction_type: &["tipo"],
    marketplace: &["web de amazon"],
    texts: &[
        "número de pedido",
        "sku",
        "descripción",
        "cantidad",
        "gestión logística",
        "ciudad de procedencia del pedido",
        "comunidad autónoma de procedencia del pedido",
        "código postal de procedencia del pedido",
        "formulario de recaudación de impuestos",
    ],
    money: &[
        "ventas de productos",
        "impuesto de ventas de productos",
        "abonos de envío",
        "impuestos por abonos de envío",
        "abonos de envoltorio para regalo",
        "impuestos por abonos de envoltorio para regalo",
        "devoluciones promocionales",
        "impuestos de descuentos por promociones",
        "impuesto retenido en el sitio web",
        "tarifas de venta",
        "tarifas de logística de amazon",
        "tarifas de otras transacciones",
        "otro",
    ],
    total: &["total"],
    status: &["estado de la transacción"],
    release_date: &["fecha de liberación de la transacción"],
    released: &["liberado", "lanzado"],
    deferred: &["diferido"],
    currency: None,
    months: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    types: &[
        (T::Order, &["pedido"]),
        (T::Refund, &["reembolso"]),
        (T::ServiceFee, &["tarifa de prestación de servicio"]),
        (T::FbaInventoryFee, &["tarifas de inventario de logística de amazon"]),
        (T::AmazonFees, &["tarifas de amazon"]),
        (T::Adjustment, &["ajuste"]),
        (T::DealFee, &["tarifa de oferta flash"]),
        (T::Debt, &["saldo descubierto"]),
        (T::Transfer, &["transferir"]),
    ],
};
