//! Examples of what is found, in angle brackets, and of what is not.

use std::fmt::Write as _;

use super::find::find_personal;
use super::known_values::KnownValues;

/// Finds personal data in the examples without their brackets, and compares it with them.
fn check(examples: &[&str]) {
    for example in examples {
        let text = example.replace(['<', '>'], "");
        let mut shown = String::new();
        let mut at = 0;
        for found in find_personal(&text, &KnownValues::default()) {
            let (before, part) = (&text[at..found.range.start], &text[found.range.clone()]);
            let _ = write!(shown, "{before}<{part}>");
            at = found.range.end;
        }
        shown.push_str(&text[at..]);
        assert_eq!(shown, *example);
    }
}

#[test]
fn names_have_cues() {
    check(&[
        "Kunde: Da ist die Frau <Berg von Heide>, ja.",
        "Kunde: Die Frau <von der Heide> war da.",
        "Kunde: Mein Mann, der <Ingmar>, kommt.",
        "Kunde: <Jansen> mit C.",
        "Kunde: <Huber, Sepp>, also der <Huber Sepp>.",
        "Agent: Ihr Name?\nKunde: <Kowalski>, <K O W A L S K I>.",
        "Agent: And your name?\nCustomer: It's <Jenkins>.",
        "Customer: My wife <Oona> will ask <Deirdre>.",
        "Customer: My wife will ask everyone.",
        "Kunde: Das ist ein Ersatzteil von Siemens für eine Harley Davidson.",
    ]);
}

#[test]
fn addresses_have_streets_or_postcodes() {
    check(&[
        "Kunde: Ist das <Am Alten Markt 3>?",
        "Kunde: Die <Lindenstraße 7 b, 61348 Bad Homburg>.",
        "Customer: It's <22 Church Lane, SW1A 1AA, London>.",
        "Customer: The <Flat 2>, please.",
        "Customer: It's in <Springfield, OH 45501> now.",
        "Agent: Ihre Adresse?\nKunde: <zweiter Stock links>.",
        "Kunde: Auf dem Parkplatz stehen 7 Autos.",
    ]);
}

#[test]
fn numbers_identify_and_amounts_do_not() {
    check(&[
        "Kunde: Meine Nummer ist <null eins sieben, ähm, doppelt drei>.",
        "Kunde: Mein Kennzeichen ist <HB-KL 204>.",
        "Kunde: Das ist <G wie Gustav, B wie Berta>.",
        "Kunde: Das sind zwanzig Euro und fünfzig.",
        "Customer: It's 12.50, on 11/9/2025 at 9:30.",
        "Customer: Call 911.",
    ]);
}

#[test]
fn emails_are_spoken() {
    check(&[
        "Kunde: Das ist <max punkt muster ät gmx punkt de>.",
        "Kunde: Also <max punkt muster ät gmx de>.",
        "Customer: Meet me at noon.",
    ]);
}

#[test]
fn birthdays_have_years_or_cues() {
    check(&[
        "Kunde: Das war <am 9. November 1962>.",
        "Customer: I was born <the ninth of March nineteen sixty-two>.",
        "Agent: Date of birth?\nCustomer: <March 9th>.",
        "Customer: See you on March 9th.",
        "Kunde: Das sind <19 4294967295 4294967295> Kilo.",
    ]);
}
