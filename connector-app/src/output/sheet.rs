//! Tables for spreadsheets: CSV, or a workbook of Excel's.

use std::path::Path;

use anyhow::Context as _;
use rust_xlsxwriter::{Format, Workbook};

/// Writes rows of texts under headings into a new file; its name tells whether it is `.csv` or
/// `.xlsx`.
///
/// A text that a spreadsheet would take for a formula stays a text.
///
/// # Errors
/// For another name, a file that is there already, or one that cannot be written.
pub fn write(path: &Path, headings: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
    let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    let bytes = match kind.to_ascii_lowercase().as_str() {
        "csv" => csv_bytes(headings, rows)?,
        "xlsx" => workbook_bytes(headings, rows)?,
        _ => anyhow::bail!("{}: name a file that ends in .csv or .xlsx", path.display()),
    };
    let file = std::fs::File::create_new(path);
    let mut file = file.with_context(|| format!("writing {}", path.display()))?;
    std::io::Write::write_all(&mut file, &bytes)
        .with_context(|| format!("writing {}", path.display()))
}

fn csv_bytes(headings: &[&str], rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headings)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    Ok(writer.into_inner()?)
}

/// A spreadsheet reads a cell of a CSV file that starts so as a formula.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

fn workbook_bytes(headings: &[&str], rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(0, column, *heading, &bold)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            // A cell of text is a text, whatever it looks like: numbers keep their zeros.
            sheet.write_string(line, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(
        0,
        0,
        u32::try_from(rows.len()).unwrap_or(u32::MAX),
        u16::try_from(headings.len().saturating_sub(1)).unwrap_or(u16::MAX),
    )?;
    sheet.autofit();
    Ok(workbook.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        vec![
            vec!["0042".to_owned(), "=1+1".to_owned()],
            vec!["MUG, \"6\"".to_owned(), "ok".to_owned()],
        ]
    }

    #[test]
    fn a_csv_file_holds_no_formulas() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        write(&path, &["SKU", "Part"], &rows()).expect("written");
        let text = std::fs::read_to_string(&path).expect("a file");
        assert_eq!(text, "SKU,Part\n0042,'=1+1\n\"MUG, \"\"6\"\"\",ok\n");
        assert!(write(&path, &["SKU"], &[]).is_err(), "it is there already");
        assert!(write(&folder.path().join("a.txt"), &["SKU"], &[]).is_err());
    }

    #[test]
    fn a_workbook_is_a_workbook() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.XLSX");
        write(&path, &["SKU", "Part"], &rows()).expect("written");
        let bytes = std::fs::read(&path).expect("a file");
        assert_eq!(&bytes[..2], b"PK", "a zip archive");
    }
}
