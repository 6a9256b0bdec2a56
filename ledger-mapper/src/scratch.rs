#[test]
fn scratch() {
    let head = "version = 1\nname = \"x\"\n[accounts]\nreferral_fees = \"5100\"\n";
    for rest in [
        "promotions = 4090\n", "promotions = 4090-00\n", "promotions = abc\n", "promotions = \"4090\n", "promotions = “4090”\n",
        "promotions \"4090\"\n", "promotions = \n", "referral_fees = \"1\"\n", "[rule]\nsku = \"a\"\n", "[[rule\nsku=\"a\"\n", "[rule\n",
        "[[rule]]\nfrom = \"2026-01-01\"\nsku=\"a\"\n", "[[rule]]\nfrom = 2026-13-01\nsku=\"a\"\n", "[[rule]]\nfrom = 01.02.2026\nsku=\"a\"\n", "[[rule]]\nsku = [\"a\"]\n", "[accounts]\n", "[[accounts]]\n",
        "[templat]\n", "[template]\nprofit = \"x\"\n", "[[change]]\nfrom = 2026-01-01\n", "[unknown]\n", "[unknown]\nsuspense = true\n",
        "[dimension.marketplace]\n\"Amazon.de\" = \"49\"\n", "[dimension]\nmarketplace = \"x\"\n", "[dimension.marketplace]\nAmazon.de = { division = \"49\" }\n", "[dimension.marketplace]\n\"Amazon.de\" = { division = 49 }\n",
        "promotions = '4090' '\n", "[[rule]]\nsku=\"A\\Q\"\n", "[[rule]]\n\tsku = \"a\",\n", "rule = 3\n", "[chart]\n5100 = 3\n",
    ] {
        let e = crate::Rules::parse(&format!("{head}{rest}"), "r").map(|_| ());
        println!("{rest:?}\n   => {}", e.map_or_else(|e| e.to_string(), |_| "OK".into()));
    }
    for text in ["name = \"x\"\n[accounts]\n", "version = 1\n[accounts]\n", "version = \"1\"\nname=\"x\"\n[accounts]\n", "version = 1\nname = \"x\"\n", ""] {
        println!("{text:?}\n   => {:?}", crate::Rules::parse(text, "r").map(|_| ()).map_err(|e| e.to_string()));
    }
}
