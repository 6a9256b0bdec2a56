//! `$metadata`: what sets and columns a service of this very Epicor has.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::dataset::without_suffix;
use crate::error::Error;
use crate::record::Record;

#[cfg(test)]
mod tests;

/// The sets of a service and their columns, as its `$metadata` tells them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    service: String,
    sets: BTreeMap<String, EntityType>,
}

/// The rows of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityType {
    /// The key's columns, in the order in which keys are written.
    pub key: Vec<String>,
    /// The columns by name.
    pub columns: BTreeMap<String, Column>,
    /// The child sets.
    pub children: BTreeSet<String>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its type, like `Edm.String` or `Edm.Decimal`.
    pub edm_type: String,
    /// The most characters of a text; `None` when that is not told.
    pub max_length: Option<u32>,
    /// The most digits of a number; `None` when that is not told.
    pub precision: Option<u32>,
    /// The most decimals of a number; `None` when that is not told.
    pub scale: Option<u32>,
}

/// A document that is no `$metadata`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidMetadata {
    /// It is not XML.
    #[error("it is no XML")]
    Xml(#[source] quick_xml::Error),
    /// It breaks off.
    #[error("it breaks off before its end")]
    Short,
    /// It names no set.
    #[error("it names no entity set")]
    Empty,
}

impl Metadata {
    /// Reads the document of a service from beginning to end, keeping only what it says of sets.
    ///
    /// # Errors
    /// [`InvalidMetadata`] when it is something else.
    pub fn read(service: &str, document: impl BufRead) -> Result<Self, InvalidMetadata> {
        let mut reader = Reader::from_reader(document);
        let (mut schema, mut buffer) = (SchemaReader::default(), Vec::new());
        // The reader itself is content with a document that breaks off between two elements.
        let mut depth = 0_u32;
        loop {
            match reader.read_event_into(&mut buffer).map_err(InvalidMetadata::Xml)? {
                Event::Start(element) => {
                    depth += 1;
                    schema.open(&element)?;
                }
                Event::Empty(element) => {
                    schema.open(&element)?;
                    schema.close(element.local_name().as_ref());
                }
                Event::End(element) => {
                    depth = depth.saturating_sub(1);
                    schema.close(element.local_name().as_ref());
                }
                Event::Eof if depth > 0 => return Err(InvalidMetadata::Short),
                Event::Eof => break,
                _ => {}
            }
            buffer.clear();
        }
        let sets = schema.sets();
        if sets.is_empty() {
            return Err(InvalidMetadata::Empty);
        }
        Ok(Self { service: service.to_owned(), sets })
    }

    /// The sets by name.
    pub fn sets(&self) -> impl Iterator<Item = (&str, &EntityType)> {
        self.sets.iter().map(|(name, entity)| (name.as_str(), entity))
    }

    /// What is known of a set.
    #[must_use]
    pub fn set(&self, name: &str) -> Option<&EntityType> {
        self.sets.get(name)
    }

    /// What is known of a column.
    #[must_use]
    pub fn column(&self, set: &str, column: &str) -> Option<&Column> {
        self.set(set)?.columns.get(column)
    }

    /// What of this the service lacks: the set's name when it has none of that name, otherwise
    /// `Set.Column` for each column.
    ///
    /// A column with the same name as its table may have a `1` behind it or not; either will do.
    #[must_use]
    pub fn missing(&self, set: &str, columns: &[&str]) -> Vec<String> {
        let Some(entity) = self.set(set) else {
            return vec![set.to_owned()];
        };
        let has = |column: &str| {
            let there = |name: &str| entity.columns.contains_key(name);
            there(column) || without_suffix(column).is_some_and(there)
        };
        let lacks = columns.iter().filter(|column| !has(column));
        lacks.map(|column| format!("{set}.{column}")).collect()
    }

