//! A strict reader of the report's HTML: only the elements and attributes of the templates, each
//! closed in order. Text of strangers that became markup would be an unknown element or attribute.

/// Elements with their content.
const ELEMENTS: &[&str] = &[
    "a", "abbr", "bdi", "body", "caption", "dd", "div", "dl", "dt", "h1", "h2", "head", "header",
    "html", "li", "main", "p", "rect", "script", "section", "small", "span", "strong", "style",
    "svg", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
];

/// Elements without content.
const VOID_ELEMENTS: &[&str] = &["br", "meta"];

const ATTRIBUTES: &[&str] = &[
    "aria-hidden",
    "aria-labelledby",
    "charset",
    "class",
    "content",
    "data-copied",
    "data-copy",
    "data-n",
    "data-v",
    "fill",
    "focusable",
    "height",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "preserveAspectRatio",
    "role",
    "scope",
    "tabindex",
    "title",
    "viewBox",
    "width",
    "x",
    "y",
];

/// Fails unless `page` is a document of these elements, whose ids are unique and whose texts have
/// no control characters.
pub(super) fn check_markup(page: &str) {
    let mut rest = page
        .strip_prefix("<!DOCTYPE html>")
        .expect("a document type");
    let mut open: Vec<&str> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    while let Some((text, after)) = rest.split_once('<') {
        check_text(text);
        if matches!(open.last(), Some(&("style" | "script"))) {
            // The content of these elements is one text.
            let name = open.pop().expect("it is open");
            let end = format!("/{name}>");
            rest = after
                .split_once(&end)
                .unwrap_or_else(|| panic!("{name} is not closed"))
                .1;
            continue;
        }
        let (tag, after) = after.split_once('>').expect("the end of a tag");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{tag}>");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if VOID_ELEMENTS.contains(&name) {
            check_attributes(attributes, &mut ids);
            continue;
        }
        assert!(ELEMENTS.contains(&name), "<{tag}>");
        check_attributes(attributes, &mut ids);
        open.push(name);
    }
    check_text(rest);
    assert!(open.is_empty(), "not closed: {open:?}");
}

fn check_attributes<'p>(mut rest: &'p str, ids: &mut Vec<&'p str>) {
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").expect("a quoted value");
        let (value, after) = after.split_once('"').expect("a closing quote");
        assert!(ATTRIBUTES.contains(&name), "{name}={value}");
        check_text(value);
        // Links stay in the document.
        assert!(name != "href" || value.starts_with('#'), "{value}");
        if name == "id" {
            assert!(!ids.contains(&value), "{value} is there twice");
            ids.push(value);
        }
        rest = after.trim_start();
    }
}

/// Characters that are not text: controls, and those that change the order of reading.
fn check_text(text: &str) {
    let is_bad = |character: &char| {
        (character.is_control() && *character != '\n')
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}'..='\u{200f}' | '\u{feff}')
    };
    let found = text.chars().find(is_bad);
    assert_eq!(found, None, "{text}");
}
