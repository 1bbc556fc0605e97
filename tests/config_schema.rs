//! The printed schema of `postcall.toml` and the program agree: both accept the same files, as far
//! as a schema can express it. It cannot say whether a time zone or the file of `variables` exists,
//! and it does not see how the file was written: a key twice, or a date without quotes.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::common::{config, json_lines, program, repository, stdout, temporary_folder};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

fn schema() -> Value {
    serde_json::from_str(&stdout(&["schema", "config"], b"")).expect("the schema is JSON")
}

fn validator(schema: &Value) -> jsonschema::Validator {
    assert!(jsonschema::draft7::meta::is_valid(schema), "{schema}");
    jsonschema::draft7::new(schema).expect("a schema")
}

/// Returns the message of the program if it rejects `text` as `postcall.toml`.
fn rejection(folder: &Path, text: &str) -> Option<String> {
    fs::write(folder.join("postcall.toml"), text).expect("a writable folder");
    let output = program(&["rules", "--format", "jsonl", "--config", "postcall.toml"])
        .current_dir(folder)
        .output()
        .expect("the program was built");
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 2)), "{output:?}");
    (code == Some(2)).then(|| String::from_utf8(output.stderr).expect("UTF-8"))
}

/// The keys that the program knows in a table, from its message about an unknown one.
fn known_keys(folder: &Path, table: &str) -> BTreeSet<String> {
    let message = rejection(folder, &format!("{table}\nunknown = 1\n")).expect("an unknown key");
    let (_, names) = message.split_once("expected ").expect("a list of names");
    let names = names.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

/// The keys that the schema has in the table at `pointer`.
fn schema_keys(schema: &Value, pointer: &str) -> BTreeSet<String> {
    let table = schema.pointer(pointer).expect("a table");
    assert_eq!(table["additionalProperties"], false);
    let keys = table["properties"].as_object().expect("an object").keys();
    keys.cloned().collect()
}

#[test]
fn the_schema_has_exactly_the_keys_that_the_program_reads() {
    let folder = temporary_folder();
    let schema = schema();
    for (table, pointer) in [
        ("", ""),
        ("[webhook]", "/definitions/WebhookTable"),
        ("[defaults]", "/definitions/DefaultsTable"),
    ] {
        let keys = known_keys(folder.path(), table);
        assert!(keys.len() > 2, "{keys:?}");
        assert_eq!(schema_keys(&schema, pointer), keys, "{table}");
    }
    let rules = json_lines(stdout(&["rules", "--format", "jsonl"], b"").as_bytes());
    let names = |member: &'static str| {
        let names = rules.iter().map(move |rule| rule[member].as_str());
        names.map(|name| name.expect("a string").to_owned())
    };
    let keys = names("id").chain(names("family")).chain(["all".to_owned()]);
    assert_eq!(
        schema_keys(&schema, "/properties/rules"),
        keys.collect::<BTreeSet<_>>()
    );
}

/// An editor shows the description of a key, which is one paragraph.
#[test]
fn every_key_has_a_description() {
    fn check(value: &Value, keys: &mut usize) {
        for (name, value) in value.as_object().into_iter().flatten() {
            if name == "properties" {
                for (key, property) in value.as_object().expect("an object") {
                    let description = property["description"].as_str().expect(key);
                    assert!(!description.contains('\n'), "{description}");
                    *keys += 1;
                }
            }
            check(value, keys);
        }
    }
    let mut keys = 0;
    check(&schema(), &mut keys);
    assert!(keys > 50, "{keys}");
}

#[test]
fn the_names_of_the_schemas_differ() {
    let id = |arguments: &[&str]| {
        let schema = stdout(&[&["schema"], arguments].concat(), b"");
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        schema["$id"].as_str().map(str::to_owned)
    };
    let declared = repository().join("tests/rules/loose-variable/assistant.json");
    let declared = declared.to_str().expect("UTF-8");
    let name = |name: &str| Some(format!("urn:postcall:schema:{name}"));
    assert_eq!(id(&[]), name("post-call"));
    assert_eq!(id(&["post-call"]), name("post-call"));
    assert_eq!(id(&["--strict"]), name("post-call:strict"));
    assert_eq!(id(&["config"]), name("config"));
    assert_eq!(id(&["--variables", declared]), None);
}

