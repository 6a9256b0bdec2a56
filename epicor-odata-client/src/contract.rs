//! What business methods are sent by this crate, and what an Epicor says that they must be sent.
//!
//! Epicor refuses a call that leaves out a parameter, and newer versions ask for more. Each server
//! describes its own methods; [`Service::description`] reads that, and
//! [`ServiceDescription::differences`] says what would be refused, before anything is entered.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::call::Call;
use crate::client::Client;
use crate::error::Error;
use crate::service::Service;

#[cfg(test)]
mod tests;

/// The business methods that this crate's documents call, by service, with the names of the
/// parameters that each is sent.
const CALLED: &[(&str, &[(&str, &str)])] = &[
    (
        "Erp.BO.APInvGrpSvc",
        &[
            ("DeleteByID", "groupID"),
            ("GetNewAPInvGrpNoLock", "ds"),
            ("PrePostGroupInvoices", "PostGroupID"),
            ("UnlockGroup", "InGroupID"),
            ("Update", "ds"),
        ],
    ),
    (
        "Erp.BO.APInvoiceSvc",
        &[
            ("ChangeInvoiceDateEx", "ProposedInvoiceDate recalcAmts ds"),
            ("ChangeInvoiceVendorAmt", "ProposedInvoiceVendorAmt ds"),
            ("ChangeVendorID", "ProposedVendorID confirmCheck ds"),
            ("DeleteByID", "vendorNum invoiceNum"),
            ("GetByID", "vendorNum invoiceNum"),
            ("GetNewAPInvDtlMiscellaneous", "ds iVendorNum cInvoiceNum"),
            ("GetNewAPInvHedDebitMemo", "ds cGroupID"),
            ("GetNewAPInvHedInvoice", "ds cGroupID"),
            ("Update", "ds"),
            (
                "UpdateMaster",
                "ds cGroupID cTableName runChkCPay runChkBankRef runChkRevChrg suppressUserPrompts",
            ),
        ],
    ),
    (
        "Erp.BO.CustShipSvc",
        &[
            ("DeleteByID", "packNum"),
            ("GetByID", "packNum"),
            ("GetHeadOrderInfo", "orderNum ds"),
            ("GetNewOrdrShipDtl", "ds packNum orderNum"),
            ("GetNewShipHead", "ds"),
            ("GetOrderInfo", "orderNum ds"),
            ("GetOrderLineInfo", "ds packLine orderLine subsPart"),
            ("GetOrderRelInfo", "ds packLine orderRelNum allowNewShipTo"),
            ("GetQtyInfo", "ds packLine displayInvQty ourJobShipQty"),
            (
                "UpdateMaster",
                "ds doValidateCreditHold doCheckShipDtl doLotValidation doCheckOrderComplete doPostUpdate doCheckCompliance ipShippedFlagChanged ipPackNum ipBTCustNum",
            ),
        ],
    ),
    (
        "Erp.BO.GLJournalEntrySvc",
        &[
            (
                "DeleteByID",
                "bookID fiscalYear fiscalYearSuffix journalCode journalNum fiscalCalendarID",
            ),
            ("GetByGroupID", "GroupID"),
            (
                "GetNewGLJrnDtlMnl",
                "ds bookID fiscalYear fiscalYearSuffix journalCode journalNum journalLine",
            ),
            ("GetNewGlJrnHedTran", "ds GroupID"),
            ("PreUpdate", "ds"),
            ("Update", "ds"),
        ],
    ),
    (
        "Erp.BO.GLJrnGrpSvc",
        &[
            ("ChangeBookID", "proposeBookID ds"),
            ("ChangeEntryMode", "proposedBookMode ds"),
            ("ChangeJournalCode", "proposedJournalCode ds"),
            ("CheckBeforePost", "groupID"),
            ("CheckFiscalYear", "ds cGroupID cJEDate"),
            ("DeleteByID", "groupID"),
            ("GetNewGLJrnGrp", "ds"),
            ("IsNeedAsyncronousPosting", "groupID maxCountOfLines"),
            ("PostGroupJournals", "postGroupID"),
            ("UnlockGroup", "inGroupID"),
            ("Update", "ds"),
            ("UpdateNoLock", "ds"),
        ],
    ),
    ("Erp.BO.PartSvc", &[("GetByID", "partNum")]),
    (
        "Erp.BO.SalesOrderSvc",
        &[
            ("ChangeHedOTSCountryNum", "ds"),
            ("ChangeHedUseOTS", "ds"),
            ("ChangeMiscCode", "ds tableName"),
            ("ChangeOrderHedCustomerCustID", "orderNum proposedCustomerCustID ds"),
            (
                "ChangePartNumMaster",
                "partNum lSubstitutePartExist lIsPhantom uomCode SysRowID rowType salesKitView removeKitComponents suppressUserPrompts getPartXRefInfo checkPartRevisionChange checkChangeKitParent ds",
            ),
            (
                "ChangeSellingQtyMaster",
                "ds ipSellingQuantity chkSellQty negInvTest chgSellQty chgDiscPer suppressUserPrompts lKeepUnitPrice pcPartNum pcWhseCode pcBinNum pcLotNum pcAttributeSetID pcDimCode pdDimConvFactor",
            ),
            ("ChangeShipToID", "ds"),
            ("ChangeUnitPrice", "ds"),
            ("CloseOrder", "iOrderNum"),
            ("CloseOrderLine", "iOrderNum iOrderLine"),
            ("DeleteByID", "orderNum"),
            ("GetByID", "orderNum"),
            ("GetNewOHOrderMsc", "ds orderNum orderLine"),
            ("GetNewOrderDtl", "ds orderNum"),
            ("GetNewOrderHed", "ds"),
            (
                "MasterUpdate",
                "lCheckForOrderChangedMsg lcheckForResponse cTableName iCustNum iOrderNum lweLicensed ds",
            ),
            ("SetReadyToCalc", "ipOrderNum ds"),
        ],
    ),
    (
        "Erp.PROC.APInvoicePostSvc",
        &[
            ("RunDirect", "ds"),
            ("SubmitToAgent", "ds agentID agentSchedNum agentTaskNum maintProgram"),
        ],
    ),
    (
        "Erp.PROC.GLJrnAsynchSvc",
        &[
            ("RunDirect", "ds"),
            ("SubmitToAgent", "ds agentID agentSchedNum agentTaskNum maintProgram"),
        ],
    ),
];

