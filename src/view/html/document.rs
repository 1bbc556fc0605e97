//! The page around the sections: one file that loads nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::before;
use super::label::{isolated, label};
use super::language::Language;
use super::options::ReportOptions;
use super::parts::LINE;
use crate::stats::model::{CallFigures, Stats};

/// The style sheet.
pub(crate) const STYLE: &str = include_str!("report.css");

/// The script, which sorts and copies tables. The page is complete without it.
pub(crate) const SCRIPT: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("table_buttons.js"),
    include_str!("report.js"),
    "})();\n",
);

/// The document with these sections.
pub(super) fn document(
    stats: &Stats,
    title: Option<&str>,
    sections: &[Markup],
    options: ReportOptions,
) -> String {
    let language = options.language;
    let title = title.filter(|title| !title.trim().is_empty());
    let heading = title.map_or_else(|| html! { (language.report_title()) }, isolated);
    let title = title.map_or_else(|| language.report_title().to_owned(), label);
    let page = html! {
        (DOCTYPE)
        (LINE)
        html lang=(language.tag()) {
            (LINE)
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                meta name="generator" content="postcall";
                title { (title) }
                (LINE)
                style { (PreEscaped(STYLE)) }
            }
            (LINE)
            body data-copy=(language.copy_csv()) data-copied=(language.copied()) {
                header {
                    h1 { (heading) }
                    @if let Some(compare) = &stats.compare {
                        (before::heading(compare, language))
                    } @else if let Some(calls) = &stats.sections.calls {
                        p.period { (period(calls, language)) }
                    }
                    p.zone {
                        (label(&language.all_times(&stats.zone))) "."
                        @if let Some(zone) = stats.suggested_zone {
                            " " (language.suggested_zone(zone))
                        }
                    }
                }
                (LINE)
                main { @for section in sections { (section) } }
                (LINE)
                script { (PreEscaped(SCRIPT)) }
            }
        }
        (LINE)
    };
    page.into_string()
}

/// The policy that lets the page load and run nothing but its own style sheet and script.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; \
         img-src data:; base-uri 'none'; form-action 'none'"
    )
}

/// The days of the calls.
fn period(calls: &CallFigures, language: Language) -> String {
    let day = |time: &Option<String>| {
        let day = time.as_deref()?.split('T').next()?;
        day.parse()
            .ok()
            .map(|date: NaiveDate| language.long_date(date))
    };
    match (day(&calls.first), day(&calls.last)) {
        (Some(first), Some(last)) => {
            language.period((&first, &last), calls.days_with_calls, calls.days)
        }
        _ => language.no_readable_time().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheet_and_script_cannot_end_their_elements_or_load_anything() {
        for text in [STYLE, SCRIPT] {
            for forbidden in [
                "</",
                "<!--",
                "url(",
                "@import",
                "http",
                "fetch",
                "eval",
                "innerHTML",
            ] {
                assert!(!text.contains(forbidden), "{forbidden}");
            }
        }
        assert!(SCRIPT.len() < 3_000, "{}", SCRIPT.len());
    }
}
