//! Classifies the files in a folder or an archive by name: those that are read, and those that are
//! skipped although they may hold calls.

/// Extensions of the files that are read from folders and archives. A file that is named on the
/// command line is read whatever its extension.
pub(crate) const EXTENSIONS: &[&str] = &[
    "json", "jsonl", "ndjson", "har", "http", "log", "txt", "csv", "tsv", "eml", "mbox", "html",
    "sql", "zip",
];

/// Extensions of compressed files. They follow one of [`EXTENSIONS`], as in `calls.json.gz`.
pub(crate) const COMPRESSED_EXTENSIONS: &[&str] = &["gz", "zst"];

/// Extensions that do not promise calls. A file with one of them that is found in a folder and
/// holds no call is not reported.
const UNCERTAIN_EXTENSIONS: &[&str] = &[
    "har", "http", "log", "txt", "csv", "tsv", "eml", "mbox", "html", "sql", "zip",
];

/// Extensions of other files that may hold calls.
const SKIPPED_EXTENSIONS: &[(SkippedKind, &[&str])] = &[
    (
        SkippedKind::Archive,
        &[
            "tar", "tgz", "tbz", "tbz2", "txz", "tzst", "7z", "rar", "saz", "warc", "gz", "zst",
            "bz2", "xz", "lz4", "lzma", "br", "z",
        ],
    ),
    (
        SkippedKind::Email,
        &["emlx", "mbx", "msg", "mht", "mhtml", "pst", "ost"],
    ),
    (
        SkippedKind::Database,
        &[
            "db", "db3", "sqlite", "sqlite3", "s3db", "dump", "pgdump", "mdb", "accdb", "duckdb",
            "ldb", "sst", "dbf", "rdb", "aof", "bson",
        ],
    ),
    (
        SkippedKind::Workbook,
        &["xlsx", "xlsm", "xlsb", "xls", "ods", "fods", "numbers"],
    ),
    (
        SkippedKind::Table,
        &["tab", "parquet", "avro", "orc", "arrow", "feather"],
    ),
    (
        SkippedKind::Log,
        &[
            "logs", "logfile", "syslog", "out", "err", "stdout", "stderr", "trace", "journal",
        ],
    ),
    (
        SkippedKind::Text,
        &[
            "text",
            "jsn",
            "json5",
            "jsonc",
            "jsonlines",
            "jl",
            "ldjson",
            "body",
            "payload",
            "webhook",
            "request",
            "req",
            "rest",
            "data",
            "dat",
            "raw",
        ],
    ),
];

/// Extensions of copies. They follow the extension of the file, as in `app.log.old`.
const COPY_EXTENSIONS: &[&str] = &[
    "bak", "backup", "old", "orig", "copy", "prev", "save", "tmp", "temp", "part", "partial",
];

/// Names of logs without an extension, besides those that end with `_log` or `-log`.
const LOG_NAMES: &[&str] = &[
    "log", "syslog", "messages", "daemon", "stdout", "stderr", "nohup",
];

/// A kind of files that may hold calls and are not read from folders and archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SkippedKind {
    Archive,
    Email,
    Database,
    Workbook,
    Table,
    Log,
    Text,
}

impl SkippedKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Archive,
        Self::Email,
        Self::Database,
        Self::Workbook,
        Self::Table,
        Self::Log,
        Self::Text,
    ];

    /// The noun for one file, whose plural ends with `s`.
    #[must_use]
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Email => "email",
            Self::Database => "database",
            Self::Workbook => "workbook",
            Self::Table => "table",
            Self::Log => "log",
            Self::Text => "text file",
        }
    }
}

/// What happens to a file that was found in a folder or an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileChoice {
    /// It is read. `promises_calls` is true if a file without a call is reported.
    Read { promises_calls: bool },
    /// It is skipped and counted.
    Skip(SkippedKind),
    /// It has nothing to do with calls.
    Ignore,
}

/// Decides about a file by its name, without its folder. `head` returns up to that number of bytes
/// from the start of the file, decompressed; it is called only if the name is not enough.
/// `include_all` reads files of any name.
pub(super) fn choose(
    name: &str,
    include_all: bool,
    head: impl FnOnce(u64) -> Option<Vec<u8>>,
) -> FileChoice {
    let class = classify(name);
    match class {
        NameClass::Capture { promises_calls } => FileChoice::Read { promises_calls },
        _ if include_all => FileChoice::Read {
            promises_calls: false,
        },
        // No text starts with a NUL byte.
        NameClass::Dated => match head(1).as_deref() {
            Some([0]) => FileChoice::Skip(SkippedKind::Log),
            _ => FileChoice::Read {
                promises_calls: false,
            },
        },
        NameClass::Skipped(kind) => FileChoice::Skip(kind),
        NameClass::Unknown => match head(256).as_deref().map(<[u8]>::trim_ascii_start) {
            Some([b'{' | b'[', ..]) => FileChoice::Skip(SkippedKind::Text),
            _ => FileChoice::Ignore,
        },
        NameClass::Other => FileChoice::Ignore,
    }
}

