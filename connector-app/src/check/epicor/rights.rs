//! Which services may be called, whether they have the columns that are used, and whether documents
//! may be entered. Each entry is begun by the step that Epicor prepares a new document with, and that
//! saves nothing.

use epicor_odata_client::dataset::Dataset;
use epicor_odata_client::gl_account::AccountState;
use epicor_odata_client::master::{
    Book, BookPeriod, Currency, Customer, JournalCode, MiscCharge, ShipVia, TaxRegion, Vendor,
};
use epicor_odata_client::metadata::Metadata;
use epicor_odata_client::part::{CrossReference, Part};
use epicor_odata_client::shipment::{Pack, PackLine};
use epicor_odata_client::{Client, Effect, Error};

use super::{Asked, DESCRIBED, fault, ok};
use crate::check::Finding;
use crate::config::Fba;

/// What one kind of document is entered, posted and looked up by.
struct Needs {
    /// Its services.
    services: &'static [&'static str],
    /// Service and method by which an entry begins, and the group that the method wants to hear of.
    entries: &'static [(&'static str, &'static str, Option<&'static str>)],
}

/// Where headers and lines of journals are entered.
const ENTRY: &str = "Erp.BO.GLJournalEntrySvc";

const JOURNALS: Needs = Needs {
    services: &[
        ENTRY,
        "Erp.BO.GLJrnGrpSvc",
        "Erp.BO.GLJrnDtlSvc",
        "Erp.BO.GLBookSvc",
        "Erp.BO.GLBookPerSearchSvc",
        "Erp.BO.GLAccountSvc",
        "Erp.BO.JrnlCodeSvc",
        "Erp.BO.CurrencySvc",
        "Erp.BO.CompanySvc",
    ],
    entries: &[
        ("Erp.BO.GLJrnGrpSvc", "GetNewGLJrnGrp", None),
        (ENTRY, "GetNewGlJrnHedTran", Some("GroupID")),
    ],
};

const INVOICES: Needs = Needs {
    services: &["Erp.BO.APInvGrpSvc", "Erp.BO.APInvoiceSvc", "Erp.BO.VendorSvc"],
    entries: &[
        ("Erp.BO.APInvGrpSvc", "GetNewAPInvGrpNoLock", None),
        ("Erp.BO.APInvoiceSvc", "GetNewAPInvHedInvoice", Some("cGroupID")),
    ],
};

const ORDERS: Needs = Needs {
    services: &[
        "Erp.BO.SalesOrderSvc",
        "Erp.BO.CustomerSvc",
        "Erp.BO.CustomerPartXRefSvc",
        "Erp.BO.PartSvc",
        "Erp.BO.MiscChrgSvc",
        "Erp.BO.TaxRgnSvc",
        "Erp.BO.ShipViaSvc",
        "Erp.BO.CustShipSvc",
        "Erp.BO.ShipDtlSearchSvc",
    ],
    entries: &[("Erp.BO.SalesOrderSvc", "GetNewOrderHed", None)],
};

/// What `orders.fba = "order+ship"` enters beside.
const PACKS: Needs =
    Needs { services: &[], entries: &[("Erp.BO.CustShipSvc", "GetNewShipHead", None)] };

/// A group that nobody has.
const NO_GROUP: &str = "~none~";

