//! A company whose Epicor repeats what is posted in further books.

use connector_app::stage::{Setting, Stage};
use fixtures::documents;

use crate::support;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_other_books_repeat_is_posted_once() {
    let document = documents::get("us-plain.txt").expect("it ships");
    let mut setting = Setting::new(vec![document]);
    setting.epicor.books = vec![("STAT".to_owned(), "EUR".to_owned())];
    setting.epicor.posts_to_all_books = true;
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let [status] = &support::run(stage.folder(), &["status", "--json"]).await.settlements()[..]
    else {
        panic!("one settlement");
    };
    assert_eq!(status["state"], "posted", "{status:#}");
    assert_eq!(
        stage.epicor.posted_journals().len(),
        status["journals"].as_array().map_or(0, Vec::len)
    );
    let said = support::run(stage.folder(), &["sweep"]).await;
    assert_eq!(said.code, 0, "each stands once: {}{}", said.out, said.err);
}
