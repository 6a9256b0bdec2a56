//! The date range report in the languages of Amazon's stores: the same story in each.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use settlement_model::date_range::{self, DateRange, TransactionType};
use settlement_model::{
    DecimalSign, MarketplaceId, ReadOptions, Reason, ReportTime, Unreadable, read,
};

/// How a store writes the report.
#[derive(Clone, Copy)]
struct Store {
    language: &'static str,
    /// With `|` between the columns.
    header: &'static str,
    preamble: &'static str,
    currency: &'static str,
    marketplace: &'static str,
    /// 7 July 2026, 09:03:04 UTC
    posted: &'static str,
    /// 1,234.50 and -234.50; whole numbers where the currency has no decimals.
    amounts: [&'static str; 4],
    decimal_sign: DecimalSign,
    order: &'static str,
    transfer: &'static str,
    /// A status of money that is paid out.
    released: &'static str,
}

const POINT: [&str; 4] = ["1,234.50", "-234.50", "1,000.00", "-1,000.00"];
const COMMA: [&str; 4] = ["1.234,50", "-234,50", "1.000,00", "-1.000,00"];
const SPACED: [&str; 4] = ["1\u{a0}234,50", "\u{2212}234,50", "1 000,00", "-1\u{202f}000,00"];
const YEN: [&str; 4] = ["￥1,234", "-￥234", "￥1,000", "￥-1,000"];

/// The United States.
const ENGLISH: Store = Store {
    language: "en",
    header: "date/time|settlement id|type|order id|sku|description|quantity|marketplace|\
                 account type|fulfillment|order city|order state|order postal|tax collection model|\
                 product sales|product sales tax|shipping credits|shipping credits tax|gift wrap \
                 credits|giftwrap credits tax|Regulatory Fee|Tax On Regulatory Fee|promotional \
                 rebates|promotional rebates tax|marketplace withheld tax|selling fees|fba fees|\
                 other transaction fees|other|total|Transaction Status|Transaction Release Date",
    preamble: "All amounts in USD, unless specified",
    currency: "USD",
    marketplace: "amazon.com",
    posted: "Jul 7, 2026 2:03:04 AM PDT",
    amounts: POINT,
    decimal_sign: DecimalSign::Point,
    order: "Order",
    transfer: "Transfer",
    released: "Released",
};

/// A store on the continent of Europe, in the manner of Germany.
const fn comma(
    language: &'static str,
    header: &'static str,
    preamble: &'static str,
    marketplace: &'static str,
    order: &'static str,
    transfer: &'static str,
    released: &'static str,
) -> Store {
    Store {
        language,
        header,
        preamble,
        currency: "EUR",
        marketplace,
        posted: "07.07.2026 09:03:04 UTC",
        amounts: COMMA,
        decimal_sign: DecimalSign::Comma,
        order,
        transfer,
        released,
    }
}

/// As the stores wrote them in 2025 and 2026.
static STORES: [Store; 15] = [
    Store {
        preamble: "All amounts in CAD, unless specified",
        currency: "CAD",
        marketplace: "amazon.ca",
        posted: "Jul 7, 2026 2:03:04 a.m. PDT",
        ..ENGLISH
    },
    Store {
        header: "date/time|settlement ID|type|order ID|sku|description|quantity|marketplace|\
                     fulfilment|order city|order state|order postal|product sales|postage credits|\
                     gift wrap credits|promotional rebates|sales tax collected|low value goods|\
                     selling fees|fulfilment by amazon fees|other transaction fees|other|total|\
                     Transaction status|Transaction Release Date",
        preamble: "All amounts in AUD, unless specified",
        currency: "AUD",
        marketplace: "amazon.com.au",
        posted: "7 July 2026 6:03:04 pm GMT+9",
        ..ENGLISH
    },
    Store {
        header: "date/time|settlement id|type|order id|sku|description|quantity|marketplace|\
                     fulfilment|order city|order state|order postal|tax collection model|product \
                     sales|product sales tax|postage credits|shipping credits tax|gift wrap credits|\
                     giftwrap credits tax|promotional rebates|promotional rebates tax|marketplace \
                     withheld tax|selling fees|fba fees|other transaction fees|other|total",
        preamble: "All amounts in GBP, unless specified",
        currency: "GBP",
        marketplace: "amazon.co.uk",
        posted: "7 Jul 2026 09:03:04 UTC",
        ..ENGLISH
    },
    Store {
        header: "date/time|settlement id|type|order id|Sku|description|quantity|marketplace|\
                     account type|fulfillment|order city|order state|order postal|product sales|\
                     shipping credits|gift wrap credits|promotional rebates|Total sales tax liable\
                     (GST before adjusting TCS)|TCS-CGST|TCS-SGST|TCS-IGST|TDS (Section 194-O)|\
                     selling fees|fba fees|other transaction fees|other|total",
        preamble: "All amounts in INR, unless specified",
        currency: "INR",
        marketplace: "Amazon.in",
        posted: "7 Jul 2026 2:33:04 pm IST",
        ..ENGLISH
    },
    comma(
        "de",
        "Datum/Uhrzeit|Abrechnungsnummer|Typ|Bestellnummer|SKU|Beschreibung|Menge|Marketplace|\
             Versand|Ort der Bestellung|Bundesland|Postleitzahl|Steuererhebungsmodell|Umsätze|\
             Produktumsatzsteuer|Gutschrift für Versandkosten|Steuer auf Versandgutschrift|\
             Gutschrift für Geschenkverpackung|Steuer auf Geschenkverpackungsgutschriften|Rabatte \
             aus Werbeaktionen|Steuer auf Aktionsrabatte|Einbehaltene Steuer auf Marketplace|\
             Verkaufsgebühren|Gebühren zu Versand durch Amazon|Andere Transaktionsgebühren|Andere|\
             Gesamt|Transaktionsstatus|Freigabedatum der Transaktion",
        "Alle Beträge in EUR sofern nicht anders gekennzeichnet",
        "amazon.de",
        "Bestellung",
        "Übertrag",
        "Veröffentlicht",
    ),
    Store {
        posted: "7 juil. 2026 09:03:04 UTC",
        ..comma(
            "fr",
            "date/heure|numéro de versement|type|numéro de la commande|sku|description|quantité|\
                 Marketplace|traitement|ville d'où provient la commande|Région d'où provient la \
                 commande|code postal de la commande|Modèle de perception des taxes|ventes de \
                 produits|Taxes sur la vente des produits|crédits d'expédition|taxe sur les crédits \
                 d’expédition|crédits sur l'emballage cadeau|Taxes sur les crédits cadeaux|Rabais \
                 promotionnels|Taxes sur les remises promotionnelles|Taxes retenues sur le site de \
                 vente|frais de vente|Frais Expédié par Amazon|autres frais de transaction|autre|\
                 total|Statut de la transaction|Date de sortie de la transaction",
            "Tous les montants sont en EUR, sauf mention contraire",
            "amazon.fr",
            "Commande",
            "Transfert",
            "Un mot inconnu",
        )
    },
    Store {
        posted: "7 lug 2026 09:03:04 UTC",
        ..comma(
            "it",
            "Data/Ora:|Numero pagamento|Tipo|Numero ordine|SKU|Descrizione|Quantità|Marketplace|\
                 Gestione|Città di provenienza dell'ordine|Provincia di provenienza dell'ordine|CAP \
                 dell'ordine|modello di riscossione delle imposte|Vendite|imposta sulle vendite dei \
                 prodotti|Accrediti per le spedizioni|imposta accrediti per le spedizioni|Accrediti \
                 per confezioni regalo|imposta sui crediti confezione regalo|Sconti promozionali|\
                 imposta sugli sconti promozionali|trattenuta IVA del marketplace|Commissioni di \
                 vendita|Costi del servizio Logistica di Amazon|Altri costi relativi alle \
                 transazioni|Altro|totale",
            "Tutti gli importi sono espressi in EUR",
            "amazon.it",
            "Ordine",
            "Trasferimento",
            "",
        )
    },
    Store {
        posted: "7 jul 2026 09:03:04 UTC",
        ..comma(
            "es",
            "fecha y hora|identificador de pago|tipo|número de pedido|sku|descripción|cantidad|\
                 web de Amazon|gestión logística|ciudad de procedencia del pedido|comunidad autónoma \
                 de procedencia del pedido|código postal de procedencia del pedido|Formulario de \
                 recaudación de impuestos|ventas de productos|impuesto de ventas de productos|abonos \
                 de envío|impuestos por abonos de envío|abonos de envoltorio para regalo|impuestos \
                 por abonos de envoltorio para regalo|devoluciones promocionales|impuestos de \
                 descuentos por promociones|impuesto retenido en el sitio web|tarifas de venta|\
                 tarifas de Logística de Amazon|tarifas de otras transacciones|otro|total|Estado de \
                 la transacción|Fecha de liberación de la transacción",
            "Todos los importes en EUR, a menos que se especifique lo contrario",
            "amazon.es",
            "Pedido",
            "Transferir",
            "Liberado",
        )
    },
    Store {
        language: "es-MX",
        header: "fecha/hora|Id. de liquidación|tipo|Id. del pedido|sku|descripción|cantidad|\
                     marketplace|cumplimiento|ciudad del pedido|estado del pedido|código postal del \
                     pedido|modelo de recaudación de impuestos|ventas de productos|impuesto de ventas \
                     de productos|créditos de envío|impuesto de abono de envío|créditos por envoltorio \
                     de regalo|impuesto de créditos de envoltura|Tarifa reglamentaria|Impuesto sobre \
                     tarifa reglamentaria|descuentos promocionales|impuesto de reembolsos \
                     promocionales|impuesto de retenciones en la plataforma|tarifas de venta|tarifas \
                     fba|tarifas de otra transacción|otro|total|Estado de la transacción|Fecha de \
                     liberación de la transacción",
        preamble: "Todas las cantidades están en MXN, a menos que se especifique",
        currency: "MXN",
        marketplace: "amazon.com.mx",
        posted: "7 jul 2026 2:03:04 a.m. GMT-7",
        order: "Pedido",
        transfer: "Trasferir",
        released: "Lanzado",
        ..ENGLISH
    },
    Store {
        currency: "BRL",
        posted: "7 de jul. de 2026 02:03:04 GMT-7",
        ..comma(
            "pt",
            "data/hora|id de liquidação|tipo|id do pedido|sku|descrição|quantidade|mercado|tipo \
                 de conta|atendimento|cidade do pedido|estado do pedido|postal do pedido|vendas do \
                 produto|créditos de remessa|créditos de embalagem de presente|descontos \
                 promocionais|imposto de vendas coletados|tarifas de venda|taxas fba|taxas de outras \
                 transações|outro|total|Status da transação|Data de liberação da transação",
            "Todas as quantias em BRL, a menos que especificado",
            "amazon.com.br",
            "Pedido",
            "Transferir",
            "Liberado",
        )
    },
    Store {
        posted: "7 jul. 2026 09:03:04 UTC",
        ..comma(
            "nl",
            "datum/tijd|schikkings-ID|type|bestelnummer|sku|beschrijving|aantal|marketplace|\
                 fulfillment|bestelling stad|status bestelling|bestelling per post|verkoop van \
                 producten|Verzendtegoeden|kredietpunten cadeauverpakking|promotiekortingen|geïnde \
                 omzetbelasting|Belasting voor marketplace-facilitator|verkoopkosten|\
                 fba-vergoedingen|overige transactiekosten|overige|totaal|Transactiestatus|\
                 Publicatiedatum van transactie",
            "Alle bedragen in EUR, tenzij anders aangegeven",
            "amazon.nl",
            "Bestelling",
            "Overboeking",
            "Onbekend woord",
        )
    },
    Store {
        currency: "SEK",
        posted: "7 juli 2026 09:03:04 UTC",
        amounts: SPACED,
        ..comma(
            "sv",
            "datum/tid|reglerings-id|typ|beställnings-id|sku|beskrivning|antal|marknadsplats|\
                 leverans|stad för beställning|delstat för beställning|postadress för beställning|\
                 försäljning av produkter|fraktkrediter|krediter för presentinslagning|\
                 kampanjrabatter|Inkasserad moms|Skatt för marknadsplatsförmedlare|\
                 försäljningsavgifter|fba-avgifter|övriga transaktionsavgifter|Övrigt|totalt|\
                 transaktionsstatus|Transaktionens utgivningsdatum",
            "Alla belopp i SEK, om inte annat anges",
            "amazon.se",
            "Order",
            "Överföring",
            "Ett okänt ord",
        )
    },
    Store {
        currency: "PLN",
        posted: "7 lip 2026 09:03:04 UTC",
        ..comma(
            "pl",
            "data/godzina|identyfikator rozliczenia|typ|identyfikator zamówienia|sku|opis|ilość|\
                 rynek|realizacja|miejscowość zamówienia|stan zamówienia|przekaz pocztowy|sprzedaż \
                 produktów|noty kredytowe za wysyłkę|środki na pokrycie pakowania na prezent|rabaty \
                 promocyjne|pobrany podatek od sprzedaży|podatek od transakcji marketplace \
                 facilitator|opłaty za sprzedaż|opłaty za fba|inne opłaty transakcyjne|inne|suma|\
                 status transakcji|data zrealizowania transakcji",
            "Wszystkie kwoty w PLN, chyba że określono inaczej",
            "amazon.pl",
            "Zamówienie",
            "Przelew",
            "Nieznane słowo",
        )
    },
    Store {
        language: "ja",
        header: "日付/時間|決済番号|トランザクションの種類|注文番号|SKU|説明|数量|Amazon 出品サービス|\
                     フルフィルメント|市町村|都道府県|郵便番号|税金徴収型|商品売上|商品の売上税|配送料|\
                     配送料の税金|ギフト包装手数料|ギフト包装クレジットの税金|Amazonポイントの費用|\
                     プロモーション割引額|プロモーション割引の税金|源泉徴収税を伴うマーケットプレイス|手数料|\
                     FBA 手数料|トランザクションに関するその他の手数料|その他|合計|\
                     トランザクションのステータス|トランザクション開始日",
        preamble: "指定のない場合、単位は円",
        currency: "JPY",
        marketplace: "amazon.jp",
        posted: "2026/07/07 18:03:04 JST",
        amounts: YEN,
        decimal_sign: DecimalSign::Point,
        order: "注文",
        transfer: "振込み",
        released: "支払い実行済み",
    },
    ENGLISH,
];

fn stores() -> Vec<Store> {
    STORES.to_vec()
}

impl Store {
    /// An order of 1,000, which a payout pays, and the same order once more in another settlement,
    /// deferred if the store's reports say so.
    fn report(&self) -> String {
        let columns: Vec<&str> = self.header.split('|').collect();
        let [gross, fee, net, paid] = self.amounts;
        let tail =
            columns.len() - columns.iter().position(|name| self.is_total(name)).expect("total");
        let row = |id: &str, kind: &str, money: [&str; 3], release: &str| {
            let mut cells = vec![""; columns.len()];
            (cells[0], cells[1], cells[2]) = (self.posted, id, kind);
            let at = columns.len() - tail;
            cells[7] = self.marketplace;
            (cells[at - 2], cells[at - 1], cells[at]) = (money[0], money[1], money[2]);
            if tail > 2 {
                cells[at + 1] = if release.is_empty() { "Ein Wort" } else { self.released };
                cells[at + 2] = release;
            }
            cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",") + "\n"
        };
        let header = columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
        format!("\"Amazon Marketplace\"\n\"{}\"\n{header}\n", self.preamble)
            + &row("1", self.order, [gross, fee, net], self.posted)
            + &row("2", self.order, [gross, fee, net], "")
            + &row("1", self.transfer, ["0", paid, paid], self.posted)
    }