impl Asked<'_> {
    /// The services of the flows that are configured.
    pub(super) fn service_names(&self) -> impl Iterator<Item = &'static str> {
        self.needs().into_iter().flat_map(|needs| needs.services.iter().copied())
    }

    /// What the flows that are configured need.
    fn needs(&self) -> Vec<Needs> {
        let invoices = self.vendor.map(|_| INVOICES);
        let orders = self.orders.map(|_| ORDERS);
        let packs = self.orders.filter(|orders| orders.fba == Fba::OrderAndShip).map(|_| PACKS);
        [Some(JOURNALS), invoices, orders, packs].into_iter().flatten().collect()
    }

    /// Each service may be called and has the columns that are used.
    pub(super) async fn services(&self, client: &Client, findings: &mut Vec<Finding>) {
        let names: Vec<_> = self.service_names().collect();
        let before = findings.len();
        for name in &names {
            let metadata = match client.service(name) {
                Ok(service) => service.metadata().await,
                Err(error) => Err(error),
            };
            let checked = metadata.and_then(|metadata| {
                if *name == ENTRY {
                    findings.push(self.description_length(&metadata));
                }
                has_columns(name, &metadata)
            });
            if let Err(error) = checked {
                findings.push(fault("rights", &error));
            }
        }
        if !findings[before..].iter().any(|finding| finding.what == "rights") {
            let message =
                format!("{} services may be called and have the columns needed", names.len());
            findings.push(ok("rights", message));
        }
    }

    /// A document of each kind may be entered. That it may be posted shows with the first.
    pub(super) async fn entries(&self, client: &Client, findings: &mut Vec<Finding>) {
        let entries: Vec<_> = self.needs().into_iter().flat_map(|needs| needs.entries).collect();
        let before = findings.len();
        for (service, method, group) in &entries {
            if let Err(error) = begin(client, service, method, *group).await {
                findings.push(fault("write_rights", &error));
            }
        }
        if findings.len() > before {
            return;
        }
        let methods: Vec<_> = entries.iter().map(|(_, method, _)| *method).collect();
        let message = format!(
            "entry may begin ({}); nothing was saved, so whether Epicor saves and posts shows with \
             the first document",
            methods.join(", ")
        );
        findings.push(ok("write_rights", message));
    }
}

/// Has Epicor prepare a new row. A refusal by its rules means that the call was let in.
async fn begin(
    client: &Client,
    service: &str,
    method: &str,
    group: Option<&str>,
) -> Result<(), Error> {
    let method = client.service(service)?.method(method)?.effect(Effect::Repeatable);
    let method = match group {
        Some(parameter) => method.parameter(parameter, NO_GROUP),
        None => method,
    };
    match method.dataset(Dataset::new()).call().await {
        Ok(_) | Err(Error::BusinessRule { .. }) => Ok(()),
        Err(error) if error.is_missing_record() => Ok(()),
        Err(error) => Err(error),
    }
}

/// The service has the columns that its records are read from.
fn has_columns(name: &str, metadata: &Metadata) -> Result<(), Error> {
    match name {
        "Erp.BO.GLBookSvc" => metadata.require_record::<Book>(),
        "Erp.BO.GLBookPerSearchSvc" => metadata.require_record::<BookPeriod>(),
        "Erp.BO.GLAccountSvc" => metadata.require_record::<AccountState>(),
        "Erp.BO.JrnlCodeSvc" => metadata.require_record::<JournalCode>(),
        "Erp.BO.VendorSvc" => metadata.require_record::<Vendor>(),
        "Erp.BO.CurrencySvc" => metadata.require_record::<Currency>(),
        "Erp.BO.CustomerSvc" => metadata.require_record::<Customer>(),
        "Erp.BO.CustomerPartXRefSvc" => metadata.require_record::<CrossReference>(),
        "Erp.BO.PartSvc" => metadata.require_record::<Part>(),
        "Erp.BO.MiscChrgSvc" => metadata.require_record::<MiscCharge>(),
        "Erp.BO.TaxRgnSvc" => metadata.require_record::<TaxRegion>(),
        "Erp.BO.ShipViaSvc" => metadata.require_record::<ShipVia>(),
        "Erp.BO.CustShipSvc" => metadata.require_record::<Pack>(),
        "Erp.BO.ShipDtlSearchSvc" => metadata.require_record::<PackLine>(),
        "Erp.BO.SalesOrderSvc" => {
            metadata.require(&[("SalesOrders", &["PONum", "OrderComment", "CustNum"])])
        }
        ENTRY => metadata.require(&[(DESCRIBED[0], &["Description", "GroupID", "JEDate"])]),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_about_rights_names_every_service() {
        let page = include_str!("../../../../docs/rights.md");
        for needs in [JOURNALS, INVOICES, ORDERS, PACKS] {
            let entered = needs.entries.iter().map(|(service, _, _)| service);
            for service in needs.services.iter().chain(entered) {
                assert!(page.contains(&format!("`{service}`")), "docs/rights.md lacks {service}");
            }
        }
    }
}
