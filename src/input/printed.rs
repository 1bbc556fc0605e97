//! Text that programs print for people to look at, which looks like JSON and is none: what printed it, and what to log instead.

use std::ops::Range;

/// What prints values for people.
#[derive(Debug)]
pub(super) struct Printer {
    /// Its name.
    name: &'static str,
    /// What writes JSON there.
    instead: &'static str,
    /// What stands before and behind a member's name.
    marks: &'static [(&'static str, &'static str)],
}

impl Printer {
    /// What is found where a call was printed.
    pub(super) fn problem(&self) -> String {
        format!("a call as {} prints it for people, not JSON", self.name)
    }

    /// What to do about it.
    pub(super) fn help(&self) -> String {
        format!("log {} instead", self.instead)
    }
}

const PRINTERS: &[Printer] = &[
    Printer {
        name: "JavaScript's console.log",
        instead: "console.log(JSON.stringify(payload))",
        marks: &[
            ("", ": '"),
            ("", ": null,"),
            ("", ": [Object]"),
            ("", ": {}"),
        ],
    },
    Printer {
        name: "Python's print",
        instead: "print(json.dumps(payload))",
        marks: &[("'", "':")],
    },
    Printer {
        name: "PHP's print_r",
        instead: "error_log(json_encode($payload))",
        marks: &[("[", "] => ")],
    },
    Printer {
        name: "PHP's var_dump",
        instead: "error_log(json_encode($payload))",
        marks: &[("[\"", "\"]=>"), ("'", "' => ")],
    },
    Printer {
        name: "Ruby's inspect",
        instead: "puts JSON.generate(payload)",
        marks: &[("\"", "\"=>"), ("\"", "\" => "), (":", "=>")],
    },
    Printer {
        name: "Java's toString",
        instead: "objectMapper.writeValueAsString(payload)",
        marks: &[("{", "="), (", ", "=")],
    },
    Printer {
        name: "Go's %v",
        instead: "json.NewEncoder(os.Stdout).Encode(payload)",
        marks: &[("map[", ":"), (" ", ":+")],
    },
];

/// Members that every printed call shows.
const NAMES: &[&str] = &["customer_phone", "assistant_phone", "extracted_variables"];

/// What printed `text`, if it is a call that was printed for people.
#[must_use]
pub(super) fn printed_by(text: &[u8]) -> Option<&'static Printer> {
    PRINTERS.iter().find(|printer| {
        let mut patterns = NAMES.iter().flat_map(|name| {
            let marks = printer.marks.iter();
            marks.map(move |(before, behind)| format!("{before}{name}{behind}"))
        });
        patterns.any(|pattern| memchr::memmem::find(text, pattern.as_bytes()).is_some())
    })
}

/// What printed the member's name that stands at `name` in `text`, if its surroundings tell.
pub(super) fn printer_of(text: &[u8], name: Range<usize>) -> Option<&'static Printer> {
    let (before, behind) = (&text[..name.start], &text[name.end..]);
    PRINTERS.iter().find(|printer| {
        let mut marks = printer.marks.iter();
        marks.any(|(left, right)| {
            before.ends_with(left.as_bytes()) && behind.starts_with(right.as_bytes())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printers_are_told_by_their_marks() {
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
        ] {
            let printer = printed_by(text.as_bytes()).expect(name);
            assert!(printer.name.contains(name), "{name}: {printer:?}");
        }
        assert!(printed_by(b"{\"customer_phone\": \"+49\",").is_none());
        assert!(printed_by(b"id,customer_phone,assistant_phone\n").is_none());
    }
}
