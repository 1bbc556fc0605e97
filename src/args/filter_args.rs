//! Arguments that select calls: filters, deduplication and limit.

use crate::host::Clock;
use crate::run::surroundings::LOCAL_ZONE;
use crate::select::filter::{
    CallPart, CampaignPattern, Filter, IdPattern, PhonePattern, StatusPattern, VariableTest,
    Windows, WrittenBound, WrittenWindow,
};
use crate::select::sequencer::{CallLimit, Dedupe};
use crate::text::search::{TextPattern, TextSearch};
use crate::time::talk_time::TalkTime;
use crate::time::zone::Zone;

/// The help heading of these arguments.
pub(crate) const FILTER_HEADING: &str = "Filters";

/// Which calls the command sees. The order of the options is that in which `-h` names them.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct CallArgs {
    /// Keep calls with any of these ids: 480601,480602
    ///
    /// An id is compared as text and as a number, with `id` and with `call_id`.
    #[cfg_attr(feature = "cli", arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        help_heading = FILTER_HEADING
    ))]
    pub(crate) id: Vec<IdPattern>,
    /// Keep calls with any of these statuses: completed,no-answer
    #[cfg_attr(feature = "cli", arg(
        long,
        value_name = "STATUS",
        value_delimiter = ',',
        help_heading = FILTER_HEADING
    ))]
    pub(crate) status: Vec<StatusPattern>,
    /// Keep calls from or to this number; * matches any digits: +49* (repeatable)
    ///
    /// Matches the number of the customer, the assistant or the lead. Spaces, dashes and brackets
    /// are ignored, and a leading 00 means +. A number without a country code, such as 0171
    /// 3920012, matches numbers that end in its digits after the 0, if these are six or more.
    #[cfg_attr(feature = "cli", arg(long, value_name = "NUMBER", help_heading = FILTER_HEADING))]
    pub(crate) phone: Vec<PhonePattern>,
    /// Keep calls of this campaign: id, or name with * as a wildcard (repeatable)
    ///
    /// \* is a star. Case makes no difference.
    #[cfg_attr(feature = "cli", arg(long, value_name = "ID|NAME", help_heading = FILTER_HEADING))]
    pub(crate) campaign: Vec<CampaignPattern>,
    /// Keep calls with a matching variable: city=Hamburg, address.city!=Hamburg, 'nps>=9'
    /// (repeatable)
    ///
    /// The operators are =, !=, <, >, <= and >=; quote < and > for the shell. NAME is an extracted
    /// variable. Other variables are named like the columns of `export`: `input_variables.NAME`,
    /// `lead.variables.NAME`. Numbers are compared by value. With = and !=, * matches any text, \*
    /// is a star, and `NAME=*` means that the variable has a value. Booleans may be written as yes
    /// and no, or true and false, in any case. With <, >, <= and >=, dates and times are compared
    /// chronologically, and other text by code point. If a call lacks the variable, only !=
    /// matches.
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME=VALUE", help_heading = FILTER_HEADING))]
    pub(crate) var: Vec<VariableTest>,
    /// Keep calls with a turn or a variable that matches this regular expression (repeatable)
    ///
    /// Searches each turn of the transcript, without its label, and each value of an extracted,
    /// input or lead variable; ^ and $ are the start and the end of the turn or value. Upper and
    /// lower case make no difference unless REGEX has an upper-case letter. `show` and `transcript`
    /// mark the matches. The syntax is that of Rust's crate regex, as in ripgrep.
    #[cfg_attr(feature = "cli", arg(long, value_name = "REGEX", help_heading = FILTER_HEADING))]
    pub(crate) grep: Vec<TextPattern>,
    /// Keep calls with this part, or all of several: lead,recording
    #[cfg_attr(feature = "cli", arg(
        long,
        value_name = "PART",
        value_delimiter = ',',
        help_heading = FILTER_HEADING
    ))]
    pub(crate) has: Vec<CallPart>,
    /// Keep calls created at or after this time: 2024-01-15, 2024-01-15T10:30, 2024-02, today, 7d
    ///
    /// A time may have an offset: 2024-01-15T10:30:00+01:00. A time without an offset is in the
    /// zone of `--tz`. Without `--tz`, it has the offset of the call that it is compared with.
    ///
    /// `today`, `yesterday`, `7d` (today and the 6 days before) and `2w` (14 days) are counted from
    /// today in the zone of `--tz`. Without `--tz`, they are days in the zone of this computer.
    #[cfg_attr(feature = "cli", arg(long, value_name = "DATE|TIME", help_heading = FILTER_HEADING))]
    pub(crate) since: Option<WrittenBound>,
    /// Keep calls created at or before this time; a day, month, year or minute is included whole
    ///
    /// `7d` is the day on which `--since 7d` starts: the first of the last 7 days.
    #[cfg_attr(feature = "cli", arg(long, value_name = "DATE|TIME", help_heading = FILTER_HEADING))]
    pub(crate) until: Option<WrittenBound>,
    /// Keep calls that lasted at least this long: 90 (seconds), 2m, 1m30s, 1h
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION", help_heading = FILTER_HEADING))]
    pub(crate) min_duration: Option<TalkTime>,
    /// Keep calls that lasted at most this long
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION", help_heading = FILTER_HEADING))]
    pub(crate) max_duration: Option<TalkTime>,
    /// Keep one call per id, the first or the last (`last` reads the input twice)
    #[cfg_attr(feature = "cli", arg(long, value_name = "WHICH", help_heading = FILTER_HEADING))]
    pub(crate) dedupe: Option<Dedupe>,
    /// Stop after N matching calls
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = FILTER_HEADING))]
    pub(crate) limit: Option<CallLimit>,
    /// Time zone, such as Europe/Berlin, local or utc
    ///
    /// Times are printed in this zone. It also applies to dates and times without an offset in
    /// filters such as `--since`. ZONE is an IANA name, `local` or `utc`. By default, the zone is
    /// that of the environment variable `POSTCALL_TZ`, else that of `postcall.toml`. Without them,
    /// times are printed with the offset that they have in the body.
    #[cfg_attr(feature = "cli", arg(long = "tz", value_name = "ZONE", value_parser = parse_zone, display_order = 900))]
    pub(crate) zone: Option<Zone>,
    /// Source of the zone if `--tz` is not given: `POSTCALL_TZ` or `postcall.toml:2`.
    #[cfg_attr(feature = "cli", arg(skip))]
    pub(crate) zone_origin: Option<String>,
}

