//! Why a figure has no value, in both languages.

use super::label::label;
use super::language::Language;
use super::language::Language::{De, En};
use crate::stats::Reason;

impl Language {
    /// `Answer rate: no campaign calls.`
    pub(super) fn missing(self, figures: &[&str], reason: &Reason) -> String {
        format!("{}: {}.", figures.join("; "), self.reason(reason))
    }

    /// Why a figure has no value.
    pub(super) fn reason(self, reason: &Reason) -> String {
        let (english, german) = match reason {
            Reason::NoCampaignCalls => ("no campaign calls", "keine Kampagnenanrufe"),
            Reason::AllConnected => (
                "all campaign calls are connected; probably, only completed calls were sent",
                "alle Kampagnenanrufe sind verbunden; wahrscheinlich wurden nur abgeschlossene \
                 Anrufe gesendet",
            ),
            Reason::AllCallsConnected => (
                "no call that was not connected",
                "kein Anruf, der nicht verbunden wurde",
            ),
            Reason::PerhapsInbound => (
                "these calls may be inbound",
                "diese Anrufe können eingehende sein",
            ),
            Reason::FollowsFromResult => (
                "the groups follow from the results of the calls",
                "die Gruppen folgen aus den Ergebnissen der Anrufe",
            ),
            Reason::OnlyCompleted => (
                "the webhook sends only completed calls",
                "der Webhook sendet nur abgeschlossene Anrufe",
            ),
            Reason::NoRatedCalls => (
                "calls of no campaign, or only of campaigns without unanswered calls",
                "Anrufe ohne Kampagne oder nur aus Kampagnen ohne nicht angenommene Anrufe",
            ),
            Reason::NoConnectedCalls => ("no connected calls", "keine verbundenen Anrufe"),
            Reason::NoTranscript => (
                "no connected call has a readable transcript",
                "kein verbundener Anruf hat ein lesbares Transkript",
            ),
            Reason::NoDuration => (
                "no connected call has a readable duration",
                "kein verbundener Anruf hat eine lesbare Dauer",
            ),
            Reason::NoConversations => ("no conversations", "keine Gespräche"),
            Reason::NoLeads => ("no leads", "keine Leads"),
            Reason::NoFinishedCalls => ("no call is over", "kein Anruf ist beendet"),
            Reason::NoChance => (
                "no lead could already have had this number of attempts",
                "noch kein Lead konnte so viele Versuche haben",
            ),
            Reason::NoGoals => (
                "no campaign call reached the goal",
                "kein Kampagnenanruf hat das Ziel erreicht",
            ),
            Reason::NoReadableTime => (
                "no campaign call has a readable time",
                "kein Kampagnenanruf hat eine lesbare Zeit",
            ),
            Reason::NoRetries => (
                "no lead was called again",
                "kein Lead wurde erneut angerufen",
            ),
            Reason::NoSetting => (
                "no call whose campaign has such a limit",
                "kein Anruf einer Kampagne mit einer solchen Grenze",
            ),
            Reason::NoZone => (
                "the times are in UTC, and no time zone was chosen",
                "die Zeiten sind in UTC, und es wurde keine Zeitzone gewählt",
            ),
            Reason::GoalNotSaid => (
                "no connected call says whether it was reached",
                "kein verbundener Anruf sagt, ob es erreicht wurde",
            ),
            Reason::NoVariable(name) => return self.no_call_has(name, true),
            Reason::NoField(name) => return self.no_call_has(name, false),
        };
        self.choose(english, german).to_owned()
    }

    fn no_call_has(self, name: &str, is_variable: bool) -> String {
        let name = label(name);
        match (self, is_variable) {
            (En, true) => format!("no call has the variable “{name}”"),
            (En, false) => format!("no call has “{name}”"),
            (De, true) => format!("kein Anruf hat die Variable „{name}“"),
            (De, false) => format!("kein Anruf hat „{name}“"),
        }
    }
}
