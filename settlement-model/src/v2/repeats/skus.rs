//! The SKUs of a document, numbered.

use std::collections::HashMap;

/// How many SKUs are remembered before all are forgotten and learned anew.
const MOST_SKUS: usize = 16_384;

/// Gives each SKU a name that no other one has, as long as it is remembered.
pub(super) struct Skus {
    names: HashMap<Box<[u8]>, u64>,
    learned: u64,
}

impl Skus {
    pub(super) fn new() -> Self {
        Self { names: HashMap::new(), learned: 0 }
    }

    pub(super) fn name(&self, cell: &[u8]) -> Option<u64> {
        self.names.get(cell).copied()
    }

    pub(super) fn learn(&mut self, cell: &[u8]) -> u64 {
        if let Some(name) = self.name(cell) {
            return name;
        }
        if self.names.len() == MOST_SKUS {
            self.names.clear();
        }
        self.learned += 1;
        self.names.insert(cell.into(), self.learned);
        self.learned
    }
}
