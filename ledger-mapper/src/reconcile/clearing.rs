//! The clearing account: items that settlements put on it, and what takes them off.

use std::collections::HashSet;

use jiff::civil::Date;
use settlement_model::{Money, MoneyError, SettlementId};

use super::{
    BankLine, Comparison, Difference, DifferenceKind, Evidence, Payment, RollForward,
    SettlementFigures, age,
};
use crate::role::Role;

/// The roles whose rows belong on the clearing account.
const ROWS: [(&str, What); 4] = [
    ("opening_balance", What::Opening),
    ("card_charge", What::CardCharge),
    ("failed_transfer", What::Returned),
    ("micro_deposit", What::MicroDeposit),
];

pub(super) fn is_clearing_row(role: Role) -> bool {
    what(role).is_some()
}

fn what(role: Role) -> Option<What> {
    ROWS.iter().find(|(name, _)| *name == role.as_str()).map(|(_, what)| *what)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Deposit,
    Opening,
    CardCharge,
    Returned,
    MicroDeposit,
}

/// One amount on the account, and what is left of it.
struct Item<'a> {
    figures: &'a SettlementFigures,
    what: What,
    left: Money,
}

impl Item<'_> {
    /// Whether a bank line of this day can be the item's: deposits start when they are due, everything
    /// else happens while the settlement runs, weeks before.
    fn can_be_paid_on(&self, day: Date) -> bool {
        match self.what {
            What::Deposit => self.figures.due <= day,
            What::CardCharge | What::Returned | What::MicroDeposit => {
                self.figures.start.is_none_or(|start| start <= day)
            }
            What::Opening => false,
        }
    }
}

/// What of a settlement an amount is for that is known to be the settlement's: the item of which
/// exactly that much is left, the deposit before others; failing that, the deposit.
fn item_of<'i, 'a>(
    items: &'i mut [Item<'a>],
    id: &SettlementId,
    amount: Money,
) -> Option<&'i mut Item<'a>> {
    let find = |is: &dyn Fn(&Item<'_>) -> bool| {
        items.iter().position(|item| item.figures.id == *id && is(item))
    };
    let deposit = || find(&|item| item.what == What::Deposit);
    let at = find(&|item| item.left == amount).or_else(deposit)?;
    items.get_mut(at)
}

/// The account while it is being settled.
pub(super) struct Clearing<'a> {
    evidence: &'a Evidence<'a>,
    /// In the order of the settlements' due days.
    items: Vec<Item<'a>>,
    /// The bank lines that have met an item, by their places.
    met: HashSet<usize>,
    payments: Vec<Payment>,
    differences: Vec<Difference>,
    sums: Sums,
}

struct Sums {
    deposits: Money,
    rows: Money,
    bank: Money,
    waived: Money,
}

impl<'a> Clearing<'a> {
    pub(super) fn new(evidence: &'a Evidence<'a>) -> Result<Self, MoneyError> {
        let zero = Money::zero(evidence.currency);
        let mut sums = Sums { deposits: zero, rows: zero, bank: zero, waived: zero };
        let mut settlements: Vec<&SettlementFigures> = evidence.settlements.iter().collect();
        settlements.sort_by_key(|figures| (figures.due, figures.id.clone()));
        let mut items = Vec::new();
        for figures in settlements {
            let mut put = |what, amount: Money| {
                if !amount.is_zero() {
                    items.push(Item { figures, what, left: amount });
                }
            };
            put(What::Deposit, figures.total);
            sums.deposits = sums.deposits.checked_add(figures.total)?;
            for row in &figures.rows {
                if let Some(what) = what(row.role) {
                    put(what, row.amount.negated());
                    sums.rows = sums.rows.checked_sub(row.amount)?;
                }
            }
        }
        let (payments, differences) = (Vec::new(), Vec::new());
        Ok(Self { evidence, items, met: HashSet::new(), payments, differences, sums })
    }

    /// Which bank line paid which settlement.
    pub(super) fn payments(&mut self) -> Vec<Payment> {
        std::mem::take(&mut self.payments)
    }

    /// Takes off the account whatever explains itself.
    pub(super) fn settle(&mut self) -> Result<(), MoneyError> {
        let mut lines: Vec<(usize, &BankLine)> = self.evidence.bank.iter().enumerate().collect();
        for &(place, line) in &lines {
            if let Some(id) = &line.settlement
                && self.pay_named(line, id)?
            {
                self.met.insert(place);
            }
        }
        for later in 0..self.items.len() {
            self.meet_earlier(later);
        }
        self.waive()?;
        lines.sort_by_key(|(_, line)| (line.date, line.reference.as_str()));
        for (place, line) in lines {
            if self.pay_by_amount(line)? {
                self.met.insert(place);
            }
        }
        Ok(())
    }

    /// A bank line whose settlement is known pays what it has of exactly its amount, or else the
    /// deposit. Says whether it met one.
    fn pay_named(&mut self, line: &BankLine, id: &SettlementId) -> Result<bool, MoneyError> {
        let Some(item) = item_of(&mut self.items, id, line.amount) else { return Ok(false) };
        let paid = if line.amount.currency() == self.evidence.currency {
            line.amount
        } else {
            // In another currency the line pays the whole deposit; the rate is what may differ.
            let Some(booked) = item.figures.booked else { return Ok(false) };
            let gain = line.amount.checked_sub(booked)?;
            let kind = DifferenceKind::ExchangeRate;
            let difference = explained(item.figures, kind, gain, self.evidence.today);
            let difference = Difference { bank_line: Some(line.reference.clone()), ..difference };
            self.differences.extend(Some(difference).filter(|_| !gain.is_zero()));
            item.left
        };
        item.left = item.left.checked_sub(paid)?;
        self.payments.push(payment(item.figures, line, paid));
        self.sums.bank = self.sums.bank.checked_add(paid)?;
        Ok(true)
    }

