//! The Markdown pages for users and contributors: their prose, links and headings.

use std::fs;
use std::path::PathBuf;

use super::files::repository;
use super::source::Comment;

/// A Markdown file of the repository.
pub(crate) struct Page {
    /// Path relative to the repository.
    pub name: String,
    pub path: PathBuf,
    pub text: String,
}

/// The pages in the root of the repository, `docs/`, `fuzz/`, `samples/` and `skills/`.
pub(crate) fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    for folder in ["", "docs", "fuzz", "samples", "skills/postcall"] {
        let entries = fs::read_dir(repository().join(folder)).expect("a folder of the repository");
        for entry in entries {
            let path = entry.expect("readable").path();
            if path.extension().is_none_or(|extension| extension != "md") {
                continue;
            }
            let name = path.strip_prefix(repository()).expect("it lies below");
            pages.push(Page {
                name: name.display().to_string(),
                text: fs::read_to_string(&path).expect("a page"),
                path,
            });
        }
    }
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    pages
}

/// The lines of a page outside code blocks. Lines that cannot be wrapped have no columns: tables,
/// headings, pictures, metadata between `---`, and everything that a program wrote between
/// `<!-- name -->` and `<!-- end -->`.
pub(crate) fn prose(text: &str) -> impl Iterator<Item = Comment> + '_ {
    let mut in_code = false;
    let mut is_generated = false;
    let mut is_metadata = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.starts_with("```");
        in_code ^= is_fence;
        if in_code || is_fence {
            return None;
        }
        if line.starts_with("<!-- ") {
            is_generated = !line.starts_with("<!-- end");
        }
        if line == "---" {
            is_metadata = index == 0;
        }
        let is_fixed = is_generated || is_metadata || line.starts_with(['|', '#', '!', '<']);
        Some(Comment {
            line: index + 1,
            columns: if is_fixed { 0 } else { line.chars().count() },
            text: line.to_owned(),
        })
    })
}

/// The targets of all links and pictures, which are written `](target)` or `src="target"`.
pub(crate) fn links(text: &str) -> impl Iterator<Item = &str> {
    let inline = text.split("](").skip(1).map(|rest| (rest, ')'));
    let html = text.split("src=\"").skip(1).map(|rest| (rest, '"'));
    inline
        .chain(html)
        .filter_map(|(rest, end)| Some(rest.split_once(end)?.0))
}

/// The anchors that GitHub gives to the headings of a page.
pub(crate) fn anchors(text: &str) -> impl Iterator<Item = String> + '_ {
    prose(text).filter_map(|line| {
        let heading = line.text.strip_prefix('#')?.trim_start_matches('#');
        let kept = heading.trim().chars().filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
            _ => None,
        });
        Some(kept.collect())
    })
}
