//! Recognizes calls in the debug formats of programming languages, which look like JSON but are
//! not, and suggests code that logs JSON.

use std::ops::Range;

use crate::contract::recognition::PRINTED_NAMES;

/// A function that prints values in a debug format.
#[derive(Debug)]
pub(crate) struct DebugPrinter {
    /// Name of the function, with its language if that is not obvious.
    name: &'static str,
    /// Code in that language that makes JSON.
    alternative: &'static str,
    /// Text before and after a member name.
    name_delimiters: &'static [(&'static str, &'static str)],
}

impl DebugPrinter {
    /// Describes the error if a call was printed this way.
    pub(crate) fn problem(&self) -> String {
        format!("{} output, not JSON", self.name)
    }

    /// Advice on how to log JSON.
    pub(crate) fn help(&self) -> String {
        format!("log {} instead", self.alternative)
    }
}

const PRINTERS: &[DebugPrinter] = &[
    DebugPrinter {
        name: "console.log",
        alternative: "JSON.stringify(payload)",
        name_delimiters: &[
            ("", ": '"),
            ("", ": null,"),
            ("", ": [Object]"),
            ("", ": {}"),
        ],
    },
    DebugPrinter {
        name: "Python print",
        alternative: "json.dumps(payload)",
        name_delimiters: &[("'", "':")],
    },
    DebugPrinter {
        name: "PHP print_r",
        alternative: "json_encode($payload)",
        name_delimiters: &[("[", "] => ")],
    },
    DebugPrinter {
        name: "PHP var_dump",
        alternative: "json_encode($payload)",
        name_delimiters: &[("[\"", "\"]=>"), ("'", "' => ")],
    },
    DebugPrinter {
        name: "Ruby inspect",
        alternative: "JSON.generate(payload)",
        name_delimiters: &[("\"", "\"=>"), ("\"", "\" => "), (":", "=>")],
    },
    DebugPrinter {
        name: "Java toString",
        alternative: "objectMapper.writeValueAsString(payload)",
        name_delimiters: &[("{", "="), (", ", "=")],
    },
    DebugPrinter {
        name: "URL-encoded form",
        alternative: "the body as JSON",
        name_delimiters: &[("&", "="), ("", "=%2B"), ("", "=%2b")],
    },
    DebugPrinter {
        name: "Go %v",
        alternative: "the result of json.Marshal(payload) with %s",
        name_delimiters: &[("map[", ":"), (" ", ":+")],
    },
];

/// Returns the printer of `text` if it contains a printed call.
#[must_use]
pub(crate) fn find_printer(text: &[u8]) -> Option<&'static DebugPrinter> {
    PRINTERS.iter().find(|printer| {
        let mut patterns = PRINTED_NAMES.iter().flat_map(|name| {
            let marks = printer.name_delimiters.iter();
            marks.map(move |(before, after)| format!("{before}{name}{after}"))
        });
        patterns.any(|pattern| memchr::memmem::find(text, pattern.as_bytes()).is_some())
    })
}

/// Returns the printer of the member name at `name` in `text`, judging by the text around it.
pub(crate) fn find_printer_of_name(
    text: &[u8],
    name: Range<usize>,
) -> Option<&'static DebugPrinter> {
    let (before, after) = (&text[..name.start], &text[name.end..]);
    PRINTERS.iter().find(|printer| {
        let mut marks = printer.name_delimiters.iter();
        marks.any(|(left, right)| {
            before.ends_with(left.as_bytes()) && after.starts_with(right.as_bytes())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            let printer = find_printer(text.as_bytes()).expect(name);
            assert!(printer.name.contains(name), "{name}: {printer:?}");
        }
        assert!(find_printer(b"{\"customer_phone\": \"+49\",").is_none());
        assert!(find_printer(b"id,customer_phone,assistant_phone\n").is_none());
    }
}
