use super::*;
use crate::{Credentials, Region};

fn client(base: Option<&str>) -> Client {
    let credentials = Credentials {
        client_id: String::new(),
        client_secret: String::new().into(),
        refresh_token: String::new().into(),
    };
    let builder = Client::builder(Region::NorthAmerica, credentials);
    let builder = builder.allow_download_host("files.example.com");
    match base {
        Some(base) => builder.base_url(base.parse().unwrap()),
        None => builder,
    }
    .build()
    .unwrap()
}

#[test]
fn this_machine_is_trusted_only_beside_a_service_on_it() {
    let amazon = client(None);
    let stand_in = client(Some("http://localhost:8080/"));
    for (url, with_amazon, with_stand_in) in [
        ("http://127.0.0.1:9000/file", false, true),
        ("https://localhost/file", false, true),
        ("https://bucket.s3.us-east-1.amazonaws.com/file", true, true),
        ("https://tortuga-prod-eu.s3-eu-west-1.AMAZONAWS.com/file", true, true),
        ("https://files.example.com/file", true, true),
        ("https://other.example.com/file", false, false),
        ("http://files.example.com/file", false, false),
        ("ftp://bucket.s3.amazonaws.com/file", false, false),
    ] {
        let url = url.parse().unwrap();
        assert_eq!(amazon.check_download_host(&url).is_ok(), with_amazon, "{url}");
        assert_eq!(stand_in.check_download_host(&url).is_ok(), with_stand_in, "{url}");
    }
}

#[tokio::test]
async fn the_first_bytes_are_found_in_any_pieces() {
    for pieces in [vec!["ab", "c"], vec!["a", "bc"], vec!["", "a", "", "b", "c"], vec!["abc"]] {
        let body = pieces.into_iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
        let mut rest = stream::iter(body.collect::<Vec<Result<_, Error>>>());
        let start = peek(&mut rest).await.unwrap();
        assert!(start.starts_with(b"ab"), "{start:?}");
        let rest: Vec<Bytes> = rest.try_collect().await.unwrap();
        assert_eq!([start, rest.concat().into()].concat(), b"abc");
    }
}
