use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use wire::{ManualClock, Response, RetryPolicy, SeededRandom, Transport, TransportError};

use super::*;

/// Answers every request with the next of these, and the last for ever; counts them.
#[derive(Debug)]
struct Answers {
    answers: Vec<(u16, String)>,
    asked: AtomicU32,
}

#[async_trait]
impl Transport for Answers {
    async fn send(&self, _: Request) -> Result<Response, TransportError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        // Others come while the issuer thinks.
        tokio::task::yield_now().await;
        let last = self.answers.len() - 1;
        let (status, body) = &self.answers[last.min(usize::try_from(number).unwrap())];
        let status = StatusCode::from_u16(*status).unwrap();
        Ok(Response::full(status, HeaderMap::new(), body.clone().into()))
    }
}

fn link(answers: &[(u16, &str)]) -> (Link, Arc<Answers>, Arc<ManualClock>) {
    let answers = answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
    let answers = Arc::new(Answers { answers, asked: AtomicU32::new(0) });
    let clock = Arc::new(ManualClock::default());
    let link = Link {
        transport: answers.clone(),
        clock: clock.clone(),
        random: Arc::new(SeededRandom::new(1)),
        retry: RetryPolicy::default(),
        timeout: TIMEOUT,
    };
    (link, answers, clock)
}

fn base() -> Url {
    Url::parse("https://erp.example.com/KineticLive/").unwrap()
}

fn token_service(form: TokenForm) -> Login {
    let identity =
        Identity::TokenService { user: "connector".to_owned(), password: "canary".into(), form };
    Login::new(&base(), &ApiKey::from("key"), &identity).unwrap()
}

fn provider() -> Login {
    let identity = Identity::ClientCredentials {
        token_url: Url::parse("https://login.example.com/t/oauth2/v2.0/token").unwrap(),
        client_id: "id&1".to_owned(),
        client_secret: "canary=+".into(),
        scope: "api://epicor/.default".to_owned(),
    };
    Login::new(&base(), &ApiKey::from("key"), &identity).unwrap()
}

fn issuer(login: &Login) -> &Issuer {
    match login {
        Login::Bearer(bearer) => &bearer.issuer,
        Login::Fixed(_) => panic!("no issuer"),
    }
}

#[test]
fn the_token_service_is_told_user_and_password_in_either_form() {
    for form in [TokenForm::Basic, TokenForm::Headers] {
        let login = token_service(form);
        let request = issuer(&login).request().unwrap();
        let header = |name: &str| request.http.headers().get(name).and_then(|v| v.to_str().ok());
        let address = "https://erp.example.com/KineticLive/TokenResource.svc/";
        assert_eq!(
            (request.http.method(), request.http.uri().to_string().as_str()),
            (&Method::POST, address)
        );
        assert!(request.http.body().is_empty());
        assert_eq!(
            (header("x-api-key"), header("accept")),
            (Some("key"), Some("application/json"))
        );
        let sent = (header("authorization"), header("username"), header("password"));
        let expected = match form {
            TokenForm::Basic => (Some("Basic Y29ubmVjdG9yOmNhbmFyeQ=="), None, None),
            TokenForm::Headers => (None, Some("connector"), Some("canary")),
        };
        assert_eq!(sent, expected);
        assert!(!format!("{login:?} {request:?}").contains("canary"));
    }
}

#[test]
fn a_provider_is_sent_a_form_and_not_epicors_key() {
    let login = provider();
    let request = issuer(&login).request().unwrap();
    assert_eq!(request.http.headers()[CONTENT_TYPE], "application/x-www-form-urlencoded");
    assert!(!request.http.headers().contains_key("x-api-key"));
    assert_eq!(
        request.http.body(),
        "grant_type=client_credentials&client_id=id%261&client_secret=canary%3D%2B\
         &scope=api%3A%2F%2Fepicor%2F.default",
    );
    assert!(!format!("{login:?}").contains("canary"));
}

#[test]
fn a_provider_is_not_called_without_encryption() {
    let identity = Identity::ClientCredentials {
        token_url: Url::parse("http://login.example.com/token").unwrap(),
        client_id: "id".to_owned(),
        client_secret: "s".into(),
        scope: String::new(),
    };
    let refused = Login::new(&base(), &ApiKey::from("key"), &identity);
    assert!(matches!(refused, Err(Error::Insecure(_))));
}

