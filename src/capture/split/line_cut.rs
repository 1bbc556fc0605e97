//! Finds where JSON that arrives slowly can be cut: after a line, if no text that may follow
//! changes the meaning of the text before. The result of a run must not depend on when its input
//! pauses, so in doubt there is no cut, and more input is awaited.

use super::boundary::{is_followed_by_value, last_certain_boundary, leading_separators, value_end};
use super::sniff::{TextForm, sniff};
use crate::json::repair::repair;
use crate::json::syntax::{can_start_value, skip_value};

/// Returns the offset after the last line of `bytes` that can be cut off. `bytes` start between two
/// values, outside of an array.
pub(super) fn find_line_cut(bytes: &[u8]) -> Option<usize> {
    let mut found = None;
    let mut at = 0;
    if bytes.get(leading_separators(bytes)) == Some(&b'{')
        && let Some(boundary) = last_certain_boundary(bytes)
    {
        found = Some(boundary);
        at = boundary;
    }
    while let Some(end) = settled_line_end(bytes, at) {
        found = Some(end);
        at = end;
    }
    found
}

/// Returns the end of the line that ends the values which start at `start`, unless the text that
/// follows `bytes` decides how they are read.
fn settled_line_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + leading_separators(&bytes[start..]);
    loop {
        let first = *bytes.get(at)?;
        let is_value = first == b'{'
            || can_start_value(first) && sniff(&bytes[at..], false) == Some(TextForm::Json);
        if !is_value {
            return None;
        }
        at = settled_value_end(bytes, at)?;
        let separators = leading_separators(&bytes[at..]);
        if let Some(newline) = memchr::memchr(b'\n', &bytes[at..at + separators]) {
            return Some(at + newline + 1);
        }
        at += separators;
    }
}

/// Returns the end of the value at `start`. A broken value has an end only if it is an object on
/// one line with matching brackets.
fn settled_value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let line_end = memchr::memchr(b'\n', &bytes[start..]).map(|newline| start + newline)?;
    if let Ok(length) = skip_value(&bytes[start..]) {
        let end = start + length;
        // Invalid UTF-8 makes a value broken.
        let is_valid = end <= line_end || std::str::from_utf8(&bytes[start..end]).is_ok();
        return is_valid.then_some(end);
    }
    let line = &bytes[..line_end];
    match repair(&line[start..]) {
        Ok(repaired) => {
            let end = start + repaired.length;
            return is_followed_by_value(line, end).then_some(end);
        }
        Err(failed) if failed.is_truncated => return None,
        Err(_) => {}
    }
    let end = value_end(line, start).filter(|_| line[start] == b'{')?;
    is_followed_by_value(line, end).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_off_only_if_they_are_settled() {
        let cut = |text: &'static str| find_line_cut(text.as_bytes()).map(|end| &text[..end]);
        assert_eq!(
            cut("{\"a\":1}\n{\"a\":2}\n"),
            Some("{\"a\":1}\n{\"a\":2}\n")
        );
        assert_eq!(cut("{\"a\":1}\n{\"a\":2}"), Some("{\"a\":1}\n"));
        assert_eq!(cut("{\"a\":1}"), None);
        assert_eq!(
            cut("{\n\"a\":1\n}\nnull\n[1]\n\"x\"\n12"),
            Some("{\n\"a\":1\n}\nnull\n[1]\n\"x\"\n")
        );
        // Text may go on in the next line, and brackets that do not match may be closed there.
        assert_eq!(cut("{\"a\":1}\n-- text --\n"), Some("{\"a\":1}\n"));
        assert_eq!(cut("{\"a\":1}\n{\"a\":[1}\n"), Some("{\"a\":1}\n"));
        assert_eq!(
            cut("{\"a\":1}\n{\"a\" 1}\n"),
            Some("{\"a\":1}\n{\"a\" 1}\n")
        );
        assert_eq!(
            cut("{\"a\":1}\n[{\"a\":1}\n{\"a\":2}]\n"),
            Some("{\"a\":1}\n")
        );
        assert_eq!(cut("[1]"), None);
    }
}