/// The parameters that a method is sent by this crate, in no order that matters; `None` for a
/// method that it does not call of itself.
#[must_use]
pub fn parameters(service: &str, method: &str) -> Option<BTreeSet<&'static str>> {
    let (_, sent) = called(service).iter().find(|(name, _)| *name == method)?;
    Some(sent.split_whitespace().collect())
}

/// The methods of a service that this crate calls of itself.
pub fn methods(service: &str) -> impl Iterator<Item = &'static str> {
    called(service).iter().map(|(name, _)| *name)
}

fn called(service: &str) -> &'static [(&'static str, &'static str)] {
    CALLED.iter().find(|(name, _)| *name == service).map_or(&[], |(_, methods)| methods)
}

/// The methods of one service, as an Epicor describes them: `api/swagger/v2/methods/{service}.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceDescription {
    service: String,
    /// The parameters of each method.
    methods: BTreeMap<String, BTreeSet<String>>,
}

/// Where what is sent is not what the server describes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The server has no such method.
    NoMethod {
        /// Service and method.
        operation: String,
    },
    /// The server asks for more: such a call is refused.
    Wanted {
        /// Service and method.
        operation: String,
        /// What is not sent.
        parameters: BTreeSet<String>,
    },
    /// The server does not know what is sent.
    Unknown {
        /// Service and method.
        operation: String,
        /// What it does not know.
        parameters: BTreeSet<String>,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |parameters: &BTreeSet<String>| {
            parameters.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::NoMethod { operation } => write!(f, "{operation} is not there"),
            Self::Wanted { operation, parameters } => {
                write!(f, "{operation} also asks for {}", names(parameters))
            }
            Self::Unknown { operation, parameters } => {
                write!(f, "{operation} does not know {}", names(parameters))
            }
        }
    }
}

impl ServiceDescription {
    /// Reads a description, in `OpenAPI` 2 ("swagger") or 3. `None` for what is none.
    #[must_use]
    pub fn read(service: &str, document: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(document).ok()?;
        let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, verbs) in document["paths"].as_object()? {
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            let parameters = methods.entry(name).or_default();
            for verb in ["get", "post"] {
                parameters.extend(of_operation(&verbs[verb], &document));
            }
        }
        Some(Self { service: service.to_owned(), methods })
    }

    /// The parameters of a method; `None` when the server has no such method.
    #[must_use]
    pub fn parameters(&self, method: &str) -> Option<&BTreeSet<String>> {
        self.methods.get(method)
    }

    /// Where what the client sends to this service is not what the server describes. What the
    /// client was told to send besides
    /// ([`further_parameter`](crate::ClientBuilder::further_parameter)) counts as sent.
    #[must_use]
    pub fn differences(&self, client: &Client) -> Vec<Difference> {
        methods(&self.service).flat_map(|method| self.difference(client, method)).collect()
    }

    fn difference(&self, client: &Client, method: &str) -> Vec<Difference> {
        let operation = format!("{}/{method}", self.service);
        let Some(described) = self.parameters(method) else {
            return vec![Difference::NoMethod { operation }];
        };
        let mut sent: BTreeSet<String> =
            parameters(&self.service, method).into_iter().flatten().map(str::to_owned).collect();
        sent.extend(client.further_parameters(&operation).map(|(name, _)| name.to_owned()));
        let wanted: BTreeSet<_> = described.difference(&sent).cloned().collect();
        let unknown: BTreeSet<_> = sent.difference(described).cloned().collect();
        let wanted = (!wanted.is_empty())
            .then(|| Difference::Wanted { operation: operation.clone(), parameters: wanted });
        let unknown =
            (!unknown.is_empty()).then_some(Difference::Unknown { operation, parameters: unknown });
        wanted.into_iter().chain(unknown).collect()
    }
}

/// The names of an operation's parameters: those of the query, and the members of its body.
fn of_operation(operation: &Value, document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        match (parameter["in"].as_str(), parameter["name"].as_str()) {
            (Some("body"), _) => names.extend(members(&parameter["schema"], document)),
            (Some("query"), Some(name)) => names.extend([name.to_owned()]),
            _ => {}
        }
    }
    let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
    names.extend(bodies.flat_map(|(_, body)| members(&body["schema"], document)));
    names
}

/// The members of a body's schema, which may stand elsewhere in the document.
fn members(schema: &Value, document: &Value) -> Vec<String> {
    let named =
        schema["$ref"].as_str().and_then(|place| document.pointer(place.strip_prefix('#')?));
    let properties = named.unwrap_or(schema)["properties"].as_object();
    properties.into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

impl Service {
    /// What this Epicor says of the service's methods, for comparing it with what is sent.
    ///
    /// # Errors
    /// [`Error::NotFound`] or [`Error::Forbidden`] where the pages of descriptions are switched off,
    /// and any other a read ends in.
    pub async fn description(&self) -> Result<ServiceDescription, Error> {
        let call = Call::description(self.name());
        let body = self.client().send(&call).await?;
        ServiceDescription::read(self.name(), &body)
            .ok_or_else(|| Error::invalid_response(&call.operation, "it describes no methods"))
    }
}
