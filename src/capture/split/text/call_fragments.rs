//! Finds calls that are lost in a text: names of members with values, outside of everything that
//! was read. The start or the end of the call may be cut off, or its quotes may be those of another
//! language.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::call_members::mentions_call;
use super::ranges::Ranges;
use crate::capture::split::lines::{line_end, line_start};
use crate::contract::recognition::FRAGMENT_NAMES;

/// A set of names, one bit per index in [`FRAGMENT_NAMES`].
type NameSet = u16;

/// The names that occur only in calls.
const DISTINCTIVE: NameSet = 0b1111;

/// The names that start a fragment. Only these are searched in all text.
const OPENING: NameSet = 0b111_1111;

/// The names whose values are objects.
const OBJECTS: NameSet = 0b11_0000_1100;

/// Searches for the parts of the opening names. Building a searcher costs more than searching the
/// text between two calls.
static NEEDLES: LazyLock<[Finder<'static>; 5]> = LazyLock::new(|| {
    ["_phone", "_variables", "finished_at", "_url", "transcript"].map(Finder::new)
});

/// The number of names with values that a fragment has at least.
const MIN_NAMES: u32 = 3;

/// The number of names in quotes that a fragment has at least if one of them is distinctive.
const MIN_DISTINCTIVE_NAMES: u32 = 2;

/// Advice for a call of which only a part is there.
pub(crate) const INCOMPLETE_HELP: &str = "log each body in one line: lines may be missing, or other \
    lines may be in between";

/// Limits on the text between two names of a fragment.
const MAX_GAP_LINES: usize = 100;
const MAX_GAP_BYTES: usize = 64 * 1024;

/// Part of a call in a text.
#[derive(Clone, Debug)]
pub(crate) struct CallFragment {
    /// From its first name to its last one.
    pub(crate) range: Range<usize>,
    /// The names with values.
    names: NameSet,
    /// Those of them that have quotes.
    quoted: NameSet,
    /// Those of them whose value is not an object.
    scalars: NameSet,
    /// The text after the first name up to the value.
    separator: Range<usize>,
    /// Number of names in its last line.
    line_names: u32,
}

impl CallFragment {
    /// True if the names are those of a call, and not of a description or of a part of a program.
    pub(crate) fn is_call(&self, bytes: &[u8]) -> bool {
        const CUSTOMER_PHONE: NameSet = 1;
        let has = |names: NameSet, least| names.count_ones() >= least;
        let are_distinctive = |names: NameSet| names & DISTINCTIVE != 0;
        let is_json = matches!(bytes.get(self.separator.start), Some(b'"' | b'\\'));
        is_json && self.quoted & self.scalars & CUSTOMER_PHONE != 0
            || self.scalars != 0
                && (has(self.quoted, MIN_NAMES)
                    || has(self.quoted, MIN_DISTINCTIVE_NAMES) && are_distinctive(self.quoted)
                    || has(self.names, MIN_NAMES) && are_distinctive(self.names))
    }

    /// True if several names are in one line, and none in another.
    pub(crate) fn is_in_one_line(&self) -> bool {
        self.line_names > 1 && self.names.count_ones() == self.line_names
    }

    /// Describes the fragment in `bytes`: a problem, and advice.
    pub(crate) fn describe(&self, bytes: &[u8]) -> (String, String) {
        let separator = String::from_utf8_lossy(&bytes[self.separator.clone()]);
        let quote = separator.trim_end().trim_end_matches(':').trim_end();
        if !quote.is_empty() && quote.trim_start_matches('\\') != "\"" {
            let quote = if quote.contains('`') {
                "backticks".to_owned()
            } else {
                format!("`{quote}`")
            };
            let problem = format!("call with {quote} in place of quotes");
            return (problem, "save the body verbatim, as JSON".to_owned());
        }
        let is_missing = |index: &usize| self.names & 1 << index == 0;
        let missing: Vec<_> = (0..FRAGMENT_NAMES.len())
            .filter(is_missing)
            .map(|index| format!("`{}`", FRAGMENT_NAMES[index]))
            .take(3)
            .collect();
        let help = match &*missing {
            [] => INCOMPLETE_HELP.to_owned(),
            _ => format!("{INCOMPLETE_HELP} (it has no {})", missing.join(", ")),
        };
        ("incomplete call".to_owned(), help)
    }

    /// True if the text from here to `offset` is too long to belong to the fragment.
    fn is_far_from(&self, bytes: &[u8], offset: usize) -> bool {
        let gap = &bytes[self.range.end.min(offset)..offset];
        gap.len() > MAX_GAP_BYTES || memchr::memchr_iter(b'\n', gap).nth(MAX_GAP_LINES).is_some()
    }
}

/// Searches a text from start to end, apart from its parts with JSON, for fragments of calls.
#[derive(Default)]
pub(crate) struct CallFragments {
    /// Offset up to which the text has been searched.
    at: usize,
    open: Option<CallFragment>,
}