    fn is_total(&self, name: &str) -> bool {
        ["total", "Gesamt", "totale", "totaal", "totalt", "suma", "合計"].contains(&name)
    }

    fn has_status(&self) -> bool {
        !self.is_total(self.header.rsplit('|').next().expect("a column"))
    }
}

fn read_report(bytes: &[u8]) -> Result<DateRange, Unreadable> {
    date_range::read(bytes, &ReadOptions::default())
}

fn check(store: &Store, report: &DateRange) {
    let name = store.marketplace;
    assert_eq!(report.language, store.language, "{name}");
    assert_eq!(report.currency.code(), store.currency, "{name}");
    assert_eq!(report.decimal_sign, store.decimal_sign, "{name}");
    assert!(report.unknown_columns.is_empty(), "{name}: {:?}", report.unknown_columns);
    let [paid, open] = report.statements.as_slice() else { panic!("{name}: two settlements") };
    assert!(paid.ties(), "{name}: {paid:?}");
    let net = if store.currency == "JPY" { "1000 JPY" } else { "1000.00 " };
    assert!(paid.sum.to_string().starts_with(net), "{name}: {}", paid.sum);
    let posted = "2026-07-07T09:03:04Z".parse().expect("an instant");
    assert_eq!(paid.first_posted, ReportTime::Instant(posted), "{name}");
    assert_eq!(paid.types[0].transaction_type, TransactionType::Order, "{name}");
    assert_eq!((paid.types.len(), paid.types[0].deferred), (1, false), "{name}");
    assert_eq!(open.deferred_rows, u64::from(store.has_status()), "{name}");
    assert!(!open.ties(), "{name}");
}

