use std::io::Write as _;

use rust_decimal::Decimal;

use super::*;

const GOOD: &str = r#"
data_dir = "data"

[[connection]]
name = "us"
rules = "rules.toml"
zone = "America/Los_Angeles"

[connection.amazon]
region = "na"
client_id = "amzn1.application-oa2-client.example"
client_secret = { env = "ML_TEST_UNSET" }
refresh_token = { file = "refresh-token" }

[connection.epicor]
url = "https://erp.example.com/kinetic"
company = "EPIC06"
api_key = { env = "ML_TEST_UNSET" }
user = "connector"
password = { env = "ML_TEST_UNSET" }

[connection.approval]
automatic = true
limit = "250000.00"
"#;

fn load(text: &str) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(DEFAULT_FILE);
    std::fs::write(&path, text).expect("written");
    Config::load(&path)
}

#[test]
fn a_good_file_has_the_documented_defaults() {
    let config = load(GOOD).expect("valid");
    let connection = config.connection(None).expect("the only one");
    assert_eq!(connection.epicor.journal_code, "GJ");
    assert_eq!(connection.epicor.segment_separator, '-');
    assert_eq!(connection.posting.settle_seconds, 120);
    assert_eq!(connection.approval.limit, Some(Decimal::new(25_000_000, 2)));
    assert!(connection.posting.policy().post);
}

#[test]
fn fees_as_invoices_need_a_vendor_and_roles_that_exist() {
    let with = |posting: &str| load(&format!("{GOOD}\n[connection.posting]\n{posting}\n"));
    let style = "style = \"journal+ap-invoice\"";
    let refused = with(style).expect_err("no vendor").to_string();
    assert!(refused.contains("posting.vendor"), "{refused}");
    let refused = with("vendor = \"AMAZON\"").expect_err("no style").to_string();
    assert!(refused.contains("journal+ap-invoice"), "{refused}");
    let unknown = format!("{style}\nvendor = \"AMAZON\"\nfee_roles = [\"referal_fees\"]");
    let refused = with(&unknown).expect_err("a typo").to_string();
    assert!(refused.contains("referal_fees") && refused.contains("rules list"), "{refused}");

    let all = with(&format!("{style}\nvendor = \"AMAZON\"")).expect("valid");
    let fees = all.connections[0].posting.fees().expect("a policy");
    assert_eq!((fees.vendor.as_str(), fees.roles.len()), ("AMAZON", 23));
    let some = format!("{style}\nvendor = \"AMAZON\"\nfee_roles = [\"referral_fees\"]");
    let fees = with(&some).expect("valid").connections[0].posting.fees().expect("a policy");
    assert_eq!(fees.roles.len(), 1);
    assert_eq!(load(GOOD).expect("valid").connections[0].posting.fees(), None);
    assert_eq!(load(GOOD).expect("valid").connections[0].chain, ChainPolicy::Hold);
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let error = load(&GOOD.replace("rules =", "ruels =")).expect_err("a typo");
    let text = error.to_string();
    assert!(text.contains("ml-connector.toml:6:1"), "{text}");
    assert!(text.contains("ruels"), "{text}");
}

