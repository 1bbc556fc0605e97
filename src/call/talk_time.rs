//! Lengths of time.

use std::fmt;

/// A length of time in seconds, as people say it: `45s`, `3m 00s`, `1h 02m 05s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TalkTime(pub i128);

impl fmt::Display for TalkTime {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let seconds = self.0.unsigned_abs();
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        match (hours, minutes) {
            (0, 0) => write!(f, "{sign}{seconds}s"),
            (0, _) => write!(f, "{sign}{minutes}m {seconds:02}s"),
            _ => write!(f, "{sign}{hours}h {minutes:02}m {seconds:02}s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talk_time_reads_as_people_say_it() {
        let told: Vec<String> = [0, 45, 180, 3725, -61]
            .map(|s| TalkTime(s).to_string())
            .into();
        assert_eq!(told, ["0s", "45s", "3m 00s", "1h 02m 05s", "-1m 01s"]);
    }
}
