//! Writes a corpus of post-call webhook bodies for benchmarks and experiments, as JSON Lines:
//! `cargo run --release --example generate -- --calls 500000 --seed 1 --output calls.jsonl`
//!
//! `--as FORM` writes the same calls as other tools save them, see [`Form`].
//!
//! Every body conforms to the documented contract. The output depends only on the seed, and call
//! *k* does not depend on the number of calls. Each day from Monday to Friday has 1,920 calls,
//! starting on 1 January 2024, so 500,000 calls fill that year. All people are fictional.
//!
//! Campaigns have something to find with `stats`: leads that are not reached are called up to three
//! times, more people answer late in the morning, and the second number of each campaign is
//! answered less and less often. `--only-completed` and `--repeat` write what a folder of webhooks
//! often holds.
//!
//! The templates below are JSON with slots. A slot is a choice (`<true|false>`), a range of
//! integers (`<1-250>`), a computed value (`<id>`, see [`GeneratedCall::fill_slot`]) or a name from
//! the vocabulary. In a vocabulary, a line `name: text` adds one text to a name and `name| a|b|c`
//! adds several.

pub(crate) mod forms;

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, TimeDelta, Timelike as _, Utc};
use clap::Parser;
use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use postcall::time::timestamp::{Spelling, Timestamp};
use postcall::time::zone::Zone;

use forms::{Form, FormWriter};

static BERLIN: LazyLock<Zone> = LazyLock::new(|| "Europe/Berlin".parse().expect("a zone"));

/// 1 January 2024, a Monday, at 08:00 UTC. Calls start between 08:00 and 16:00, which is within the
/// allowed hours of every campaign.
const FIRST_CALL: i64 = 1_704_096_000;
const CALLS_PER_DAY: u32 = 1_920;
const SECONDS_PER_CALL: u32 = 8 * 3_600 / CALLS_PER_DAY;
const FIRST_ID: u32 = 480_000;
const CAMPAIGN_PERCENT: u8 = 60;
const CAMPAIGNS: u32 = 40;
const MAX_ATTEMPTS: u32 = 3;
/// A lead that was not reached is called again after this many calls, at another time of the day.
const CALLS_UNTIL_RETRY: u32 = 2_600;
/// Percent of the calls of campaigns that are answered, by hour from 08:00 UTC.
const ANSWERED_PERCENT: [u32; 8] = [52, 66, 81, 74, 58, 60, 64, 69];
/// The number whose calls are answered less often: by one percent point a day, down to a third.
const BURNT_LINE: usize = 1;
/// Assistants that call leads of campaigns, as indexes into `ASSISTANTS`.
const OUTBOUND: [usize; 5] = [0, 2, 1, 4, 2];
/// Assistants that answer inbound calls, as indexes into `ASSISTANTS`.
const INBOUND: [usize; 3] = [1, 3, 4];
/// The language of each assistant.
const LANGUAGES: [&str; 5] = [GERMAN, GERMAN, ENGLISH, ENGLISH, GERMAN];

const BODY: &str = concat!(
    r#"{"id":<id>,"customer_phone":<caller>,"assistant_phone":"<own phone>","duration":<duration>"#,
    r#","status":"<status>","extracted_variables":{<extracted>},"input_variables":{<inputs>}"#,
    r#","transcript":"<transcript>","recording_url":<recording>,"created_at":"<created>""#,
    r#","finished_at":"<finished>","lead":<lead>,"campaign":<campaign>}"#,
);
const RECORDING: &str = r#""https://recordings.famulor.example/call-<id>.mp3""#;
const LEAD: &str = concat!(
    r#"{"id":<lead id>,"phone_number":"<phone>","variables":{<lead variables>}"#,
    r#","status":"<lead status>","created_at":"<lead created>","updated_at":"<finished>"}"#,
);
const LEAD_VARIABLES: &str = r#"<given>,"source":"<website|import, Excel>","plz":"0<1000-9999>""#;
const REACHED: &str = "<completed|completed|contacted>";
const NOT_REACHED: &str = "<rescheduled|rescheduled|reached-max-retries>";
const CAMPAIGN: &str = concat!(
    r#"{"id":23<number>,"name":"<project> #<number>","status":"<in-progress|in-progress|active>""#,
    r#","allowed_hours_start_time":"0<8-9>:00:00","allowed_hours_end_time":"<18|19|20>:00:00""#,
    r#","allowed_days":["monday","tuesday","wednesday","thursday","friday"<||,"saturday">]"#,
    r#","max_calls_in_parallel":<1-10>,"max_retries":<1-5>,"retry_interval":<15|30|60|1440>"#,
    r#","created_at":"2023-10-<10-31>T09:<10-59>:00Z","updated_at":"2023-11-<10-30>T15:00:00Z"}"#,
);

