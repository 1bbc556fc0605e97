//! Zip archives are read like folders, whatever their writer did.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use chrono::DateTime;
use flate2::Compression;
use flate2::write::GzEncoder;
use postcall::capture::source::reader::SourceOptions;
use postcall::capture::source::sources::sources_from_seekable;
use postcall::host::Clock;
use postcall::in_memory;
use postcall::report::FindingsFormat;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::common::{json_lines, postcall, program, repository, temporary_folder};

/// A body with this id.
fn body(id: u32) -> Vec<u8> {
    let text = fs::read_to_string(repository().join("samples/busy.json")).expect("readable");
    assert!(text.contains("480352"));
    text.replace("480352", &id.to_string()).into_bytes()
}

/// An archive with these members. Every other one is stored, the others are deflated.
fn archive(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (index, (name, data)) in members.iter().enumerate() {
        let method = [CompressionMethod::Deflated, CompressionMethod::Stored][index % 2];
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).expect("memory");
        writer.write_all(data).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// Changes `before` to `after` in both headers of each member.
fn patch_headers(archive: &mut [u8], offset: usize, after: &[u8]) {
    // The fields of the directory are two bytes further on (APPNOTE §4.3.7, §4.3.12).
    for (signature, shift) in [(b"PK\x03\x04", 0), (b"PK\x01\x02", 2)] {
        let starts: Vec<_> = memchr::memmem::find_iter(archive, signature).collect();
        for start in starts {
            let at = start + offset + shift;
            archive[at..at + after.len()].copy_from_slice(after);
        }
    }
}

/// The exit code, the ids with their sources, and standard error.
fn list(arguments: &[&str], input: &[u8]) -> (Option<i32>, Vec<(String, u64)>, String) {
    let arguments = [&["extract", "--list", "--format", "jsonl"], arguments].concat();
    let output = postcall(&arguments, input);
    let calls = json_lines(&output.stdout).into_iter();
    let calls = calls.filter(|item| item["kind"] == "call");
    let calls = calls.map(|item| {
        let source = item["source"].as_str().expect("a path").to_owned();
        (source, item["id"].as_u64().expect("an id"))
    });
    (
        output.status.code(),
        calls.collect(),
        String::from_utf8(output.stderr).expect("UTF-8"),
    )
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
    fs::write(&path, bytes).expect("writable");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn an_archive_is_read_like_the_folder_that_it_was_made_of() {
    let folder = temporary_folder();
    let samples = repository().join("samples");
    let mut names = Vec::new();
    for below in ["", "captures", "broken"] {
        for entry in fs::read_dir(samples.join(below)).expect("a folder") {
            let path = entry.expect("readable").path();
            if path.is_file() {
                names.push(path.strip_prefix(&samples).expect("below").to_owned());
            }
        }
    }
    // Hidden files and others that are skipped.
    let more = [
        ".hidden.json",
        "a/.git/config.json",
        "notes",
        "a/b.mbox",
        "c.json.bak",
        "480603",
    ];
    let mut members: Vec<(String, Vec<u8>)> = names
        .iter()
        .map(|name| {
            let bytes = fs::read(samples.join(name)).expect("readable");
            (name.to_str().expect("UTF-8").replace('\\', "/"), bytes)
        })
        .chain(more.map(|name| (name.to_owned(), body(1))))
        .collect();
    members.sort_by_key(|(name, _)| std::cmp::Reverse(name.clone()));
    for (name, bytes) in &members {
        write(folder.path(), &format!("files/{name}"), bytes);
    }
    let members: Vec<_> = members
        .iter()
        .map(|(name, bytes)| (&**name, bytes.clone()))
        .collect();
    write(folder.path(), "files.zip", &archive(&members));
    for arguments in [
        &["extract"][..],
        &["extract", "--all"],
        &["extract", "--list", "--format", "csv"],
        &["validate", "--format", "concise"],
    ] {
        let [plain, archive] = ["files", "files.zip"].map(|name| {
            let output = program(arguments)
                .arg(name)
                .current_dir(folder.path())
                .output();
            let output = output.expect("the program was built");
            let text = [output.stdout, output.stderr].map(|bytes| {
                let text = String::from_utf8(bytes).expect("UTF-8");
                // The list names the outermost coding, which is the archive for text in it.
                text.replace("files.zip", "files")
            });
            (output.status.code(), text)
        });
        assert_eq!(archive, plain, "{arguments:?}");
    }
}

#[test]
fn members_of_archives_in_archives_are_found_on_stdin_too() {
    let folder = temporary_folder();
    let mut bytes = archive(&[("deep/a.json", body(1)), ("deep/a.txt", body(2))]);
    for id in 3..6 {
        bytes = archive(&[("b.json", body(id)), ("c.zip", bytes)]);
    }
    let path = write(folder.path(), "x.zip", &bytes);
    let expected: Vec<(String, u64)> = [
        ("/b.json", 5),
        ("/c.zip/b.json", 4),
        ("/c.zip/c.zip/b.json", 3),
        ("/c.zip/c.zip/c.zip/deep/a.json", 1),
        ("/c.zip/c.zip/c.zip/deep/a.txt", 2),
    ]
    .map(|(member, id)| (member.to_owned(), id))
    .into();
    for (name, input) in [(&*path, &[][..]), ("-", &bytes)] {
        let (exit, calls, messages) = list(&[name], input);
        assert_eq!((exit, &*messages), (Some(0), ""));
        let calls = calls.into_iter().map(|(source, id)| {
            let name = if name == "-" { "<stdin>" } else { name };
            (
                source.strip_prefix(name).expect("the archive").to_owned(),
                id,
            )
        });
        assert_eq!(calls.collect::<Vec<_>>(), expected);
    }
    let (exit, calls, messages) = list(&["-"], &archive(&[("c.zip", bytes)]));
    assert_eq!((exit, calls.len()), (Some(3), 3));
    assert!(messages.contains("extract this one first"), "{messages}");
}

#[test]
fn members_with_one_name_and_with_hostile_names_are_read() {
    let mut bytes = archive(&[
        ("a.json", body(1)),
        ("b.json", body(2)),
        ("../../etc/c.json", body(3)),
        ("/d.json", body(4)),
        ("x\u{1b}[31m\r\n::error::.json", body(5)),
        ("sub\\e.json", body(6)),
        ("__MACOSX/._a.json", body(7)),
        (".hidden/a.json", body(8)),
    ]);
    let name = memchr::memmem::find_iter(&bytes.clone(), b"b.json").collect::<Vec<_>>();
    for at in name {
        bytes[at] = b'a';
    }
    let (exit, calls, messages) = list(&["-"], &bytes);
    assert_eq!((exit, &*messages), (Some(0), ""));
    let mut ids: Vec<_> = calls.iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
    let twice = calls
        .iter()
        .filter(|(source, _)| source == "<stdin>/a.json");
    assert_eq!(twice.count(), 2);
    let output = postcall(
        &["validate", "--format", "concise", "--deny", "all"],
        &bytes,
    );
    assert!(!output.stdout.contains(&0x1b) && !output.stdout.contains(&b'\r'));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("\n::error"));
}

#[test]
fn members_that_cannot_be_read_are_named_and_the_others_are_read() {
    let folder = temporary_folder();
    let read = |patch: &[(usize, &[u8])]| {
        let mut locked = archive(&[("a.json", body(1)), ("b.json", body(2))]);
        for (offset, bytes) in patch {
            patch_headers(&mut locked, *offset, bytes);
        }
        let path = write(folder.path(), "locked.zip", &locked);
        let outer = archive(&[("locked.zip", locked), ("open.json", body(3))]);
        let (exit, calls, messages) = list(&[&path], &[]);
        assert_eq!((exit, calls.len()), (Some(3), 0), "{messages}");
        let (exit, calls, _) = list(&["-"], &outer);
        assert_eq!((exit, calls.len()), (Some(3), 1));
        messages.replace(folder.path().to_str().expect("UTF-8"), "")
    };
    assert_eq!(
        read(&[(6, &[1, 0])]),
        "postcall: error: /locked.zip/a.json: encrypted, like 1 other member; extract the archive first: 7z x /locked.zip\n"
    );
    for (method, name) in [
        (12, "bzip2"),
        (14, "lzma"),
        (9, "deflate64"),
        (77, "method 77"),
    ] {
        let message = read(&[(8, &[method, 0])]);
        assert!(
            message.contains(&format!("a.json: compressed with {name}, like")),
            "{message}"
        );
    }
    assert!(read(&[(8, &[99, 0]), (6, &[1, 0])]).contains("a.json: encrypted"));
}

#[test]
fn documents_that_are_archives_are_named() {
    let sheet = "application/vnd.oasis.opendocument.spreadsheet";
    for (member, data, expected) in [
        (
            "xl/workbook.xml",
            "",
            "an Excel workbook; save its sheet as CSV, or run: xlsx2csv ",
        ),
        ("mimetype", sheet, "an OpenDocument spreadsheet; "),
        ("Index/Document.iwa", "", "an Apple Numbers, "),
        ("word/document.xml", "", "a Word document; "),
    ] {
        let document = archive(&[(member, data.into()), ("docProps/a.json", body(1))]);
        let (exit, calls, messages) = list(&["-"], &document);
        assert_eq!((exit, calls.len()), (Some(3), 0));
        assert!(messages.contains(expected), "{messages}");
        // In an archive, it is skipped by its name, or named.
        let outer = archive(&[
            ("a.xlsx", document.clone()),
            ("b.zip", document),
            ("c.json", body(2)),
        ]);
        let (exit, calls, messages) = list(&["-"], &outer);
        assert_eq!((exit, calls.len()), (Some(3), 1));
        assert!(
            messages.contains(&format!("<stdin>/b.zip: {expected}")),
            "{messages}"
        );
        assert!(
            messages.contains("skipped by name: 1 workbook"),
            "{messages}"
        );
    }
    // A folder of any files named like one of them is an archive.
    let bytes = archive(&[("mimetype", "text/plain".into()), ("a.json", body(1))]);
    assert_eq!(list(&["-"], &bytes).1.len(), 1);
}

#[test]
fn programs_and_marks_before_an_archive_are_skipped_but_no_archive() {
    let folder = temporary_folder();
    let plain = archive(&[("a.json", body(1))]);
    for (name, prefix) in [
        ("setup.exe", &b"MZ\0\0"[..]),
        ("x.zip", b"#!/bin/sh\nexit\n"),
        ("x.zip", b"PK\x07\x08"),
        ("x.zip", b"PK00"),
    ] {
        let path = write(folder.path(), name, &[prefix, &plain].concat());
        let (exit, calls, messages) = list(&[&path], &[]);
        assert_eq!((exit, calls.len(), &*messages), (Some(0), 1, ""));
    }
    let other = archive(&[("long name.json", body(2)), ("b.json", body(3))]);
    let (exit, calls, messages) = list(&["-"], &[other, plain].concat());
    assert_eq!((exit, calls.len()), (Some(1), 1));
    assert!(
        messages.contains("another zip archive precedes this one"),
        "{messages}"
    );
}

#[test]
fn data_around_an_archive_is_reported_unless_it_is_padding() {
    let folder = temporary_folder();
    let plain = archive(&[("a.json", body(1))]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&body(9)).expect("memory");
    let gzip = gzip.finish().expect("memory");
    let padding = b"\0\0 \r\n\0";
    let length = body(9).len();
    let before = format!("the data before the zip archive was not read (head -c {length} prints");
    let after =
        format!("the data after the end of the zip archive was not read (tail -c {length} ");
    let packed = format!("(tail -c {} prints it)", gzip.len());
    let long = [body(9), vec![0; 100_000]].concat();
    for (prefix, suffix, expected) in [
        (&[][..], &body(9)[..], &[&*after][..]),
        (&[], &gzip, &[&packed]),
        (&[], &long, &["was not read (tail -c 10"]),
        (&body(9), &[], &[&before]),
        (&body(9), &body(9), &[&before, &after]),
        (b"#!/bin/sh\nexit\n", &body(9), &[&after]),
        (b"MZ\0\0", &body(9), &[&after]),
        (padding, padding, &[]),
        (&vec![0; 100_000], &vec![b' '; 100_000], &[]),
    ] {
        let bytes = [prefix, &plain, suffix].concat();
        let outer = archive(&[("m.zip", bytes.clone()), ("z.json", body(3))]);
        let path = write(folder.path(), "m.zip", &bytes);
        let mut results = vec![(list(&[&path], &[]), 1)];
        if prefix.is_empty() {
            results.push((list(&["-"], &bytes), 1));
            results.push((list(&["-"], &outer), 2));
        }
        for ((exit, calls, messages), count) in results {
            assert_eq!(exit, Some(i32::from(!expected.is_empty())), "{messages}");
            assert_eq!(calls.len(), count, "{messages}");
            assert_eq!(messages.lines().count(), expected.len(), "{messages}");
            for part in expected {
                assert!(messages.contains(part), "{messages}");
            }
        }
    }
    // Without members, nothing was read.
    let (exit, _, messages) = list(&["-"], &[archive(&[]), body(9)].concat());
    assert!(exit == Some(3) && messages.contains(&after), "{messages}");
    let program = [b"MZ\0\0", &plain[..], &plain].concat();
    let path = write(folder.path(), "setup.exe", &program);
    let (exit, _, messages) = list(&[&path], &[]);
    assert_eq!(exit, Some(1));
    assert!(messages.contains("another zip archive pre"), "{messages}");
}

#[test]
fn a_member_that_the_directory_lists_twice_is_read_once() {
    let bytes = archive(&[("a.json", body(1)), ("b.json", body(2))]);
    let [_, directory] = boundaries(&bytes);
    let end = bytes.len() - 22;
    // A record has 46 bytes and the name.
    let record = &bytes[directory..directory + 46 + 6];
    let with_record = |record: &[u8]| {
        let mut end = bytes[end..].to_vec();
        (end[8], end[10]) = (3, 3);
        let size = (bytes.len() - 22 - directory + record.len()) as u64;
        end[12..16].copy_from_slice(&size.to_le_bytes()[..4]);
        [&bytes[..bytes.len() - 22], record, &end].concat()
    };
    let change = |at: usize, byte: u8| {
        let mut changed = record.to_vec();
        changed[at] ^= byte;
        with_record(&changed)
    };
    for (bytes, is_clean) in [
        (with_record(record), true),
        // Another name, method or checksum.
        (change(46, 2), true),
        (change(10, 8), false),
        (change(16, 1), false),
    ] {
        let (exit, calls, messages) = list(&["-"], &bytes);
        let ids: Vec<_> = calls.iter().map(|(_, id)| *id).collect();
        assert_eq!(ids, [1, 2], "{messages}");
        assert_eq!(exit, Some(i32::from(!is_clean)), "{messages}");
        assert_eq!(messages.contains("different records"), !is_clean);
        assert_eq!(messages.is_empty(), is_clean, "{messages}");
    }
}

#[test]
fn a_comment_is_no_end_of_the_archive() {
    let members = [("a.json", body(1)), ("b.json", body(2))];
    let plain = archive(&members);
    let record = &plain[plain.len() - 22..];
    let other = archive(&[("c.json", body(3))]);
    for comment in [
        &b"PK\x05\x06"[..],
        b"an end record starts with PK\x05\x06, as you know",
        &b"PK\x05\x06 ".repeat(10_000),
        &[b"PK\x05\x06", &[0; 18][..]].concat(),
        &[b"text ", record].concat(),
        &[record, b" PK\x05\x06", record].concat(),
        &plain,
        &other,
    ] {
        let mut bytes = plain.clone();
        let length = bytes.len();
        let size = u16::try_from(comment.len()).expect("a short comment");
        bytes[length - 2..].copy_from_slice(&size.to_le_bytes());
        bytes.extend(comment);
        let (exit, calls, messages) = list(&["-"], &bytes);
        assert_eq!((exit, calls.len(), &*messages), (Some(0), 2, ""));
        bytes.extend(b"call");
        let (exit, calls, messages) = list(&["-"], &bytes);
        assert_eq!((exit, calls.len()), (Some(1), 2));
        assert!(messages.contains("(tail -c 4 prints it)"), "{messages}");
    }
}

/// The end of the archive's first member, and the start of its directory.
fn boundaries(archive: &[u8]) -> [usize; 2] {
    let directory = memchr::memmem::find(archive, b"PK\x01\x02").expect("a directory");
    let second = memchr::memmem::find(&archive[4..], b"PK\x03\x04").expect("two members");
    [second + 4, directory]
}

#[test]
fn the_members_before_the_cut_are_read() {
    let mut streamed = ZipWriter::new_stream(Vec::new());
    for (name, id) in [("a.json", 1), ("b.json", 2)] {
        streamed
            .start_file(name, SimpleFileOptions::default())
            .expect("memory");
        streamed.write_all(&body(id)).expect("memory");
    }
    let streamed = streamed.finish().expect("memory").into_inner();
    let sized = archive(&[("a.json", body(1)), ("b.json", body(2))]);
    for bytes in [streamed, sized] {
        let [first, directory] = boundaries(&bytes);
        for (length, expected) in [
            (first - 20, 0),
            (first, 1),
            (first + 10, 1),
            (directory - 30, 1),
            (directory, 2),
            (bytes.len() - 1, 2),
        ] {
            let (exit, calls, messages) = list(&["-"], &bytes[..length]);
            assert_eq!(calls.len(), expected, "{length}: {messages}");
            assert!(messages.contains("its end is missing"), "{messages}");
            assert!(exit == Some(1) || exit == Some(3));
        }
        let followed = [&bytes[..], &vec![b' '; 2 << 20]].concat();
        let (exit, calls, messages) = list(&["-"], &followed);
        assert_eq!((exit, calls.len()), (Some(1), 2));
        assert!(
            messages.contains("or more than 1 MiB of other data follows"),
            "{messages}"
        );
        let (_, calls, messages) = list(&["-", "--max-unpacked", "100"], &bytes[..directory]);
        assert!(
            calls.is_empty() && messages.contains("--max-unpacked"),
            "{messages}"
        );
    }
}

#[test]
fn the_limit_is_on_the_sum_of_all_members() {
    let bomb = vec![b' '; 1 << 20];
    let names: Vec<String> = (0..50).map(|number| format!("{number}.json")).collect();
    let members: Vec<_> = names.iter().map(|name| (&**name, bomb.clone())).collect();
    let bytes = archive(&members);
    let (exit, _, messages) = list(&["-", "--max-unpacked", "16M"], &bytes);
    assert_eq!(exit, Some(3));
    let last = messages.lines().last().expect("a message");
    assert!(last.contains("larger than 16 MiB"), "{messages}");
    // Nothing is read after the limit.
    assert!(messages.lines().count() < 20, "{messages}");
    // Archives in archives count too.
    let nested = archive(&[("a.zip", archive(&[("b.zip", bytes)]))]);
    let (exit, _, messages) = list(&["-", "--max-unpacked", "16M"], &nested);
    assert_eq!(exit, Some(3));
    assert!(messages.contains("larger than 16 MiB"), "{messages}");
    // Members that need exactly as much as is allowed are no bomb.
    let bytes = archive(&[("a.json", body(1)), ("b.json", body(2))]);
    let needed = (body(1).len() + body(2).len()).to_string();
    let path = temporary_folder();
    let file = write(path.path(), "a.zip", &bytes);
    assert_eq!(list(&[&file, "--max-unpacked", &needed], &[]).1.len(), 2);
}

/// The findings and the unreadable inputs.
fn validate(bytes: Vec<u8>) -> (Vec<Value>, Vec<Value>) {
    let time = DateTime::from_timestamp(1_705_314_600, 0).expect("a time");
    let sources = sources_from_seekable("a.zip", Cursor::new(bytes), &SourceOptions::default());
    let mut report = Vec::new();
    in_memory::validate(
        sources,
        FindingsFormat::Json,
        Clock::Fixed(time),
        &mut report,
    )
    .expect("memory can be written");
    let report: Value = serde_json::from_slice(&report).expect("JSON");
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let calls = vec![report["summary"]["calls"].clone()];
    (
        [calls, list(&report["findings"])].concat(),
        list(&report["summary"]["unreadable"]),
    )
}

#[test]
fn an_archive_that_was_cut_or_changed_is_reported() {
    let bytes = archive(&[("a.json", body(1)), ("b.json", body(2))]);
    let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").expect("a directory");
    let (whole, unreadable) = validate(bytes.clone());
    assert!(unreadable.is_empty());
    for length in 4..bytes.len() {
        let (_, unreadable) = validate(bytes[..length].to_vec());
        assert!(!unreadable.is_empty(), "cut to {length} bytes");
    }
    // The values of local headers are not used, except their length.
    for at in 4..directory {
        let mut changed = bytes.clone();
        changed[at] ^= 0x55;
        let (findings, unreadable) = validate(changed);
        assert!(
            findings == whole || !unreadable.is_empty(),
            "changed at {at}"
        );
    }
}
