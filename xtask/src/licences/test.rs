use super::*;

#[test]
fn one_allowed_licence_is_enough_where_one_may_choose_and_all_must_be_where_all_hold() {
    let fits = |expression| allowed::refusal("a", expression).is_none();
    assert!(fits("MIT/Apache-2.0") && fits("Apache-2.0 / MIT") && fits("MIT OR GPL-3.0-only") && fits("Apache-2.0 WITH LLVM-exception"));
    assert!(!fits("MIT AND GPL-3.0-only") && !fits("GPL-3.0-only") && !fits("") && !fits("see the file"));
}

#[test]
fn fonts_may_have_licences_of_fonts_and_nothing_else_may() {
    let expression = "(MIT OR Apache-2.0) AND OFL-1.1 AND Ubuntu-font-1.0";
    assert_eq!(allowed::refusal("epaint_default_fonts", expression), None);
    assert!(allowed::refusal("epaint", expression).unwrap().starts_with("epaint: "));
}

#[test]
fn only_what_is_used_is_listed_and_not_what_builds_or_tests_it() {
    let metadata: Metadata = serde_json::from_str(
        r#"{"packages": [
            {"id": "ours", "name": "ours", "version": "0.1.0", "license": null, "repository": null, "source": null},
            {"id": "b", "name": "b", "version": "2.0.0", "license": "MIT", "repository": "https://b", "source": "registry"},
            {"id": "a", "name": "a", "version": "1.0.0", "license": "ISC", "repository": null, "source": "registry"},
            {"id": "dev", "name": "dev", "version": "1.0.0", "license": "ISC", "repository": null, "source": "registry"}],
        "resolve": {"nodes": [
            {"id": "ours", "deps": [{"pkg": "b", "dep_kinds": [{"kind": "dev"}, {"kind": null}]}, {"pkg": "dev", "dep_kinds": [{"kind": "dev"}]}]},
            {"id": "b", "deps": [{"pkg": "a", "dep_kinds": [{"kind": null}]}]},
            {"id": "a", "deps": []}, {"id": "dev", "deps": []}]}}"#,
    )
    .unwrap();
    let rows = metadata.used_by(&["ours"]).unwrap();
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(list(&rows).ends_with("| a | 1.0.0 | ISC |  |\n| b | 2.0.0 | MIT | https://b |\n"));
    assert!(metadata.used_by(&["ours", "nobody"]).is_err());
}
