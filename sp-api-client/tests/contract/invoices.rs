//! Invoices 2026-06-25.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::finances_invoices_2026_06_25::{
    GetInvoice, GetInvoiceHeaders, InvoiceIdentifier,
};

use crate::service::check;

#[tokio::test]
async fn get_invoice_headers() {
    let query = GetInvoiceHeaders::of_marketplace("ATVPDKIKX0DER")
        .issued("2026-10-01T00:00:00Z".parse().unwrap(), "2026-11-01T00:00:00Z".parse().unwrap())
        .modified_after("2026-10-15T00:00:00Z".parse().unwrap())
        .from_page("token");
    let call = async |client: &Client| {
        let page = client.invoices().get_invoice_headers(&query).await?;
        Ok(json!({"invoices": page.items, "nextToken": page.next_token}))
    };
    // How many there are is told by their list.
    check("financesInvoices_2026-06-25/getInvoiceHeaders", call, &["numOfRecords"]).await;
}

#[tokio::test]
async fn get_invoice() {
    let which = GetInvoice::new("ATVPDKIKX0DER", InvoiceIdentifier::new("INV-202505001~ABCDEF"))
        .from_page("token");
    let call = async |client: &Client| Ok(json!(client.invoices().get_invoice(&which).await?));
    check("financesInvoices_2026-06-25/getInvoice", call, &[]).await;
}
