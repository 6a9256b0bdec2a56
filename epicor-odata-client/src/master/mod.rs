//! The masters that documents refer to: read, paged, and only the columns that are used.
//!
//! Each kind is read through [`Records`](crate::Records): `all`, `matching` a filter, `only` one.
//!
//! | records | of | look-ups besides |
//! |---|---|---|
//! | [`Book`] | [`Client::gl_books`] | |
//! | [`Company`] | [`Client::companies`] | |
//! | [`CurrencyRate`] | [`Client::currency_rates`] | `on`: the rate of a day |
//! | [`Currency`] | [`Client::currencies`] | |
//! | [`Customer`] | [`Client::customers`] | `by_cust_id` |
//! | [`FiscalCalendar`], [`FiscalPeriod`] | [`Client::fiscal_calendars`], [`Client::fiscal_periods`] | `of_calendar` |
//! | [`BookPeriod`] | [`Client::book_periods`] | `holding`: a day's period, open or closed |
//! | [`JournalCode`] | [`Client::journal_codes`] | |
//! | [`MiscCharge`], [`PurchaseMiscCharge`] | [`Client::misc_charges`], [`Client::purchase_misc_charges`] | |
//! | [`Plant`] | [`Client::plants`] | |
//! | [`ShipVia`] | [`Client::ship_vias`] | |
//! | [`TaxRegion`] | [`Client::tax_regions`] | |
//! | [`Vendor`] | [`Client::vendors`] | `by_vendor_id` |
//!
//! GL accounts have [a module](crate::gl_account) of their own, and so have [parts](crate::part).
//!
//! ```no_run
//! # async fn run(client: &epicor_odata_client::Client) -> Result<(), epicor_odata_client::Error> {
//! use epicor_odata_client::odata::Filter;
//!
//! let amazon = client.customers().by_cust_id("AMAZON").await?;
//! let open = client.ship_vias().matching(Filter::eq("Inactive", false)).await?;
//! # Ok(()) }
//! ```

mod book;
mod company;
mod currency;
mod customer;
mod fiscal;
mod journal_code;
mod misc_charge;
mod plant;
mod ship_via;
mod tax_region;
mod vendor;

pub use book::Book;
pub use company::Company;
pub use currency::{Currency, CurrencyRate};
pub use customer::Customer;
pub use fiscal::{BookPeriod, FiscalCalendar, FiscalPeriod};
pub use journal_code::JournalCode;
pub use misc_charge::{MiscCharge, PurchaseMiscCharge};
pub use plant::Plant;
pub use ship_via::ShipVia;
pub use tax_region::TaxRegion;
pub use vendor::Vendor;
