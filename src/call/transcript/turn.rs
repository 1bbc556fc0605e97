//! One turn of a transcript, and its texts for people.

use std::borrow::Cow;

use super::speaker::Speaker;
use super::ssml;

/// One utterance of a transcript.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pub(crate) speaker: Speaker,
    /// The speaker's label, verbatim.
    pub(crate) label: Option<Cow<'a, str>>,
    /// The spoken text, verbatim. Line breaks inside it are kept.
    pub(crate) text: Cow<'a, str>,
    /// Milliseconds from the first turn that has a time to this turn, negative if this turn is
    /// earlier. `None` if this turn has no time.
    pub(crate) elapsed_ms: Option<i64>,
}

impl<'a> Turn<'a> {
    /// A turn of an unknown speaker, without a time.
    pub(super) fn unlabelled(text: Cow<'a, str>) -> Self {
        Self {
            speaker: Speaker::Unknown,
            label: None,
            text,
            elapsed_ms: None,
        }
    }

    /// This turn with texts of its own.
    pub(super) fn into_owned<'o>(self) -> Turn<'o> {
        let owned = |text: Cow<str>| Cow::Owned(text.into_owned());
        Turn {
            speaker: self.speaker,
            label: self.label.map(owned),
            text: owned(self.text),
            elapsed_ms: self.elapsed_ms,
        }
    }

    /// The text without tags that only control the voice (SSML).
    #[must_use]
    pub(crate) fn spoken_text(&self) -> Cow<'_, str> {
        ssml::without_tags(&self.text)
    }

    /// The spoken text for display, with the elapsed time before it unless that is unknown or
    /// negative: `[1:05] Hallo`.
    #[must_use]
    pub(crate) fn display_text(&self) -> Cow<'_, str> {
        let text = self.spoken_text();
        let Some(elapsed) = self.elapsed_ms.filter(|elapsed| *elapsed >= 0) else {
            return text;
        };
        let seconds = elapsed / 1000;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Cow::Owned(match hours {
            0 => format!("[{minutes}:{seconds:02}] {text}"),
            _ => format!("[{hours}:{minutes:02}:{seconds:02}] {text}"),
        })
    }

    /// Length in bytes of the elapsed time and the space before the spoken text in `display_text`.
    #[must_use]
    pub(crate) fn time_length(display_text: &str) -> usize {
        let is_time = |time: &&str| {
            time.starts_with('[')
                && time.contains(':')
                && time[1..]
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b':')
        };
        let time = display_text.split_once("] ").map(|(time, _)| time);
        time.filter(is_time)
            .map_or(0, |time| time.len() + "] ".len())
    }

    /// The speaker's name for display: `Assistant`, `Customer`, otherwise the transcript's label,
    /// or an empty string.
    #[must_use]
    pub(crate) fn speaker_name(&self) -> &str {
        match (&self.label, self.speaker) {
            (Some(label), Speaker::Unknown) => label,
            (_, speaker) => speaker.name(),
        }
    }
}
