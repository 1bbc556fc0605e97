//! Arguments that select calls: filters, deduplication and limit.

use clap::Args;

use crate::run::host::LOCAL_ZONE;
use crate::run::read_plan::Dedupe;
use crate::select::filter::{
    CallPart, CampaignPattern, Filter, PhonePattern, StatusPattern, TimeBound, VariableTest,
};
use crate::select::sequencer::CallLimit;
use crate::time::talk_time::TalkTime;
use crate::time::zone::Zone;

const HEADING: &str = "Which calls";

/// Which calls are asked for.
#[derive(Args, Clone, Debug)]
pub(crate) struct CallArgs {
    /// Calls with this status, or one of several: completed,no-answer
    #[arg(
        long,
        value_name = "STATUS",
        value_delimiter = ',',
        help_heading = HEADING
    )]
    status: Vec<StatusPattern>,
    /// Calls from or to this number; +49* for all that begin so (repeatable)
    ///
    /// The numbers of the customer, the assistant and the lead count. Spaces, dashes and brackets do not, and 00 is as good as +.
    #[arg(long, value_name = "NUMBER", help_heading = HEADING)]
    phone: Vec<PhonePattern>,
    /// Calls of this campaign, by its id or its whole name, in which * stands for any text (repeatable)
    #[arg(long, value_name = "ID|NAME", help_heading = HEADING)]
    campaign: Vec<CampaignPattern>,
    /// Calls created on this day or later, or at this time: 2024-01-15, 2024-01-15T10:30, 2024-01-15T10:30:00+01:00
    #[arg(long, value_name = "DATE|TIME", help_heading = HEADING)]
    since: Option<TimeBound>,
    /// Calls created on this day or earlier, or at this time; the whole day, minute or second is included
    #[arg(long, value_name = "DATE|TIME", help_heading = HEADING)]
    until: Option<TimeBound>,
    /// Tell times, and take dates and times without an offset, in this zone: an IANA name, local or utc [default: the offset in the body]
    #[arg(long = "tz", value_name = "ZONE", value_parser = parse_zone, help_heading = HEADING)]
    zone: Option<Zone>,
    /// Calls that lasted so long or longer: 90, 90s, 2m, 1m30s, 1h
    #[arg(long, value_name = "LENGTH", help_heading = HEADING)]
    min_duration: Option<TalkTime>,
    /// Calls that lasted so long or less
    #[arg(long, value_name = "LENGTH", help_heading = HEADING)]
    max_duration: Option<TalkTime>,
    /// Calls that have this, or all of several
    #[arg(
        long,
        value_name = "PART",
        value_delimiter = ',',
        help_heading = HEADING
    )]
    has: Vec<CallPart>,
    /// Calls with such a variable, in quotes for the shell's sake: 'nps>=9', city=Hamburg, order.city!=Hamburg (repeatable)
    ///
    /// With =, !=, <, >, <= or >=. NAME is that of an extracted variable; variables of the input and of the lead are named as `export` heads their columns:
    /// `input_variables.NAME`, `lead.variables.NAME`. Numbers are compared by value; with < and the like, so are dates and times, and texts by their
    /// letters. Of a variable that is not there, only != holds. Of several such options, all must hold.
    #[arg(long, value_name = "NAME=VALUE", help_heading = HEADING)]
    var: Vec<VariableTest>,
    /// Of calls with the same id, only one; last reads all input once before
    #[arg(long, value_name = "WHICH", help_heading = HEADING)]
    pub(crate) dedupe: Option<Dedupe>,
    /// At most so many calls; nothing behind them is read
    #[arg(long, value_name = "N", help_heading = HEADING)]
    pub(crate) limit: Option<CallLimit>,
}

/// Parses the name of a time zone. `local` is the zone of this computer.
fn parse_zone(name: &str) -> Result<Zone, String> {
    if name.eq_ignore_ascii_case("local") {
        Ok(Zone::Local(LOCAL_ZONE))
    } else {
        name.parse()
    }
}

impl CallArgs {
    /// The filter that the arguments describe.
    #[must_use]
    pub(crate) fn filter(&self) -> Filter {
        Filter {
            statuses: self.status.clone(),
            phones: self.phone.clone(),
            campaigns: self.campaign.clone(),
            since: self.since,
            until: self.until,
            zone: self.zone(),
            min_duration: self.min_duration,
            max_duration: self.max_duration,
            has: self.has.clone(),
            variables: self.var.clone(),
        }
    }

    /// The time zone for printing times and for reading dates without an offset. By default, each
    /// time keeps its own offset.
    #[must_use]
    pub(crate) fn zone(&self) -> Zone {
        self.zone.clone().unwrap_or_default()
    }
}
