//! Data of other programs that is not text: databases, archives and others. Such data may contain
//! pieces of text, and calls in them, but never all calls in order. So it is not read, and the
//! message says how to get text from it.

mod binary;
mod format;
mod sqlite;

use super::source_name::SourceName;
use crate::capture::location::coding::Coding;
use binary::BinaryFormat;
use format::{FORMATS, Format, Hint};

/// The kind of a source by its first bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DataKind {
    /// Text, or anything that is read like text.
    Text,
    /// Data of another program. `holds_calls` is false if no user would expect calls in it.
    Other { reason: String, holds_calls: bool },
    /// More bytes are needed.
    Unknown,
}

/// Detects data of other programs by its first bytes, `head`. `is_whole` is true if there are no
/// more. The result depends on the data only, not on how many bytes have arrived. `name` and
/// `coding` are those of the source.
pub(crate) fn detect_kind(
    head: &[u8],
    is_whole: bool,
    name: &SourceName,
    coding: Option<Coding>,
) -> DataKind {
    // Most sources are JSON.
    if matches!(head, [b'{' | b'[', ..]) {
        return DataKind::Text;
    }
    // Data of this format has no mark.
    if !head.is_empty() && name.ends_with(".br") {
        return DataKind::Other {
            reason: format!(
                "brotli data; run: brotli -dc {} | postcall",
                name.in_command()
            ),
            holds_calls: true,
        };
    }
    // The mark of this format is at its end.
    if !head.is_empty() && (name.ends_with(".ldb") || name.ends_with(".sst")) {
        return DataKind::Other {
            reason: "a table of a LevelDB or RocksDB database; save its values as JSON Lines"
                .into(),
            holds_calls: true,
        };
    }
    let found = FORMATS.iter().filter(|format| format.is_at_start_of(head));
    let may_become = |format: &Format| format.may_start_with(head);
    let format = match (
        found.min_by_key(|format| format.length()),
        binary::detect(head),
    ) {
        (Some(format), _) | (None, BinaryFormat::Known(format)) => format,
        (None, BinaryFormat::Unknown) if !is_whole => return DataKind::Unknown,
        _ if !is_whole && FORMATS.iter().any(may_become) => return DataKind::Unknown,
        _ => return DataKind::Text,
    };
    let is_plain = coding.is_none_or(|coding| coding == Coding::Utf16);
    let file = if is_plain || matches!(format.hint, Hint::Unpacking(_)) {
        name.in_command()
    } else {
        "FILE"
    };
    let hint = match format.hint {
        Hint::Advice(advice) => advice.to_owned(),
        Hint::Command(command) | Hint::Unpacking(command) => {
            format!("run: {} | postcall", command.replace("FILE", file))
        }
        Hint::Query if !is_whole && head.len() < sqlite::SCHEMA_BYTES => return DataKind::Unknown,
        Hint::Query => {
            let schema = &head[..head.len().min(sqlite::SCHEMA_BYTES)];
            format!("run: {} | postcall", sqlite::query_command(file, schema))
        }
    };
    DataKind::Other {
        reason: format!("{}; {hint}", format.what),
        holds_calls: format.holds_calls,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_leveldb_are_known_by_their_name() {
        let kind = |head: &[u8]| detect_kind(head, false, &"db/000005.ldb".into(), None);
        assert!(matches!(kind(b"\0\x15"), DataKind::Other { .. }));
        assert_eq!(kind(b"{"), DataKind::Text);
        assert_eq!(kind(b""), DataKind::Unknown);
    }

    fn detect(head: &[u8], is_whole: bool) -> DataKind {
        detect_kind(head, is_whole, &"calls.bin".into(), None)
    }

    #[test]
    fn the_kind_does_not_depend_on_how_many_bytes_have_arrived() {
        let tar = [&b"calls/a.json"[..], &[0; 245], b"ustar\x0000", &[0; 300]].concat();
        let texts: [&[u8]; 17] = [
            b"BZh91AY&SY",
            b"BZhx1AY&SY",
            b"SQLite format 3\0\x10\0\x01\x01",
            b"SQLite is a database\n{}",
            b"PAR1\x15\x04",
            b"calls.json\0",
            b"2024-01-15 {\"id\":1}\n",
            b"id,call,DUCK\n",
            b"\x01\n\x02\x03\x04\x05\x06\xff DUCK",
            b"\x01\n\x02\x03\x04\x05\x06\xffDUCK",
            b"RIFF\0\0\0\0WAVE",
            b"\n{}",
            b"\0\x01\0\0Standard ACE DB\0",
            &tar,
            b"\x8c\xa2id\xce\0\x07\x54\xd1",
            b"\xac\x62id\x1a\0\x07\x54\xd1",
            b"a.json\0\0",
        ];
        for text in texts {
            let whole = detect(text, true);
            for length in 0..=text.len() {
                let part = detect(&text[..length], false);
                assert!(
                    part == whole || part == DataKind::Unknown,
                    "{text:?} {length}"
                );
            }
        }
    }

    #[test]
    fn each_format_has_a_message() {
        for format in FORMATS {
            let mut head = vec![0; format.offset];
            head.extend_from_slice(format.magic);
            head.extend_from_slice(&[0; 16]);
            let DataKind::Other { reason, .. } = detect(&head, true) else {
                panic!("{} is not detected", format.what);
            };
            assert!(reason.starts_with(format.what), "{reason}");
        }
    }

    #[test]
    fn the_command_names_the_file_if_it_can_be_passed_as_it_is() {
        let reason = |name: &str, coding| match detect_kind(b"PGDMP", true, &name.into(), coding) {
            DataKind::Other { reason, .. } => reason,
            kind => panic!("{kind:?}"),
        };
        assert!(reason("a/b.dump", None).contains(" a/b.dump "));
        for name in ["a b", "$(x)", "-x", "<stdin>", "a'b", "a\nb"] {
            assert!(reason(name, None).contains(" FILE "), "{name}");
        }
        assert!(reason("b.dump.gz", Some(Coding::Gzip)).contains(" FILE "));
    }
}
