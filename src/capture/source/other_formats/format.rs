//! The formats of other programs, by the bytes that identify them.

/// Up to this many bytes, the first line of a text can be kept waiting.
const LINE_BYTES: usize = 16;

/// Placeholder in the magic bytes of a format: any digit in ASCII.
const ANY_DIGIT: u8 = b'#';

/// What the user can do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hint {
    /// Advice without a command.
    Advice(&'static str),
    /// A command that prints text; `FILE` is the name of the file.
    Command(&'static str),
    /// Like `Command`, for a program that also reads the file if it is compressed.
    Unpacking(&'static str),
    /// A query of the database.
    Query,
}

/// A format that is not text.
#[derive(Debug)]
pub(super) struct Format {
    /// The name, with an article.
    pub(super) what: &'static str,
    /// Offset of `magic`.
    pub(super) offset: usize,
    /// The bytes that identify the format. [`ANY_DIGIT`] is a placeholder.
    pub(super) magic: &'static [u8],
    pub(super) hint: Hint,
    /// False if no user would expect calls in it.
    pub(super) holds_calls: bool,
}

impl Format {
    /// Returns true if data that starts with `head` is in this format.
    pub(super) fn is_at_start_of(&self, head: &[u8]) -> bool {
        head.len() >= self.length() && self.fits(head)
    }

    /// Returns true if more bytes after `head` may show this format.
    pub(super) fn may_start_with(&self, head: &[u8]) -> bool {
        head.len() < self.length() && self.fits(head)
    }

    /// Number of bytes that identify this format.
    pub(super) fn length(&self) -> usize {
        self.offset + self.magic.len()
    }

    /// Returns true if no byte of `head` excludes this format. Magic bytes in the middle of text
    /// mean nothing.
    fn fits(&self, head: &[u8]) -> bool {
        let (before, rest) = head.split_at(head.len().min(self.offset));
        let is_control = |byte: &u8| byte.is_ascii_control() && !b"\t\r\n".contains(byte);
        let is_text = || std::str::from_utf8(before).is_ok() && !before.iter().any(is_control);
        if rest.is_empty() {
            // Text in lines is not kept waiting for the name in a tar header to end.
            return self.offset < LINE_BYTES || memchr::memchr(b'\n', before).is_none();
        }
        let is_magic = |(magic, byte): (&u8, &u8)| {
            magic == byte || *magic == ANY_DIGIT && byte.is_ascii_digit()
        };
        self.magic.iter().zip(rest).all(is_magic)
            && (before.is_empty() || !is_text())
            && (self.offset < LINE_BYTES || memchr::memchr(b'\n', before).is_none())
    }
}

pub(super) const fn format(what: &'static str, magic: &'static [u8], hint: Hint) -> Format {
    Format {
        what,
        offset: 0,
        magic,
        hint,
        holds_calls: true,
    }
}

const fn format_at(offset: usize, mut format: Format) -> Format {
    format.offset = offset;
    format
}

const fn without_calls(what: &'static str, magic: &'static [u8]) -> Format {
    Format {
        what,
        offset: 0,
        magic,
        hint: Hint::Advice("it holds no webhook bodies"),
        holds_calls: false,
    }
}

use Hint::{Advice, Command, Query, Unpacking};

/// All formats.
#[rustfmt::skip]
pub(super) const FORMATS: &[Format] = &[
    // Databases.
    format("an SQLite database", b"SQLite format 3\0", Query),
    format("the write-ahead log of an SQLite database", b"\x37\x7f\x06\x82", Advice("read the database instead")),
    format("the write-ahead log of an SQLite database", b"\x37\x7f\x06\x83", Advice("read the database instead")),
    format_at(8, format("a DuckDB database", b"DUCK", Command("duckdb -csv FILE \"FROM TABLE\""))),
    format("an Access database", b"\0\x01\0\0Standard Jet DB", Command("mdb-export FILE TABLE")),
    format("an Access database", b"\0\x01\0\0Standard ACE DB", Command("mdb-export FILE TABLE")),
    format("a Postgres dump in the custom format", b"PGDMP", Command("pg_restore --data-only -f - FILE")),
    format("a Redis dump", b"REDIS0", Command("rdb --command json FILE")),
    format_at(5, format("a MongoDB dump (BSON)", b"_id\0", Command("bsondump FILE"))),
    format("a MongoDB archive", b"\x6d\xe2\x99\x81", Advice("restore it, then run: mongoexport --collection NAME | postcall")),
    // Tables.
    format("a Parquet file", b"PAR1", Command("duckdb -csv -c \"FROM 'FILE'\"")),
    format("an Arrow file", b"ARROW1", Advice("save the table as CSV, JSON Lines or Parquet")),
    format("a Feather file", b"FEA1", Advice("save the table as CSV, JSON Lines or Parquet")),
    format("an Avro file", b"Obj\x01", Command("avro-tools tojson FILE")),
    format("an Excel 97 workbook or another old Office file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Advice("save a sheet as CSV, a mail as .eml")),
    // Archives and compressed files. The header of a tar archive starts with the name of a file.
    format_at(257, format("a tar archive", b"ustar", TAR)),
    format("a 7z archive", b"7z\xbc\xaf\x27\x1c", Command("7z x -so FILE")),
    format("a RAR archive", b"Rar!\x1a\x07", Command("unrar p -inul FILE")),
    format("a cabinet file", b"MSCF\0\0\0\0", Command("7z x -so FILE")),
    format("xz data", b"\xfd7zXZ\0", Command("xz -dc FILE")),
    format("bzip2 data", b"BZh#1AY&SY", Command("bzip2 -dc FILE")),
    format("lz4 data", b"\x04\x22\x4d\x18", Command("lz4 -dc FILE")),
    format("lzip data", b"LZIP\x01", Command("lzip -dc FILE")),
    format("lzma data", b"\x5d\0\0", Command("xz -dc FILE")),
    format("zlib data", b"\x78\x9c", ZLIB),
    format("zlib data", b"\x78\xda", ZLIB),
    format("zlib data", b"\x78\x01", ZLIB),
    format("compress data (.Z)", b"\x1f\x9d", Command("gzip -dc FILE")),
    format("snappy data", b"\xff\x06\0\0sNaPpY", Command("snzip -dc FILE")),
    // Logs and captures of packets.
    format("a systemd journal", b"LPKSHHRH", Command("journalctl --file FILE -o cat")),
    format("a Windows event log", b"ElfFile\0", Command("Get-WinEvent -Path FILE | ForEach-Object Message")),
    format("a packet capture", b"\xd4\xc3\xb2\xa1", PACKETS),
    format("a packet capture", b"\xa1\xb2\xc3\xd4", PACKETS),
    format("a packet capture", b"\x4d\x3c\xb2\xa1", PACKETS),
    format("a packet capture", b"\xa1\xb2\x3c\x4d", PACKETS),
    format("a packet capture", b"\x0a\x0d\x0d\x0a", PACKETS),
    // Encrypted files.
    format("a file that age has encrypted", b"age-encryption.org/v1", Command("age -d FILE")),
    format("a message that PGP has encrypted", b"-----BEGIN PGP MESSAGE", Command("gpg -d FILE")),
    format("a file that OpenSSL has encrypted", b"Salted__", Advice("decrypt it first")),
    // Objects of programs.
    format("a Python pickle", b"\x80\x02", PICKLE),
    format("a Python pickle", b"\x80\x03", PICKLE),
    format("a Python pickle", b"\x80\x04\x95", PICKLE),
    format("a Python pickle", b"\x80\x05\x95", PICKLE),
    format("serialized Java objects", b"\xac\xed\0\x05", Advice("write JSON instead")),
    format("CBOR data", b"\xd9\xd9\xf7", CBOR),
    // Documents and others.
    format("UTF-32 text", b"\xff\xfe\0\0", Command("iconv -f UTF-32 -t UTF-8 FILE")),
    format("UTF-32 text", b"\0\0\xfe\xff", Command("iconv -f UTF-32 -t UTF-8 FILE")),
    format("a property list", b"bplist00", Command("plutil -convert json -o - FILE")),
    without_calls("a PDF document", b"%PDF-"),
    without_calls("a PNG picture", b"\x89PNG\r\n"),
    without_calls("a JPEG picture", b"\xff\xd8\xff"),
    without_calls("a GIF picture", b"GIF8#a"),
    format_at(8, without_calls("a WebP picture", b"WEBPVP8")),
    format_at(8, without_calls("an audio file", b"WAVEfmt ")),
    without_calls("an audio file", b"ID3\x03"),
    without_calls("an audio file", b"ID3\x04"),
    without_calls("an audio file", b"OggS\0"),
    without_calls("an audio file", b"fLaC\0"),
    format_at(4, without_calls("an audio or video file", b"ftyp")),
    without_calls("a program", b"\x7fELF"),
    without_calls("a program", b"MZ\x90\0"),
    without_calls("a program", b"\xcf\xfa\xed\xfe"),
];

const ZLIB: Hint = Command("zlib-flate -uncompress < FILE");
pub(super) const TAR: Hint = Unpacking("tar -xOf FILE");
pub(super) const CBOR: Hint = Command("python3 -m cbor2.tool FILE");
pub(super) const MESSAGE_PACK: Hint = Command("msgpack2json -i FILE");
const PICKLE: Hint = Advice("write JSON instead: json.dump(pickle.load(file), output)");

/// Commands for this differ between versions, or print hexadecimal digits.
const PACKETS: Hint = Advice("save the requests with Wireshark: File > Export Objects > HTTP");
