//! What sales orders name: customers, charges, tax region, ways to ship, parts.

use epicor_odata_client::odata::Filter;
use epicor_odata_client::{Client, Error};

use super::{failed, fault, ok};
use crate::check::{Finding, Who};
use crate::config::{MappedPart, Orders, ShipToPolicy};
use crate::exit::Exit;

/// What is named, or written into orders, and cannot be used: the reason, for people.
type Problems = Vec<String>;

const ACT: (Who, Exit) = (Who::EpicorAdmin, Exit::Configuration);

/// Adds what is found.
pub(super) async fn findings(setting: &Orders, client: &Client, findings: &mut Vec<Finding>) {
    let customers = customers(setting, client).await;
    tell(findings, "customer", customers, "the customers of the orders are there and active");
    let charges = charges(setting, client).await;
    tell(findings, "charge", charges, "the miscellaneous charges of the orders are there");
    let tax = tax_region(setting, client).await;
    tell(findings, "tax_region", tax, "the tax region of the orders is there");
    let ways = ship_vias(setting, client).await;
    tell(findings, "ship_via", ways, "the ways to ship that are named are there and active");
    let parts = parts(setting, client).await;
    tell(findings, "part", parts, "the parts that are named are there and active");
    findings.push(match client.sales_orders().try_parameters().await {
        Ok(()) => ok("parameters", "order entry takes the parameters that are sent"),
        Err(Error::BusinessRule { message, .. }) => {
            let message = format!(
                "order entry of this Epicor asks for more than is sent ({message}); write it under \
                 [connection.epicor.further_parameters]"
            );
            failed("parameters", (Who::ItAdmin, Exit::Failed), message)
        }
        Err(error) => fault("parameters", &error),
    });
}

fn tell(
    findings: &mut Vec<Finding>,
    what: &'static str,
    problems: Result<Problems, Error>,
    good: &str,
) {
    match problems {
        Ok(problems) if problems.is_empty() => findings.push(ok(what, good)),
        Ok(problems) => {
            findings.extend(problems.into_iter().map(|problem| failed(what, ACT, problem)));
        }
        Err(error) => findings.push(fault(what, &error)),
    }
}

async fn customers(setting: &Orders, client: &Client) -> Result<Problems, Error> {
    let mut problems = Vec::new();
    for id in setting.all_customers() {
        let found = client.customers().by_cust_id(id).await?;
        problems.extend(match found {
            None => Some(format!("customer {id} does not exist; name another under orders")),
            Some(customer) if customer.inactive => {
                Some(format!("customer {id} is inactive; activate it, or name another"))
            }
            Some(customer) if setting.ship_to == ShipToPolicy::OneTime && !customer.allow_ots => {
                Some(format!(
                    "customer {id} allows no one-time ship-to; allow it, or write \
                     ship_to = \"customer\" under [connection.orders]"
                ))
            }
            Some(_) => None,
        });
    }
    Ok(problems)
}

async fn charges(setting: &Orders, client: &Client) -> Result<Problems, Error> {
    let charges = &setting.charges;
    let named = [
        ("shipping", &charges.shipping),
        ("shipping_discount", &charges.shipping_discount),
        ("gift_wrap", &charges.gift_wrap),
        ("other", &charges.other),
    ];
    let mut problems = Vec::new();
    for (name, code) in named {
        let Some(code) = code else { continue };
        let found = client.misc_charges().only(Filter::eq("MiscCode", code.as_str())).await?;
        problems.extend(match found {
            None => Some(format!("charge {code} (charges.{name}) does not exist")),
            Some(charge) if charge.kind == "P" => Some(format!(
                "charge {code} (charges.{name}) is a percentage; it must be an amount"
            )),
            Some(_) => None,
        });
    }
    Ok(problems)
}

async fn tax_region(setting: &Orders, client: &Client) -> Result<Problems, Error> {
    let Some(code) = &setting.tax_region else { return Ok(Vec::new()) };
    let found = client.tax_regions().only(Filter::eq("TaxRegionCode", code.as_str())).await?;
    Ok(match found {
        None => vec![format!("tax region {code} does not exist; name one without taxes")],
        Some(_) => Vec::new(),
    })
}

/// The way that orders name, and those that are carriers at Amazon.
async fn ship_vias(setting: &Orders, client: &Client) -> Result<Problems, Error> {
    let named = setting.ship_via.iter().chain(setting.carriers.keys());
    let codes = named.clone().map(String::as_str);
    let known = client.ship_vias().any_of("ShipViaCode", codes, None).await?;
    let problem =
        |code: &String| match known.iter().find(|way| way.ship_via_code.eq_ignore_ascii_case(code))
        {
            None => Some(format!("the way to ship {code} does not exist")),
            Some(way) if way.inactive => Some(format!("the way to ship {code} is inactive")),
            Some(_) => None,
        };
    Ok(named.filter_map(problem).collect())
}

async fn parts(setting: &Orders, client: &Client) -> Result<Problems, Error> {
    let numbers = setting.parts.values().map(|mapped| mapped.parts().0);
    let known = client.parts().by_part_nums(numbers).await?;
    let problem = |(sku, mapped): (&String, &MappedPart)| {
        let wanted = mapped.parts().0;
        match known.iter().find(|part| part.part_num.eq_ignore_ascii_case(wanted)) {
            None => Some(format!("part {wanted} of SKU {sku} does not exist")),
            Some(part) if part.inactive => Some(format!("part {wanted} of SKU {sku} is inactive")),
            Some(_) => None,
        }
    };
    Ok(setting.parts.iter().filter_map(problem).collect())
}
