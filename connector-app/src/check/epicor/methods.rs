//! Whether the methods of this Epicor want what they are sent: by its own description of them.

use epicor_odata_client::contract::{Difference, ServiceDescription, methods};
use epicor_odata_client::{Client, Error};

use super::{Asked, fault, ok, warning};
use crate::check::Finding;

const WHAT: &str = "methods";

impl Asked<'_> {
    /// Each difference, or that there is none.
    pub(super) async fn methods(&self, client: &Client, findings: &mut Vec<Finding>) {
        let services = self.service_names().filter(|service| methods(service).next().is_some());
        let mut compared = 0_usize;
        let mut differences = Vec::new();
        for service in services {
            let found = match description(client, service).await {
                Ok(description) => description.differences(client),
                Err(error) if error.answer().is_some() && compared == 0 => {
                    let message = format!(
                        "this Epicor does not show descriptions of its methods ({error}); they \
                         cannot be compared with what is sent"
                    );
                    return findings.push(ok(WHAT, message));
                }
                Err(error) => return findings.push(fault(WHAT, &error)),
            };
            compared += methods(service).count();
            differences.extend(found);
        }
        if differences.is_empty() {
            let message = format!("{compared} methods want what they are sent");
            return findings.push(ok(WHAT, message));
        }
        findings.extend(differences.iter().map(told));
    }
}

async fn description(client: &Client, service: &str) -> Result<ServiceDescription, Error> {
    client.service(service)?.description().await
}

fn told(difference: &Difference) -> Finding {
    warning(
        WHAT,
        match difference {
            Difference::Wanted { operation, .. } => format!(
                "{difference}, and refuses calls without it: write it under \
             [connection.epicor.further_parameters.\"{operation}\"]"
            ),
            Difference::NoMethod { .. } => {
                format!(
                    "{difference}: what needs it is refused; another version of Epicor may have it"
                )
            }
            _ => format!("{difference}; Epicor may ignore that, or refuse the call"),
        },
    )
}
