//! The proof that no order is lost: of one window of days, the orders we know are the orders that
//! Amazon reports, and each is in Epicor, waits, or is excluded. Any difference is told by its id.
//!
//! Windows are over the day an order was made, which never changes: what changes later stays in its
//! window.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::order::State;

/// An order as we know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrder {
    /// Amazon's order id.
    pub id: String,
    /// Where it stands.
    pub state: State,
    /// Whether it was entered before, whatever it waits for now.
    pub entered: bool,
}

/// What a window's proof found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The window's begin; it belongs to it.
    pub since: Timestamp,
    /// The window's end; it does not.
    pub until: Timestamp,
    /// Orders in Amazon's own report.
    pub reported: usize,
    /// Orders that the search told us.
    pub searched: usize,
    /// Orders that are in Epicor.
    pub entered: usize,
    /// Orders that wait for something, or are on their way.
    pub waiting: usize,
    /// Orders that the policy excludes, or that were cancelled before they were entered.
    pub excluded: usize,
    /// Everything that does not agree.
    pub differences: Vec<Difference>,
}

/// One order that does not agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "difference", rename_all = "snake_case")]
pub enum Difference {
    /// Amazon reports it, and the search never told it.
    NotSearched {
        /// Amazon's order id.
        order: String,
        /// Whether it was read on its own since: then it goes on like any other.
        read_now: bool,
    },
    /// We know it, and Amazon does not report it.
    NotReported {
        /// Amazon's order id.
        order: String,
    },
    /// It was entered, and Epicor has no sales order with its id.
    NotInEpicor {
        /// Amazon's order id.
        order: String,
    },
    /// Epicor has several sales orders with its id.
    TwiceInEpicor {
        /// Amazon's order id.
        order: String,
        /// Their numbers.
        order_nums: Vec<i64>,
    },
    /// Epicor has a sales order with its id, although it was never entered from here.
    NotOurs {
        /// Amazon's order id.
        order: String,
        /// Its number.
        order_num: i64,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSearched { order, read_now: true } => {
                write!(f, "order {order} was missed by the search; it is read now and goes on")
            }
            Self::NotSearched { order, .. } => write!(
                f,
                "order {order} is in Amazon's report, and Amazon does not tell it otherwise; look at \
                 it in Seller Central"
            ),
            Self::NotReported { order } => {
                write!(f, "order {order} is known here and not in Amazon's report")
            }
            Self::NotInEpicor { order } => write!(
                f,
                "order {order} was entered, and Epicor has no sales order with this PO number; \
                 somebody deleted it there or changed the number"
            ),
            Self::TwiceInEpicor { order, order_nums } => write!(
                f,
                "order {order} is in Epicor {} times ({}); finance voids all but the one that \
                 `audit show {order}` names",
                order_nums.len(),
                order_nums.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            ),
            Self::NotOurs { order, order_num } => write!(
                f,
                "order {order} is sales order {order_num} in Epicor, entered by somebody else"
            ),
        }
    }
}

impl Proof {
    /// Whether everything agrees: reported = searched = entered + waiting + excluded, and nothing is
    /// in Epicor twice. What was missed and is read now counts with the others.
    #[must_use]
    pub fn holds(&self) -> bool {
        let sum = self.entered + self.waiting + self.excluded;
        let healed = |d: &Difference| matches!(d, Difference::NotSearched { read_now: true, .. });
        self.differences.iter().all(healed)
            && self.reported == self.searched
            && self.searched == sum
    }
}

/// Compares what Amazon reports, what we know and what Epicor has of one window.
///
/// * `in_epicor`: the numbers of the sales orders by the PO numbers they have.
#[must_use]
pub fn prove(
    (since, until): (Timestamp, Timestamp),
    reported: &BTreeSet<String>,
    known: &[KnownOrder],
    in_epicor: &BTreeMap<String, Vec<i64>>,
) -> Proof {
    let mut proof = Proof {
        since,
        until,
        reported: reported.len(),
        searched: known.len(),
        entered: 0,
        waiting: 0,
        excluded: 0,
        differences: Vec::new(),
    };
    let ids: BTreeSet<&str> = known.iter().map(|order| order.id.as_str()).collect();
    let missed = reported.iter().filter(|id| !ids.contains(id.as_str()));
    let missed = missed.map(|id| Difference::NotSearched { order: id.clone(), read_now: false });
    proof.differences.extend(missed);
    for order in known {
        let numbers = in_epicor.get(&order.id).map_or(&[][..], Vec::as_slice);
        proof.count(order, numbers);
        if !reported.contains(&order.id) {
            proof.differences.push(Difference::NotReported { order: order.id.clone() });
        }
    }
    proof.differences.sort();
    proof
}

