//! Recognizes calls in other formats than JSON: debug output of programming languages, output of
//! database shells, YAML. Suggests how to get JSON.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::capture::split::boundary::string_end;
use crate::capture::split::lines::line_start;
use crate::contract::recognition::PRINTED_NAMES;

/// Another format than JSON, in which programs print values.
#[derive(Debug)]
pub(crate) struct DebugPrinter {
    /// Name of the format.
    name: &'static str,
    /// Advice on how to get JSON.
    help: &'static str,
    /// Text before and after a member name.
    name_delimiters: &'static [(&'static str, &'static str)],
    /// Text that occurs in the line of a member name.
    marks: &'static [&'static str],
}

impl DebugPrinter {
    /// Describes the error if a call was printed this way.
    pub(crate) fn problem(&self) -> String {
        format!("{}, not JSON", self.name)
    }

    /// Advice on how to get JSON.
    pub(crate) fn help(&self) -> String {
        self.help.to_owned()
    }
}

/// The formats. The first one that fits counts, so those with marks come first.
const PRINTERS: &[DebugPrinter] = &[
    DebugPrinter {
        name: "MongoDB shell output",
        help: "export JSON with mongoexport, or print EJSON.stringify(document)",
        name_delimiters: &[],
        marks: &[
            "ObjectId(",
            "ISODate(",
            "NumberLong(",
            "NumberInt(",
            "NumberDecimal(",
            "BinData(",
        ],
    },
    DebugPrinter {
        name: "aligned psql output",
        help: "run psql with -At, which prints each value on one line",
        name_delimiters: &[],
        // Three spaces, because other programs join lines of text with one.
        marks: &["   +\n", "   +\r\n"],
    },
    DebugPrinter {
        name: "Elixir inspect output",
        help: "log Jason.encode!(payload) instead",
        name_delimiters: &[],
        marks: &["%{"],
    },
    DebugPrinter {
        name: "PowerShell output",
        help: "pipe the object to ConvertTo-Json -Depth 10 -Compress",
        // The last is a list, in which the values are below each other.
        name_delimiters: &[("@{", "="), ("; ", "="), ("\n", "  : ")],
        marks: &[],
    },
    DebugPrinter {
        name: "console.log output",
        help: "log JSON.stringify(payload) instead",
        name_delimiters: &[
            ("", ": '"),
            ("", ": null,"),
            ("", ": [Object]"),
            ("", ": {}"),
        ],
        marks: &[],
    },
    DebugPrinter {
        name: "Rust debug output",
        help: "log serde_json::to_string(&payload) instead",
        name_delimiters: &[("", ": Some("), ("\"", "\": String(")],
        marks: &[],
    },
    DebugPrinter {
        name: "Python print output",
        help: "log json.dumps(payload) instead",
        name_delimiters: &[("'", "':"), ("", "='")],
        marks: &[],
    },
    DebugPrinter {
        name: "PHP print_r output",
        help: "log json_encode($payload) instead",
        name_delimiters: &[("[", "] => ")],
        marks: &[],
    },
    DebugPrinter {
        name: "PHP var_dump output",
        help: "log json_encode($payload) instead",
        name_delimiters: &[("[\"", "\"]=>")],
        marks: &[],
    },
    DebugPrinter {
        name: "PHP var_export or Perl Data::Dumper output",
        help: "log json_encode($payload) or encode_json($payload) instead",
        name_delimiters: &[("'", "' => ")],
        marks: &[],
    },
    DebugPrinter {
        name: "PHP serialize output",
        help: "save json_encode($payload) instead",
        name_delimiters: &[(":\"", "\";")],
        marks: &[],
    },
    DebugPrinter {
        name: "Ruby inspect output",
        help: "log JSON.generate(payload) instead",
        name_delimiters: &[("\"", "\"=>"), ("\"", "\" => "), (":", "=>")],
        marks: &[],
    },
    DebugPrinter {
        name: "Java toString output",
        help: "log objectMapper.writeValueAsString(payload) instead",
        name_delimiters: &[("{", "="), (", ", "=")],
        marks: &[],
    },
    DebugPrinter {
        name: "URL-encoded form",
        help: "log the body as JSON instead",
        name_delimiters: &[("&", "="), ("", "=%2B"), ("", "=%2b")],
        marks: &[],
    },
    DebugPrinter {
        name: "Go %v output",
        help: "log the result of json.Marshal(payload) with %s instead",
        name_delimiters: &[("map[", ":"), (" ", ":+")],
        marks: &[],
    },
    DebugPrinter {
        name: "XML",
        help: "save the JSON of the webhook instead",
        name_delimiters: &[("<", ">")],
        marks: &[],
    },
    DebugPrinter {
        name: "TOML",
        help: "save the JSON of the webhook instead",
        name_delimiters: &[("\n", " = ")],
        marks: &[],
    },
];