    /// An opening debt meets the negative total before it, a returned payout the payout.
    fn meet_earlier(&mut self, later: usize) {
        let (earlier, rest) = self.items.split_at_mut(later);
        let Some(item) = rest.first_mut() else { return };
        let kind = match item.what {
            What::Opening => DifferenceKind::RolledBalance,
            What::Returned => DifferenceKind::FailedPayout,
            What::Deposit | What::CardCharge | What::MicroDeposit => return,
        };
        let opposite = item.left.negated();
        let met = earlier.iter_mut().rev().find(|other| {
            let deposit = other.what == What::Deposit && !other.left.is_zero();
            deposit && other.left == opposite && other.figures.id != item.figures.id
        });
        if let Some(deposit) = met {
            let amount = deposit.left;
            self.differences.push(explained(deposit.figures, kind, amount, self.evidence.today));
            let zero = Money::zero(amount.currency());
            (deposit.left, item.left) = (zero, zero);
        }
    }

    fn waive(&mut self) -> Result<(), MoneyError> {
        for waiver in self.evidence.waivers {
            let item = item_of(&mut self.items, &waiver.settlement, waiver.amount);
            let Some(item) = item else { continue };
            item.left = item.left.checked_sub(waiver.amount)?;
            self.sums.waived = self.sums.waived.checked_add(waiver.amount)?;
            let kind = DifferenceKind::Waived;
            let today = self.evidence.today;
            self.differences.push(explained(item.figures, kind, waiver.amount, today));
        }
        Ok(())
    }

    /// Any other bank line pays the earliest item of its amount that it can be the line of. Says
    /// whether it met one.
    fn pay_by_amount(&mut self, line: &BankLine) -> Result<bool, MoneyError> {
        let ours = line.amount.currency() == self.evidence.currency;
        if !ours || line.settlement.is_some() || line.amount.is_zero() {
            return Ok(false);
        }
        let of = |item: &&mut Item<'_>| item.left == line.amount && item.can_be_paid_on(line.date);
        let Some(item) = self.items.iter_mut().find(of) else { return Ok(false) };
        item.left = Money::zero(self.evidence.currency);
        self.payments.push(payment(item.figures, line, line.amount));
        self.sums.bank = self.sums.bank.checked_add(line.amount)?;
        Ok(true)
    }

    pub(super) fn finish(mut self) -> Result<(RollForward, Vec<Difference>), MoneyError> {
        let Evidence { currency, opening, today, transit_days, .. } = *self.evidence;
        let mut left = Money::zero(currency);
        for item in self.items.iter().filter(|item| !item.left.is_zero()) {
            left = left.checked_add(item.left)?;
            let days = age(item.figures.due, today);
            let untouched = item.what != What::Opening && item.what != What::Returned;
            let kind = match days <= transit_days && untouched {
                true => DifferenceKind::Timing,
                false => DifferenceKind::Unknown,
            };
            let difference = explained(item.figures, kind, item.left, today);
            self.differences.push(Difference { open: true, ..difference });
        }
        for (place, line) in self.evidence.bank.iter().enumerate() {
            if self.met.contains(&place) {
                continue;
            }
            let ours = line.amount.currency() == currency;
            let amount = line.amount.negated();
            if ours {
                left = left.checked_add(amount)?;
                self.sums.bank = self.sums.bank.checked_sub(amount)?;
            }
            self.differences.push(unmatched(line, amount, ours, today));
        }
        let Sums { deposits, rows, bank, waived } = self.sums;
        let closing = opening.checked_add(deposits)?.checked_add(rows)?;
        let closing = closing.checked_sub(bank)?.checked_sub(waived)?;
        let ledger = self.evidence.ledger_balance;
        let roll_forward = RollForward {
            opening,
            deposits,
            rows,
            bank,
            waived,
            closing,
            explained: left,
            unexplained: closing.checked_sub(opening)?.checked_sub(left)?,
            ledger_difference: ledger.map(|balance| balance.checked_sub(closing)).transpose()?,
        };
        Ok((roll_forward, self.differences))
    }
}

fn payment(figures: &SettlementFigures, line: &BankLine, amount: Money) -> Payment {
    Payment { settlement: figures.id.clone(), bank_line: line.reference.clone(), amount }
}

/// A difference between ledger and bank that is off the account.
fn explained(
    figures: &SettlementFigures,
    kind: DifferenceKind,
    amount: Money,
    today: Date,
) -> Difference {
    Difference {
        settlement: Some(figures.id.clone()),
        bank_line: None,
        comparison: Comparison::Bank,
        kind,
        amount,
        open: false,
        age_days: age(figures.due, today),
    }
}

/// A bank line that no settlement explains.
fn unmatched(line: &BankLine, amount: Money, open: bool, today: Date) -> Difference {
    Difference {
        settlement: line.settlement.clone(),
        bank_line: Some(line.reference.clone()),
        comparison: Comparison::Bank,
        kind: DifferenceKind::Unknown,
        amount,
        open,
        age_days: age(line.date, today),
    }
}