/// The assistants: their numbers, of which each lead sees one, their phrases, their input variables
/// (`given`) and the extracted variables of a call (`result`).
const ASSISTANTS: [&str; 5] = [
    r#"line| +493023125001|+493023125002|+493023125003
    project| Neukundengewinnung|Wärmepumpen-Förderung|Reaktivierung \"Treue Kunden\", Welle
    opening: Guten Tag <first> <last>, hier ist Lena, die digitale Assistentin von Lichtwerk.
    topic| Ihre Anfrage zur Solaranlage|das Angebot für Wärmepumpen|die Förderung 2024
    given: "kundenname":"<first> <last>","firma":"<company>"
    result: "status":<true|false|false>,"summary":"<note>","interesse":"<hoch|mittel|gering>"
    result: "mitarbeiter":<1-250>,"budget_eur":<500-40000>.<1-9>0,"naechster_kontakt":<date>"#,
    r#"line: +498999998020
    clock: Berlin
    project| Vorsorgetermine|Grippeimpfung für Über-60-Jährige
    opening: Praxis am Stadtpark, Sie sprechen mit dem KI-Assistenten. Wie geht es Ihnen?
    topic| den Kontrolltermin|Ihre Überweisung|die Verschiebung auf <day>
    given: "Name":"<last>, <first>","Patientennr":"0<1000-9999>"
    result: "termin_vereinbart":<true|false>,"termin_datum":<date>,"uhrzeit":"<9-17>:<15|30>"
    result: "anliegen":"<Kontrolle|Rezept>","rückruf_gewünscht":<true|false>,"notiz":"<note>""#,
    r#"line| +442079460123|+442079460124
    clock: microseconds
    project| Customer survey 2024|Trade show follow-up; London|Price plan feedback
    opening: Hello <first>, this is Ava from Brightline with a very short customer survey.
    topic| your experience with Brightline|our new price plan|last week's delivery
    given: "customer_name":"<first> <last>","company":"<company>"
    result: "nps_score":<0-10>,"would_recommend":<true|true|false>,"comment":"<note>"
    result: "feature":"<price|support|speed|none>","fair_price":<0-4>.<1-9>0,"follow_up":<date>"#,
    r#"line: +441134960777
    opening: Hello! You have reached the Northgate help desk. How can I assist you today?
    topic| the router|your broadband outage|the billing portal
    given: "account":"NG-<10000-99999>"
    result: "issue_resolved":<true|true|false>,"customer_satisfaction":<1-10>,"refund":<0-9>.<1-9>0
    result: "support_category":"<technical|billing|account>","summary":"<note>""#,
    r#"line| +492214710555|+492214710556|+492214710557|+492214710558
    project| Zahlungserinnerung|Mahnwesen 1/2
    opening: Hallo, hier ist Tim, der digitale Assistent der Rheinkontor-Buchhaltung.
    topic| die offene Rechnung RE-2024-<1000-9999>|Ihre letzte Bestellung|die Gutschrift
    given: "rechnung":"RE-2024-<1000-9999>","betrag":<10-2500>.<1-9>0
    result: "zahlung_zugesagt":<true|false>,"zahlungsziel":<date>,"mahnstufe":<0-3>
    result: "einzelpreis":<1-19>.<1-9>0,"grund":"<vergessen|Reklamation>","bemerkung":"<note>""#,
];

