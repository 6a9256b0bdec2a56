//! Listings against parts.

use ledger_mapper::{Aligned, Alignment, Clue, Listing, Part, align};
use proptest::prelude::*;

fn listing(sku: &str, gtin: &str) -> Listing {
    Listing {
        sku: sku.to_owned(),
        asin: "B000000001".to_owned(),
        title: "An article".to_owned(),
        gtin: Some(gtin.to_owned()).filter(|gtin| !gtin.is_empty()),
        mapped: None,
    }
}

fn part(number: &str, active: bool, gtin: &str, cross_reference: &str) -> Part {
    let list = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    Part {
        number: number.to_owned(),
        description: "A part".to_owned(),
        active,
        gtins: list(gtin),
        cross_references: list(cross_reference),
    }
}

fn parts() -> Vec<Part> {
    vec![
        part("1001", true, "4006381333931", "MUG-BLUE"),
        part("1002", false, "", "MUG-RED"),
        part("1003", true, "", "MUG.RED TEE"),
        part("1004", true, "", "TEE"),
        part("2001", true, "036000291452", ""),
        part("MUG-BLUE-6", true, "4006381333931", ""),
    ]
}

fn told(aligned: &[Aligned]) -> String {
    let lines = aligned.iter().map(|Aligned { sku, alignment }| format!("{sku}: {alignment:?}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_state_has_its_listing() {
    let listings = [
        listing("MUG-BLUE", ""),
        listing("2001", ""),
        listing("MUG-RED", ""),
        listing("TEE", ""),
        listing("mug blue 6", "4006381333931"),
        listing("HAT", "036000291453"),
    ];
    insta::assert_snapshot!(told(&align(&listings, &parts())), @r#"
    MUG-BLUE: Matched { part: "1001", clue: CrossReference }
    2001: Matched { part: "2001", clue: PartNumber }
    MUG-RED: Inactive { part: "1002", clue: CrossReference, suggestions: [Candidate { clues: [NormalisedSku], part: "1003", active: true }] }
    TEE: Ambiguous { candidates: [Candidate { clues: [CrossReference, NormalisedSku], part: "1003", active: true }, Candidate { clues: [CrossReference, NormalisedSku], part: "1004", active: true }] }
    mug blue 6: Missing { suggestions: [Candidate { clues: [Gtin, NormalisedSku], part: "MUG-BLUE-6", active: true }, Candidate { clues: [Gtin], part: "1001", active: true }] }
    HAT: Missing { suggestions: [] }
    "#);
}

#[test]
fn a_sku_recorded_for_one_part_that_is_the_number_of_another_is_ambiguous() {
    let parts = [part("1001", true, "", "1002"), part("1002", true, "", "")];
    let aligned = align(&[listing("1002", "")], &parts);
    let Alignment::Ambiguous { candidates } = &aligned[0].alignment else { panic!("{aligned:?}") };
    assert_eq!(candidates[0].part, "1001");
}

#[test]
fn what_a_person_named_is_stronger_than_any_cross_reference() {
    let named = |part: &str| Listing { mapped: Some(part.to_owned()), ..listing("TEE", "") };
    let aligned = align(&[named("2001"), named("mug-blue-6"), named("1002"), named("9")], &parts());
    let told: Vec<String> = aligned.iter().map(|aligned| aligned.alignment.to_string()).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    is part 2001 by its mapping
    is part MUG-BLUE-6 by its mapping
    is part 1002 by its mapping, which may not be sold; perhaps it is 1003 (cross-reference, similar SKU) or 1004 (cross-reference, similar SKU)
    is no part yet; perhaps it is 1003 (cross-reference, similar SKU) or 1004 (cross-reference, similar SKU)
    ");
}

fn names() -> impl Strategy<Value = String> {
    // Few names, so that they meet.
    proptest::string::string_regex("[AaB1-]{1,3}").expect("a pattern")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn only_what_is_written_down_matches(
        skus in proptest::collection::vec(names(), 0..8),
        drawn in proptest::collection::vec((names(), names(), any::<bool>()), 0..8),
    ) {
        let listings: Vec<Listing> = skus.iter().map(|sku| listing(sku, "")).collect();
        let parts: Vec<Part> =
            drawn.iter().map(|(number, sku, active)| part(number, *active, "", sku)).collect();
        let aligned = align(&listings, &parts);
        prop_assert_eq!(aligned.len(), listings.len());
        for Aligned { sku, alignment } in &aligned {
            let same = |number: &String| number.eq_ignore_ascii_case(sku);
            let written =
                |part: &Part| same(&part.number) || part.cross_references.iter().any(same);
            let right: Vec<&Part> = parts.iter().filter(|part| written(part)).collect();
            match alignment {
                Alignment::Matched { part, .. } => {
                    prop_assert!(matches!(right.as_slice(), [p] if p.number == *part && p.active));
                }
                Alignment::Inactive { part, suggestions, .. } => {
                    prop_assert!(matches!(right.as_slice(), [p] if p.number == *part && !p.active));
                    prop_assert!(suggestions.iter().all(|candidate| candidate.active));
                }
                Alignment::Ambiguous { candidates } => {
                    prop_assert!(right.len() > 1 && candidates.len() == right.len());
                }
                Alignment::Missing { suggestions } => {
                    prop_assert!(right.is_empty());
                    let similar = |clue: &Clue| matches!(clue, Clue::Gtin | Clue::NormalisedSku);
                    prop_assert!(suggestions.iter().all(|s| s.clues.iter().all(similar)));
                }
            }
        }
    }
}