#[test]
fn every_store_tells_the_same() {
    for store in stores() {
        let text = store.report();
        let marked = format!("\u{feff}{text}");
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(marked.as_bytes()).expect("in memory");
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            text.clone().into_bytes(),
            marked.into_bytes(),
            utf16,
            gzip.finish().expect("in memory"),
        ] {
            let report = read_report(&bytes).unwrap_or_else(|why| panic!("{text}: {why}"));
            check(&store, &report);
        }
        let refused = read(text.as_bytes(), &ReadOptions::default()).expect_err("no settlement");
        assert_eq!(refused.defects[0].reason, Reason::DateRangeReport, "{text}");
    }
}

#[test]
fn a_spreadsheet_may_have_saved_it_in_its_own_encoding() {
    let mut resaved = 0;
    for store in stores() {
        let text = store.report();
        let encodings = [
            encoding_rs::WINDOWS_1252,
            encoding_rs::GBK,
            encoding_rs::GB18030,
            encoding_rs::SHIFT_JIS,
        ];
        for encoding in encodings {
            let (bytes, _, lossy) = encoding.encode(&text);
            if lossy {
                continue;
            }
            let report = read_report(&bytes)
                .unwrap_or_else(|why| panic!("{} in {}: {why}", store.language, encoding.name()));
            check(&store, &report);
            resaved += 1;
        }
    }
    assert!(resaved > 35, "{resaved} of them can be written so");
}

