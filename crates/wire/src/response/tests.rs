use super::*;

fn pieces(pieces: &[&'static [u8]]) -> Response {
    let pieces: Vec<_> = pieces.iter().map(|piece| Ok(Bytes::from_static(piece))).collect();
    Response::new(StatusCode::OK, HeaderMap::new(), stream::iter(pieces).boxed())
}

#[tokio::test]
async fn a_body_is_put_together_up_to_the_limit() {
    assert_eq!(pieces(&[]).bytes(0).await.unwrap(), "");
    assert_eq!(pieces(&[b"abc"]).bytes(3).await.unwrap(), "abc");
    assert_eq!(pieces(&[b"ab", b"", b"cd", b"e"]).bytes(5).await.unwrap(), "abcde");
}

#[tokio::test]
async fn a_larger_body_is_an_error_that_names_the_host() {
    for body in [&[b"abcd".as_slice()][..], &[b"abc", b"d"], &[b"a", b"b", b"cd"]] {
        let error = pieces(body).from_host("example.com".to_owned()).bytes(3).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::TooLarge, "{body:?}");
        assert_eq!(error.to_string(), "the answer of example.com is larger than allowed");
    }
}

#[tokio::test]
async fn what_ends_a_body_early_is_passed_on() {
    let broken = || TransportError::new(TransportErrorKind::Body, "example.com".to_owned());
    for good in 0..3 {
        let mut items: Vec<_> = (0..good).map(|_| Ok(Bytes::from_static(b"x"))).collect();
        items.push(Err(broken()));
        let body = stream::iter(items).boxed();
        let response = Response::new(StatusCode::OK, HeaderMap::new(), body);
        assert_eq!(response.bytes(9).await.unwrap_err().kind(), TransportErrorKind::Body, "{good}");
    }
}

#[tokio::test]
async fn a_full_answer_can_be_read_as_a_stream() {
    let response = Response::full(StatusCode::CREATED, HeaderMap::new(), Bytes::from_static(b"x"));
    assert_eq!(response.status(), StatusCode::CREATED);
    let items: Vec<_> = response.into_stream().try_collect().await.unwrap();
    assert_eq!(items, ["x"]);
}
