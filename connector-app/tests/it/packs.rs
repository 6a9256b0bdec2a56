//! The pack for the controller: the workbook opens and holds the period to the cent, the documents are
//! those that were read, and the audit log verifies away from the store.

use std::collections::BTreeMap;
use std::io::Read as _;

use connector_app::stage::Stage;
use fixtures::documents;
use jiff::civil::date;
use rust_decimal::Decimal;
use store::DocumentHash;

use crate::reconcile::{DEPOSIT, book_the_receipt, import, posted, statement};
use crate::support;

/// The sheets of a workbook: each its rows, each its cells as texts.
struct Workbook(BTreeMap<String, Vec<Vec<String>>>);

/// What stands between two marks, each time they come.
fn between<'t>(text: &'t str, begin: &'t str, end: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(begin).skip(1).map(move |rest| rest.split(end).next().unwrap_or_default())
}

impl Workbook {
    fn open(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip file");
        let mut part = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).expect(name).read_to_string(&mut text).expect("text");
            text
        };
        let shared = part("xl/sharedStrings.xml");
        let shared: Vec<_> = between(&shared, "<si>", "</si>")
            .map(|one| between(one, ">", "<").collect::<String>().replace("&amp;", "&"))
            .collect();
        let names = part("xl/workbook.xml");
        let sheets = between(&names, "<sheet name=\"", "\"").zip(1..).map(|(name, number)| {
            let sheet = part(&format!("xl/worksheets/sheet{number}.xml"));
            let rows = between(&sheet, "<row ", "</row>").map(|row| {
                let cells = between(row, "<c ", "</c>").map(|cell| {
                    let value = between(cell, "<v>", "</v>").next().unwrap_or_default();
                    if cell.contains("t=\"s\"") {
                        shared[value.parse::<usize>().expect("an index")].clone()
                    } else {
                        value.to_owned()
                    }
                });
                cells.collect()
            });
            (name.to_owned(), rows.collect())
        });
        Self(sheets.collect())
    }

    /// The rows of a sheet without its heading.
    fn rows(&self, sheet: &str) -> &[Vec<String>] {
        &self.0[sheet][1..]
    }
}

async fn one_object_for_machines(stage: &Stage) {
    let pack = ["pack", "--period", "2026-09", "--out", "pack", "--json"];
    let said = support::run(stage.folder(), &pack).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let [told] = said.json_lines().try_into().expect("one object");
    assert_eq!((&told["connection"], &told["period"]), (&"demo".into(), &"2026-09".into()));
    let workbook = serde_json::json!({ "currency": "USD", "file": "pack/demo-2026-09-USD.xlsx",
                                       "documents": 2, "standing": "signed" });
    assert_eq!(told["workbooks"], serde_json::json!([workbook]), "{told}");
    assert_eq!(told["audit_log"]["file"], "pack/audit.jsonl", "{told}");
    assert!(told["audit_log"]["events"].as_u64().is_some_and(|events| events > 0), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pack_holds_the_period_its_documents_and_the_proof() {
    let stage = posted().await;
    import(&stage, "bank.csv", &statement(DEPOSIT), 0).await;
    book_the_receipt(&stage, date(2026, 9, 21)).await;
    for args in [&["reconcile", "--period", "2026-09"][..], &["reconcile", "sign", "2026-09"]] {
        let said = support::run(stage.folder(), args).await;
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    }
    let pack = ["pack", "--period", "2026-09", "--out", "pack"];
    // A second pack takes the place of the first.
    for _ in 0..2 {
        let said = support::run(stage.folder(), &pack).await;
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        assert!(said.out.contains("2 documents, signed"), "{}", said.out);
        assert!(!said.out.contains("not signed"), "{}", said.out);
    }
    one_object_for_machines(&stage).await;
    let folder = stage.folder().join("pack");
    let read = |name: &str| std::fs::read(folder.join(name)).expect(name);

    let book = Workbook::open(&read("demo-2026-09-USD.xlsx"));
    let summary: BTreeMap<_, _> =
        book.rows("Summary").iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!((summary["Period"], summary["State"]), ("2026-09", "signed"));
    assert_eq!(summary["Signed by"], "person clerk");
    for column in ["Amazon", "Journal", "Epicor", "Bank"] {
        assert_eq!(summary[column], DEPOSIT, "{column}");
    }
    let [settlement] = book.rows("Settlements") else { panic!("one settlement") };
    assert_eq!((settlement[0].as_str(), settlement[6].as_str()), ("24610385127", "closed"));
    assert_eq!(settlement[2..6], [DEPOSIT; 4]);

    // Every line that Epicor has of it, with Epicor's number; debits are credits.
    let posted = stage.epicor.posted_journals();
    let ours = posted.iter().find(|journal| journal.description.starts_with("ML")).expect("ours");
    let lines = book.rows("Journals");
    assert_eq!(lines.len(), ours.lines.len());
    let mut sums = [Decimal::ZERO; 2];
    for line in lines {
        assert_eq!((line[0].as_str(), line[1].as_str()), ("24610385127", "journal"), "{line:?}");
        assert!(line[2].contains(&ours.journal_num.to_string()), "{line:?}");
        let account = &line[4];
        // An empty cell is not written: the amount comes before the rows and the key.
        let amount: Decimal = line[line.len() - 3].parse().expect("an amount");
        let in_epicor = ours
            .lines
            .iter()
            .find(|one| one.account == *account && (one.debit == amount || one.credit == amount));
        let in_epicor = in_epicor.unwrap_or_else(|| panic!("{line:?} is not in Epicor"));
        sums[usize::from(in_epicor.debit.is_zero())] += amount;
    }
    assert_eq!(sums[0], sums[1], "debits are credits");
    let [line] = book.rows("Bank") else { panic!("one line of the bank") };
    assert!(line.iter().any(|cell| cell == DEPOSIT), "{line:?}");

    // The documents behind it are in the folder as they were read, under the hashes in the workbook.
    let sources = book.rows("Documents");
    assert_eq!(sources.len(), 2, "{sources:?}");
    for source in sources {
        assert_eq!(DocumentHash::of(&read(&source[0])).to_string(), source[1]);
    }
    let original = documents::get("us-plain.txt").expect("it ships").bytes;
    assert_eq!(read("settlement-24610385127.txt"), original);

    let log = folder.join("audit.jsonl").display().to_string();
    let verify = ["audit", "verify", log.as_str()];
    let said = support::run(stage.folder(), &verify).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let text = String::from_utf8(read("audit.jsonl")).expect("text");
    assert!(text.contains("period signed"), "the signature is in it");
    std::fs::write(folder.join("audit.jsonl"), text.replacen("clerk", "crook", 1))
        .expect("written");
    assert_ne!(support::run(stage.folder(), &verify).await.code, 0, "and a change is found");
}