/// Formats [`EXTENSIONS`] as `*.a, *.b or *.c`.
pub(super) fn file_patterns() -> String {
    let patterns: Vec<String> = EXTENSIONS
        .iter()
        .map(|extension| format!("*.{extension}"))
        .collect();
    match patterns.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => patterns.concat(),
    }
}

/// The class of a file in a folder or an archive, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameClass {
    /// Read. `promises_calls` is true if a file without a call is reported.
    Capture { promises_calls: bool },
    /// Read unless it is binary: only a date in its name suggests a rotated log.
    Dated,
    /// Not read, although it may hold calls.
    Skipped(SkippedKind),
    /// Without an extension, so that only the content can show whether it may hold calls.
    Unknown,
    /// Not read: code, pictures and everything else.
    Other,
}

/// Classifies a file by its name, without its folder.
fn classify(name: &str) -> NameClass {
    let name = name.to_ascii_lowercase();
    let (stem, extension) = split_extension(&name);
    let is_compressed = COMPRESSED_EXTENSIONS.contains(&extension);
    let plain = if is_compressed { stem } else { &name };
    let (stem, extension) = split_extension(plain);
    if let Some(extension) = capture_extension(plain) {
        if is_dated_name(plain) {
            return NameClass::Dated;
        }
        let promises_calls = !UNCERTAIN_EXTENSIONS.contains(&extension);
        return NameClass::Capture { promises_calls };
    }
    if extension.is_empty() && !is_log_name(plain) {
        // The name `calls.gz` does not reveal a format, so take it for JSON.
        return if is_compressed {
            NameClass::Capture {
                promises_calls: true,
            }
        } else {
            NameClass::Unknown
        };
    }
    let plain = split_rotation(plain).map_or(plain, |(name, _)| name);
    let (original, copy) = match plain.strip_suffix('~') {
        Some(original) => (original, true),
        None => (stem, COPY_EXTENSIONS.contains(&extension)),
    };
    if copy && let Some(extension) = capture_extension(original) {
        return NameClass::Skipped(if extension == "log" {
            SkippedKind::Log
        } else {
            SkippedKind::Text
        });
    }
    let (_, extension) = split_extension(plain);
    let mut kinds = SKIPPED_EXTENSIONS.iter();
    match kinds.find(|(_, extensions)| extensions.contains(&extension)) {
        Some((kind, _)) => NameClass::Skipped(*kind),
        None if is_log_name(plain) || was_log(plain) => NameClass::Skipped(SkippedKind::Log),
        None => NameClass::Other,
    }
}

/// Returns the one of [`EXTENSIONS`] that the lower-case `name` has, if any. A rotated file has the
/// extension of the original: `log` for `app.log.1` and `app.log-20260101`. A rotated file without
/// an extension is a log.
fn capture_extension(name: &str) -> Option<&str> {
    let known = |name| {
        let (stem, extension) = split_extension(name);
        let is_compressed = COMPRESSED_EXTENSIONS.contains(&extension);
        let extension = if is_compressed {
            split_extension(stem).1
        } else {
            extension
        };
        Some(extension).filter(|extension| EXTENSIONS.contains(extension))
    };
    if let Some(extension) = known(name) {
        return Some(extension);
    }
    let (original, suffix) = split_rotation(name)?;
    let is_rotated_log = || {
        let has_extension = original.contains('.');
        !has_extension && (is_date(suffix) || is_log_name(original))
    };
    known(original).or_else(|| is_rotated_log().then_some("log"))
}

/// Returns true if the lower-case `name` has no extension and is not that of a log, apart from the
/// suffix of a rotated log.
fn is_dated_name(name: &str) -> bool {
    let original = split_rotation(name).map(|(original, _)| original);
    original.is_some_and(|original| !original.contains('.') && !is_log_name(original))
}

/// Splits a name before the suffix that log rotation adds: numbers, dates and times after a dot, a
/// hyphen or an underscore. Returns `None` without one.
fn split_rotation(name: &str) -> Option<(&str, &str)> {
    let is_part = |c: char| c.is_ascii_digit() || ".-_:+".contains(c);
    let ends_with_digit = |text: &&str| text.ends_with(|c: char| c.is_ascii_digit());
    // A time such as 2026-01-01T10:30:00Z, in lower case. The end of `calls.7z` is none.
    let time = name.strip_suffix('z').unwrap_or(name);
    let date = time.trim_end_matches(is_part).strip_suffix('t');
    let original = (date.filter(ends_with_digit).unwrap_or(name)).trim_end_matches(is_part);
    let suffix = &name[original.len()..];
    let number = suffix.strip_prefix(['.', '-', '_'])?;
    let is_rotation = number.starts_with(|c: char| c.is_ascii_digit()) && !original.is_empty();
    is_rotation.then_some((original, number))
}

/// Returns true if `text` starts with a date: `20260101` or `2026-01-01`.
fn is_date(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    let is_in = |range: std::ops::Range<usize>, values: std::ops::RangeInclusive<u32>| {
        let number = digits.get(range).and_then(|number| number.parse().ok());
        number.is_some_and(|number| values.contains(&number))
    };
    is_in(0..4, 1990..=2099) && is_in(4..6, 1..=12) && is_in(6..8, 1..=31)
}

