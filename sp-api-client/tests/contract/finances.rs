//! Finances 2024-06-19 and Transfers 2024-06-01.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::finances_2024_06_19::{
    BalanceType, ListBalances, ListSummary, ListTransactions, TransactionStatus,
};
use sp_api_client::transfers_2024_06_01::{ListExpectedPayouts, ListPayouts, PaymentMethodType};

use crate::service::check;

#[tokio::test]
async fn list_transactions() {
    let query = ListTransactions::of_order("1-2-3")
        .posted_after("2026-11-01T00:00:00Z".parse().unwrap())
        .posted_before("2026-11-02T00:00:00Z".parse().unwrap())
        .marketplace_id("ATVPDKIKX0DER")
        .transaction_status(TransactionStatus::Released)
        .from_page("token");
    let call = async |client: &Client| {
        let page = client.finances().list_transactions(&query).await?;
        Ok(json!({"payload": {"transactions": page.items, "nextToken": page.next_token}}))
    };
    check("finances_2024-06-19/listTransactions", call, &[]).await;
}

#[tokio::test]
async fn list_balances() {
    let query = ListBalances::default()
        .marketplace_ids(["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"])
        .balance_type(BalanceType::Total)
        .account_type("Standard Orders")
        .as_of_date("2025-01-12".parse().unwrap())
        .from_page("token");
    let call = async |client: &Client| {
        let page = client.finances().list_balances(&query).await?;
        Ok(json!({"balances": page.items, "nextToken": page.next_token}))
    };
    check("finances_2024-06-19/listBalances", call, &[]).await;
}

#[tokio::test]
async fn list_summary() {
    let day = "2025-01-12".parse().unwrap();
    for query in [ListSummary::of_settlement("1"), ListSummary::of_period(day, day)] {
        let query = query.marketplace_ids(["A"]).account_type("PAYABLE").from_page("token");
        let call = async |client: &Client| {
            let page = client.finances().list_summary(&query).await?;
            Ok(json!({"summaries": page.items, "nextToken": page.next_token}))
        };
        check("finances_2024-06-19/listSummary", call, &[]).await;
    }
}

#[tokio::test]
async fn list_payouts() {
    let query = ListPayouts::default()
        .marketplace_ids(["ATVPDKIKX0DER"])
        .created_after("2024-06-01T00:00:00Z".parse().unwrap())
        .created_before("2024-07-01T00:00:00Z".parse().unwrap())
        .payout_id("1")
        .account_type("Standard Orders")
        .from_page("token");
    let call = async |client: &Client| {
        let page = client.transfers().list_payouts(&query).await?;
        Ok(json!({"payouts": page.items, "nextToken": page.next_token}))
    };
    check("transfers_2024-06-01/listPayouts", call, &[]).await;
}

#[tokio::test]
async fn list_expected_payouts() {
    let query = ListExpectedPayouts::default()
        .marketplace_ids(["ATVPDKIKX0DER"])
        .account_type("Standard Orders")
        .from_page("token");
    let call = async |client: &Client| {
        let page = client.transfers().list_expected_payouts(&query).await?;
        Ok(json!({"expectedPayouts": page.items, "nextToken": page.next_token}))
    };
    check("transfers_2024-06-01/listExpectedPayouts", call, &[]).await;
}

#[tokio::test]
async fn get_payment_methods() {
    let types =
        [PaymentMethodType::BankAccount, PaymentMethodType::Card, PaymentMethodType::SellerWallet];
    let call = async |client: &Client| {
        let methods = client.transfers().get_payment_methods("ATVPDKIKX0DER", &types).await?;
        Ok(json!({"paymentMethods": methods}))
    };
    check("transfers_2024-06-01/getPaymentMethods", call, &[]).await;
}