#[test]
fn the_header_in_another_language_is_named() {
    let header = "\"tarih/saat\",\"uzlaştırma kimliği\",\"tür\",\"sipariş kimliği\",\"sku\",\"açıklama\",\
                  \"miktar\",\"pazar yeri\",\"gönderim\",\"ürün satışları\",\"diğer\",\"toplam\"";
    let text = format!("\"Amazon Marketplace\"\n\"Tüm tutarlar TRY\"\n{header}\n");
    let refused = read_report(text.as_bytes()).expect_err("not known");
    let defect = &refused.defects[0];
    assert_eq!((defect.reason, defect.line), (Reason::UnknownHeader, Some(3)));
    for word in ["tarih/saat", "uzlaştırma kimliği", "tür"] {
        assert!(defect.message.contains(word), "{defect}");
    }
    assert!(!defect.message.contains("\"sku\""), "that one is known: {defect}");
}

#[test]
fn a_header_of_a_known_language_may_lack_nothing_that_is_needed() {
    let text = stores().remove(0).report();
    for (name, other) in [("date/time", "when"), ("type", "kind")] {
        let renamed = text.replacen(&format!("\"{name}\""), &format!("\"{other}\""), 1);
        let refused = read_report(renamed.as_bytes()).expect_err("it lacks a column");
        let defect = &refused.defects[0];
        assert_eq!(defect.reason, Reason::MissingColumn, "{defect}");
        assert_eq!((defect.line, defect.column.as_deref()), (Some(3), Some(name)));
    }
}