/// The vocabulary of a language. Turns alternate between assistant and customer.
const GERMAN: &str = r#"speaker| Assistent|Kunde
    country: +4915
    amount: <1-24>.<100-999>,<10-99> €
    day| Montag|Dienstag|Mittwoch|Donnerstag|Freitag
    firsts| Anna|Jürgen|Käthe|Lukas|Mehmet|Sören|Zoë|Birgit|Max|Özlem|Tobias|René|Svenja
    lasts| Müller|Weiß|Öztürk|Mustermann|von der Heide|Groß|Nowak|Böhm|Schmidt-Rüsch|Lang
    companies| Autohaus <last>|<last> & Söhne GmbH|Café \"Zur Post\", Inh. <last>|<last> KG
    note| |Ruft zurück.|Sagte: \"Zu teuer, aber schön\" 😀|Punkte:\n- <amount>\n- Rückruf <day>
    note| Erst <first> fragen; dann mehr|Interesse an <topic>, Rückruf <day>.|Betrifft <company>
    greeting| Ja, hallo?|Guten Tag.|Hallo! Schön, dass wir sprechen.|<last>, grüß Gott.
    turn| Es geht um <topic>. Passt es Ihnen gerade?|Ja, aber bitte kurz, ich bin gleich im Termin.
    turn| Wie viele Anfragen haben Sie dazu im Monat?|Puh … so um die <20-900>, im Sommer eher mehr.
    turn| Ich kann Ihnen <day> um <9-17>:30 Uhr anbieten.|<day> ist schlecht; lieber erst am <day>?
    turn| Gern. Soll ich Ihnen eine Bestätigung per E-Mail schicken?|Hm.
    turn: Der Betrag liegt bei <amount> im Jahr, zuzüglich Mehrwertsteuer.
    turn: Im Prospekt stand \"ab <amount>\". Das muss ich erst mit Frau <last> besprechen.
    turn: In der Regel dauert es <2-9> Werktage. Haben Sie die Vorgangsnummer zur Hand?
    turn: Moment … ja, hier: <10000-99999>. Oder meinen Sie die andere, die mit <10-99> anfängt?
    turn| Die erste. Ihre Adresse ist noch die Königstraße in Düsseldorf?|Nein, wir sind umgezogen.
    turn| Ich gebe es weiter; eine Kollegin ruft Sie <day> ab <9-17> Uhr zurück.|Okay, super, danke!
    goodbye: Vielen Dank für das Gespräch und einen schönen Tag. Auf Wiederhören!"#;
const ENGLISH: &str = r#"speaker| Assistant|Customer
    country: +447
    amount: £<10-1990>.<10-99>
    day| Monday|Tuesday|Wednesday|Thursday|Friday
    firsts| Alice|Owen|Priya|Liam|Siân|Chloe|Mohammed|Grace|Tom|Ngozi|Harriet|Seán
    lasts| Smith|O'Neill|Patel|Taylor|Brontë|Hughes|MacLeod|Wright|Adeyemi|Fitz-Gerald|Clark
    companies| <last> & Sons Ltd|<last> Logistics plc|The \"Old Mill\" Bakery|<last> Dental
    note| |Happy with <topic>, would like a discount.|Said \"maybe later\"; call again on <day>.
    note| Asked for:\n1. a quote over <amount>\n2. a visit|Loves it 🎉|Cannot find C:\\Temp\\log.txt
    greeting| Hello?|Yes, speaking.|Hi, thanks for calling back.
    turn| It is about <topic>. How did it go?|Fine, until <day>. Then it said \"error <100-599>\".
    turn| I am sorry. How likely are you to recommend us?|Hm, eight of ten. <amount> is too much.
    turn| May I call you back on <day> at <9-17>:15?|<day> is difficult; could we say <day> instead?
    turn| May I have your reference number?|It's <10000-99999>, I think. No, wait: <10000-99999>.
    turn| Perfect. A colleague will send you a summary.|Can I talk to a real person about that?
    goodbye: Thank you for your time, and have a lovely day. Goodbye!"#;

type Vocabulary = HashMap<&'static str, Vec<&'static str>>;