const YAML: DebugPrinter = DebugPrinter {
    name: "YAML",
    help: "convert it with `yq --output-format json`",
    name_delimiters: &[],
    marks: &[],
};

const JAVASCRIPT: DebugPrinter = DebugPrinter {
    name: "JavaScript or JSON5",
    help: "write JSON.stringify(payload) instead",
    name_delimiters: &[],
    marks: &[],
};

/// Searches for the names of members. Building a searcher costs more than searching a line.
static NAMES: LazyLock<Vec<Finder<'static>>> =
    LazyLock::new(|| PRINTED_NAMES.iter().map(Finder::new).collect());

/// Returns the printer of `text` if it contains a printed call.
#[must_use]
pub(crate) fn find_printer(text: &[u8]) -> Option<&'static DebugPrinter> {
    NAMES.iter().find_map(|name| {
        /// Up to this number of occurrences are examined.
        const MAX_OCCURRENCES: usize = 8;
        let found = name.find_iter(text).take(MAX_OCCURRENCES);
        let mut names = found.map(|start| start..start + name.needle().len());
        names.find_map(|name| find_printer_of_name(text, name))
    })
}

/// Returns the printer of the member name at `name` in `text`, judging by the text around it.
pub(crate) fn find_printer_of_name(
    text: &[u8],
    name: Range<usize>,
) -> Option<&'static DebugPrinter> {
    /// Bytes before and after the name that are examined, which bounds the work for a long line of
    /// names.
    const MAX_BYTES: usize = 4096;
    let before = &text[name.start.saturating_sub(MAX_BYTES)..name.start];
    let after = &text[name.end..text.len().min(name.end + MAX_BYTES)];
    // Only the line of the name counts: the lines around it may be in another batch.
    let from = line_start(before, before.len());
    let to = memchr::memchr(b'\n', after).map_or(after.len(), |newline| newline + 1);
    let near = &text[name.start - (before.len() - from)..name.end + to];
    if is_yaml(before, after) {
        return Some(&YAML);
    }
    let is_member = [
        &b":"[..],
        b"\":",
        b"\" :",
        b"':",
        b"=",
        b"\"=>",
        b"\" =>",
        b"' =>",
    ];
    let is_member = is_member.iter().any(|mark| after.starts_with(mark));
    let printer = PRINTERS.iter().find(|printer| {
        let mut marks = printer.name_delimiters.iter();
        marks.any(|(left, right)| {
            before.ends_with(left.as_bytes()) && after.starts_with(right.as_bytes())
        }) || is_member
            && (printer.marks.iter())
                .any(|mark| memchr::memmem::find(near, mark.as_bytes()).is_some())
    });
    printer.or_else(|| (is_member && has_bare_name(before, after)).then_some(&JAVASCRIPT))
}

/// Returns the printer of an object over several lines, judging by all of them.
pub(crate) fn find_printer_of_block(block: &[u8]) -> Option<&'static DebugPrinter> {
    let marked = PRINTERS.iter().find(|printer| {
        let mut marks = printer.marks.iter();
        marks.any(|mark| memchr::memmem::find(block, mark.as_bytes()).is_some())
    });
    let mut lines = block.split(|byte| *byte == b'\n');
    marked.or_else(|| lines.any(is_bare_member).then_some(&JAVASCRIPT))
}

/// True if the line is a member of a JavaScript object whose name has no quotes.
fn is_bare_member(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let length = line.iter().take_while(is_part).count();
    length > 0
        && line[length..].trim_ascii_start().starts_with(b":")
        && matches!(line.last(), Some(b',' | b'{' | b'['))
}

/// True if a member name between these texts is that of a YAML mapping: it starts a line, and the
/// line has no comma at its end.
fn is_yaml(before: &[u8], after: &[u8]) -> bool {
    let line = &before[line_start(before, before.len())..];
    let indent = line.strip_prefix(b"- ").unwrap_or(line);
    let value = after
        .strip_prefix(b": ")
        .or_else(|| after.strip_prefix(b":\n"));
    let Some(value) = value.filter(|_| indent.iter().all(|byte| matches!(byte, b' ' | b'-')))
    else {
        return false;
    };
    let end = memchr::memchr(b'\n', value).unwrap_or(value.len());
    let value = &value[..end];
    let last = value.trim_ascii_end().last();
    !matches!(last, Some(b',' | b'{' | b'[' | b'(' | b'}' | b']'))
}

