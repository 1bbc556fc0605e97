//! Recognizes calls in broken JSON by the names of their members.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::capture::split::boundary::string_end;
use crate::contract::recognition::QUOTED_NAMES;

/// Number of bytes from the start of invalid JSON that are searched for member names of a call.
pub(crate) const MAX_SEARCHED_BYTES: usize = 64 * 1024;

/// Searches for the names, without their quotes. Building a searcher costs more than searching a
/// short line.
static NAMES: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    let names = QUOTED_NAMES.iter();
    let names = names.map(|quoted| Finder::new(&quoted[1..quoted.len() - 1]));
    names.collect()
});

/// True if invalid JSON was probably meant to be a call. Its quotes may be escaped: `\"`,
/// `\x22`, `%22`, `#22`, `&quot;`, `` `" `` or `^\^"`.
pub(crate) fn mentions_call(text: &[u8]) -> bool {
    const MIN_MEMBERS: usize = 2;
    let mut found = NAMES.iter().filter(|name| {
        let mut ends = name.find_iter(text).map(|at| at + name.needle().len());
        ends.any(|end| {
            matches!(
                text.get(end),
                Some(b'"' | b'\\' | b'%' | b'#' | b'&' | b'`' | b'^')
            )
        })
    });
    found.nth(MIN_MEMBERS - 1).is_some()
}

/// True if the truncated object `text` has member names of a call at its top level, not only in
/// nested objects.
pub(crate) fn has_call_members(text: &[u8]) -> bool {
    const MIN_MEMBERS: usize = 2;
    let mut depth = 0_usize;
    let mut found = 0;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(text, at).unwrap_or(text.len());
                if depth == 1 && QUOTED_NAMES.contains(&&text[at..(end + 1).min(text.len())]) {
                    found += 1;
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found >= MIN_MEMBERS
}