/// Reads the vocabulary of an assistant and its language.
fn read_vocabulary(assistant: usize) -> Vocabulary {
    let mut vocabulary = Vocabulary::new();
    for line in ASSISTANTS[assistant]
        .lines()
        .chain(LANGUAGES[assistant].lines())
    {
        if let Some(index) = line.find([':', '|']) {
            let (name, text) = line.split_at(index);
            let separator = if text.starts_with('|') { '|' } else { '\n' };
            let texts = text[1..].split(separator).map(str::trim);
            vocabulary.entry(name.trim()).or_default().extend(texts);
        }
    }
    vocabulary
}

/// The random numbers for one aspect of one call, customer or campaign, independent of all others.
fn rng_for(seed: u64, aspect: u64, index: u32) -> Rng {
    Rng::with_seed(Rng::with_seed(seed).u64(..) ^ (aspect << 32) ^ u64::from(index))
}

/// The leads of all campaigns.
#[derive(Default)]
struct Leads {
    /// Number of leads that were called.
    called: u32,
    /// Leads that are called again: the index of that call, the lead, and its number of attempts.
    waiting: VecDeque<(u32, u32, u32)>,
}

impl Leads {
    /// The lead of the call with this `index`, and the number of its attempt.
    fn next(&mut self, index: u32) -> (u32, u32) {
        match self.waiting.front() {
            Some(&(due, lead, attempts)) if due <= index => {
                self.waiting.pop_front();
                (lead, attempts + 1)
            }
            _ => {
                self.called += 1;
                (self.called - 1, 1)
            }
        }
    }

    fn call_again(&mut self, lead: u32, attempts: u32, index: u32) {
        if attempts < MAX_ATTEMPTS {
            let due = index + CALLS_UNTIL_RETRY;
            self.waiting.push_back((due, lead, attempts));
        }
    }
}

/// One call, and the part of its body that is already generated.
struct GeneratedCall<'a> {
    body: String,
    seed: u64,
    index: u32,
    rng: Rng,
    is_in_campaign: bool,
    /// Number of the customer; in a campaign, the index of the lead. All calls of a customer have
    /// the same customer data.
    customer: u32,
    /// The index of the number of the assistant.
    line: usize,
    vocabulary: &'a Vocabulary,
    status: &'static str,
    /// Approximate length of the transcript in bytes; 0 if the call was not connected.
    transcript_length: u16,
    created: DateTime<Utc>,
    finished: DateTime<Utc>,
}

impl<'a> GeneratedCall<'a> {
    /// Draws the values that several fields of the body depend on.
    fn new(seed: u64, index: u32, leads: &mut Leads, vocabularies: &'a [Vocabulary]) -> Self {
        let mut rng = rng_for(seed, 0, index);
        let is_in_campaign = rng.u8(..100) < CAMPAIGN_PERCENT;
        let (customer, attempt) = if is_in_campaign {
            leads.next(index)
        } else {
            (u32::MAX - index, 1)
        };
        let assistant = if is_in_campaign {
            OUTBOUND[customer as usize % OUTBOUND.len()]
        } else {
            INBOUND[rng.usize(..INBOUND.len())]
        };
        let vocabulary = &vocabularies[assistant];
        let (day, index_of_day) = (index / CALLS_PER_DAY, index % CALLS_PER_DAY);
        let second = index_of_day * SECONDS_PER_CALL + rng.u32(..SECONDS_PER_CALL);
        let second = FIRST_CALL + i64::from(day + day / 5 * 2) * 86_400 + i64::from(second);
        let created = DateTime::UNIX_EPOCH + TimeDelta::seconds(second);
        let line = rng_for(seed, 8, customer).usize(..vocabulary["line"].len());
        let answered = if is_in_campaign {
            let fall = if line == BURNT_LINE { day } else { 0 };
            let percent = ANSWERED_PERCENT[created.hour() as usize - 8];
            percent - fall.min(percent * 2 / 3)
        } else {
            96
        };
        let is_answered = rng.u32(..100) < answered;
        if is_in_campaign && !is_answered {
            leads.call_again(customer, attempt, index);
        }
        let (status, min_length, max_length) = match (is_answered, rng.u8(..100)) {
            (true, 0..12) => ("ended_by_customer", 75, 1_500),
            (true, _) => ("completed", 180, 5_500),
            (false, 0..60) if is_in_campaign => ("no-answer", 0, 0),
            (false, 60..85) if is_in_campaign => ("busy", 0, 0),
            (false, _) => ("failed", 0, 0),
        };
        let transcript_length = (0..4)
            .map(|_| rng.u16(min_length..=max_length))
            .min()
            .unwrap_or(0);
        let seconds = transcript_length / 12 + rng.u16(..=min_length / 20);
        Self {
            body: String::with_capacity(8_192),
            seed,
            index,
            rng,
            is_in_campaign,
            customer,
            line,
            vocabulary,
            status,
            transcript_length,
            created,
            finished: created + TimeDelta::seconds(seconds.into()),
        }
    }