impl CallFragments {
    /// Returns the next fragment that ends before the part at `part`, which may be empty. Returns
    /// `None` if the part belongs to a fragment, or if there is no fragment.
    pub(crate) fn find_before(
        &mut self,
        bytes: &[u8],
        part: &Range<usize>,
    ) -> Option<CallFragment> {
        if let Some(fragment) = self.search(bytes, part.start) {
            return Some(fragment);
        }
        self.at = self.at.max(part.end);
        self.open.take_if(|fragment| {
            fragment.is_far_from(bytes, part.start) || mentions_call(&bytes[part.clone()])
        })
    }

    /// Adds the ranges of all fragments that end before the part at `part`.
    pub(crate) fn add_ranges(&mut self, bytes: &[u8], part: &Range<usize>, ranges: &mut Ranges) {
        while let Some(fragment) = self.find_before(bytes, part) {
            ranges.add(fragment.range);
        }
    }

    /// Excludes the text up to `offset`.
    pub(crate) fn skip_to(&mut self, offset: usize) {
        self.at = self.at.max(offset);
    }

    /// Start of the fragment that may continue.
    pub(crate) fn open_start(&self) -> Option<usize> {
        self.open.as_ref().map(|fragment| fragment.range.start)
    }

    /// Ends the text at `end`. Returns its fragments one by one.
    pub(crate) fn finish(&mut self, bytes: &[u8], end: usize) -> Option<CallFragment> {
        self.search(bytes, end).or_else(|| self.open.take())
    }

    /// Searches on up to `until`. Returns a fragment that ends before.
    fn search(&mut self, bytes: &[u8], until: usize) -> Option<CallFragment> {
        let has_names = |text: &[u8]| {
            let mut needles = NEEDLES.iter();
            needles.any(|needle| needle.find(text).is_some())
        };
        if self.at >= until || self.open.is_none() && !has_names(&bytes[self.at..until]) {
            self.at = self.at.max(until);
            return None;
        }
        while let Some((index, name)) = next_name(bytes, self.at..until) {
            self.at = name.end;
            let bit: NameSet = 1 << index;
            let Some(value) = find_value(bytes, name.end) else {
                continue;
            };
            if value.is_object && bit & OBJECTS == 0 || is_in_excerpt(bytes, name.start) {
                continue;
            }
            let next = |names| CallFragment {
                range: name.clone(),
                names,
                quoted: if value.is_quoted { names } else { 0 },
                scalars: if value.is_object { 0 } else { names },
                separator: name.end..value.start,
                line_names: 1,
            };
            let Some(open) = &mut self.open else {
                self.open = (bit & OPENING != 0).then(|| next(bit));
                continue;
            };
            let gap = &bytes[open.range.end..name.start];
            let has_new_line = memchr::memchr(b'\n', gap).is_some();
            // A line with several names is a call, and the next line another one.
            let is_next = has_new_line
                && (open.names & bit != 0
                    || open.line_names > 1
                    || next_name(bytes, name.end..line_end(bytes, name.end)).is_some());
            if is_next || open.is_far_from(bytes, name.start) {
                let following = (bit & OPENING != 0).then(|| next(bit));
                return std::mem::replace(&mut self.open, following);
            }
            open.line_names = if has_new_line { 1 } else { open.line_names + 1 };
            let following = next(bit);
            open.range.end = following.range.end;
            open.names |= following.names;
            open.quoted |= following.quoted;
            open.scalars |= following.scalars;
        }
        self.at = until;
        self.open.take_if(|open| open.is_far_from(bytes, until))
    }
}

/// Finds the next of [`FRAGMENT_NAMES`] in a part of `bytes`, as a whole word.
fn next_name(bytes: &[u8], part: Range<usize>) -> Option<(usize, Range<usize>)> {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    let text = &bytes[..part.end];
    let mut at = part.start;
    loop {
        let mut start = at + text[at..].iter().position(is_letter)?;
        let word = &text[start..];
        let length = word.iter().position(|byte| !is_letter(byte));
        let end = start + length.unwrap_or(word.len());
        if text[..start].ends_with(b"&") && text[start..end].starts_with(b"quot") {
            // The semicolon of `&quot;` is missing.
            start += b"quot".len();
        }
        let mut names = FRAGMENT_NAMES.iter();
        if let Some(index) = names.position(|name| name.as_bytes() == &text[start..end]) {
            return Some((index, start..end));
        }
        at = end;
    }
}

/// True if the name at `start` is in an excerpt of a source, as in reports of `validate`: a line
/// number and `|` are before it.
pub(crate) fn is_in_excerpt(bytes: &[u8], start: usize) -> bool {
    /// Excerpts do not have wider margins.
    const MAX_MARGIN_BYTES: usize = 64;
    let before = &bytes[start.saturating_sub(MAX_MARGIN_BYTES)..start];
    let line = &before[line_start(before, before.len())..];
    let mut words = line
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let number = words.next().unwrap_or_default();
    number.iter().all(u8::is_ascii_digit) && words.next() == Some(b"|")
}

