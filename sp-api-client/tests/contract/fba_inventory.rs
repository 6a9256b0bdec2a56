//! FBA Inventory v1. Its sandbox keeps a state and has no samples.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::fba_inventory_v1::GetInventorySummaries;

use crate::service::check;

#[tokio::test]
async fn get_inventory_summaries() {
    let all = || GetInventorySummaries::of_marketplace("ATVPDKIKX0DER").details();
    let since = "2026-11-01T00:00:00Z".parse().unwrap();
    for which in [
        all().from_page("token"),
        all().skus(["a", "b"]),
        all().sku("a,b"),
        all().changed_since(since),
    ] {
        let call = async |client: &Client| {
            let page = client.fba_inventory().get_inventory_summaries(&which).await?;
            Ok(json!({
                "payload": {"inventorySummaries": page.items},
                "pagination": {"nextToken": page.next_token},
            }))
        };
        // It repeats what was asked for.
        check("fbaInventory/getInventorySummaries", call, &["payload.granularity"]).await;
    }
}
