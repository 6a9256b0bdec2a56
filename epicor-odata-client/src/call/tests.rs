use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;

use super::*;
use crate::odata::Filter;

fn root() -> Root {
    let instance = Url::parse("https://erp.example.com/KineticLive/").unwrap();
    let api = instance.join("api/v2/").unwrap();
    Root { company: api.join("odata/EPIC06/").unwrap(), api, instance }
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

#[test]
fn a_function_lies_beside_the_companies() {
    let path = "efx/staging/EPIC06/Connector/Next%20One".to_owned();
    let operation = Operation::from("efx/Connector/Next One".to_owned());
    let call = Call::function(operation, path, Effect::Write, &json!({}));
    assert_eq!(call.effect.class(), Class::Once);
    let request = call.request(&root(), &headers()).unwrap();
    let address =
        "https://erp.example.com/KineticLive/api/v2/efx/staging/EPIC06/Connector/Next%20One";
    assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::POST, address));
    assert_eq!(request.body(), "{}");
}

#[test]
fn a_change_carries_its_row_and_a_deletion_nothing() {
    let mut row = Row::new();
    row.set_text("Key1", "a");
    let set = "Ice.BO.UD01Svc/UD01s";
    for (verb, row, body) in [
        (Method::POST, Some(&row), r#"{"Key1":"a"}"#),
        (Method::PATCH, Some(&row), r#"{"Key1":"a"}"#),
        (Method::DELETE, None, ""),
    ] {
        let call = Call::change(set.into(), verb.clone(), format!("{set}(%27a%27)"), row);
        assert_eq!(call.effect.class(), Class::Once);
        let request = call.request(&root(), &headers()).unwrap();
        assert_eq!((request.method(), &request.body()[..]), (&verb, body.as_bytes()));
        assert!(request.uri().path().ends_with("/Ice.BO.UD01Svc/UD01s(%27a%27)"));
    }
}

#[test]
fn metadata_is_asked_for_as_xml() {
    let call = Call::metadata("Erp.BO.PartSvc");
    let request = call.request(&root(), &headers()).unwrap();
    assert!(request.uri().path().ends_with("/EPIC06/Erp.BO.PartSvc/$metadata"));
    assert_eq!(request.headers()[ACCEPT], "application/xml");
}

#[test]
fn parameters_stand_before_the_options_of_a_query() {
    let query = Query::new().top(5);
    let path = "BaqSvc/Mine/Data".to_owned();
    let call = Call::read("BaqSvc/Mine".into(), path, &query, "Class=A%26B").unwrap();
    let url = call.url(&root()).unwrap();
    assert!(url.as_str().ends_with("/EPIC06/BaqSvc/Mine/Data?Class=A%26B&$top=5"), "{url}");
}
