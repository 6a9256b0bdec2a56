use store::{BankLineRecord, DocumentHash, Error, Store, WaiverRecord};

use crate::samples::{US, event, key, read};

async fn statement(store: &Store) -> DocumentHash {
    store.put_document("statement.xml", b"<Document/>").await.expect("the document is kept")
}

fn line(document: DocumentHash, reference: &str, date: &str, amount: &str) -> BankLineRecord {
    BankLineRecord {
        account: "DE02".to_owned(),
        reference: reference.to_owned(),
        date: date.parse().expect("a date"),
        currency: "USD".to_owned(),
        amount: amount.to_owned(),
        text: "AMAZON PAYMENTS".to_owned(),
        document,
        settlement_id: None,
    }
}

pub(super) async fn a_line_is_taken_in_once(store: &Store) {
    let document = statement(store).await;
    let lines = [
        line(document, "B", "2026-10-17", "12.34"),
        line(document, "A", "2026-10-17", "-0.01"),
        line(document, "C", "2026-10-03", "7.00"),
    ];
    let told = event(1, "bank", "bank");
    assert_eq!(store.bank_lines_imported(US, &lines[..2], &told).await.unwrap(), 2);
    assert_eq!(store.bank_lines_imported(US, &lines, &told).await.unwrap(), 1);
    assert_eq!(store.bank_lines_imported(US, &lines, &told).await.unwrap(), 0);
    assert_eq!(store.events_of("bank").await.unwrap().len(), 2, "nothing new is no event");

    let [first, second, third] = store.bank_lines(US).await.unwrap().try_into().unwrap();
    assert_eq!([first, second, third], [lines[2].clone(), lines[1].clone(), lines[0].clone()]);
    assert_eq!(store.bank_lines("de").await.unwrap(), []);
}

pub(super) async fn a_line_that_changed_is_refused_and_nothing_of_its_file_is_taken_in(
    store: &Store,
) {
    let document = statement(store).await;
    let told = event(1, "bank", "bank");
    let known = line(document, "A", "2026-10-17", "12.34");
    store.bank_lines_imported(US, std::slice::from_ref(&known), &told).await.unwrap();
    let changed =
        [line(document, "B", "2026-10-18", "1.00"), line(document, "A", "2026-10-17", "12.35")];
    let refused = store.bank_lines_imported(US, &changed, &told).await;
    assert!(matches!(refused, Err(Error::Corrupt { .. })), "{refused:?}");
    assert_eq!(store.bank_lines(US).await.unwrap(), [known]);

    let nowhere = [line(DocumentHash::of(b"other"), "D", "2026-10-18", "1.00")];
    let refused = store.bank_lines_imported(US, &nowhere, &told).await;
    assert!(matches!(refused, Err(Error::Unknown { .. })), "{refused:?}");
}

pub(super) async fn a_person_says_whose_deposit_a_line_is(store: &Store) {
    let document = statement(store).await;
    let told = event(1, "bank", "bank");
    let first = line(document, "A", "2026-10-17", "12.34");
    // Another account may have a line of the same reference.
    let twin = BankLineRecord { account: "DE03".to_owned(), ..first.clone() };
    let unnamed = BankLineRecord { account: String::new(), ..first.clone() };
    let lines = [unnamed, first, twin];
    assert_eq!(lines.each_ref().map(BankLineRecord::id), ["A", "DE02/A", "DE03/A"]);
    assert_eq!(store.bank_lines_imported(US, &lines, &told).await.unwrap(), 3);
    let of = async || -> Vec<_> {
        let lines = store.bank_lines(US).await.unwrap();
        lines.into_iter().map(|line| line.settlement_id).collect()
    };

    let given = event(2, "810", "settlement 810");
    store.bank_line_assigned(US, ("DE02", "A"), Some("810"), &given).await.unwrap();
    assert_eq!(of().await, [None, Some("810".to_owned()), None]);
    let set_free = event(3, "810", "settlement 810");
    store.bank_line_assigned(US, ("DE02", "A"), None, &set_free).await.unwrap();
    assert_eq!(of().await, [None, None, None]);
    assert_eq!(store.events_of("810").await.unwrap().len(), 2);

    for (account, reference) in [("DE02", "Z"), ("DE04", "A")] {
        let unknown = store.bank_line_assigned(US, (account, reference), Some("810"), &told).await;
        assert!(matches!(unknown, Err(Error::Unknown { .. })), "{unknown:?}");
    }
}

pub(super) async fn what_is_waived_is_replaced(store: &Store) {
    read(store, 1, "810").await;
    let told = event(2, "810", "settlement 810");
    let day = "2026-10-31".parse().expect("a day");
    store.waived(&key("810"), ("0.02", day), &told).await.unwrap();
    store.waived(&key("810"), ("0.03", day), &told).await.unwrap();
    let (settlement_id, amount) = ("810".to_owned(), "0.03".to_owned());
    let waived = WaiverRecord { settlement_id, amount, day: Some(day) };
    assert_eq!(store.waivers(US).await.unwrap(), [waived]);
    assert!(store.waived(&key("811"), ("0.03", day), &told).await.is_err(), "no such settlement");
    assert_eq!(store.events_of("810").await.unwrap().len(), 3);
}
