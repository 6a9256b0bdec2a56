use super::*;

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
 <edmx:DataServices>
  <Schema Namespace="Erp.BO" xmlns="http://docs.oasis-open.org/odata/ns/edm">
   <EntityType Name="Row" Abstract="true">
    <Key><PropertyRef Name="Company"/></Key>
    <Property Name="Company" Type="Edm.String" MaxLength="8" Nullable="false"/>
   </EntityType>
   <EntityType Name="Part" BaseType="Erp.BO.Row" OpenType="true">
    <Key><PropertyRef Name="PartNum"/></Key>
    <Property Name="PartNum" Type="Edm.String" MaxLength="50"/>
    <Property Name="UnitPrice" Type="Edm.Decimal" Precision="18" Scale="5"/>
    <Property Name="Part" Type="Edm.String" MaxLength="max"/>
    <Property Name="Colour_c" Type="Edm.String"></Property>
    <Property Name="SegValue1" Type="Edm.String"/>
    <NavigationProperty Name="PartPlants" Type="Collection(Erp.BO.PartPlant)"/>
   </EntityType>
   <EntityType Name="PartPlant"><Property Name="Plant" Type="Edm.String"/></EntityType>
  </Schema>
  <Schema Namespace="Default" xmlns="http://docs.oasis-open.org/odata/ns/edm">
   <EntityContainer Name="Container">
    <EntitySet Name="Parts" EntityType="Erp.BO.Part"/>
    <EntitySet Name="PartPlants" EntityType="Erp.BO.PartPlant"><Annotation Term="x"/></EntitySet>
   </EntityContainer>
  </Schema>
 </edmx:DataServices>
</edmx:Edmx>"#;

fn metadata() -> Metadata {
    Metadata::read("Erp.BO.PartSvc", DOCUMENT.as_bytes()).unwrap()
}

#[test]
fn sets_keys_columns_and_children_are_read() {
    let metadata = metadata();
    let names: Vec<_> = metadata.sets().map(|(name, _)| name).collect();
    assert_eq!(names, ["PartPlants", "Parts"]);
    let parts = metadata.set("Parts").unwrap();
    assert_eq!(parts.key, ["Company", "PartNum"]);
    assert!(parts.children.contains("PartPlants"));
    let price = metadata.column("Parts", "UnitPrice").unwrap();
    assert_eq!(
        (price.edm_type.as_str(), price.precision, price.scale),
        ("Edm.Decimal", Some(18), Some(5))
    );
    assert_eq!(metadata.column("Parts", "PartNum").unwrap().max_length, Some(50));
    assert_eq!(metadata.column("Parts", "Part").unwrap().max_length, None);
    assert_eq!(metadata.column("Parts", "Company").unwrap().max_length, Some(8), "of its base");
}

#[test]
fn what_is_missing_is_named() {
    let metadata = metadata();
    assert_eq!(metadata.missing("Parts", &["Company", "PartNum", "Part1", "Colour_c"]), [""; 0]);
    let needed: &[(&str, &[&str])] =
        &[("Parts", &["PartNum", "Size_c", "partnum"]), ("PartRevs", &["RevisionNum"])];
    let error = metadata.require(needed).unwrap_err();
    let Error::MissingColumns { service, missing } = &error else { panic!("{error:?}") };
    assert_eq!(service, "Erp.BO.PartSvc");
    assert_eq!(missing, &["Parts.Size_c", "Parts.partnum", "PartRevs"]);
    assert!(error.to_string().contains("lacks Parts.Size_c, Parts.partnum, PartRevs; an Epicor"));
    assert!(metadata.require(&needed[..0]).is_ok());
    // A column of its own, not `SegValue1` in another spelling.
    assert_eq!(metadata.missing("Parts", &["SegValue1", "SegValue11"]), ["Parts.SegValue11"]);
}

#[test]
fn what_is_no_metadata_is_refused() {
    for document in ["", "{}", "<html><title>Sign in</title></html>"] {
        let refused = Metadata::read("S", document.as_bytes());
        assert!(matches!(refused, Err(InvalidMetadata::Empty)), "{document}");
    }
    for end in (1..DOCUMENT.len() - 1).step_by(7).filter(|end| DOCUMENT.is_char_boundary(*end)) {
        // What breaks off must not pass for a service with fewer columns.
        if let Ok(read) = Metadata::read("S", &DOCUMENT.as_bytes()[..end]) {
            panic!("{end}: {read:?}");
        }
    }
}

#[test]
fn a_ring_of_types_ends() {
    let ring = DOCUMENT.replace("Name=\"Row\"", "Name=\"Row\" BaseType=\"Erp.BO.Part\"");
    let read = Metadata::read("S", ring.as_bytes()).unwrap();
    assert!(read.column("Parts", "PartNum").is_some());
}