    /// Checks that the service has the set and all columns that records of this kind are read from.
    ///
    /// # Errors
    /// [`Error::MissingColumns`], which names all that it lacks.
    pub fn require_record<T: Record>(&self) -> Result<(), Error> {
        let set = T::SET.rsplit('/').next().unwrap_or_default();
        let columns: Vec<&str> = T::COLUMNS.iter().map(|column| column.name).collect();
        self.require(&[(set, &columns)])
    }

    /// Checks that the service has all these sets and columns.
    ///
    /// # Errors
    /// [`Error::MissingColumns`], which names all that it lacks.
    pub fn require(&self, needed: &[(&str, &[&str])]) -> Result<(), Error> {
        let missing = needed.iter().flat_map(|(set, columns)| self.missing(set, columns));
        let missing: Vec<String> = missing.collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::MissingColumns { service: self.service.clone(), missing })
    }
}

/// The types and sets read so far.
#[derive(Default)]
struct SchemaReader {
    namespace: String,
    /// By full name, with the name of the type each extends.
    types: BTreeMap<String, (EntityType, Option<String>)>,
    /// The full name of the type that is open.
    open: Option<String>,
    /// Set and full name of its type.
    sets: Vec<(String, String)>,
}

impl SchemaReader {
    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), InvalidMetadata> {
        let read = |name: &str| attribute(element, name);
        match element.local_name().as_ref() {
            "Schema" => self.namespace = read("Namespace")?.unwrap_or_default(),
            "EntityType" | "ComplexType" => {
                let name = format!("{}.{}", self.namespace, read("Name")?.unwrap_or_default());
                self.types.insert(name.clone(), (EntityType::default(), read("BaseType")?));
                self.open = Some(name);
            }
            "EntitySet" => {
                if let (Some(set), Some(of)) = (read("Name")?, read("EntityType")?) {
                    self.sets.push((set, of));
                }
            }
            "Property" => {
                let number = |name: &str| -> Result<Option<u32>, InvalidMetadata> {
                    // `max` and `variable` tell no number.
                    Ok(read(name)?.and_then(|text| text.parse().ok()))
                };
                let column = Column {
                    edm_type: read("Type")?.unwrap_or_default(),
                    max_length: number("MaxLength")?,
                    precision: number("Precision")?,
                    scale: number("Scale")?,
                };
                if let (Some(entity), Some(name)) = (self.current(), read("Name")?) {
                    entity.columns.insert(name, column);
                }
            }
            "PropertyRef" => {
                if let (Some(entity), Some(name)) = (self.current(), read("Name")?) {
                    entity.key.push(name);
                }
            }
            "NavigationProperty" => {
                if let (Some(entity), Some(name)) = (self.current(), read("Name")?) {
                    entity.children.insert(name);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, element: &str) {
        if matches!(element, "EntityType" | "ComplexType") {
            self.open = None;
        }
    }

    fn current(&mut self) -> Option<&mut EntityType> {
        self.types.get_mut(self.open.as_ref()?).map(|(entity, _)| entity)
    }

    /// The sets with all their types say, those they extend included.
    fn sets(self) -> BTreeMap<String, EntityType> {
        let whole = |name: &str| {
            let mut whole = EntityType::default();
            let mut next = Some(name);
            // A chain cannot be longer than there are types, unless it is a ring.
            for _ in 0..self.types.len() {
                let Some((entity, base)) = next.and_then(|name| self.types.get(name)) else {
                    break;
                };
                whole.key.splice(0..0, entity.key.iter().cloned());
                whole.columns.extend(entity.columns.clone());
                whole.children.extend(entity.children.iter().cloned());
                next = base.as_deref();
            }
            whole
        };
        self.sets.iter().map(|(set, of)| (set.clone(), whole(of))).collect()
    }
}

/// An attribute's value.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, InvalidMetadata> {
    let attribute = element.try_get_attribute(name);
    let attribute = attribute.map_err(|error| InvalidMetadata::Xml(error.into()))?;
    let value = attribute.map(|found| found.value.into_owned());
    Ok(value)
}
