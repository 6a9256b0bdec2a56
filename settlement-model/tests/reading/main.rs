//! Settlement documents read from their bytes to their sums, through the public interface alone.

mod accepted;
mod chain;
mod date_range;
mod editions;
mod forms;
mod limits;
mod pieces;
mod properties;
mod refused;
mod rows;
mod samples;
mod sheet;
mod v1;
mod xml;
