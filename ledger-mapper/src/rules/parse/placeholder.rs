//! Reading account templates: `{natural}-{marketplace.division}-{product}`.

use std::ops::Range;

use super::{Reader, Text};
use crate::file_error::RulesError;
use crate::nearest::nearest;
use crate::rules::template::{Dimension, Piece, Template};

impl Reader<'_> {
    pub(super) fn template(&self, text: &Text) -> Result<Template, RulesError> {
        let mut pieces = Vec::new();
        let mut rest = text.get_ref().trim();
        while let Some(open) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(open);
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let inside = from.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            let Some((name, after)) = inside.filter(|(name, _)| !name.contains('{')) else {
                let message = format!("The braces of \"{text}\" do not pair.");
                let fix = "Write each placeholder like {natural}.";
                return Err(self.file.error(&text.span(), message, fix));
            };
            pieces.push(self.placeholder(name.trim(), &text.span())?);
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Template(pieces))
    }

    fn placeholder(&self, name: &str, span: &Range<usize>) -> Result<Piece, RulesError> {
        if name == "natural" {
            return Ok(Piece::Natural);
        }
        let named =
            |dimension: &&Dimension| dimension.name == name || dimension.to_string() == name;
        let found: Vec<&Dimension> = self.dimensions.keys().filter(named).collect();
        match found.as_slice() {
            [dimension] => Ok(Piece::Segment((*dimension).clone())),
            [one, other, ..] => {
                let message = format!("{{{name}}} may be {{{one}}} or {{{other}}}.");
                Err(self.file.error(span, message, "Write the one you mean in full."))
            }
            [] => {
                let names: Vec<String> = self.dimensions.keys().map(Dimension::to_string).collect();
                let known = names.iter().map(String::as_str).chain(["natural"]);
                let fix = nearest(name, known).map_or_else(
                    || "Give it values in a [dimension] table.".to_owned(),
                    |likely| format!("Did you mean {{{likely}}}?"),
                );
                Err(self.file.error(span, format!("Nothing says what {{{name}}} is."), fix))
            }
        }
    }
}
