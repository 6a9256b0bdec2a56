use super::*;
use crate::client::call::testing::line;
use crate::client::list::List;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn created() -> GetOrders {
    GetOrders::created_since(["M"], at("2026-11-01T00:00:00Z"))
}

fn updated() -> GetOrders {
    GetOrders::updated_since(["M", "N"], at("2026-11-01T00:00:00Z"))
}

#[test]
fn every_parameter_by_amazons_name() {
    let time = at("2026-11-02T00:00:00Z");
    let all = updated()
        .until(time)
        .order_statuses([OrderStatus::Unshipped, OrderStatus::PartiallyShipped])
        .fulfillment_channels(["MFN"])
        .payment_methods(["COD", "Other"])
        .buyer_email("a@example.com")
        .max_results_per_page(100)
        .easy_ship_shipment_statuses(["PendingPickUp"])
        .electronic_invoice_statuses(["Accepted"])
        .amazon_order_ids([OrderId::new("1"), OrderId::new("2")])
        .actual_fulfillment_supply_source_id("s")
        .is_ispu(false)
        .store_chain_store_id("c")
        .earliest_delivery(time, time)
        .latest_delivery(time, time)
        .from_page("n=");
    let expected = "GET /orders/v0/orders?MarketplaceIds=M%2CN\
        &LastUpdatedAfter=2026-11-01T00%3A00%3A00Z&LastUpdatedBefore=2026-11-02T00%3A00%3A00Z\
        &OrderStatuses=Unshipped%2CPartiallyShipped&FulfillmentChannels=MFN\
        &PaymentMethods=COD%2COther&BuyerEmail=a%40example.com&MaxResultsPerPage=100\
        &EasyShipShipmentStatuses=PendingPickUp&ElectronicInvoiceStatuses=Accepted\
        &AmazonOrderIds=1%2C2&ActualFulfillmentSupplySourceId=s&IsISPU=false&StoreChainStoreId=c\
        &EarliestDeliveryDateAfter=2026-11-02T00%3A00%3A00Z\
        &EarliestDeliveryDateBefore=2026-11-02T00%3A00%3A00Z\
        &LatestDeliveryDateAfter=2026-11-02T00%3A00%3A00Z\
        &LatestDeliveryDateBefore=2026-11-02T00%3A00%3A00Z&NextToken=n%3D";
    assert_eq!(line(&all).unwrap(), expected);
    let expected = "GET /orders/v0/orders?MarketplaceIds=M&CreatedAfter=2026-11-01T00%3A00%3A00Z\
        &SellerOrderId=7";
    assert_eq!(line(&created().seller_order_id("7")).unwrap(), expected);
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let (early, time) = (at("2026-10-31T23:59:59Z"), at("2026-11-01T00:00:00Z"));
    let many = || (0..51).map(|number| number.to_string());
    for (query, expected) in [
        (GetOrders::created_since([""; 0], time), "MarketplaceIds"),
        (GetOrders::created_since(many(), time), "MarketplaceIds"),
        (created().until(early), "CreatedBefore"),
        (updated().until(early), "LastUpdatedBefore"),
        (created().max_results_per_page(101), "MaxResultsPerPage"),
        (created().amazon_order_ids(many().map(OrderId::new)), "AmazonOrderIds"),
        (created().earliest_delivery(time, early), "EarliestDeliveryDateBefore"),
        (created().latest_delivery(time, early), "LatestDeliveryDateBefore"),
        (updated().seller_order_id("7"), "SellerOrderId"),
        (created().seller_order_id("7").fulfillment_channels(["MFN"]), "SellerOrderId"),
        (created().seller_order_id("7").order_statuses([OrderStatus::Shipped]), "SellerOrderId"),
        (created().seller_order_id("7").payment_methods(["COD"]), "SellerOrderId"),
        (created().seller_order_id("7").buyer_email("a@example.com"), "SellerOrderId"),
    ] {
        match line(&query) {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn the_last_two_minutes_are_refused() {
    let now = at("2026-11-01T01:00:00Z");
    assert!(created().until(at("2026-11-01T00:58:00Z")).check(now).is_ok());
    let error = updated().until(at("2026-11-01T00:58:01Z")).check(now).unwrap_err();
    assert!(matches!(error, Error::InvalidParameter { parameter: "LastUpdatedBefore", .. }));
}
