//! Access tokens, seen from outside: renewed once when refused, shared by companies, never shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::*;
use epicor_odata_client::{Client, ConnectionFault, Error, Identity, TokenForm};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, Request, ResponseTemplate};

const COMPANIES: &str = "Erp.BO.CompanySvc/Companies";
const TOKENS: &str = "/KineticLive/TokenResource.svc/";

/// Gives out `canary-1`, `canary-2` and so on. How many it gave.
async fn give_tokens(kinetic: &Kinetic) -> Arc<AtomicU32> {
    let given = Arc::new(AtomicU32::new(0));
    let count = given.clone();
    let answer = move |_: &Request| {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        let token = format!("canary-{number}");
        json_answer(200, &json!({ "AccessToken": token, "ExpiresIn": 3600 }))
    };
    Mock::given(path(TOKENS)).respond_with(answer).with_priority(1).mount(&kinetic.server).await;
    given
}

fn client(kinetic: &Kinetic) -> Client {
    let (user, password) = ("connector".to_owned(), "canary-password".into());
    let identity = Identity::TokenService { user, password, form: TokenForm::Basic };
    builder_as(&kinetic.server.uri(), identity).build().unwrap()
}

/// Takes tokens from this number on.
async fn take_from(kinetic: &Kinetic, operation: &str, first: u32, answer: Value) {
    kinetic
        .instead(operation, move |request: &Request| {
            let token = request.headers["authorization"].to_str().unwrap();
            let number = token.strip_prefix("Bearer canary-").and_then(|n| n.parse::<u32>().ok());
            if number.is_some_and(|number| number >= first) {
                return json_answer(200, &answer);
            }
            refusal(401, "System.UnauthorizedAccessException", &format!("{token} has expired"))
        })
        .await;
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_reads_and_writes() {
    let kinetic = Kinetic::start().await;
    let given = give_tokens(&kinetic).await;
    let companies = json!({ "value": [{ "Company1": "EPIC06", "Name": "Acme" }] });
    take_from(&kinetic, COMPANIES, 2, companies).await;
    let client = client(&kinetic);
    client.ping().await.unwrap();
    assert_eq!(given.load(Ordering::SeqCst), 2);

    let posted = json!({ "parameters": { "NotAllPostedMessage": "" } });
    take_from(&kinetic, "Erp.BO.GLJrnGrpSvc/PostGroupJournals", 3, posted).await;
    client.gl_journals().post_group(&group_id()).await.unwrap();
    assert_eq!(given.load(Ordering::SeqCst), 3);
    let posts = kinetic.operations().await;
    let posts = posts.iter().filter(|operation| operation.ends_with("PostGroupJournals"));
    assert_eq!(posts.count(), 2, "refused at the door, and let in");
}

#[tokio::test]
async fn a_token_refused_twice_is_the_answer() {
    let kinetic = Kinetic::start().await;
    let given = give_tokens(&kinetic).await;
    take_from(&kinetic, COMPANIES, u32::MAX, Value::Null).await;
    let error = client(&kinetic).ping().await.unwrap_err();
    assert_eq!(error.connection_fault(), Some(ConnectionFault::Identity), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
    assert_eq!(given.load(Ordering::SeqCst), 2);
    assert_eq!(kinetic.operations().await.len(), 4, "two tokens, two readings");
}

#[tokio::test]
async fn companies_share_user_token_and_settings() {
    let kinetic = Kinetic::start().await;
    let given = give_tokens(&kinetic).await;
    let other = json!({ "value": [{ "Company1": "EPIC07", "Name": "Other" }] });
    let at = "/KineticLive/api/v2/odata/EPIC07/Erp.BO.CompanySvc/Companies";
    let mock = Mock::given(path(at)).respond_with(json_answer(200, &other)).with_priority(1);
    mock.mount(&kinetic.server).await;
    let client = client(&kinetic);
    let other = client.for_company("EPIC07").unwrap();
    let (first, second) = tokio::join!(client.ping(), other.ping());
    assert_eq!(
        (first.unwrap().company_name, second.unwrap().company_name),
        ("Acme".into(), "Other".into())
    );
    assert_eq!((client.company(), other.company()), ("EPIC06", "EPIC07"));
    assert_eq!(given.load(Ordering::SeqCst), 1);
    assert!(matches!(client.for_company("../x"), Err(Error::InvalidParameter { .. })));
}

#[tokio::test]
async fn a_ping_finds_out_which_lock_it_was() {
    for (token, expected) in [
        (json_answer(200, &json!({ "AccessToken": "t" })), ConnectionFault::ApiKey),
        (refusal(401, "System.UnauthorizedAccessException", ""), ConnectionFault::Identity),
        (ResponseTemplate::new(404), ConnectionFault::ApiKeyOrIdentity),
    ] {
        let kinetic = Kinetic::start().await;
        kinetic.instead(COMPANIES, ResponseTemplate::new(401)).await;
        let mock = Mock::given(path(TOKENS)).respond_with(token).with_priority(1);
        mock.mount(&kinetic.server).await;
        let error = kinetic.client().ping().await.unwrap_err();
        assert_eq!(error.connection_fault(), Some(expected), "{error:?}");
    }
}

#[tokio::test]
async fn a_ping_of_services_names_the_one_that_is_out_of_scope() {
    let kinetic = Kinetic::start().await;
    let document = "<Edmx><Schema Namespace='x'><EntityType Name='B'/><EntitySet Name='Bs' \
        EntityType='x.B'/></Schema></Edmx>";
    let found = ResponseTemplate::new(200).set_body_raw(document, "application/xml");
    kinetic.instead("Erp.BO.GLBookSvc/$metadata", found).await;
    let denied = refusal(403, "System.UnauthorizedAccessException", "Not in the access scope.");
    kinetic.instead("Erp.BO.GLJrnGrpSvc/$metadata", denied).await;
    let client = kinetic.client();
    client.ping_services(&["Erp.BO.GLBookSvc"]).await.unwrap();
    let services = ["Erp.BO.GLBookSvc", "Erp.BO.GLJrnGrpSvc"];
    let error = client.ping_services(&services).await.unwrap_err();
    let fault = ConnectionFault::AccessScope("Erp.BO.GLJrnGrpSvc".to_owned());
    assert_eq!(error.connection_fault(), Some(fault));
}
