//! The zone of the local times, and the zone that the callers' numbers suggest.

use crate::call::Call;
use crate::time::timestamp::Timestamp;
use crate::time::zone::Zone;

/// Country codes whose country has one time zone, with that zone.
const ZONES: [(&str, &str); 4] = [
    ("49", "Europe/Berlin"),
    ("43", "Europe/Vienna"),
    ("41", "Europe/Zurich"),
    ("44", "Europe/London"),
];

/// The name of the zone if the calls have different offsets.
pub(crate) const MIXED_OFFSETS: &str = "the offset of each call";

/// Facts about the offsets of times, and the countries of the customers.
#[derive(Clone, Debug, Default)]
pub(super) struct ZoneFacts {
    /// The smallest and the largest offset from UTC in seconds.
    offsets: Option<(i32, i32)>,
    /// Number of calls by country, as in [`ZONES`].
    countries: [u64; ZONES.len()],
    /// Number of calls with an international number of the customer.
    numbers: u64,
}

impl ZoneFacts {
    pub(super) fn add(&mut self, call: &Call, time: Timestamp) {
        let offset = time.time.offset().local_minus_utc();
        self.add_offsets((offset, offset));
        if offset != 0 {
            // There is nothing to suggest.
            return;
        }
        if let Some(code) = call.customer_country() {
            self.numbers += 1;
            let country = ZONES.iter().position(|(known, _)| *known == code);
            if let Some(country) = country {
                self.countries[country] += 1;
            }
        }
    }

    fn add_offsets(&mut self, (low, high): (i32, i32)) {
        let known = self.offsets.unwrap_or((low, high));
        self.offsets = Some((known.0.min(low), known.1.max(high)));
    }

    pub(super) fn merge(&mut self, later: &Self) {
        if let Some(offsets) = later.offsets {
            self.add_offsets(offsets);
        }
        for (calls, added) in self.countries.iter_mut().zip(later.countries) {
            *calls += added;
        }
        self.numbers += later.numbers;
    }

    /// The name of the zone of the local times.
    pub(super) fn name(&self, zone: &Zone) -> String {
        match (zone, self.offsets) {
            (Zone::FromBody, Some((low, high))) if low != high => MIXED_OFFSETS.to_owned(),
            (Zone::FromBody, Some((offset, _))) => match chrono::FixedOffset::east_opt(offset) {
                Some(offset) if offset.local_minus_utc() != 0 => offset.to_string(),
                _ => Zone::Utc.to_string(),
            },
            (Zone::FromBody, None) => Zone::Utc.to_string(),
            (zone, _) => zone.heading_name(),
        }
    }

    /// The zone of most customers, if the times are in UTC only because the bodies are.
    pub(super) fn suggestion(&self, zone: &Zone) -> Option<&'static str> {
        let is_utc = *zone == Zone::FromBody && self.offsets == Some((0, 0));
        let most = self
            .countries
            .iter()
            .position(|calls| calls * 2 > self.numbers);
        most.filter(|_| is_utc).map(|country| ZONES[country].1)
    }
}