    /// Writes a template with its slots filled.
    fn fill(&mut self, text: &str) {
        let mut parts = text.split('<');
        self.body += parts.next().unwrap_or_default();
        for part in parts {
            let (slot, plain) = part.split_once('>').unwrap_or((part, ""));
            self.fill_slot(slot);
            self.body += plain;
        }
    }

    /// Writes a template with values that are always the same for this customer or campaign.
    fn fill_for(&mut self, aspect: u64, index: u32, text: &str) {
        let rng = std::mem::replace(&mut self.rng, rng_for(self.seed, aspect, index));
        self.fill(text);
        self.rng = rng;
    }

    /// Writes the value of a slot.
    fn fill_slot(&mut self, slot: &str) {
        let (is_connected, is_in_campaign, customer) = (
            self.transcript_length > 0,
            self.is_in_campaign,
            self.customer,
        );
        let is_one_in = |count| self.index.is_multiple_of(count);
        match slot {
            "id" => self.body += &(FIRST_ID + self.index).to_string(),
            "caller" if is_in_campaign || !is_one_in(40) => self.fill("\"<phone>\""),
            "duration" => self.body += &(self.finished - self.created).num_seconds().to_string(),
            "status" => self.body += self.status,
            "own phone" => self.body += self.vocabulary["line"][self.line],
            "extracted" if is_connected => self.fill(&self.vocabulary["result"].join(",")),
            "inputs" if is_in_campaign || is_one_in(2) => self.fill_for(5, customer, "<given>"),
            "transcript" if is_connected => self.push_transcript(),
            "recording" if is_connected && !is_one_in(5) => self.fill(RECORDING),
            "created" => self.push_time(self.created),
            "finished" => self.push_time(self.finished),
            "lead" if is_in_campaign => self.fill(LEAD),
            "lead id" => self.body += &(12_345 + customer).to_string(),
            "lead variables" => self.fill_for(5, customer, LEAD_VARIABLES),
            "lead status" => self.fill(if is_connected { REACHED } else { NOT_REACHED }),
            "lead created" => self.fill_for(6, customer, "2023-12-<10-28>T<10-19>:<10-59>:00Z"),
            "campaign" if is_in_campaign => self.fill_for(7, customer % CAMPAIGNS, CAMPAIGN),
            "number" => self.body += &(10 + customer % CAMPAIGNS).to_string(),
            "first" => self.fill_for(1, customer, "<firsts>"),
            "last" => self.fill_for(2, customer, "<lasts>"),
            "company" => self.fill_for(3, customer, "<companies>"),
            "phone" => self.fill_for(4, customer, "<country><100000000-999999999>"),
            "date" if self.rng.u8(..3) > 0 => {
                let day = self.created + TimeDelta::days(self.rng.i64(1..60));
                self.fill(&format!("\"{}\"", day.date_naive()));
            }
            "caller" | "recording" | "lead" | "campaign" | "date" => self.body += "null",
            "extracted" | "inputs" | "transcript" => {}
            _ => self.push_random(slot),
        }
    }