#[test]
fn a_new_column_of_money_is_proved_by_the_rows() {
    let text = stores().remove(0).report();
    let renamed = text.replacen("\"other transaction fees\"", "\"eco fee\"", 1);
    let report = read_report(renamed.as_bytes()).expect("every row adds up");
    assert_eq!(report.unknown_columns, ["eco fee"]);
    let broken = text.replacen("\"other\"", "\"note\"", 1).replacen("\"-234.50\"", "\"see\"", 1);
    let refused = read_report(broken.as_bytes()).expect_err("that is no money");
    assert_eq!(refused.defects[0].reason, Reason::BadNumber);
}

#[test]
fn a_column_may_stand_anywhere() {
    let text = "\"Amounts in USD\"\n\"total\",\"other\",\"type\",\"settlement id\",\"product \
                sales\",\"date/time\"\n\"17.00\",\"-3.00\",\"Order\",\"1\",\"20.00\",\"May 5, 2026\"\n";
    let report = read_report(text.as_bytes()).expect("readable");
    assert_eq!(report.statements[0].sum.to_string(), "17.00 USD");
}

#[test]
fn the_caller_or_the_rows_name_the_currency_where_the_preamble_does_not() {
    let german = stores().into_iter().find(|store| store.language == "de").expect("German");
    let text = german.report().replace("Alle Beträge in EUR", "Alle Beträge");
    let by_rows = read_report(text.as_bytes()).expect("the rows name Amazon.de");
    assert_eq!(by_rows.currency.code(), "EUR");
    let anonymous = text.replace("amazon.de", "");
    let refused = read_report(anonymous.as_bytes()).expect_err("no currency");
    assert_eq!(refused.defects[0].reason, Reason::UnknownCurrency);
    let marketplace = Some(MarketplaceId::parse("A1PA6795UKMFR9").expect("an id"));
    let options = ReadOptions { marketplace, ..ReadOptions::default() };
    let given = date_range::read(anonymous.as_bytes(), &options).expect("given");
    assert_eq!(given.statements, by_rows.statements);
}

