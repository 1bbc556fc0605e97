//! The words of a report in both languages. Sentences with numbers are in `sentences`.

use super::language::Language;

/// A method per word, and the table of all words for the tests.
macro_rules! words {
    ($($name:ident: $english:literal, $german:literal;)*) => {
        impl Language {
            $(pub(super) const fn $name(self) -> &'static str {
                self.choose($english, $german)
            })*
        }

        #[cfg(test)]
        const WORDS: &[(&str, &str, &str)] = &[$((stringify!($name), $english, $german)),*];
    };
}

words! {
    // The document.
    report_title: "Call report", "Anrufbericht";
    copy_csv: "Copy as CSV", "Als CSV kopieren";
    copied: "Copied", "Kopiert";
    number_of: "of", "von";

    // Calls to look at.
    calls_to_look_at: "Calls to look at", "Anrufe zum Ansehen";
    call: "Call", "Anruf";
    started: "Started", "Beginn";
    reasons: "Reasons", "Gründe";
    place: "Place", "Fundstelle";
    no_calls_to_look_at:
        "No call has a reason to look at it.", "Kein Anruf hat einen Grund, ihn anzusehen.";
    review_outside_hours:
        "outside the allowed days or hours", "außerhalb der erlaubten Tage oder Uhrzeiten";
    review_after_goal: "after the goal was reached", "nach erreichtem Ziel";
    review_attempts: "after the last allowed attempt", "nach dem letzten erlaubten Versuch";
    review_parallel: "while too many were running", "bei zu vielen gleichzeitigen Anrufen";
    review_early: "retry before the interval was over", "Wiederholung vor Ablauf der Wartezeit";
    review_errors: "errors in the data", "Fehler in den Daten";
    goal_missing: "long conversation without the goal", "langes Gespräch ohne Ziel";
    review_silent: "the customer said nothing", "Kunde hat nichts gesagt";
    review_short: "under 10 seconds", "unter 10 Sekunden";

    // Two windows of time.
    before_label: "before:", "davor:";
    window_before: "Window before", "Zeitraum davor";
    window_not_over:
        "The window is not over.", "Der Zeitraum ist noch nicht zu Ende.";
    no_calls_before:
        "There is no call in the window before.",
        "Im Zeitraum davor gibt es keinen Anruf.";
    read_changes:
        "↑ and ↓ mark rates that changed by more than chance: their probable ranges do not \
         overlap. pp: percentage points.",
        "↑ und ↓ kennzeichnen Quoten, deren Veränderung kein Zufall ist: ihre wahrscheinlichen \
         Bereiche überschneiden sich nicht. PP: Prozentpunkte.";

    // The figures at the head.
    at_a_glance: "At a glance", "Auf einen Blick";
    calls: "Calls", "Anrufe";
    answer_rate: "Answer rate", "Annahmequote";
    conversations: "Conversations", "Gespräche";
    goals: "Goals reached", "Ziele erreicht";
    talk_time: "Talk time", "Gesprächszeit";

    // Funnels and rates.
    call_to_goal: "From call to goal", "Vom Anruf zum Ziel";
    call_funnel: "Campaign calls, step by step", "Kampagnenanrufe Schritt für Schritt";
    lead_funnel: "Leads, step by step", "Leads Schritt für Schritt";
    step: "Step", "Schritt";
    number: "Number", "Anzahl";
    of_step_before: "Of the step before", "Anteil am vorigen Schritt";
    of_first_step: "Of the first step", "Anteil am Anfang";
    dialled: "Dialled", "Gewählt";
    connected: "Connected", "Verbunden";
    customer_spoke: "Customer spoke", "Kunde hat gesprochen";
    conversation: "Conversation", "Gespräch geführt";
    conversation_with_goal: "Conversation with the goal", "Gespräch mit Ziel";
    goal_reached: "Goal reached", "Ziel erreicht";
    leads: "Leads", "Leads";
    attempted: "Attempted", "Angerufen";
    reached: "Reached", "Erreicht";
    rates: "Rates", "Quoten";
    rate: "Rate", "Quote";
    share: "Share", "Anteil";
    range: "Probable range", "Wahrscheinlicher Bereich";
    answered_of_calls: "Campaign calls answered", "Angenommene Kampagnenanrufe";
    two_way_of_connected:
        "Customer spoke, per connected call with a transcript",
        "Kunde hat gesprochen, je verbundenem Anruf mit Transkript";
    conversations_of_connected:
        "Conversations per connected call with a transcript",
        "Gespräche je verbundenem Anruf mit Transkript";
    goals_of_conversations: "Goal reached, of all conversations", "Ziel erreicht, bezogen auf alle Gespräche";
    goals_of_connected:
        "Goal reached, of all connected calls", "Ziel erreicht, bezogen auf alle verbundenen Anrufe";
    goals_of_leads: "Goal reached, of all leads", "Ziel erreicht, bezogen auf alle Leads";

    // Leads and attempts.
    leads_and_attempts: "Leads and attempts", "Leads und Anrufversuche";
    reached_of_leads: "Reached", "Erreicht";
    reached_first: "Reached at the first attempt", "Beim ersten Versuch erreicht";
    exhausted:
        "All allowed attempts used, reached or not",
        "Alle erlaubten Versuche verbraucht, erreicht oder nicht";
    by_attempt: "Reach by attempt", "Erreichbarkeit nach Anrufversuch";
    attempt: "Attempt", "Versuch";
    answered: "Answered", "Angenommen";
    reached_by_then: "Leads reached by then", "Bis dahin erreichte Leads";
    attempts_per_lead: "Attempts per lead", "Versuche pro Lead";
    attempts: "Attempts", "Versuche";
    per_goal: "Effort per goal", "Aufwand pro Ziel";
    calls_per_goal: "Calls per goal", "Anrufe pro Ziel";
    talk_time_per_goal: "Talk time per goal", "Gesprächszeit pro Ziel";

    // The week.
    best_times: "Best times to call", "Die besten Anrufzeiten";
    hour: "Hour", "Uhrzeit";
    all_days: "All days", "Alle Tage";
    legend: "Percent answered", "Prozent angenommen";

    // Numbers and groups.
    caller_numbers: "Your caller numbers", "Ihre Rufnummern";
    your_number: "Your number", "Ihre Nummer";
    under_10_seconds: "Under 10 seconds", "Kürzer als 10 s";
    last_7_days: "Last 7 days", "Letzte 7 Tage";
    before: "Before", "Davor";
    change: "Change", "Veränderung";
    falling: "▼ falling", "▼ fällt";
    rising: "▲ rising", "▲ steigt";
    no_certain_change: "no certain change", "keine klare Veränderung";
    mean: "Mean talk time", "Mittlere Gesprächszeit";
    goal: "Goal", "Ziel";
    no_value: "(none)", "(ohne Angabe)";
    empty_value: "(empty)", "(leer)";
    other_values: "(other values)", "(weitere Werte)";
    unreadable_number: "(no readable number)", "(keine lesbare Nummer)";
    unnamed_campaign: "(without a name)", "(ohne Namen)";
    no_campaign: "(no campaign)", "(keine Kampagne)";

    // The fields of groups.
    campaign: "Campaign", "Kampagne";
    country: "Country code", "Ländervorwahl";
    day_heading: "Day", "Tag";
    week: "Week", "Woche";
    by_your_number: "By your number", "Nach Ihrer Rufnummer";
    month_heading: "Month", "Monat";
    year: "Year", "Jahr";
    weekday_heading: "Weekday", "Wochentag";
    status: "Status", "Status";

    // Days, outcomes, and everything that is not counted.
    calls_over_time: "Calls over time", "Anrufe im Zeitverlauf";
    outcomes: "How the calls ended", "So endeten die Anrufe";
    calls_by_status: "Calls by status", "Anrufe nach Status";
    outcome: "Outcome", "Ergebnis";
    result: "Result", "Einordnung";
    class_connected: "connected", "verbunden";
    class_not_connected: "not connected", "nicht verbunden";
    class_open: "not over yet", "noch nicht beendet";
    class_unclassed: "unknown", "unbekannt";
    status_initiated: "Initiated", "Gestartet";
    status_ringing: "Ringing", "Klingelt";
    status_busy: "Busy", "Besetzt";
    status_in_progress: "In progress", "Läuft";
    status_ended: "Ended", "Beendet";
    status_completed: "Completed", "Abgeschlossen";
    status_ended_by_customer: "Ended by the customer", "Vom Kunden beendet";
    status_ended_by_assistant: "Ended by the assistant", "Vom Assistenten beendet";
    status_no_answer: "No answer", "Keine Antwort";
    status_failed: "Failed", "Fehlgeschlagen";
    status_missing: "Without a known status", "Ohne bekannten Status";
    talk_time_per_call: "Talk time per connected call", "Gesprächszeit pro verbundenem Anruf";
    figure: "Figure", "Kennzahl";
    mean_short: "Mean", "Mittelwert";
    median: "Median", "Median";
    p90: "90 % of calls are at most", "90 % der Anrufe dauern höchstens";
    longest: "Longest", "Längster";
    value: "Value", "Wert";
    not_counted: "Not counted", "Nicht mitgezählt";
    how_to_read: "How to read this report", "So lesen Sie diesen Bericht";

    // Conversations and billing.
    talk: "In the conversations", "In den Gesprächen";
    silent:
        "Customer said nothing, of all calls with a transcript",
        "Kunde hat nichts gesagt, bezogen auf alle Anrufe mit Transkript";
    words_of_customers:
        "Share of the customers in all words", "Anteil der Kunden an allen Wörtern";
    drop_off: "How often customers speak", "Wie oft Kunden sprechen";
    turns_of_customer: "Turns of the customer, at least", "Äußerungen des Kunden, mindestens";
    calls_with_turns: "Calls", "Anrufe";
    billing: "Billing", "Abrechnung";
    billed_minutes: "Billed minutes", "Abgerechnete Minuten";
    cost: "Cost", "Kosten";
    cost_per_goal: "Cost per goal", "Kosten pro Ziel";
    billing_note:
        "An estimate: each connected call counts at least 30 seconds.",
        "Eine Schätzung: Jeder verbundene Anruf zählt mindestens 30 Sekunden.";

    // Settings and variables.
    campaign_settings: "Campaign settings", "Kampagneneinstellungen";
    check: "Check", "Prüfung";
    rule_broken: "✗ Not kept:", "✗ Nicht eingehalten:";
    outside_hours:
        "Calls outside the allowed days or hours",
        "Anrufe außerhalb der erlaubten Tage oder Uhrzeiten";
    early_retries:
        "Retries before the interval was over", "Wiederholungen vor Ablauf der Wartezeit";
    too_many_attempts:
        "Calls after the last allowed attempt", "Anrufe nach dem letzten erlaubten Versuch";
    too_many_in_parallel:
        "Calls while too many were running", "Anrufe, während zu viele gleichzeitig liefen";
    after_goal: "Calls after the goal was reached", "Anrufe nach erreichtem Ziel";
    changed_settings:
        "Campaigns whose settings changed", "Kampagnen mit geänderten Einstellungen";
    parallel_note:
        "A call runs at least from its creation for the time of its talk.",
        "Ein Anruf läuft mindestens ab seiner Erstellung für die Dauer des Gesprächs.";
    variables: "Extracted variables", "Erfasste Variablen";
    variable: "Variable", "Variable";
    filled: "Filled", "Ausgefüllt";
    values: "Values", "Werte";
    no_variables:
        "No connected call has an extracted variable.",
        "Kein verbundener Anruf hat eine erfasste Variable.";

    // Notes.
    few: "* of fewer than 20: mostly chance", "* weniger als 20: kaum aussagekräftig";
    goals_in_funnel:
        "The last step counts only goals that were reached in a conversation.",
        "Der letzte Schritt zählt nur Ziele, die in einem Gespräch erreicht wurden.";
    reached_note:
        "Only leads that were called early enough to have had this number of attempts.",
        "Nur Leads, die früh genug angerufen wurden, um schon so viele Versuche zu haben.";
    heat_note:
        "Percent of campaign calls answered, with the number of calls below it. Grey: fewer than \
         20 calls, mostly chance.",
        "Prozent der angenommenen Kampagnenanrufe, darunter die Zahl der Anrufe. Grau: weniger als \
         20 Anrufe, kaum aussagekräftig.";
    no_best_hour:
        "No hour is certainly better than the others.",
        "Keine Uhrzeit ist eindeutig besser als die anderen.";
    falling_note:
        "A falling answer rate can mean that phones show the number as spam. A change is named \
         only if chance hardly explains it.",
        "Eine fallende Annahmequote kann bedeuten, dass Telefone die Nummer als Spam anzeigen. Eine \
         Veränderung wird nur genannt, wenn Zufall sie kaum erklärt.";
    personal_field:
        "The values of this field can identify people and are not shown.",
        "Die Werte dieses Feldes können Personen erkennen lassen und werden nicht gezeigt.";
    hidden_values:
        "Values of fewer than 5 calls, and values that can identify people, are not shown.",
        "Werte aus weniger als 5 Anrufen und Werte, die Personen erkennen lassen, werden nicht \
         gezeigt.";
    few_folded:
        "Groups of fewer than 5 calls and values that can identify people are in the last row.",
        "Gruppen mit weniger als 5 Anrufen und Werte, die Personen erkennen lassen, stehen in der \
         letzten Zeile.";
    read_connected:
        "Connected: a person or a machine answered. A mailbox counts, too.",
        "Verbunden: Ein Mensch oder ein Gerät hat abgenommen. Auch eine Mailbox zählt.";
    read_two_way:
        "Customer spoke: the customer said at least one word. The greeting of a mailbox can count \
         as a customer.",
        "Kunde hat gesprochen: Der Kunde hat mindestens ein Wort gesagt. Die Ansage einer Mailbox \
         kann als Kunde zählen.";
    read_conversation:
        "Conversation: the customer spoke at least twice, in a call of at least 30 seconds.",
        "Gespräch: Der Kunde hat mindestens zweimal gesprochen, und der Anruf hat mindestens 30 \
         Sekunden gedauert.";
    read_range:
        "Probable range: with few calls, a rate is uncertain. With a certainty of 95 %, the true \
         rate is within this range.",
        "Wahrscheinlicher Bereich: Bei wenigen Anrufen ist eine Quote unsicher. Mit 95 % Sicherheit \
         liegt die wahre Quote in diesem Bereich.";
    read_campaigns:
        "Answer rates, attempts and leads cover calls of campaigns only. Rates leave out calls that \
         are not over and calls of unknown result.",
        "Annahmequoten, Versuche und Leads beziehen sich nur auf Anrufe aus Kampagnen. Noch nicht \
         beendete Anrufe und Anrufe mit unbekanntem Ergebnis zählen in den Quoten nicht.";
    read_numbers:
        "Your own numbers are shortened to their last four digits.",
        "Von Ihren eigenen Nummern stehen nur die letzten vier Ziffern da.";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that are the same in both languages.
    const EQUAL: &[&str] = &["leads", "status", "median", "variable"];

    #[test]
    fn no_word_is_missing_in_a_language() {
        for (name, english, german) in WORDS {
            assert!(
                !english.trim().is_empty() && !german.trim().is_empty(),
                "{name}"
            );
            assert_eq!(english == german, EQUAL.contains(name), "{name}: {english}");
            let has_end = |text: &str| text.ends_with('.');
            assert_eq!(has_end(english), has_end(german), "{name}");
        }
    }
}
