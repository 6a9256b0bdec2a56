use std::cell::RefCell;
use std::collections::HashMap;

use super::*;

#[derive(Debug, PartialEq, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Paging(#[from] BrokenPaging),
    #[error("no such page")]
    NoSuchPage,
}

/// Reads the list that starts at token "": items, error, and what was asked for.
async fn read(
    list: &[(&str, &[u32], Option<&str>)],
    max_pages: u32,
) -> (Vec<u32>, Option<Error>, Vec<Option<String>>) {
    let list: HashMap<_, _> =
        list.iter().map(|(token, items, next)| (*token, (*items, *next))).collect();
    let asked = RefCell::new(Vec::new());
    let stream = pages(max_pages, |token: Option<String>| {
        asked.borrow_mut().push(token.clone());
        let page = list.get(token.as_deref().unwrap_or_default()).copied();
        async move {
            let (items, next) = page.ok_or(Error::NoSuchPage)?;
            Ok(Page { items: items.to_vec(), next_token: next.map(str::to_owned) })
        }
    });
    let mut stream = Box::pin(stream);
    let mut items = Vec::new();
    let mut error = None;
    while let Some(item) = futures_util::StreamExt::next(&mut stream).await {
        assert_eq!(error, None, "an item after an error");
        match item {
            Ok(item) => items.push(item),
            Err(e) => error = Some(e),
        }
    }
    drop(stream);
    (items, error, asked.into_inner())
}

#[tokio::test]
async fn tokens_lead_through_empty_pages_to_the_end() {
    let list: &[(&str, &[u32], Option<&str>)] =
        &[("", &[1, 2], Some("a/+=")), ("a/+=", &[], Some("b")), ("b", &[3], None)];
    let (items, error, asked) = read(list, 3).await;
    assert_eq!((items, error), (vec![1, 2, 3], None));
    assert_eq!(asked, [None, Some("a/+=".to_owned()), Some("b".to_owned())]);
}

#[tokio::test]
async fn an_empty_token_is_no_token() {
    assert_eq!(read(&[("", &[1], Some(""))], 9).await, (vec![1], None, vec![None]));
}

#[tokio::test]
async fn a_repeated_token_is_an_error() {
    let list: &[(&str, &[u32], Option<&str>)] =
        &[("", &[1], Some("a")), ("a", &[2], Some("b")), ("b", &[3], Some("a"))];
    let (items, error, asked) = read(list, 100).await;
    assert_eq!(items, [1, 2], "the page that names it is not believed either");
    assert_eq!(error, Some(BrokenPaging::RepeatedToken.into()));
    assert_eq!(asked.len(), 3);
}

#[tokio::test]
async fn the_number_of_pages_is_bounded() {
    let list: &[(&str, &[u32], Option<&str>)] =
        &[("", &[1], Some("a")), ("a", &[2], Some("b")), ("b", &[3], None)];
    let (items, error, asked) = read(list, 2).await;
    assert_eq!(items, [1, 2]);
    assert_eq!(error, Some(BrokenPaging::TooManyPages { max_pages: 2 }.into()));
    assert_eq!(asked.len(), 2);
}

#[tokio::test]
async fn an_error_ends_the_list() {
    let (items, error, asked) = read(&[("", &[1], Some("gone"))], 9).await;
    assert_eq!((items, error), (vec![1], Some(Error::NoSuchPage)));
    assert_eq!(asked.len(), 2);
}
