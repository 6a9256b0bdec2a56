//! A small table: columns aligned by display width, an optional rule, colour outside the padding.

use anstyle::Style;

use super::styled;

/// How a column is aligned. Amounts stand on the right so that their decimals line up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Amounts and counts.
    Right,
}

/// Rows under headings, printed with two spaces between the columns.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Row>,
    indent: usize,
}

#[derive(Debug, Clone)]
enum Row {
    Cells(Vec<(String, Style)>),
    Rule,
}

impl Table {
    /// A table with these headings.
    #[must_use]
    pub fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(name, align)| ((*name).to_owned(), *align)).collect();
        Self { columns, rows: Vec::new(), indent: 0 }
    }

    /// Spaces before every line.
    #[must_use]
    pub fn indent(mut self, indent: usize) -> Self {
        self.indent = indent;
        self
    }

    /// Adds a row in one style.
    pub fn row<const N: usize>(&mut self, style: Style, cells: [String; N]) {
        self.rows.push(Row::Cells(cells.into_iter().map(|cell| (cell, style)).collect()));
    }

    /// Adds a row with a style per cell.
    pub fn styled_row(&mut self, cells: Vec<(String, Style)>) {
        self.rows.push(Row::Cells(cells));
    }

    /// Adds a horizontal rule.
    pub fn rule(&mut self) {
        self.rows.push(Row::Rule);
    }

    /// The printed lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let widths = self.widths();
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        let head: Vec<_> =
            self.columns.iter().map(|(name, _)| (name.clone(), super::QUIET)).collect();
        lines.push(self.line(&head, &widths));
        for row in &self.rows {
            lines.push(match row {
                Row::Cells(cells) => self.line(cells, &widths),
                Row::Rule => {
                    let width = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
                    let rule = styled(super::QUIET, "─".repeat(width));
                    format!("{}{rule}", " ".repeat(self.indent))
                }
            });
        }
        lines
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<_> = self.columns.iter().map(|(name, _)| width(name)).collect();
        for row in &self.rows {
            let Row::Cells(cells) = row else { continue };
            for (slot, (cell, _)) in widths.iter_mut().zip(cells) {
                *slot = (*slot).max(width(cell));
            }
        }
        widths
    }

    fn line(&self, cells: &[(String, Style)], widths: &[usize]) -> String {
        let last = cells.len().saturating_sub(1);
        let mut out = " ".repeat(self.indent);
        for (index, ((cell, style), (column, wide))) in
            cells.iter().zip(self.columns.iter().zip(widths)).enumerate()
        {
            let padding = " ".repeat(wide.saturating_sub(width(cell)));
            match column.1 {
                Align::Right => {
                    out.push_str(&padding);
                    out.push_str(&styled(*style, cell));
                }
                Align::Left => {
                    out.push_str(&styled(*style, cell));
                    if index < last {
                        out.push_str(&padding);
                    }
                }
            }
            if index < last {
                out.push_str("  ");
            }
        }
        out.trim_end().to_owned()
    }
}

/// The columns a text takes on a terminal.
fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_line_up_on_the_right() {
        let mut table = Table::new(&[("Account", Align::Left), ("Debit", Align::Right)]).indent(2);
        let plain = Style::new();
        table.row(plain, ["1150".to_owned(), "42.52".to_owned()]);
        table.row(plain, ["Größe".to_owned(), "1,000.00".to_owned()]);
        table.rule();
        let text = anstream::adapter::strip_str(&table.lines().join("\n")).to_string();
        insta::assert_snapshot!(text, @"
          Account     Debit
          1150        42.52
          Größe    1,000.00
          ─────────────────
        ");
    }
}