/// The value of a member in unknown text.
struct ValueMark {
    start: usize,
    is_object: bool,
    /// True if the name before has a closing quote.
    is_quoted: bool,
}

/// The spellings of quotes in JSON, in other languages and in encoded text.
const QUOTES: &[&str] = &[
    "\"",
    "'",
    "`",
    "\\",
    "&quot;",
    "&quot",
    "&#34;",
    "&#39;",
    "&#x22;",
    "&ldquo;",
    "&rdquo;",
    "&amp;",
    "amp;",
    "quot;",
    "#34;",
    "#x22;",
    "%22",
    "%27",
    "%5C",
    "%25",
    "25",
    "22",
    "#22",
    "^",
    "#5C",
    "#23",
    "%^22",
    "%^5C",
    "%60",
    "%5E",
    "%26quot%3B",
    "%23",
    "=22",
    "x22",
    "x5C",
    "u0022",
    "042",
];

/// The spellings of the start of a colour.
const CODES: &[&str] = &[
    "\u{1b}[",
    "\u{1b}^[",
    "\\x1B[",
    "\\x1b[",
    "\\u001b[",
    "\\033[",
    "^[[",
    "#1B[",
    "%1B%5B",
    "%1B[",
    "$([char]27)[",
    "`e[",
];

/// The names of types that databases put in place of scalar values.
const TYPES: &[&str] = &[
    "S",
    "N",
    "BOOL",
    "NULL",
    "stringValue",
    "integerValue",
    "doubleValue",
    "booleanValue",
    "nullValue",
    "timestampValue",
    "$numberLong",
    "$numberInt",
    "$numberDouble",
    "$date",
];

/// The spellings of a colon.
const COLONS: &[&str] = &[
    ":", "%3A", "%3a", "3A", "=3A", "#3A", "#233A", "%^3A", "^%^3A", "&#58;", "&colon;",
];

/// Finds the value of the name that ends at `end`, on the same line.
fn find_value(bytes: &[u8], end: usize) -> Option<ValueMark> {
    /// Limit on the bytes from the name to its value.
    const MAX_BYTES: usize = 64;
    let text = &bytes[end..bytes.len().min(end + MAX_BYTES)];
    let after_name = skip_quotes(text);
    let is_quoted = after_name.len() < text.len();
    let after_name = skip_codes(skip_blanks(after_name));
    let mut colons = COLONS.iter();
    let value = colons.find_map(|colon| after_name.strip_prefix(colon.as_bytes()))?;
    let value = skip_codes(skip_blanks(value));
    let is_string = skip_quotes(value).len() < value.len();
    let is_object = matches!(value.first(), Some(b'{' | b'[')) && !is_typed(value);
    let is_number = matches!(value, [b'0'..=b'9', ..] | [b'-' | b'+', b'0'..=b'9', ..]);
    let mut literals = [&b"null"[..], b"true", b"false"].into_iter();
    let is_value = is_string || is_object || is_number || is_typed(value) || {
        literals.any(|literal| {
            let rest = value.strip_prefix(literal);
            rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphanumeric))
        })
    };
    is_value.then(|| ValueMark {
        start: end + text.len() - value.len(),
        is_object,
        is_quoted,
    })
}

/// Skips quotes in any spelling. A character that is not ASCII is taken for a typographic one.
fn skip_quotes(mut text: &[u8]) -> &[u8] {
    loop {
        let mut quotes = QUOTES.iter();
        let rest = quotes.find_map(|quote| text.strip_prefix(quote.as_bytes()));
        text = match (rest, text) {
            (Some(rest), _) => rest,
            (None, [first, rest @ ..]) if !first.is_ascii() => rest,
            _ => return text,
        };
    }
}

/// True for a scalar value with a type, as in `{"S":"x"}`.
fn is_typed(value: &[u8]) -> bool {
    let Some(object) = value.strip_prefix(b"{") else {
        return false;
    };
    let name = skip_quotes(skip_blanks(object));
    let mut types = TYPES.iter();
    types.any(|known| {
        let rest = name.strip_prefix(known.as_bytes());
        rest.is_some_and(|rest| skip_quotes(rest).len() < rest.len())
    })
}

/// Skips the codes of colours.
fn skip_codes(mut text: &[u8]) -> &[u8] {
    loop {
        let mut codes = CODES.iter();
        let rest = codes.find_map(|code| text.strip_prefix(code.as_bytes()));
        let Some(rest) = rest else {
            return text;
        };
        let is_number = |byte: &&u8| byte.is_ascii_digit() || b";%B".contains(*byte);
        let numbers = rest.iter().take_while(is_number).count();
        text = match rest[numbers..].strip_prefix(b"m") {
            Some(rest) => rest,
            None => return text,
        };
    }
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    &text[text.iter().take_while(|byte| is_blank(byte)).count()..]
}