/// Parses the name of a time zone. `local` is the zone of this computer.
pub(crate) fn parse_zone(name: &str) -> Result<Zone, String> {
    if name.eq_ignore_ascii_case("local") {
        Ok(Zone::Local(LOCAL_ZONE))
    } else {
        name.parse()
    }
}

impl CallArgs {
    /// The filter that the arguments describe. `clock` gives the day that `today` is.
    #[must_use]
    pub(crate) fn filter(&self, clock: Clock) -> Filter {
        let now = clock.now();
        let zone = self.day_zone();
        Filter {
            ids: self.id.clone(),
            statuses: self.status.clone(),
            phones: self.phone.clone(),
            campaigns: self.campaign.clone(),
            since: self.since.map(|since| since.at(now, &zone)),
            until: self.until.map(|until| until.at(now, &zone)),
            zone: self.zone(),
            min_duration: self.min_duration,
            max_duration: self.max_duration,
            has: self.has.clone(),
            variables: self.var.clone(),
            texts: self.search(),
        }
    }

    /// The window that `--since` and `--until` select, and the one before. Fails with a message if
    /// there are none.
    pub(crate) fn windows(&self, clock: Clock) -> Result<Windows, String> {
        Windows::new(WrittenWindow {
            since: self.since,
            until: self.until,
            now: clock.now(),
            zone: &self.zone(),
            day_zone: &self.day_zone(),
        })
    }

    /// True if the filter has days that are counted from today, but no zone for them.
    #[must_use]
    pub(crate) fn needs_local_zone(&self) -> bool {
        let mut bounds = self.since.iter().chain(&self.until);
        self.zone() == Zone::FromBody && bounds.any(|bound| bound.is_relative())
    }

    /// The zone of days that are counted from today.
    fn day_zone(&self) -> Zone {
        match self.zone() {
            Zone::FromBody => Zone::Local(LOCAL_ZONE),
            zone => zone,
        }
    }

    /// The search whose matches are marked.
    #[must_use]
    pub(crate) fn search(&self) -> TextSearch {
        TextSearch::new(self.grep.clone())
    }

    /// Source of the zone if `--tz` is not given: `POSTCALL_TZ` or `postcall.toml:2`.
    #[must_use]
    pub(crate) fn zone_origin(&self) -> Option<&str> {
        self.zone_origin.as_deref()
    }

    /// The time zone for printing times and for reading dates without an offset. By default, each
    /// time keeps its own offset.
    #[must_use]
    pub(crate) fn zone(&self) -> Zone {
        self.zone.clone().unwrap_or_default()
    }
}