#[test]
fn a_secret_in_the_file_is_refused_without_repeating_it() {
    let error =
        load(&GOOD.replace("{ file = \"refresh-token\" }", "\"Atzr|canary\"")).expect_err("plain");
    let text = format!("{error} {error:?}");
    assert!(text.contains("must not stand in this file"), "{text}");
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn an_unknown_zone_and_a_doubled_name_are_refused() {
    let zone = load(&GOOD.replace("America/Los_Angeles", "Pacific")).expect_err("zone");
    assert!(zone.to_string().contains("America/Los_Angeles"), "{zone}");
    let second = GOOD.split_once("[[connection]]").expect("one").1;
    let doubled = load(&format!("{GOOD}\n[[connection]]{second}")).expect_err("twice");
    assert!(doubled.to_string().contains("two connections"), "{doubled}");
}

#[test]
fn a_day_of_going_live_is_one_of_the_connections_zone() {
    let zone = "zone = \"America/Los_Angeles\"\n";
    let day = "go_live = \"2026-11-16\"\n";
    let config = load(&GOOD.replace(zone, &format!("{zone}{day}"))).expect("valid");
    assert_eq!(config.connections[0].go_live, Some(jiff::civil::date(2026, 11, 16)));
    let without = load(&GOOD.replace(zone, day)).expect_err("in which zone?");
    assert!(without.to_string().contains("set zone"), "{without}");
}

#[test]
fn a_day_is_over_when_it_is_over_in_the_cut_off_zone() {
    let today = |text: &str, instant: &str| {
        let config = load(text).expect("valid");
        let connection = config.connection(None).expect("the only one");
        connection.today(instant.parse().expect("an instant")).to_string()
    };
    let without = GOOD.replace("zone = \"America/Los_Angeles\"\n", "");
    let in_region = |region: &str| without.replace("\"na\"", &format!("\"{region}\""));
    // It is five in the afternoon in Seattle.
    assert_eq!(today(GOOD, "2026-11-01T00:05:00Z"), "2026-10-31");
    assert_eq!(today(&without, "2026-11-01T00:05:00Z"), "2026-10-31");
    assert_eq!(today(&in_region("eu"), "2026-11-01T00:05:00Z"), "2026-11-01");
    assert_eq!(today(&in_region("fe"), "2026-10-31T15:30:00Z"), "2026-10-31");
    assert_eq!(today(&in_region("fe"), "2026-10-31T16:30:00Z"), "2026-11-01");
}

#[test]
fn two_connections_of_one_refresh_token_are_refused() {
    let second = GOOD.split_once("[[connection]]").expect("one").1.replace("\"us\"", "\"us-two\"");
    let with = |second: &str| load(&format!("{GOOD}\n[[connection]]{second}"));
    let refused = with(&second).expect_err("one account").to_string();
    for word in ["\"us\"", "\"us-two\"", "file refresh-token", "book its settlements twice"] {
        assert!(refused.contains(word), "{word}: {refused}");
    }
    with(&second.replace("\"refresh-token\"", "\"another\"")).expect("another account");
    with(&second.replace("\"na\"", "\"eu\"")).expect("another region");
    // The vault keeps one for each connection.
    let vault = "{ vault = true }";
    let [first, second] =
        [GOOD, &second].map(|text| text.replace("{ file = \"refresh-token\" }", vault));
    load(&format!("{first}\n[[connection]]{second}")).expect("each its own");
}

#[cfg(unix)]
#[test]
fn a_secret_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    let mut file = std::fs::File::create(&path).expect("made");
    writeln!(file, "Atzr|canary").expect("written");
    let source = SecretSource::File("token".into());

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("mode");
    let error = source.read("amazon.refresh_token", folder.path()).expect_err("open to all");
    assert!(error.to_string().contains("chmod 600"), "{error}");

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode");
    let secret = source.read("amazon.refresh_token", folder.path()).expect("readable");
    assert_eq!(secrecy::ExposeSecret::expose_secret(&secret), "Atzr|canary");
    assert!(!format!("{secret:?}").contains("canary"));
}

#[test]
fn a_missing_variable_is_named() {
    let error = SecretSource::Env("ML_TEST_UNSET".into())
        .read("epicor.api_key", Path::new("."))
        .expect_err("unset");
    let text = error.to_string();
    assert!(text.contains("epicor.api_key") && text.contains("ML_TEST_UNSET"), "{text}");
}

#[test]
fn a_keyring_that_cannot_help_says_what_to_do() {
    let error = SecretSource::Keyring("no such entry of ml-connector's tests".into())
        .read("vault.key", Path::new("."))
        .expect_err("nobody made it");
    let text = error.to_string();
    assert!(text.contains("vault.key: keyring entry no such entry"), "{text}");
    let advice = if cfg!(feature = "keychain") {
        ["credentials key", "in a file"]
    } else {
        ["--features keychain", "in a file"]
    };
    assert!(advice.iter().any(|advice| text.contains(advice)), "{text}");
    let written = load(&GOOD.replace("{ file = \"refresh-token\" }", "{ keyring = \"token\" }"));
    assert_eq!(
        written.expect("valid").connections[0].amazon.refresh_token,
        SecretSource::Keyring("token".to_owned())
    );
}

#[test]
fn a_settle_time_must_be_longer_than_grace_and_timeout_together() {
    let told = |settle, grace, timeout| {
        let posting = Posting {
            settle_seconds: settle,
            send_grace_seconds: grace,
            request_timeout_seconds: timeout,
            ..Posting::default()
        };
        posting.settles_too_early()
    };
    assert_eq!(Posting::default().settles_too_early(), None);
    assert_eq!(told(16, 5, 10), None);
    let why = told(15, 5, 10).expect("equal is too short");
    assert!(why.contains("Set settle_seconds to 25 or more"), "{why}");
    assert!(told(u32::MAX, u32::MAX, u32::MAX).is_some());
}

#[test]
fn a_vault_has_one_key() {
    let with = |vault: &str| load(&format!("{GOOD}\n[vault]\n{vault}\n"));
    let (key, passphrase) = ("key = { file = \"k\" }", "passphrase = { env = \"P\" }");
    assert!(with(key).is_ok() && with(passphrase).is_ok());
    let refused = with(&format!("{key}\n{passphrase}")).expect_err("which one?").to_string();
    assert!(refused.contains("a key and a passphrase"), "{refused}");
}