#[tokio::test]
async fn a_token_is_read_in_every_form_it_comes_in() {
    let xml = "<?xml version=\"1.0\"?><Token xmlns=\"x\"><AccessToken>t1</AccessToken>\
        <ExpiresIn>3600</ExpiresIn><TokenType>Bearer</TokenType></Token>";
    for body in [
        r#"{"AccessToken":"t1","ExpiresIn":3600,"TokenType":"Bearer"}"#,
        r#"{"access_token":"t1","expires_in":"3600","token_type":"Bearer"}"#,
        r#"{"AccessToken":"t1"}"#,
        "<Token><AccessToken>t1</AccessToken></Token>",
        xml,
    ] {
        let (link, ..) = link(&[(200, body)]);
        let pass = token_service(TokenForm::Basic).pass(&link).await.unwrap();
        assert_eq!(pass.header, "Bearer t1", "{body}");
        assert!(pass.header.is_sensitive());
    }
}

#[tokio::test]
async fn a_token_is_fetched_once_for_all_and_renewed_before_it_expires() {
    let (link, answers, clock) = link(&[
        (200, r#"{"AccessToken":"t1","ExpiresIn":3600}"#),
        (200, r#"{"AccessToken":"t2","ExpiresIn":3600}"#),
        (200, r#"{"AccessToken":"t3","ExpiresIn":3600}"#),
    ]);
    let login = token_service(TokenForm::Basic);
    let all = futures_util::future::join_all((0..50).map(|_| login.pass(&link))).await;
    assert!(all.into_iter().all(|pass| pass.unwrap().header == "Bearer t1"));
    assert_eq!(answers.asked.load(Ordering::SeqCst), 1);

    clock.advance(Duration::from_mins(54));
    assert_eq!(login.pass(&link).await.unwrap().header, "Bearer t1");
    clock.advance(Duration::from_mins(1));
    let renewed = login.pass(&link).await.unwrap();
    assert_eq!(renewed.header, "Bearer t2", "five minutes before its end");

    let all = futures_util::future::join_all((0..50).map(async |_| {
        login.refused(renewed.token.as_ref().unwrap()).await;
        login.pass(&link).await.unwrap().header
    }));
    assert!(all.await.into_iter().all(|header| header == "Bearer t3"));
    assert_eq!(answers.asked.load(Ordering::SeqCst), 3, "of fifty refused, one asks again");
}

#[tokio::test]
async fn why_there_is_no_token() {
    let denied = r#"{"error":"invalid_client","error_description":"AADSTS7000215:\r\nInvalid client secret canary=+ provided."}"#;
    let wrong_scope = r#"{"error":"invalid_scope","error_description":"No such scope."}"#;
    let html = "<!DOCTYPE html><html><title>Service</title></html>";
    let epicor = r#"{"HttpStatus":401,"ErrorMessage":"Invalid username or password canary","ErrorType":"x"}"#;
    let key = r#"{"HttpStatus":401,"ErrorMessage":"Invalid API Key.","ErrorType":"x"}"#;
    for (login, status, body, expected) in [
        (provider(), 401, denied, "Unauthorized { refused: ClientSecret"),
        (provider(), 400, denied, "Unauthorized { refused: ClientSecret"),
        (
            provider(),
            400,
            wrong_scope,
            "NoToken { issuer: \"login.example.com\", reason: \"No such",
        ),
        (provider(), 500, "", "Server"),
        (token_service(TokenForm::Basic), 401, epicor, "Unauthorized { refused: Identity"),
        (token_service(TokenForm::Basic), 401, "", "Unauthorized { refused: Identity"),
        (token_service(TokenForm::Basic), 403, key, "Unauthorized { refused: ApiKey"),
        (token_service(TokenForm::Basic), 404, "", "NoToken"),
        (token_service(TokenForm::Basic), 200, html, "NoToken"),
        (token_service(TokenForm::Basic), 200, "disabled", "NoToken"),
        (token_service(TokenForm::Basic), 200, r#"{"AccessToken":""}"#, "NoToken"),
    ] {
        let (link, answers, _) = link(&[(status, body)]);
        let error = login.pass(&link).await.unwrap_err();
        let told = format!("{error:?} {error}");
        assert!(told.starts_with(expected), "{status} {body}: {told}");
        assert!(!told.contains("canary"), "{told}");
        let tries = if status == 500 { 5 } else { 1 };
        assert_eq!(answers.asked.load(Ordering::SeqCst), tries);
    }
}
