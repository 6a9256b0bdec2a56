use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn base() -> Url {
    "https://sellingpartnerapi-na.amazon.com/".parse().unwrap()
}

fn line(query: Query) -> String {
    query.address(&base(), &["a"], &["b"]).unwrap().query().unwrap_or_default().to_owned()
}

/// The parameter that is refused, or nothing.
fn refused(query: Query) -> &'static str {
    match query.address(&base(), &[], &[]) {
        Ok(_) => "",
        Err(Error::InvalidParameter { parameter, .. }) => parameter,
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn what_is_not_set_is_not_sent() {
    let query = Query::default()
        .set("a", None::<u8>)
        .set("b", Some(""))
        .time("c", None)
        .flag("d", false)
        .list("e", &[] as &[&str], ..)
        .size("f", None, &TO_100);
    assert_eq!(line(query), "");
    let query = Query::default()
        .set("a", Some(1))
        .time("c", Some(at("2026-11-01T02:00:00.5+02:00")))
        .flag("d", true)
        .list("e", &["x", "y z"], ..);
    assert_eq!(line(query), "a=1&c=2026-11-01T00%3A00%3A00Z&d=true&e=x%2Cy+z");
}

#[test]
fn a_list_has_as_many_members_as_the_service_takes() {
    let list = |members: &[&str]| refused(Query::default().list("l", members, 1..=2));
    assert_eq!((list(&["a"]), list(&["a", "b"])), ("", ""));
    for members in [&[][..], &["a", "b", "c"], &["a,b"], &[""]] {
        assert_eq!(list(members), "l", "{members:?}");
    }
}

#[test]
fn the_first_mistake_is_told() {
    let query = Query::default()
        .required("a", "x", "")
        .required("b", "", "")
        .size("c", Some(0), &TO_100)
        .refuse(true, "d", "");
    assert_eq!(refused(query), "b");
    assert_eq!(refused(Query::default().size("c", Some(101), &TO_100)), "c");
}

#[test]
fn a_window_has_its_ends_in_order() {
    let window = |rule: &WindowRule, after: &str, before: &str| {
        let window = Window { after: Some(at(after)), before: Some(at(before)) };
        refused(Query::default().window(rule, window))
    };
    let (early, late) = ("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z");
    let (closed, half_open) = (WindowRule::closed("a", "b"), WindowRule::half_open("a", "b"));
    assert_eq!((window(&closed, early, late), window(&half_open, early, late)), ("", ""));
    assert_eq!((window(&closed, early, early), window(&half_open, early, early)), ("", "b"));
    assert_eq!((window(&closed, late, early), window(&half_open, late, early)), ("b", "b"));
}

#[test]
fn a_window_keeps_to_the_time_it_is() {
    const NOW: &str = "2026-11-23T12:00:00Z";
    let check = |rule: &WindowRule, after: Option<&str>, before: Option<&str>| {
        let window = Window { after: after.map(at), before: before.map(at) };
        match rule.check(window, at(NOW)) {
            Ok(()) => "",
            Err(Error::InvalidParameter { parameter, .. }) => parameter,
            Err(error) => panic!("{error:?}"),
        }
    };
    let free = WindowRule::closed("a", "b");
    assert_eq!(check(&free, Some("2030-01-01T00:00:00Z"), None), "");
    let edge = WindowRule::closed("a", "b").two_minutes_ago();
    for (time, name) in [("2026-11-23T11:58:00Z", ["", ""]), ("2026-11-23T11:58:01Z", ["a", "b"])] {
        assert_eq!([check(&edge, Some(time), None), check(&edge, None, Some(time))], name);
    }
    let past = WindowRule::closed("a", "b").past();
    assert_eq!(check(&past, Some(NOW), Some(NOW)), "");
    assert_eq!(check(&past, None, Some("2026-11-23T12:00:01Z")), "b");
    // 180 days before two minutes ago.
    let long = WindowRule::half_open("a", "b").two_minutes_ago().longest(180, "");
    assert_eq!(check(&long, Some("2026-05-27T11:58:00Z"), None), "");
    assert_eq!(check(&long, Some("2026-05-27T11:57:59Z"), None), "b");
    assert_eq!(check(&long, Some("2026-01-01T00:00:00Z"), Some("2026-06-30T00:00:00Z")), "");
    assert_eq!(check(&long, Some("2026-01-01T00:00:00Z"), Some("2026-06-30T00:00:01Z")), "b");
    let old = WindowRule::closed("a", "b").oldest(90, "");
    assert_eq!(check(&old, Some("2026-08-25T12:00:00Z"), None), "");
    assert_eq!(check(&old, Some("2026-08-25T10:59:59Z"), None), "a");
}
