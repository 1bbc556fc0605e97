//! Names of paths in messages, reports and lists.

use std::borrow::Cow;
use std::path::Path;

/// The path as text, with `/` between names on every system, so that a report is the same wherever
/// it was written. Bytes that are not UTF-8 are shown as `\u{fffd}`.
#[must_use]
pub(crate) fn path_name(path: &Path) -> String {
    with_slashes(path.to_string_lossy(), cfg!(windows)).into_owned()
}

/// Replaces the separators of Windows. Elsewhere, a backslash is part of a name.
fn with_slashes(name: Cow<'_, str>, is_windows: bool) -> Cow<'_, str> {
    if is_windows && name.contains('\\') {
        Cow::Owned(name.replace('\\', "/"))
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_slashes() {
        let windows = |name| with_slashes(Cow::Borrowed(name), true);
        assert_eq!(windows(r"calls\2024\a.json"), "calls/2024/a.json");
        assert_eq!(windows(r"C:\calls/a.json"), "C:/calls/a.json");
        assert_eq!(windows(r"\\server\share\a.json"), "//server/share/a.json");
        let unix = with_slashes(Cow::Borrowed(r"a\b.json"), false);
        assert_eq!(unix, r"a\b.json");
    }
}
