use super::*;

fn split(record: &str, delimiter: Delimiter) -> Option<Vec<String>> {
    let mut cells = Cells::default();
    cells.split(record, delimiter).ok()?;
    Some(cells.iter(record).map(str::to_owned).collect())
}

#[test]
fn a_quote_between_tabs_is_a_character() {
    let cells = split("12\" RULER, \"PRO\t\"LEAD\t", Delimiter::Tab).expect("no quoting");
    assert_eq!(cells, ["12\" RULER, \"PRO", "\"LEAD", ""]);
}

#[test]
fn commas_come_with_the_quoting_of_spreadsheets() {
    let comma = Delimiter::Quoted(b',');
    let cases: [(&str, &[&str]); 6] = [
        ("a,b,", &["a", "b", ""]),
        ("\"1,5\",b", &["1,5", "b"]),
        ("\"say \"\"hi\"\"\",b", &["say \"hi\"", "b"]),
        ("12\" RULER,\"\"", &["12\" RULER", ""]),
        ("\"two\nlines\",\"é\"", &["two\nlines", "é"]),
        ("\"\"\"\",x", &["\"", "x"]),
    ];
    for (record, expected) in cases {
        assert_eq!(split(record, comma).expect(record), expected, "{record}");
    }
    assert_eq!(split("\"a\"b,c", comma), None);
    assert_eq!(split("\"a,b", comma), None);
    assert_eq!(split("a;\"b;c\"", Delimiter::Quoted(b';')).expect("two"), ["a", "b;c"]);
}
