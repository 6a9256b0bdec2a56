//! The published JSON Schema of rules files says what the parser accepts.

use ledger_mapper::{Role, RoleInfo, Rules, Statement, roles};
use serde_json::{Value, json};

/// What an editor reads; `UPDATE_SCHEMA=1 cargo test -p ledger-mapper --test it schema` writes it.
const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/rules.schema.json");

/// An object with these keys and no others.
fn object(required: &[&str], properties: impl Into<Value>) -> Value {
    let properties = properties.into();
    json!({
        "type": "object", "required": required, "properties": properties,
        "additionalProperties": false,
    })
}

/// A text, with a description for the editor to show.
fn text(description: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "description": description })
}

/// A TOML date; checkers that read TOML as JSON see it as text.
fn day(description: &str) -> Value {
    json!({ "type": "string", "format": "date", "description": description })
}

fn accounts() -> Value {
    let of_role = |info: &RoleInfo| (info.role.to_string(), text(&described(info)));
    let properties: serde_json::Map<String, Value> = roles().iter().map(of_role).collect();
    object(&[], properties)
}

/// The roles that rows may have.
fn row_roles() -> impl Iterator<Item = &'static RoleInfo> {
    let computed =
        [Role::AMAZON_CLEARING, Role::CARRIED_OVER, Role::FEES_PAYABLE, Role::DEFERRED_BALANCE];
    roles().iter().filter(move |info| !computed.contains(&info.role))
}

fn described(info: &RoleInfo) -> String {
    let statement = match info.statement {
        Statement::ProfitAndLoss => "profit and loss",
        Statement::BalanceSheet => "balance sheet",
    };
    format!("{} ({statement}). {}", info.title, info.explanation)
}

fn schema() -> Value {
    let star = "A * stands for any text; case, spaces, _ and - do not matter.";
    let values = json!({
        "type": "object",
        "additionalProperties": { "type": "object", "additionalProperties": { "type": "string" } },
    });
    let facts = [
        "sku",
        "amount_description",
        "amount_type",
        "transaction_type",
        "marketplace",
        "country",
        "fulfilment",
        "currency",
    ];
    let dimension: serde_json::Map<String, Value> =
        facts.iter().map(|fact| ((*fact).to_owned(), values.clone())).collect();
    let mut rule = json!({
        "sku": text("The seller's article number; a * stands for any text."),
        "amount_description": text(&format!("The column amount-description. {star}")),
        "amount_type": text(&format!("The column amount-type. {star}")),
        "transaction_type": text(&format!("The column transaction-type. {star}")),
        "marketplace": text(&format!("The column marketplace-name, such as Amazon.de. {star}")),
        "country": text("The marketplace's ISO 3166 country, such as DE."),
        "fulfilment": text("amazon, merchant, or the text of the column fulfillment-id."),
        "currency": text("The settlement's ISO 4217 currency, such as EUR."),
        "from": day("The first day on which the rule is in force."),
        "until": day("The last day on which the rule is in force."),
        "account": text("The account; its role's, if left out."),
    });
    rule["role"] = json!({
        "enum": row_roles().map(|info| info.role.as_str()).collect::<Vec<_>>(),
        "description": "The role; the catalogue's, if left out.",
        // Taplo's way of explaining the values of an enum one by one.
        "x-taplo": { "docs": { "enumValues": row_roles().map(described).collect::<Vec<_>>() } },
    });
    let template = json!({
        "profit_and_loss": text("Completes accounts of the profit and loss statement: {natural}-{marketplace.division}-{sku.product}."),
        "balance_sheet": text("Completes accounts of the balance sheet: {natural}-00-00."),
    });
    let template = object(&[], template);
    let change = json!({
        "from": day("The first day on which these accounts and templates are in force."),
        "accounts": { "$ref": "#/$defs/accounts" },
        "template": template,
    });
    let mut change = object(&["from"], change);
    change["minProperties"] = 2.into();
    let mut root = object(
        &["version", "name", "accounts"],
        json!({
            "version": { "enum": [1], "description": "The format of the file." },
            "name": text("A name for people."),
            "chart": {
                "type": "object", "additionalProperties": { "type": "string" },
                "description": "Account = its name, for display and for rules lint.",
            },
            "accounts": { "$ref": "#/$defs/accounts" },
            "template": template,
            "dimension": object(&[], dimension),
            "change": { "type": "array", "items": change },
            "rule": { "type": "array", "items": object(&[], rule) },
            "unknown": object(&["suspense"], json!({
                "suspense": text("Post unknown amounts here instead of holding the settlement."),
            })),
        }),
    );
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    root["title"] = "Rules file of ml-connector".into();
    root["$defs"] = json!({ "accounts": accounts() });
    root
}

#[test]
fn the_published_schema_is_up_to_date() {
    let written = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(PUBLISHED, &written).expect("writable");
        return;
    }
    assert!(Rules::schema() == written, "write it anew with UPDATE_SCHEMA=1");
}

