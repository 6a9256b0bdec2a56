//! Every page: nothing on it keeps anybody from using it, and what it looks like.

use std::path::{Path, PathBuf};
use std::process::Command;

use connector_app::stage::CONNECTION;

use crate::axe;
use crate::browser::Browser;
use crate::house::House;
use crate::settlements::{house, id_of};

/// The most that a picture in the documentation may take.
const PICTURE_BYTES_MAX: u64 = 150 * 1024;

/// A house with something on each page: settlements that are posted, ready, held and do not tie.
async fn furnished() -> House {
    let house =
        house(&["us-plain.txt", "us-month-end.txt", "us-unknown-fee.txt", "us-does-not-tie.txt"])
            .await;
    house.user("boss", "viewer,preparer,approver,admin,auditor").await;
    let posted = id_of("us-plain.txt");
    let bank = "Date,Description,Amount\n2026-09-21,AMAZON COM PAYMENTS,455.05\n";
    std::fs::write(house.stage.folder().join("bank.csv"), bank).expect("written");
    for args in [
        &["approve", &posted][..],
        &["sync", "settlements"],
        &["bank", "import", "bank.csv", "--currency", "USD"],
    ] {
        let said = house.run(args).await;
        assert!([0, 3].contains(&said.code), "{args:?}: {}", said.err);
    }
    house
}

/// A name for each page, and where it is.
fn pages() -> Vec<(&'static str, String)> {
    let base = format!("/settlements/{CONNECTION}/{}", id_of("us-plain.txt"));
    let fee =
        "transaction_type=AmazonFees&amount_type=New+Programme+Fee&amount_description=Base+fee";
    let fee = format!("connection={CONNECTION}&{fee}");
    let period = format!("connection={CONNECTION}&currency=USD&period=2026-09");
    vec![
        ("home", "/".to_owned()),
        ("settlements", "/settlements".to_owned()),
        ("settlement", base.clone()),
        ("settlement-rows", format!("{base}/rows")),
        ("settlement-orders", format!("{base}/orders")),
        ("settlement-changed", format!("{base}/changed")),
        ("settlement-epicor", format!("{base}/epicor")),
        ("settlement-bank", format!("{base}/bank")),
        ("settlement-history", format!("{base}/history")),
        ("settlement-reverse", format!("{base}/reverse")),
        ("held", "/held".to_owned()),
        ("orders", "/orders".to_owned()),
        ("mapping", "/mapping".to_owned()),
        ("mapping-decide", format!("/mapping/decide?{fee}")),
        ("mapping-preview", format!("/mapping/preview?{fee}&role=other_fees&reason=new")),
        ("reconciliation", "/reconciliation".to_owned()),
        ("period", format!("/reconciliation/period?{period}")),
        ("bank", format!("/reconciliation/bank?connection={CONNECTION}")),
        ("chain", "/chain".to_owned()),
        ("audit", format!("/audit?id={}", id_of("us-plain.txt"))),
        ("drop", "/drop".to_owned()),
        ("users", "/users".to_owned()),
        ("not-found", "/no-such-page".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_can_be_used_by_everybody() {
    let house = furnished().await;
    let browser = Browser::open().await;
    browser.go(&house.url("/sign-in")).await;
    let mut wrong = look_at(&browser, "sign-in").await;
    browser.sign_in(&house, "boss").await;
    browser.go(&house.url("/reconciliation")).await;
    browser.press("form[action='/reconciliation/refresh'] button").await;
    browser.until_text("main", "as of").await;
    for (name, path) in pages() {
        browser.go(&house.url(&path)).await;
        let shown = browser.text("h1").await;
        let errors = ["Not known here", "It did not work", "Nothing was changed"];
        let failed = errors.contains(&shown.as_str()) != (name == "not-found");
        if failed {
            wrong.push(format!("{name} ({path}): {}", browser.text("main").await));
        }
        wrong.extend(look_at(&browser, name).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What keeps anybody from using the page, in light and in dark; keeps a picture of it where asked
/// to.
async fn look_at(browser: &Browser, name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for colours in ["dark", "light"] {
        browser.colours(colours).await;
        let broken = axe::violations(browser).await;
        wrong.extend(broken.into_iter().map(|rule| format!("{name} ({colours}): {rule}")));
    }
    // A relative folder is one of the repository.
    if let Some(folder) = std::env::var_os("ML_CONSOLE_PICTURES") {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, browser.picture().await).expect("written");
        let bytes = fewer_colours(&file);
        if bytes > PICTURE_BYTES_MAX {
            wrong.push(format!("{name}: its picture has {bytes} bytes"));
        }
    }
    wrong
}

/// A picture of a page needs few colours; how many bytes it has then.
fn fewer_colours(file: &Path) -> u64 {
    let mut command = Command::new("pngquant");
    let ran = command.args(["--force", "--strip", "--output"]).args([file, file]).status();
    assert!(ran.expect("pictures need pngquant").success(), "{}", file.display());
    std::fs::metadata(file).expect("written").len()
}