/// Returns true if the name without an extension is that of a log.
fn is_log_name(name: &str) -> bool {
    LOG_NAMES.contains(&name) || name.ends_with("_log") || name.ends_with("-log")
}

/// Returns true if the name was that of a log before something was added: `app.log-old`.
fn was_log(name: &str) -> bool {
    let mut parts = name.match_indices(".log");
    parts.any(|(at, part)| {
        let rest = name[at + part.len()..].chars().next();
        at > 0 && rest.is_none_or(|next| !next.is_alphanumeric())
    })
}

/// Splits a name at its last dot into stem and extension. The extension is empty without a dot, and
/// if the only dot comes first.
fn split_extension(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_known_by_their_extension() {
        for name in [
            "a.json",
            "A.JSON",
            "a.jsonl.gz",
            "a.b.ndjson.zst",
            "calls.gz",
        ] {
            let promises_calls = true;
            assert_eq!(
                classify(name),
                NameClass::Capture { promises_calls },
                "{name}"
            );
        }
        for name in [
            "a.har",
            "a.http",
            "a.LOG",
            "a.txt.gz",
            "a.csv.zst",
            "a.tsv",
            "a.eml",
            "a.mbox",
            "a.html",
            "dump.sql.gz",
            "dump.sql.1",
            "a.ZIP",
        ] {
            let promises_calls = false;
            assert_eq!(
                classify(name),
                NameClass::Capture { promises_calls },
                "{name}"
            );
        }
    }

    #[test]
    fn rotated_logs_are_read() {
        for name in [
            "app.log.1",
            "APP.LOG.1",
            "app.log.12.gz",
            "app.log.1.zst",
            "app.log-20260101",
            "app.log-20260101.gz",
            "app.log-20260101-1767225600.gz",
            "app.log-1767225600",
            "app.log_20260101",
            "app.log.20260101",
            "app.log.2026-01-01",
            "app.log.gz.1",
            "log.1",
            "app.log.2026-01-01.gz",
            "app.log.2026-01-01.1.zst",
            "app.log.2026-01-01-10",
            "app.log.2026-01-01T10:30:00Z",
            "app.log.2026-01-01t10-30-00.000+0100",
            "app.txt.1",
            "messages-20260101",
            "messages-20260101.gz",
            "syslog.1",
            "syslog.2.gz",
            "access_log.3",
            "access_log-20260101.gz",
        ] {
            let promises_calls = false;
            assert_eq!(
                classify(name),
                NameClass::Capture { promises_calls },
                "{name}"
            );
        }
        let promises_calls = true;
        for name in ["calls.jsonl.1", "calls.json-20260101.gz"] {
            assert_eq!(
                classify(name),
                NameClass::Capture { promises_calls },
                "{name}"
            );
        }
    }

    #[test]
    fn only_a_date_does_not_make_a_log() {
        for name in ["app-2026-01-01", "backup-20260101", "backup-20260101.gz"] {
            assert_eq!(classify(name), NameClass::Dated, "{name}");
        }
    }

    #[test]
    fn other_files_that_may_hold_calls_are_known() {
        use SkippedKind::{Archive, Database, Email, Log, Table, Text, Workbook};

        for (name, kind) in [
            ("calls.tar.gz", Archive),
            ("calls.json.bz2", Archive),
            ("CALLS.XZ", Archive),
            ("calls.7z", Archive),
            ("backup.tar-20260101", Archive),
            ("mail.emlx", Email),
            ("mail.mbx.gz", Email),
            ("store.db", Database),
            ("store.sqlite3", Database),
            ("dump.pgdump.gz", Database),
            ("dump.dump.1", Database),
            ("calls.XLSX", Workbook),
            ("calls.parquet", Table),
            ("nohup.out", Log),
            ("app.log.old", Log),
            ("app.log-old", Log),
            ("app.log.2026w05", Log),
            ("catalina.out-20260101", Log),
            ("app.log.1.bak", Log),
            ("app.log~", Log),
            ("syslog", Log),
            ("access_log", Log),
            ("calls.json.bak", Text),
            ("calls.csv.orig", Text),
            ("calls.jsonl~", Text),
            ("0001.payload", Text),
        ] {
            assert_eq!(classify(name), NameClass::Skipped(kind), "{name}");
        }
    }

    #[test]
    fn code_and_pictures_are_not_mentioned() {
        for name in [
            "main.rs",
            "app.js",
            "app.js.gz",
            "logo.png",
            "page.php",
            "README.md",
            "postcall.1",
            "release-1.2.3.rs",
            "calls.json.sha256",
            "messages.json.ts",
            "postcall.toml",
            "libx.so.1",
            "a.log1",
            "a.login.js",
            "a.logic-1.ts",
        ] {
            assert_eq!(classify(name), NameClass::Other, "{name}");
        }
        for name in ["LICENSE", "Makefile", "changelog", "480601", "a-1.2"] {
            let class = classify(name);
            assert!(
                matches!(class, NameClass::Unknown | NameClass::Other),
                "{name}"
            );
        }
    }
}
