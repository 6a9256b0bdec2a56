//! Epicor's published schemas, for the tests that hold what we send against them. They are not part
//! of the repository: `EPICOR_SCHEMAS` names their folder, which has a file `SERVICE.json` for each
//! service, with its methods, entity sets and tables.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Once;
use std::{env, fs};

use serde_json::Value;

/// The schema of a service, or `None`, said once, when the environment names no schemas.
pub(crate) fn schema(service: &str) -> Option<Value> {
    static SAID: Once = Once::new();
    let Some(folder) = env::var_os("EPICOR_SCHEMAS").map(PathBuf::from) else {
        // Past the harness, which keeps to itself what a passing test prints.
        SAID.call_once(|| {
            let _unsaid =
                writeln!(io::stderr(), "skipped: Epicor's schemas; EPICOR_SCHEMAS names no folder");
        });
        return None;
    };
    let text = fs::read_to_string(folder.join(format!("{service}.json"))).expect(service);
    Some(serde_json::from_str(&text).expect(service))
}