/// A value in TOML and the same one in JSON.
#[derive(Clone, Debug)]
enum Written {
    Leaf(&'static str, Value),
    Table(Vec<(String, Written)>),
}

impl Written {
    /// The value as TOML, on one line.
    fn toml(&self) -> String {
        match self {
            Self::Leaf(text, _) => (*text).to_owned(),
            Self::Table(members) => {
                let members = members.iter().map(toml_member);
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Leaf(_, value) => value.clone(),
            Self::Table(members) => {
                let members = members.iter();
                let members = members.map(|(key, value)| (key.clone(), value.json()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }
}

/// A member of a table. A key is quoted, which JSON and TOML do in the same way.
fn toml_member((key, value): &(String, Written)) -> String {
    format!("{} = {}", json!(key), value.toml())
}

fn leaf() -> impl Strategy<Value = Written> {
    let leaf = |text, value| Written::Leaf(text, value);
    select(vec![
        leaf("true", json!(true)),
        leaf("false", json!(false)),
        leaf("\"allow\"", json!("allow")),
        leaf("\"warn\"", json!("warn")),
        leaf("'deny'", json!("deny")),
        leaf("\"Deny\"", json!("Deny")),
        leaf("\"deny \"", json!("deny ")),
        leaf("\"first\"", json!("first")),
        leaf("\"\"\"last\"\"\"", json!("last")),
        leaf("\"error\"", json!("error")),
        leaf("\"true\"", json!("true")),
        leaf("\"variables.json\"", json!("variables.json")),
        leaf("1", json!(1)),
        leaf("0.0", json!(0.0)),
        leaf("[]", json!([])),
        leaf("['deny']", json!(["deny"])),
        leaf("[true]", json!([true])),
        leaf("{}", json!({})),
        leaf("{deny = {}}", json!({"deny": {}})),
        leaf("{last = []}", json!({"last": []})),
        leaf("[{}]", json!([{}])),
    ])
}

/// A member of a table, usually with a key of the table and a value that fits it.
fn member(
    keys: Vec<&'static str>,
    fitting: Vec<(&'static str, Value)>,
) -> impl Strategy<Value = (String, Written)> {
    let keys = prop_oneof![
        12 => select(keys),
        1 => select(vec!["", "strikt", "Strict", "only_completed", "all", "tz", "$schema", "a.b"]),
    ];
    let fitting = fitting.into_iter();
    let fitting: Vec<Written> = fitting
        .map(|(text, value)| Written::Leaf(text, value))
        .collect();
    let value = prop_oneof![8 => select(fitting), 1 => leaf()];
    (keys.prop_map(str::to_owned), value)
}

fn booleans() -> Vec<(&'static str, Value)> {
    vec![("true", json!(true)), ("false", json!(false))]
}

fn rule() -> impl Strategy<Value = (String, Written)> {
    let levels = ["allow", "warn", "deny"];
    let fitting = vec![
        ("\"allow\"", json!("allow")),
        ("'warn'", json!(levels[1])),
        ("\"deny\"", json!(levels[2])),
    ];
    let keys = vec!["all", "shape", "missing-field", "no-call", "settings"];
    let pointers = select(vec![
        "",
        "",
        "",
        "",
        ":/",
        ":/lead/**",
        ":*",
        ":**",
        ":/a b/ü",
        ":/a:b",
        ":/[",
        ":/{a",
        ":/\\",
        ":/a\nb",
        ":/***",
        ":",
        ":lead",
        ":\n/",
        ": /",
        "::/",
        " ",
        "\n",
    ]);
    (member(keys, fitting), pointers)
        .prop_map(|((key, value), pointer)| (format!("{key}{pointer}"), value))
}

/// A table whose members have different keys.
fn table(members: impl Strategy<Value = (String, Written)>) -> impl Strategy<Value = Written> {
    vec(members, 0..4).prop_map(|members| {
        let mut keys = BTreeSet::new();
        let members = members.into_iter();
        Written::Table(
            members
                .filter(|(key, _)| keys.insert(key.clone()))
                .collect(),
        )
    })
}

/// The name of a file, and tables with known and unknown types.
fn variables() -> Vec<(&'static str, Value)> {
    vec![
        ("'variables.json'", json!("variables.json")),
        ("{}", json!({})),
        ("{nps = \"number\"}", json!({"nps": "number"})),
        (
            "{\"a.b\" = 'bool', c = \"string\"}",
            json!({"a.b": "bool", "c": "string"}),
        ),
        (
            "{a = \"string\", b = \"boolean\"}",
            json!({"a": "string", "b": "boolean"}),
        ),
        ("{a = \"\"}", json!({"a": ""})),
        ("{a = 1}", json!({"a": 1})),
        ("{a.b = \"bool\"}", json!({"a": {"b": "bool"}})),
        ("[{a = \"bool\"}]", json!([{"a": "bool"}])),
    ]
}

fn settings() -> impl Strategy<Value = Written> {
    let webhook = prop_oneof![
        member(vec!["only-completed", "include-recording"], booleans()),
        member(vec!["variables"], variables()),
    ];
    let defaults = prop_oneof![
        member(vec!["ascii"], booleans()),
        member(
            vec!["dedupe"],
            vec![("'first'", json!("first")), ("\"last\"", json!("last"))]
        ),
        member(
            vec!["tz"],
            vec![("\"Europe/Berlin\"", json!("Europe/Berlin"))]
        ),
    ];
    let named = |name: &'static str| move |table| (name.to_owned(), table);
    let root = prop_oneof![
        1 => member(vec!["strict"], booleans()),
        2 => table(rule()).prop_map(named("rules")),
        2 => table(webhook).prop_map(named("webhook")),
        2 => table(defaults).prop_map(named("defaults")),
    ];
    table(root)
}

#[test]
fn the_schema_rejects_a_file_if_and_only_if_the_program_does() {
    let folder = temporary_folder();
    let variables = "[{\"name\": \"nps\", \"type\": \"number\"}]";
    // Every string that `leaf` writes is the name of a declaration.
    for value in [
        "variables.json",
        "allow",
        "warn",
        "deny",
        "Deny",
        "deny ",
        "first",
        "last",
        "error",
        "true",
    ] {
        fs::write(folder.path().join(value), variables).expect("a writable folder");
    }
    let validator = validator(&schema());
    let verdicts = [Cell::new(0_usize), Cell::new(0)];
    proptest!(config(400), |(settings in settings())| {
        let Written::Table(members) = &settings else {
            unreachable!("settings are a table");
        };
        let lines: Vec<_> = members.iter().map(toml_member).collect();
        let rejection = rejection(folder.path(), &lines.join("\n"));
        let value = settings.json();
        let by_schema = validator.is_valid(&value);
        verdicts[usize::from(by_schema)].update(|count| count + 1);
        let errors = || -> Vec<String> {
            validator.iter_errors(&value).map(|error| error.to_string()).collect()
        };
        prop_assert_eq!(by_schema, rejection.is_none(), "{}\nprogram: {:?}\nschema: {:#?}", lines.join("\n"), rejection, errors());
    });
    // Both verdicts must be frequent, so that agreement means something.
    assert!(
        verdicts.iter().all(|count| count.get() > 50),
        "{verdicts:?}"
    );
}

/// The file in the documentation is valid.
#[test]
fn the_documented_file_is_valid() {
    let page = fs::read_to_string(repository().join("docs/validate.md")).expect("the page");
    let (_, rest) = page.split_once("```toml\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("the end of the example");
    let folder = temporary_folder();
    fs::write(folder.path().join("assistant.json"), "[]").expect("a writable folder");
    assert_eq!(rejection(folder.path(), example), None);
}