#[test]
fn where_all_amounts_can_be_read_in_two_ways_the_store_decides() {
    let report = |language: &str, amount: &str| {
        let store = stores().into_iter().find(|store| store.language == language).expect("a store");
        let text = store.amounts.into_iter().fold(store.report(), |text, plain| {
            text.replace(&format!("\"{plain}\""), &format!("\"{amount}\""))
        });
        // One column of money is enough.
        text.replace(
            &format!("\"{amount}\",\"{amount}\",\"{amount}\""),
            &format!("\"0\",\"{amount}\",\"{amount}\""),
        )
    };
    let sum = |text: String| {
        read_report(text.as_bytes()).map(|report| report.statements[0].sum.amount_text())
    };
    assert_eq!(sum(report("de", "1.234")).as_deref(), Ok("1234.00"));
    assert_eq!(sum(report("en", "1,234")).as_deref(), Ok("1234.00"));
    let reason = |text: String| sum(text).expect_err("held").defects[0].reason;
    assert_eq!(reason(report("de", "1,234")), Reason::AmbiguousNumber);
    assert_eq!(reason(report("en", "1.234")), Reason::AmbiguousNumber);
}

#[test]
fn without_a_release_date_an_unknown_status_is_not_guessed() {
    let text = stores().remove(0).report();
    let cut = |line: &str| {
        let shorter = line.rsplit_once("\",\"").map(|(start, _)| format!("{start}\"\n"));
        shorter.expect("a line of cells")
    };
    let rows: String = text.lines().skip(2).map(cut).collect();
    let preamble = "\"Amazon Marketplace\"\n\"All amounts in CAD\"\n".to_owned();
    let refused = read_report((preamble + &rows).as_bytes()).expect_err("held");
    let defect = &refused.defects[0];
    assert_eq!((defect.reason, defect.line), (Reason::UnknownHeader, Some(5)));
    assert!(defect.message.contains("Ein Wort"), "{defect}");
}

#[test]
fn types_that_are_not_known_are_kept_as_they_stand() {
    let store = stores().pop().expect("the United States");
    let text = store.report().replacen("\"Order\"", "\"Something New\"", 1);
    let report = read_report(text.as_bytes()).expect("readable");
    let expected = TransactionType::Other("Something New".to_owned());
    assert_eq!(report.statements[0].types[0].transaction_type, expected);
}
