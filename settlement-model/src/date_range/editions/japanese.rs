//! Japan.

use super::Edition;
use crate::date_range::TransactionType as T;
use crate::document::DecimalSign;

pub(super) static EDITION: Edition = Edition {
    language: "ja",
    decimal_sign: DecimalSign::Point,
    date_time: &["日付/時間"],
    settlement_id: &["決済番号"],
    transaction_type: &["トランザクションの種類"],
    marketplace: &["amazon 出品サービス"],
    texts: &[
        "注文番号",
        "sku",
        "説明",
        "数量",
        "フルフィルメント",
        "市町村",
        "都道府県",
        "郵便番号",
        "税金徴収型",
    ],
    money: &[
        "商品売上",
        "商品の売上税",
        "配送料",
        "配送料の税金",
        "ギフト包装手数料",
        "ギフト包装クレジットの税金",
        "amazonポイントの費用",
        "プロモーション割引額",
        "プロモーション割引の税金",
        "源泉徴収税を伴うマーケットプレイス",
        "手数料",
        "fba 手数料",
        "トランザクションに関するその他の手数料",
        "その他",
    ],
    total: &["合計"],
    status: &["トランザクションのステータス"],
    release_date: &["トランザクション開始日"],
    released: &["支払い実行済み"],
    deferred: &[],
    currency: Some(("円", "JPY")),
    // Its dates are numbers.
    months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    types: &[
        (T::Order, &["注文"]),
        (T::Refund, &["返金"]),
        (T::ServiceFee, &["注文外料金"]),
        (T::FbaInventoryFee, &["fba 在庫関連の手数料"]),
        (T::FbaTransactionFees, &["fba手数料"]),
        (T::AmazonFees, &["amazon手数料"]),
        (T::ShippingServices, &["配送サービス"]),
        (T::Adjustment, &["調整"]),
        (T::DealFee, &["数量限定タイムセール手数料"]),
        (T::Debt, &["マイナス残高"]),
        (T::Transfer, &["振込み"]),
    ],
};