impl Proof {
    fn in_epicor(&mut self, order: &KnownOrder, numbers: &[i64]) {
        self.entered += 1;
        if numbers.is_empty() {
            self.differences.push(Difference::NotInEpicor { order: order.id.clone() });
        }
    }

    fn count(&mut self, order: &KnownOrder, numbers: &[i64]) {
        let id = || order.id.clone();
        if numbers.len() > 1 {
            let order_nums = numbers.to_vec();
            self.differences.push(Difference::TwiceInEpicor { order: id(), order_nums });
        }
        match order.state {
            State::Entered | State::Retold | State::Changing | State::Packing | State::Packed => {
                self.in_epicor(order, numbers);
            }
            State::Pending | State::Waiting | State::Excluded if order.entered => {
                self.in_epicor(order, numbers);
            }
            // Closed ones may have been deleted by the policy.
            State::Closed => self.entered += 1,
            // It may have arrived already.
            State::Entering | State::Held => self.waiting += 1,
            State::Pending | State::Waiting | State::Excluded => {
                if order.state == State::Excluded {
                    self.excluded += 1;
                } else {
                    self.waiting += 1;
                }
                if let [order_num] = numbers {
                    let difference = Difference::NotOurs { order: id(), order_num: *order_num };
                    self.differences.push(difference);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> (Timestamp, Timestamp) {
        (Timestamp::UNIX_EPOCH, Timestamp::MAX)
    }

    fn known(orders: &[(&str, State)]) -> Vec<KnownOrder> {
        let order = |(id, state): &(&str, State)| KnownOrder {
            id: (*id).to_owned(),
            state: *state,
            entered: *state == State::Entered,
        };
        orders.iter().map(order).collect()
    }

    #[test]
    fn everything_that_agrees_is_counted_once() {
        let known = known(&[
            ("1", State::Entered),
            ("2", State::Waiting),
            ("3", State::Excluded),
            ("4", State::Closed),
            ("5", State::Entering),
        ]);
        let reported = known.iter().map(|order| order.id.clone()).collect();
        let in_epicor = BTreeMap::from([("1".to_owned(), vec![7]), ("5".to_owned(), vec![8])]);
        let proof = prove(window(), &reported, &known, &in_epicor);
        assert!(proof.holds(), "{proof:?}");
        assert_eq!((proof.entered, proof.waiting, proof.excluded), (2, 2, 1));
    }

    /// A change of it may wait, such as for a part; it is in Epicor all the same, and ours.
    #[test]
    fn what_waits_to_be_changed_is_in_epicor() {
        let mut known = known(&[("1", State::Waiting)]);
        let reported = BTreeSet::from(["1".to_owned()]);
        let in_epicor = BTreeMap::from([("1".to_owned(), vec![7])]);
        let proof = prove(window(), &reported, &known, &in_epicor);
        let theirs = Difference::NotOurs { order: "1".to_owned(), order_num: 7 };
        assert_eq!((proof.waiting, proof.differences), (1, vec![theirs]));
        known[0].entered = true;
        let proof = prove(window(), &reported, &known, &in_epicor);
        assert!(proof.holds() && proof.entered == 1, "{proof:?}");
    }

    #[test]
    fn any_difference_is_told_by_its_id() {
        let known = known(&[
            ("1", State::Entered),
            ("2", State::Entered),
            ("3", State::Waiting),
            ("4", State::Excluded),
        ]);
        let reported = ["1", "2", "3", "9"].map(str::to_owned).into();
        let in_epicor = BTreeMap::from([("2".to_owned(), vec![7, 8]), ("3".to_owned(), vec![9])]);
        let proof = prove(window(), &reported, &known, &in_epicor);
        assert!(!proof.holds());
        let told: Vec<String> = proof.differences.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(told.join("\n"), @"
        order 9 is in Amazon's report, and Amazon does not tell it otherwise; look at it in Seller Central
        order 4 is known here and not in Amazon's report
        order 1 was entered, and Epicor has no sales order with this PO number; somebody deleted it there or changed the number
        order 2 is in Epicor 2 times (7, 8); finance voids all but the one that `audit show 2` names
        order 3 is sales order 9 in Epicor, entered by somebody else
        ");
    }
}
