//! Hostile documents cost little: how much is taken of the source, and how much memory it needs.
//!
//! One test, in a process of its own, because the peak is the process's.

use std::fs;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use settlement_model::{Limits, ReadOptions, Reason, Unreadable, date_range, read};

const MIB: u64 = 1 << 20;

/// A start, and then the same bytes again and again.
struct Endless<'b> {
    start: &'b [u8],
    again: &'b [u8],
    taken: u64,
    length: u64,
}

impl<'b> Endless<'b> {
    fn new(start: &'b str, again: &'b str, length: u64) -> Self {
        Self { start: start.as_bytes(), again: again.as_bytes(), taken: 0, length }
    }
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let start = self.start.len() as u64;
        let left = usize::try_from(self.length - self.taken).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        for byte in &mut buffer[..room] {
            let at = usize::try_from(self.taken).expect("a 64-bit machine");
            *byte = match self.taken < start {
                true => self.start[at],
                false => self.again[(at - self.start.len()) % self.again.len()],
            };
            self.taken += 1;
        }
        Ok(room)
    }
}

const HEADER: &str = "settlement-id\tsettlement-start-date\tsettlement-end-date\ttotal-amount\t\
                      currency\ttransaction-type\tmarketplace-name\tamount-type\t\
                      amount-description\tamount\tfulfillment-id\tposted-date-time\n\
                      1\t2026-05-03\t2026-05-17\t0.00\tUSD\t\t\t\t\t\t\t\n";
const ROW: &str = "1\t\t\t\t\tOrder\tAmazon.com\tItemPrice\tPrincipal\t0.00\tAFN\t2026-05-05\n";
const XML: &str = "<AmazonEnvelope><Message><SettlementReport><SettlementData>\
                   <AmazonSettlementID>1</AmazonSettlementID>";
const DATE_RANGE: &str = "\"All amounts in USD\"\n\
                          date/time,settlement id,type,product sales,other,total\n";

/// The peak of this process's memory so far; `None` where the system does not tell.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

/// What a document is refused for, and how much of it was taken.
fn refused(
    mut source: Endless<'_>,
    read: impl FnOnce(&mut Endless<'_>) -> Result<(), Unreadable>,
) -> (Reason, u64) {
    let unreadable = read(&mut source).expect_err("over a limit");
    let reason = unreadable.defects.last().expect("a defect").reason;
    (reason, source.taken)
}

#[test]
fn what_a_hostile_document_costs_is_bounded() {
    let plain = ReadOptions::default();
    let before = peak();
    let settlement = |options: &ReadOptions, start: &str, again: &str| {
        let source = Endless::new(start, again, 2_000 * MIB);
        refused(source, |source| read(source, options).map(drop))
    };
    let report = |start: &str, again: &str| {
        let source = Endless::new(start, again, 2_000 * MIB);
        refused(source, |source| date_range::read(source, &plain).map(drop))
    };

    // One line of two gigabytes, wherever it stands: no more is taken than a line may have.
    let long_lines = [
        settlement(&plain, "", "x"),
        settlement(&plain, HEADER, "x"),
        settlement(&plain, &HEADER.replace('\t', ","), "\"x"),
        settlement(&plain, XML, "<a>x"),
        settlement(&plain, &format!("{XML}</SettlementData><Order><SKU>"), "x"),
        report("", "x"),
        report(DATE_RANGE, "x"),
        report(&format!("{DATE_RANGE}\""), "x\n"),
    ];
    for (case, (reason, taken)) in long_lines.into_iter().enumerate() {
        let deep_xml = case == 3;
        let expected = if deep_xml { Reason::BadXml } else { Reason::LimitExceeded };
        assert_eq!(reason, expected, "case {case}");
        assert!(taken < 3 * MIB, "case {case}: {taken} bytes taken");
    }

    // Ten million columns are more than a line may have; and where it may, more than a header may.
    let header = "settlement-id\ttotal-amount\tcurrency\tamount\tamount-type\t";
    let columns = |options: &ReadOptions, count: u64| {
        let source = Endless::new(header, "\t", count);
        refused(source, |source| read(source, options).map(drop))
    };
    let (reason, taken) = columns(&plain, 10_000_000);
    assert_eq!(reason, Reason::LimitExceeded);
    assert!(taken < 3 * MIB, "{taken} bytes taken");
    let limits = Limits { line_bytes: 4 << 20, ..Limits::default() };
    let (reason, taken) = columns(&ReadOptions { limits, ..ReadOptions::default() }, 2 * MIB);
    assert_eq!((reason, taken), (Reason::LimitExceeded, 2 * MIB));

    // A bomb: some kilobytes that become two megabytes of rows, which is more than is allowed.
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(HEADER.as_bytes()).expect("in memory");
    for _ in 0..30_000 {
        gzip.write_all(ROW.as_bytes()).expect("in memory");
    }
    let bomb = gzip.finish().expect("in memory");
    assert!((bomb.len() as u64) < MIB / 16);
    let limits = Limits { inflated_bytes: MIB, ..Limits::default() };
    let unreadable = read(bomb.as_slice(), &ReadOptions { limits, ..ReadOptions::default() })
        .expect_err("over the limit");
    assert_eq!(unreadable.defects[0].reason, Reason::LimitExceeded);

    // Defects without end are counted and not kept.
    let source = Endless::new(HEADER, "1\tx\n", MIB / 4);
    let unreadable = read(source, &plain).expect_err("defects");
    assert_eq!(unreadable.defects.len(), 50);
    assert!(unreadable.more > 50_000, "{}", unreadable.more);

    if let (Some(before), Some(after)) = (before, peak()) {
        let grown = (after - before) / MIB;
        assert!(grown < 80, "{grown} MiB");
    }
}
