//! Every page: nothing on it keeps anybody from using it, and what it looks like.

use std::path::PathBuf;

use connector_app::stage::Setting;

use crate::axe;
use crate::browser::Browser;
use crate::house::House;

/// A name for each page, and where it is.
const PAGES: [(&str, &str); 3] =
    [("home", "/"), ("users", "/users"), ("not-found", "/no-such-page")];

/// The most that a picture in the documentation may take.
const PICTURE_BYTES_MAX: usize = 150 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_can_be_used_by_everybody() {
    let mut house = House::built(Setting::new(Vec::new())).await;
    house.user("anna", "viewer,preparer").await;
    house.user("boss", "viewer,preparer,approver,admin,auditor").await;
    house.serve().await;
    let browser = Browser::open().await;
    browser.go(&house.url("/sign-in")).await;
    look_at(&browser, "sign-in").await;
    browser.sign_in(&house, "boss").await;
    for (name, path) in PAGES {
        browser.go(&house.url(path)).await;
        look_at(&browser, name).await;
    }
}

/// Fails on what keeps anybody from using the page; keeps a picture of it where asked to.
async fn look_at(browser: &Browser, name: &str) {
    let violations = axe::violations(browser).await;
    assert!(violations.is_empty(), "{name}:\n{}", violations.join("\n"));
    // A relative folder is one of the repository.
    if let Some(folder) = std::env::var_os("ML_CONSOLE_PICTURES") {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let picture = browser.picture().await;
        assert!(picture.len() < PICTURE_BYTES_MAX, "{name}: {} bytes", picture.len());
        std::fs::write(folder.join(format!("{name}.png")), picture).expect("written");
    }
}
