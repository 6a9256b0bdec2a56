use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;

use super::*;
use crate::odata::Filter;

fn root() -> Url {
    Url::parse("https://erp.example.com/KineticLive/api/v2/odata/EPIC06/").unwrap()
}

fn headers() -> HeaderMap {
    HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static("Basic x"))])
}

#[test]
fn a_read_is_a_get_without_a_body() {
    let query = Query::new().filter(Filter::eq("GroupID", "A'B C")).top(1);
    let call = Call::entity_set("Erp.BO.GLJrnGrpSvc/GLJrnGrps", &query).unwrap();
    assert_eq!(call.effect.class(), Class::Safe);
    let request = call.request(&root(), &headers()).unwrap();
    assert_eq!(request.method(), Method::GET);
    assert_eq!(
        request.uri(),
        "https://erp.example.com/KineticLive/api/v2/odata/EPIC06/Erp.BO.GLJrnGrpSvc/GLJrnGrps\
         ?$filter=GroupID%20eq%20%27A%27%27B%20C%27&$top=1",
    );
    assert!(request.body().is_empty() && !request.headers().contains_key(CONTENT_TYPE));
    assert_eq!(request.headers()[ACCEPT], "application/json");
    assert_eq!(request.headers()[AUTHORIZATION], "Basic x");
}

#[test]
fn a_method_is_a_post_of_its_parameters_with_nothing_in_the_query() {
    let parameters = json!({ "groupID": "ML1" });
    let operation = "Erp.BO.GLJrnGrpSvc/CheckBeforePost";
    let call = Call::method(operation, Effect::Repeatable, &parameters);
    assert_eq!(call.effect.class(), Class::Idempotent);
    let request = call.request(&root(), &headers()).unwrap();
    assert_eq!(request.method(), Method::POST);
    assert!(request.uri().path().ends_with("/EPIC06/Erp.BO.GLJrnGrpSvc/CheckBeforePost"));
    assert_eq!(request.uri().query(), None);
    assert_eq!(request.body(), r#"{"groupID":"ML1"}"#);
    assert_eq!(request.headers()[CONTENT_TYPE], "application/json");
}

#[test]
fn a_write_is_of_the_class_that_is_never_repeated() {
    assert_eq!(Effect::Write.class(), Class::Once);
}

#[test]
fn a_link_is_followed_as_it_is() {
    let link = Url::parse("https://erp.example.com/elsewhere?$skiptoken=1").unwrap();
    let call = Call::link("Erp.BO.GLJrnGrpSvc/GLJrnGrps", link.clone());
    let request = call.request(&root(), &headers()).unwrap();
    assert_eq!(request.uri(), link.as_str());
}