/// True if the member name between these texts, or one behind it, has no quotes, as JavaScript
/// allows.
fn has_bare_name(before: &[u8], after: &[u8]) -> bool {
    let line = memchr::memchr(b'\n', after).map_or(after, |newline| &after[..newline]);
    let Some(mut rest) = line.strip_prefix(b"\"") else {
        return matches!(before.trim_ascii_end().last(), Some(b'{' | b','));
    };
    while let Some(found) = memchr::memchr3(b'"', b',', b'{', rest) {
        let (byte, after) = (rest[found], &rest[found + 1..]);
        if byte == b'"' {
            let end = string_end(rest, found).filter(|end| rest[*end] == b'"');
            rest = end.map_or(&[], |end| &rest[end + 1..]);
            continue;
        }
        rest = after.trim_ascii_start();
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
        let length = rest.iter().take_while(is_part).count();
        let is_word = length > 0 && !rest[0].is_ascii_digit();
        if is_word && rest[length..].trim_ascii_start().starts_with(b":") {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_near_a_name_is_examined() {
        let printer = |distance| {
            let text = format!("customer_phone: \"+49\"{}%{{", " ".repeat(distance));
            find_printer_of_name(text.as_bytes(), 0..14).map(|printer| printer.name)
        };
        assert_eq!(printer(100), Some("Elixir inspect output"));
        assert_ne!(printer(10_000), Some("Elixir inspect output"));
    }

    #[test]
    fn printers_are_recognized_by_name_delimiters() {
        for (text, name) in [
            (
                "{ id: 1, customer_phone: '+49', duration: 3 }",
                "console.log",
            ),
            ("{'id': 1, 'customer_phone': '+49'}", "Python"),
            (
                "Array\n(\n    [id] => 1\n    [customer_phone] => +49\n)",
                "print_r",
            ),
            (
                "array(2) {\n  [\"customer_phone\"]=>\n  string(3)",
                "var_dump",
            ),
            ("{\"id\"=>1, \"customer_phone\"=>\"+49\"}", "Ruby"),
            ("{id=1, customer_phone=+49}", "Java"),
            ("map[customer_phone:+49 id:1]", "Go"),
            ("id=1&customer_phone=%2B49", "form"),
            ("@{id=1; customer_phone=+49; duration=3}", "PowerShell"),
            ("id              : 1\ncustomer_phone  : +49\n", "PowerShell"),
            (
                "Call {\n    customer_phone: Some(\n        \"+49\",\n    ),\n}",
                "Rust",
            ),
            (
                "a:1:{s:14:\"customer_phone\";s:3:\"+49\";}",
                "PHP serialize",
            ),
            (
                "{ \"id\": NumberLong(1), \"customer_phone\": \"+49\" }",
                "MongoDB",
            ),
            (" {            +\n  \"customer_phone\": 1   +\n", "psql"),
            (
                "{\n  \"customer_phone\": \"+49, a: b\", c: 1}",
                "JavaScript",
            ),
            ("{ id: 1, customer_phone: \"+49\" }", "JavaScript"),
            ("id: 1\ncustomer_phone: '+49'\nduration: 3\n", "YAML"),
            ("- id: 1\n  customer_phone: \"+49\"\n", "YAML"),
            ("%{\"customer_phone\" => \"+49\"}", "Elixir"),
            ("%{customer_phone: \"+49\"}", "Elixir"),
            ("Object {\"customer_phone\": String(\"+49\")}", "Rust"),
            ("Call { id: 1, customer_phone: Some(\"+49\") }", "Rust"),
            ("Call(id=1, customer_phone='+49')", "Python"),
            ("$VAR1 = {\n 'customer_phone' => '+49'\n};", "Perl"),
            ("<call><customer_phone>+49</customer_phone></call>", "XML"),
        ] {
            let printer = find_printer(text.as_bytes()).expect(name);
            assert!(printer.name.contains(name), "{name}: {printer:?}");
        }
        assert!(find_printer(b"{\"customer_phone\": \"+49\",").is_none());
        let log = b"info: {\"customer_phone\": \"+49\", \"a\": \"b, c: d\ninfo: {\"id\": 1";
        assert!(find_printer(log).is_none());
        assert!(find_printer(b"2024 info: {\"id\": 1, \"customer_phone\": \"+49\",").is_none());
        assert!(find_printer(b"id,customer_phone,assistant_phone\n").is_none());
    }
}
