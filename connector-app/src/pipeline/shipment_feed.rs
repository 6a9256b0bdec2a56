//! Many confirmations at once: the flat file of shipped orders, and Amazon's report on it, line by
//! line.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ledger::shipment::{Shipped, ShippedBy};

const COLUMNS: &str = "order-id\torder-item-id\tquantity\tship-date\tcarrier-code\tcarrier-name\t\
    tracking-number\n";

/// A feed that is on its way. It is kept before it is created, so that a restart looks for it before
/// anything is told another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSent {
    /// Amazon's `feedId`, once it is known.
    pub feed: Option<String>,
    /// The feed before it, which must not be taken for it.
    pub previous: Option<String>,
    /// The confirmation that each line is of, by its key.
    pub keys: Vec<String>,
}

/// What Amazon made of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedRead {
    /// Confirmations of which every line was taken.
    pub accepted: BTreeSet<String>,
    /// The others, with Amazon's words.
    pub refused: BTreeMap<String, String>,
}

/// The file, and the key of the confirmation that each of its lines is of.
#[must_use]
pub fn feed_file(packages: &[(String, Shipped)]) -> (String, Vec<String>) {
    let (mut file, mut keys) = (COLUMNS.to_owned(), Vec::new());
    for (key, package) in packages {
        let (code, name) = match &package.carrier {
            ShippedBy::Code(code) => (code.as_str(), ""),
            ShippedBy::Name(name) => ("Other", name.as_str()),
        };
        for (item, pieces) in &package.items {
            let cells = [
                package.order_id.clone(),
                item.clone(),
                pieces.to_string(),
                package.ship_date().to_string(),
                code.to_owned(),
                name.to_owned(),
                package.tracking.clone(),
            ];
            let cells = cells.map(|cell| cell.replace(|c: char| c.is_control(), " "));
            file.push_str(&cells.join("\t"));
            file.push('\n');
            keys.push(key.clone());
        }
    }
    (file, keys)
}

/// Reads Amazon's processing report. One that is not about as many lines as were sent is about
/// something else, and says nothing of ours.
#[must_use]
pub fn read_feed(report: &[u8], keys: &[String]) -> FeedRead {
    let text = String::from_utf8_lossy(report);
    let count = |name: &str| {
        let line = text.lines().find(|line| line.contains(name))?;
        line.rsplit('\t').next()?.trim().parse::<usize>().ok()
    };
    let mut read = FeedRead::default();
    if count("records processed") != Some(keys.len()) {
        return read;
    }
    let mut failed = BTreeSet::new();
    let lines = text.lines().skip_while(|line| !line.starts_with("original-record-number"));
    for line in lines.skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = cells.first().and_then(|cell| cell.trim().parse::<usize>().ok());
        let place = number.and_then(|number| number.checked_sub(1));
        if let Some((place, key)) = place.and_then(|place| Some((place, keys.get(place)?))) {
            // One record may fail for several reasons.
            failed.insert(place);
            let why = cells[1..].join(" ").trim().to_owned();
            let words = read.refused.entry(key.clone()).or_default();
            *words = if words.is_empty() { why } else { format!("{words}; {why}") };
        }
    }
    // Lines that failed without being named may be any of them.
    if count("records successful") == Some(keys.len() - failed.len()) {
        let taken = keys.iter().filter(|key| !read.refused.contains_key(*key));
        read.accepted = taken.cloned().collect();
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(order: &str, carrier: ShippedBy, items: &[(&str, u32)]) -> (String, Shipped) {
        let shipped = Shipped {
            pack_num: 7,
            order_id: order.to_owned(),
            marketplace_id: "ATVPDKIKX0DER".to_owned(),
            carrier,
            tracking: format!("1Z{order}"),
            more_tracking: Vec::new(),
            day: jiff::civil::date(2026, 11, 2),
            ordered: "2026-11-02T08:00:00Z".parse().expect("an instant"),
            items: items.iter().map(|(item, pieces)| ((*item).to_owned(), *pieces)).collect(),
        };
        (format!("key of {order}"), shipped)
    }

    #[test]
    fn a_line_an_item_and_a_verdict_a_line() {
        let packages = [
            package("A", ShippedBy::Code("UPS".to_owned()), &[("1", 2), ("2", 1)]),
            package("B", ShippedBy::Name("Our\tvan".to_owned()), &[("3", 1)]),
        ];
        let (file, keys) = feed_file(&packages);
        insta::assert_snapshot!(file, @r"
        order-id	order-item-id	quantity	ship-date	carrier-code	carrier-name	tracking-number
        A	1	2	2026-11-02T08:00:00Z	UPS		1ZA
        A	2	1	2026-11-02T08:00:00Z	UPS		1ZA
        B	3	1	2026-11-02T08:00:00Z	Other	Our van	1ZB
        ");
        assert_eq!(keys, ["key of A", "key of A", "key of B"]);
        let report = |processed: usize, successful: usize, rows: &str| {
            format!(
                "Feed Processing Summary:\n\tNumber of records processed\t\t{processed}\n\
                 \tNumber of records successful\t\t{successful}\n\n{rows}"
            )
        };
        let header = "original-record-number\terror-code\terror-type\terror-message\n";
        let refused = report(3, 2, &format!("{header}2\t18028\tError\tIt is cancelled.\n"));
        let read = read_feed(refused.as_bytes(), &keys);
        assert_eq!(read.accepted, BTreeSet::from(["key of B".to_owned()]));
        assert_eq!(read.refused["key of A"], "18028 Error It is cancelled.");
        // Each record may be named more than once.
        let rows = "1\t1\tError\tA.\n1\t2\tError\tB.\n2\t3\tError\tC.\n2\t3\tError\tD.\n";
        let twice = read_feed(report(3, 1, &format!("{header}{rows}")).as_bytes(), &keys);
        assert_eq!(twice.accepted, BTreeSet::from(["key of B".to_owned()]));
        assert_eq!(twice.refused["key of A"], "1 Error A.; 2 Error B.; 3 Error C.; 3 Error D.");
        assert_eq!(read_feed(report(3, 3, "").as_bytes(), &keys).accepted.len(), 2);
        // Somebody else's report, and one that does not name what failed, confirm nothing.
        assert_eq!(read_feed(report(2, 2, "").as_bytes(), &keys), FeedRead::default());
        assert!(read_feed(report(3, 2, "").as_bytes(), &keys).accepted.is_empty());
        assert_eq!(read_feed(b"", &keys), FeedRead::default());
    }
}
