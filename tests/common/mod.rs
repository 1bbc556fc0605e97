//! What several tests share.

/// The guard taken away by the rule of the documentation, written down a second time.
pub(crate) fn without_guard(cell: &str) -> &str {
    let Some(text) = cell.strip_prefix('\'') else {
        return cell;
    };
    let bare = text.trim_start_matches('\'');
    let is_dashes = bare.chars().all(|c| c == '-');
    let hidden = bare.trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_control() || "\u{ad}\u{200b}\u{2060}\u{feff}".contains(c)
    });
    let runs = bare.starts_with(['\t', '\r', '\n'])
        || hidden.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if runs && !is_dashes { text } else { cell }
}