    /// Writes a random item of a choice, number of a range or text of a name in the vocabulary.
    fn push_random(&mut self, slot: &str) {
        if slot.contains('|') {
            let index = self.rng.usize(..slot.split('|').count());
            self.body.extend(slot.split('|').nth(index));
        } else if let Some((low, high)) = slot.split_once('-') {
            let [low, high] = [low, high].map(|bound| bound.parse().unwrap_or(0));
            self.body += &self.rng.u32(low..=high).to_string();
        } else {
            let texts = &self.vocabulary[slot];
            let index = self.rng.usize(..texts.len());
            self.fill(texts[index]);
        }
    }

    /// Writes the transcript, which starts with the opening and the greeting.
    fn push_transcript(&mut self) {
        let (speakers, turns) = (&self.vocabulary["speaker"], &self.vocabulary["turn"]);
        let end = self.body.len() + usize::from(self.transcript_length);
        let first = self.rng.usize(..turns.len() / 2) * 2;
        let turns = turns.iter().cycle().skip(first);
        for (index, turn) in ["<opening>", "<greeting>"].iter().chain(turns).enumerate() {
            if index % 2 == 0 && self.body.len() >= end {
                break;
            }
            let line_break = if index > 0 { "\\n" } else { "" };
            self.fill(&format!("{line_break}{}: {turn}", speakers[index % 2]));
        }
        if self.status == "completed" {
            self.fill(&format!("\\n{}: <goodbye>", speakers[0]));
        }
    }

    /// Writes a time in the format of the assistant.
    fn push_time(&mut self, time: DateTime<Utc>) {
        self.body += &match self.vocabulary.get("clock").map(|clocks| clocks[0]) {
            Some("Berlin") => {
                let (time, spelling) = (time.fixed_offset(), Spelling::Iso8601);
                BERLIN.localize(Timestamp { time, spelling }).to_rfc3339()
            }
            Some(_) => time.to_rfc3339_opts(SecondsFormat::Micros, true),
            None => time.to_rfc3339_opts(SecondsFormat::Secs, true),
        };
    }
}

/// Writes a corpus of post-call webhook bodies.
#[derive(Parser)]
pub(crate) struct Args {
    /// How many calls to write.
    #[arg(long, default_value_t = 1_000)]
    calls: u32,
    /// Another seed makes another corpus.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The form in which the calls are written.
    #[arg(long = "as", value_enum, default_value_t = Form::Jsonl)]
    form: Form,
    /// Write only the calls that were connected, as a webhook does that sends only completed calls.
    #[arg(long)]
    only_completed: bool,
    /// Percent of the calls that are written twice, as by a webhook that was not answered.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100))]
    repeat: u32,
    /// The file to write, instead of standard output.
    #[arg(long)]
    output: Option<PathBuf>,
}

/// Writes the calls.
pub(crate) fn write_calls(args: &Args, target: impl Write) -> io::Result<()> {
    let mut target = BufWriter::with_capacity(1 << 20, target);
    if args.form == Form::Gzip {
        let encoder = GzEncoder::new(&mut target, Compression::default());
        write_form(args, encoder)?.finish()?;
    } else {
        write_form(args, &mut target)?;
    }
    target.flush()
}

fn write_form<W: Write>(args: &Args, target: W) -> io::Result<W> {
    let mut writer = FormWriter::new(args.form, target)?;
    let vocabularies = [0, 1, 2, 3, 4].map(read_vocabulary);
    let mut leads = Leads::default();
    for index in 0..args.calls {
        let mut call = GeneratedCall::new(args.seed, index, &mut leads, &vocabularies);
        if args.only_completed && call.transcript_length == 0 {
            continue;
        }
        call.fill(BODY);
        let is_repeated = rng_for(args.seed, 9, index).u32(..100) < args.repeat;
        for _ in 0..=u32::from(is_repeated) {
            writer.write(&call.body, call.finished)?;
        }
    }
    writer.finish()
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let written = match &args.output {
        Some(path) => File::create(path).and_then(|file| write_calls(&args, file)),
        None => write_calls(&args, io::stdout().lock()),
    };
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write"),
        _ => Ok(()),
    }
}
