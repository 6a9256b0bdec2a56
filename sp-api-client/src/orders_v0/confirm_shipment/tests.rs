use serde_json::json;

use super::*;
use crate::client::call::testing::{body, line};

fn package(carrier: Carrier) -> Package {
    let shipped = "2026-11-20T09:00:00.7+01:00".parse().unwrap();
    Package::new(NonZero::new(12).unwrap(), carrier, "1Z999", shipped)
}

fn refused(package: Package) -> &'static str {
    let shipment = ConfirmShipment::new("ATVPDKIKX0DER", package);
    let call = Confirmation { order_id: &OrderId::new("1-2-3"), shipment: &shipment };
    match line(&call) {
        Ok(_) => "",
        Err(Error::InvalidParameter { parameter, .. }) => parameter,
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn every_member_by_amazons_name_and_none_unless_set() {
    let item = || ShippedItem::new("79039765272157", 2);
    let bare = ConfirmShipment::new("A", package(Carrier::of_code("UPS")).items([item()]));
    let order_id = OrderId::new("902-1106328-1059050");
    let call = Confirmation { order_id: &order_id, shipment: &bare };
    let path = "POST /orders/v0/orders/902-1106328-1059050/shipmentConfirmation";
    assert_eq!(line(&call).unwrap(), path);
    let expected = json!({
        "marketplaceId": "A",
        "packageDetail": {
            "packageReferenceId": "12", "carrierCode": "UPS", "trackingNumber": "1Z999",
            "shipDate": "2026-11-20T08:00:00Z",
            "orderItems": [{"orderItemId": "79039765272157", "quantity": 2}],
        },
    });
    assert_eq!(body(&call), expected);

    let full = package(Carrier::other("Bike & Co"))
        .shipping_method("Ground")
        .ship_from_supply_source_id("s")
        .items([item().transparency_codes(["c"])]);
    let full = ConfirmShipment::new("A1VC38T7YXB528", full).cash_on_delivery();
    let sent = body(&Confirmation { order_id: &order_id, shipment: &full });
    assert_eq!(sent["codCollectionMethod"], "DirectPayment");
    let detail = &sent["packageDetail"];
    assert_eq!(detail["carrierCode"], "Other");
    assert_eq!(detail["carrierName"], "Bike & Co");
    assert_eq!(detail["shippingMethod"], "Ground");
    assert_eq!(detail["shipFromSupplySourceId"], "s");
    assert_eq!(detail["orderItems"][0]["transparencyCodes"], json!(["c"]));
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let item = ShippedItem::new("1", 1);
    let good = package(Carrier::of_code("UPS")).items([item.clone()]);
    assert_eq!(refused(good), "");
    assert_eq!(refused(package(Carrier::of_code("UPS"))), "orderItems");
    let none = ShippedItem::new("1", 0);
    assert_eq!(refused(package(Carrier::of_code("UPS")).items([item.clone(), none])), "quantity");
    let nobodys = ShippedItem::new("", 1);
    assert_eq!(refused(package(Carrier::of_code("UPS")).items([nobodys])), "orderItemId");
    for carrier in [Carrier::of_code("Other"), Carrier::of_code("OTHER"), Carrier::other("")] {
        assert_eq!(refused(package(carrier).items([item.clone()])), "carrierName");
    }
    assert_eq!(refused(package(Carrier::of_code("")).items([item.clone()])), "carrierCode");
    let untracked =
        Package::new(NonZero::<u64>::MIN, Carrier::of_code("UPS"), "", Timestamp::UNIX_EPOCH);
    assert_eq!(refused(untracked.items([item])), "trackingNumber");
}
