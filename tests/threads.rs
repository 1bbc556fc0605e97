//! The output of `export` is the same for any number of threads. `laws` and `calls.rs` test this
//! for the CSV of calls and for other commands.

use std::fs;

use crate::common::{in_parallel, program, temporary_folder};
use serde_json::json;

/// JSON Lines with enough calls for several batches and for more pending rows than memory may hold.
/// Most columns are found late and have values of several types.
fn input() -> String {
    const CALLS: u32 = 1600;
    let transcript = "Assistant: Hello, \"Max\"!\nCustomer: =1+1; ja, natürlich …\n".repeat(40);
    let call = |id: u32| {
        let extracted = match id {
            ..400 => json!({"always": id}),
            400..1000 => {
                json!({"always": f64::from(id) / 4.0, "list": [1, "a, b"], "zip": "01067"})
            }
            _ => {
                json!({"always": "text", "nested": {"name": "Müller\r\nGmbH", "is_new": id > 1200}})
            }
        };
        json!({
            "id": id, "customer_phone": "+4915123456789", "assistant_phone": null, "duration": id % 600, "status": "completed",
            "extracted_variables": extracted, "input_variables": {"=1": id}, "transcript": transcript,
            "created_at": "2024-07-15T10:30:00+02:00", "finished_at": "2024-07-15T10:33:00Z",
            "campaign": {"id": id % 7, "name": "Sommer"},
        })
        .to_string()
    };
    (0..CALLS).map(call).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_output_is_the_same_for_any_number_of_threads() {
    let folder = temporary_folder();
    let source = folder.path().join("calls.jsonl");
    fs::write(&source, input()).expect("written");
    let source = source.to_str().expect("a UTF-8 path");
    let exports = [
        &["--rows", "turns"][..],
        &["--rows", "turns", "--for", "excel-de"],
        &["--rows", "turns", "--bom", "--tz", "Europe/Berlin"],
        &["--rows", "variables", "--format", "tsv"],
        &["--rows", "variables", "--format", "jsonl"],
        &["--rows", "campaigns"],
        &["--format", "jsonl", "--flat"],
        &["--format", "jsonl", "--columns=-transcript"],
        &["--list-columns"],
        &["--format", "xlsx"],
        #[cfg(feature = "parquet")]
        &["--format", "parquet"],
        #[cfg(feature = "parquet")]
        &["--format", "parquet", "--rows", "variables"],
    ];
    in_parallel(exports, |options| {
        let run = |threads| {
            let arguments = [&["export", source, "--threads", threads][..], options].concat();
            // Workbooks have the time at which they are written.
            let written = program(&arguments)
                .env("SOURCE_DATE_EPOCH", "1705314600")
                .output()
                .expect("the program was built");
            assert!(written.status.success(), "{options:?} {written:?}");
            written
        };
        let sequential = run("1");
        assert!(!sequential.stdout.is_empty());
        let parallel = run("3");
        assert!(parallel.stdout == sequential.stdout, "{options:?}");
        assert!(parallel.stderr == sequential.stderr, "{options:?}");
    });
}
