//! Times of day without a date, such as the calling hours of a campaign.

/// Parses `hh:mm` or `hh:mm:ss` into seconds since midnight. `24:00` is the end of the day.
pub(crate) fn seconds_since_midnight(text: &str) -> Option<u32> {
    let (hours, minutes, seconds) = match *text.as_bytes() {
        [h1, h2, b':', m1, m2] => ([h1, h2], [m1, m2], *b"00"),
        [h1, h2, b':', m1, m2, b':', s1, s2] => ([h1, h2], [m1, m2], [s1, s2]),
        _ => return None,
    };
    let number = |digits: [u8; 2]| {
        let [tens, ones] = digits.map(|digit| u32::from(digit.wrapping_sub(b'0')));
        (tens < 10 && ones < 10).then_some(tens * 10 + ones)
    };
    let (minutes, seconds) = (number(minutes)?, number(seconds)?);
    let time = number(hours)? * 3600 + minutes * 60 + seconds;
    (minutes < 60 && seconds < 60 && time <= 24 * 3600).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_parsed_to_the_second() {
        assert_eq!(seconds_since_midnight("09:00"), Some(32_400));
        assert_eq!(seconds_since_midnight("23:59:59"), Some(86_399));
        assert_eq!(seconds_since_midnight("24:00"), Some(86_400));
        for text in [
            "", "9:00", "09:60", "24:01", "25:00", "09:00:0", "09-00", "09:00:61", "ab:cd",
        ] {
            assert_eq!(seconds_since_midnight(text), None, "{text}");
        }
    }
}