/// Where a value is not what a schema says; the keywords that the schema above uses.
fn fault(value: &Value, schema: &Value, root: &Value) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).expect("a definition");
        return fault(value, target, root);
    }
    if let Some(allowed) = schema["enum"].as_array() {
        return (!allowed.contains(value)).then(|| format!("{value} is not one of the enum"));
    }
    match schema["type"].as_str().expect("a type or an enum") {
        "string" => {
            let may_be_empty = schema["minLength"].is_null();
            let good = value.as_str().is_some_and(|text| may_be_empty || !text.is_empty());
            (!good).then(|| format!("{value} is not such a text"))
        }
        "array" => {
            let Some(items) = value.as_array() else { return Some(format!("{value}: no array")) };
            items.iter().find_map(|item| fault(item, &schema["items"], root))
        }
        "object" => {
            let Some(members) = value.as_object() else {
                return Some(format!("{value}: no table"));
            };
            let least = schema["minProperties"].as_u64().unwrap_or_default();
            if (members.len() as u64) < least {
                return Some(format!("{value} has too few members"));
            }
            let required = schema["required"].as_array().into_iter().flatten();
            let names = required.filter_map(Value::as_str);
            if let Some(missing) = names.into_iter().find(|name| !members.contains_key(*name)) {
                return Some(format!("{missing} is missing"));
            }
            members.iter().find_map(|(name, member)| {
                match (schema["properties"].get(name), &schema["additionalProperties"]) {
                    (Some(property), _) => fault(member, property, root),
                    (None, Value::Bool(false)) => Some(format!("{name} is not known")),
                    (None, any) => fault(member, any, root),
                }
            })
        }
        other => panic!("the schema has the type {other}"),
    }
}

/// What the schema says of a rules file, and what the parser says.
fn judged(text: &str) -> (Option<String>, Option<String>) {
    let table: toml::Table = text.parse().expect("TOML");
    let schema = schema();
    let by_schema = fault(&as_json(toml::Value::Table(table)), &schema, &schema);
    (by_schema, Rules::parse(text, "rules.toml").err().map(|error| error.to_string()))
}

/// TOML as editors check it: a date is its text.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(name, member)| (name, as_json(member))).collect()
        }
        other => serde_json::to_value(other).expect("a plain value"),
    }
}

/// What completion lives on; `tests/editor/completion.mjs` asks a real editor engine.
#[test]
fn every_key_and_every_role_is_explained_within_the_schema() {
    fn walk(schema: &Value, root: &Value, at: &str) {
        if let Some(name) = schema["$ref"].as_str() {
            // An editor has this one file.
            assert!(name.starts_with("#/"), "{at}: {name}");
            assert!(root.pointer(&name[1..]).is_some_and(Value::is_object), "{at}: {name}");
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}.{name}");
            let table = [&property["type"], &property["$ref"]]
                .iter()
                .any(|kind| kind.as_str().is_some_and(|kind| kind != "string"));
            let said = property["description"].as_str().is_some_and(|text| text.len() > 15);
            assert!(table || said, "{at} is not explained");
            walk(property, root, &at);
        }
        walk_if_any(&schema["items"], root, at);
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            walk(definition, root, &format!("{at}.{name}"));
        }
    }
    fn walk_if_any(schema: &Value, root: &Value, at: &str) {
        if schema.is_object() {
            walk(schema, root, at);
        }
    }
    let schema: Value = serde_json::from_str(Rules::schema()).expect("JSON");
    walk(&schema, &schema, "rules");
    let role = &schema["properties"]["rule"]["items"]["properties"]["role"];
    let (values, docs) = (&role["enum"], &role["x-taplo"]["docs"]["enumValues"]);
    let count = values.as_array().expect("values").len();
    assert!(count > 40);
    let docs = docs.as_array().expect("one for each value");
    assert_eq!(docs.len(), count);
    assert!(docs.iter().all(|text| text.as_str().is_some_and(|text| text.len() > 30)));
}

#[test]
fn schema_and_parser_accept_the_sample_and_every_part_of_the_format() {
    assert_eq!(judged(Rules::sample_text()), (None, None));
    let full = format!(
        "{}{}",
        Rules::sample_text(),
        r#"
[template]
profit_and_loss = "{natural}-{division}"
balance_sheet = "{natural}-00"
[dimension.marketplace]
"Amazon.de" = { division = "49" }
"*" = { division = "00" }
[[change]]
from = 2027-01-01
[change.accounts]
postage = "5166"
[change.template]
balance_sheet = "{natural}-99"
[[rule]]
sku = "TOY-*"
amount_description = "Principal"
amount_type = "ItemPrice"
transaction_type = "Order"
marketplace = "Amazon.de"
country = "DE"
fulfilment = "merchant"
currency = "EUR"
from = 2026-01-01
until = 2026-12-31
role = "product_sales"
account = "4007"
[unknown]
suspense = "9999"
"#
    );
    assert_eq!(judged(&full), (None, None));
}

#[test]
fn what_the_schema_refuses_the_parser_refuses_too() {
    let head = "version = 1\nname = \"x\"\n[accounts]\n";
    for wrong in [
        "referal_fees = \"1\"\n",
        "referral_fees = 5100\n",
        "referral_fees = \"\"\n",
        "[[rule]]\nrole = \"amazon_clearing\"\nsku = \"A\"\n",
        "[[rule]]\nrole = \"fees_payable\"\nsku = \"A\"\n",
        "[[rule]]\nmarket = \"Amazon.de\"\nrole = \"loan\"\n",
        "[dimension.market]\n\"*\" = { division = \"1\" }\n",
        "[[change]]\nfrom = 2027-01-01\n",
        "[unknown]\naccount = \"9999\"\n",
    ] {
        let (by_schema, by_parser) = judged(&format!("{head}{wrong}"));
        assert!(by_schema.is_some() && by_parser.is_some(), "{wrong}{by_schema:?} {by_parser:?}");
    }
}
