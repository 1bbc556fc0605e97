// All words of the page, in English and German. `{name}` is a value, and `one|many` are the forms
// for one thing and for any other number of things, which `{n}` is.

export const WORDS = {
  // The head.
  privacy: ['Your file stays on this computer.', 'Ihre Datei bleibt auf diesem Computer.'],
  privacy_reason: [
    'This page cannot send anything, and works without the internet.',
    'Diese Seite kann nichts senden und funktioniert ohne Internet.',
  ],
  start_title: ['See what came out of your calls', 'Sehen Sie, was Ihre Anrufe gebracht haben'],
  start_text: [
    'Open the file in which n8n, Make or another tool saved the post-call webhooks of Famulor.',
    'Öffnen Sie die Datei, in der n8n, Make oder ein anderes Werkzeug die Post-Call-Webhooks von Famulor gespeichert hat.',
  ],
  starting: ['Starting …', 'Wird gestartet …'],
  start_failed: [
    'This browser cannot run the page. Use a current version of Chrome, Edge, Firefox or Safari. ({reason})',
    'Dieser Browser kann die Seite nicht ausführen. Verwenden Sie eine aktuelle Version von Chrome, Edge, Firefox oder Safari. ({reason})',
  ],

  // Opening files.
  drop_here: ['Drop files or a folder here', 'Dateien oder einen Ordner hier ablegen'],
  choose_files: ['Choose files', 'Dateien auswählen'],
  choose_folder: ['Choose a folder', 'Ordner auswählen'],
  paste: ['Paste text', 'Text einfügen'],
  paste_label: ['Text with calls', 'Text mit Anrufen'],
  paste_hint: [
    'For example the output of a node in n8n, as JSON.',
    'Zum Beispiel die Ausgabe eines Knotens in n8n, als JSON.',
  ],
  paste_open: ['Show the calls', 'Anrufe anzeigen'],
  file_kinds: [
    'JSON, JSON Lines, CSV, logs, ZIP archives and exports of many tools.',
    'JSON, JSON Lines, CSV, Protokolle, ZIP-Archive und Exporte vieler Werkzeuge.',
  ],
  open_other: ['Open other files', 'Andere Dateien öffnen'],
  folder_unreadable: [
    'The browser does not open this folder. Use the button “Choose a folder”.',
    'Der Browser öffnet diesen Ordner nicht. Verwenden Sie die Schaltfläche „Ordner auswählen“.',
  ],
  nothing_dropped: ['There was no file in this drop.', 'Es wurde keine Datei abgelegt.'],
  folder_empty: ['This folder is empty.', 'Dieser Ordner ist leer.'],

  // Progress and problems.
  reading: ['Reading {name}', '{name} wird gelesen'],
  reading_files: ['Reading {n} file|Reading {n} files', '{n} Datei wird gelesen|{n} Dateien werden gelesen'],
  progress: ['{percent} % read', '{percent} % gelesen'],
  cancel: ['Cancel', 'Abbrechen'],
  cancelled: ['Cancelled.', 'Abgebrochen.'],
  check_again: ['Check the calls', 'Anrufe prüfen'],
  fault: [
    'The program in this page failed at this step, and was started again. Your files are unchanged. You can go on. Please report this message: {reason}',
    'Das Programm in dieser Seite ist bei diesem Schritt abgestürzt und wurde neu gestartet. Ihre Dateien sind unverändert. Sie können weiterarbeiten. Bitte melden Sie diese Meldung: {reason}',
  ],
  close: ['Close', 'Schließen'],

  // The summary.
  calls: ['{n} call|{n} calls', '{n} Anruf|{n} Anrufe'],
  calls_of: ['{n} of {all} calls', '{n} von {all} Anrufen'],
  no_calls: ['No calls found', 'Keine Anrufe gefunden'],
  no_calls_hint: [
    'A call is the JSON text that Famulor sends to your webhook after each call. Open the file in which your tool saved it.',
    'Ein Anruf ist der JSON-Text, den Famulor nach jedem Gespräch an Ihren Webhook sendet. Öffnen Sie die Datei, in der Ihr Werkzeug ihn gespeichert hat.',
  ],
  in_file: ['in', 'in'],
  in_files: ['in {n} file|in {n} files', 'in {n} Datei|in {n} Dateien'],
  notes: ['Notes', 'Hinweise'],
  more_notes: ['{n} more note|{n} more notes', '{n} weiterer Hinweis|{n} weitere Hinweise'],
  downloads: ['Downloads', 'Downloads'],
  views: ['Views', 'Ansichten'],
  tab_calls: ['Calls', 'Anrufe'],
  tab_findings: ['Check', 'Prüfung'],
  tab_figures: ['Figures', 'Kennzahlen'],

  // Downloads.
  excel: ['Excel', 'Excel'],
  report: ['Report', 'Bericht'],
  csv_german: ['CSV for German Excel', 'CSV für Excel'],
  csv: ['CSV', 'CSV mit Kommas'],
  json_lines: ['JSON Lines', 'JSON Lines'],
  more_downloads: ['More downloads', 'Weitere Downloads'],
  writing: ['Writing {name}', '{name} wird geschrieben'],
  saved: ['{name} is in your downloads.', '{name} liegt in Ihren Downloads.'],
  not_saved: ['{name} was not written:', '{name} wurde nicht geschrieben:'],
  about_downloads: [
    'Downloads hold only the calls that the filters keep, in the order of the table; without personal data, in that of the file. Tables for Excel have times in UTC if no time zone is chosen.',
    'Downloads enthalten nur die gefilterten Anrufe, in der Reihenfolge der Tabelle; ohne persönliche Daten in der der Datei. Tabellen für Excel haben Zeiten in UTC, wenn keine Zeitzone gewählt ist.',
  ],
  redacted: ['Without personal data', 'Ohne persönliche Daten'],
  redacted_text: [
    'To show calls to others: names, numbers, texts and times are replaced, and the structure stays. The result is pseudonymous, not anonymous: people who know the calls, or who have the key, can recognize them.',
    'Um Anrufe anderen zu zeigen: Namen, Nummern, Texte und Zeiten werden ersetzt, der Aufbau bleibt. Das Ergebnis ist pseudonym, nicht anonym: Wer die Anrufe kennt oder den Schlüssel hat, kann sie wiedererkennen.',
  ],
  key: ['Key', 'Schlüssel'],
  key_hint: [
    'Made at random for this page. With the same key, the same people get the same pseudonyms again. If you do not need it again, do nothing. Otherwise keep it secret.',
    'Zufällig für diese Seite erzeugt. Mit demselben Schlüssel bekommen dieselben Personen wieder dieselben Pseudonyme. Wenn Sie ihn nicht noch einmal brauchen, müssen Sie nichts tun. Sonst bewahren Sie ihn geheim auf.',
  ],
  download_redacted: ['Download without personal data', 'Ohne persönliche Daten herunterladen'],

  // Filters.
  search: ['Search conversations and variables', 'In Gesprächen und Variablen suchen'],
  filters: ['Filters', 'Filter'],
  filters_active: ['Filters ({n})', 'Filter ({n})'],
  filter_status: ['Outcome', 'Ergebnis'],
  filter_campaign: ['Campaign', 'Kampagne'],
  filter_since: ['From', 'Von'],
  filter_until: ['Until', 'Bis'],
  filter_phone: ['Phone number', 'Telefonnummer'],
  filter_phone_hint: ['Any part: *8411, +49*', 'Auch ein Teil: *8411, +49*'],
  filter_id: ['Call number', 'Anrufnummer'],
  filter_variable: ['Variable', 'Variable'],
  filter_variable_hint: ['city=Hamburg, nps>=9', 'stadt=Hamburg, nps>=9'],
  filter_min: ['At least', 'Mindestens'],
  filter_max: ['At most', 'Höchstens'],
  filter_duration_hint: ['90, 2m or 1m30s', '90, 2m oder 1m30s'],
  filter_has: ['Only calls with', 'Nur Anrufe mit'],
  has_lead: ['a lead', 'Lead'],
  has_campaign: ['a campaign', 'Kampagne'],
  has_recording: ['a recording', 'Aufnahme'],
  has_transcript: ['a conversation', 'Gespräch'],
  filter_dedupe: ['Each call only once, the last copy', 'Jeden Anruf nur einmal, die letzte Kopie'],
  all: ['All', 'Alle'],
  clear_filters: ['Clear all filters', 'Alle Filter löschen'],
  zone: ['Times', 'Zeiten'],
  zone_file: ['as in the file', 'wie in der Datei'],
  zone_use: ['Show times in {zone}', 'Zeiten in {zone} anzeigen'],

  // The table of calls.
  table_label: ['Calls', 'Anrufe'],
  table_help: [
    'Arrow keys move through the calls, and Enter opens one.',
    'Mit den Pfeiltasten gehen Sie durch die Anrufe, die Eingabetaste öffnet einen.',
  ],
  column_id: ['Call', 'Anruf'],
  column_created: ['Started', 'Beginn'],
  column_status: ['Outcome', 'Ergebnis'],
  column_duration: ['Talk', 'Dauer'],
  column_customer: ['Customer', 'Kunde'],
  column_campaign: ['Campaign', 'Kampagne'],
  sorted: ['Sorted by {column}.', 'Sortiert nach {column}.'],
  no_match: ['No call matches the filters.', 'Kein Anruf passt zu den Filtern.'],
  no_match_hint: [
    'The search looks at conversations and variables. For phone numbers, campaigns and dates, use the filters.',
    'Die Suche durchsucht Gespräche und Variablen. Für Telefonnummern, Kampagnen und Daten gibt es die Filter.',
  ],
  none: ['–', '–'],

  // A call.
  call_title: ['Call {id}', 'Anruf {id}'],
  call_without_id: ['Call without a number', 'Anruf ohne Nummer'],
  previous: ['Previous call', 'Voriger Anruf'],
  next: ['Next call', 'Nächster Anruf'],
  position: ['{n} of {all}', '{n} von {all}'],
  loading_call: ['Loading the call …', 'Anruf wird geladen …'],
  customer: ['Customer', 'Kunde'],
  assistant: ['Assistant', 'Assistent'],
  started: ['Started', 'Beginn'],
  finished: ['Finished', 'Ende'],
  talk_time: ['Talk time', 'Gesprächszeit'],
  recording: ['Recording', 'Aufnahme'],
  recording_open: ['Open the recording (internet)', 'Aufnahme öffnen (Internet)'],
  place: ['Place', 'Fundstelle'],
  conversation: ['Conversation', 'Gespräch'],
  no_conversation: ['No conversation.', 'Kein Gespräch.'],
  extracted_variables: ['Extracted variables', 'Erfasste Variablen'],
  input_variables: ['Given variables', 'Übergebene Variablen'],
  lead: ['Lead', 'Lead'],
  campaign: ['Campaign', 'Kampagne'],
  other_members: ['Further data', 'Weitere Daten'],
  yes: ['✓ yes', '✓ ja'],
  no: ['✗ no', '✗ nein'],
  empty: ['(empty)', '(leer)'],
  body: ['The whole call as JSON', 'Der ganze Anruf als JSON'],
  valid: ['✓ This call is as documented.', '✓ Dieser Anruf entspricht der Dokumentation.'],

  // Findings.
  findings: ['Findings', 'Befunde'],
  findings_none: ['✓ All calls are as documented.', '✓ Alle Anrufe entsprechen der Dokumentation.'],
  findings_text: [
    'Values that are not as Famulor documents them. The messages are in English.',
    'Werte, die nicht so sind, wie Famulor sie dokumentiert. Die Meldungen sind auf Englisch.',
  ],
  rule: ['Rule', 'Regel'],
  level: ['Level', 'Stufe'],
  number: ['Number', 'Anzahl'],
  level_error: ['Error', 'Fehler'],
  level_warning: ['Warning', 'Warnung'],
  level_note: ['Note', 'Hinweis'],
  line: ['line {line}', 'Zeile {line}'],
  show_call: ['Show call {id}', 'Anruf {id} anzeigen'],
  show_rule: ['Show only {rule}', 'Nur {rule} anzeigen'],
  show_all_rules: ['Show all rules', 'Alle Regeln anzeigen'],
  more_findings: ['Show more', 'Mehr anzeigen'],
  findings_shown: ['{n} of {all} shown', '{n} von {all} angezeigt'],

  // Figures.
  goal: ['Goal of a call', 'Ziel eines Anrufs'],
  goal_hint: ['A variable, or a test: nps>=9', 'Eine Variable oder ein Vergleich: nps>=9'],
  group_by: ['Compare groups', 'Gruppen vergleichen'],
  group_none: ['No groups', 'Keine Gruppen'],
  group_campaign: ['By campaign', 'Nach Kampagne'],
  group_status: ['By outcome', 'Nach Ergebnis'],
  group_week: ['By week', 'Nach Woche'],
  group_weekday: ['By weekday', 'Nach Wochentag'],
  group_hour: ['By hour', 'Nach Uhrzeit'],
  group_country: ['By country', 'Nach Land'],
  copy_csv: ['Copy as CSV', 'Als CSV kopieren'],
  copied: ['Copied', 'Kopiert'],
  with_calls: ['Show phone numbers and names', 'Telefonnummern und Namen zeigen'],
  with_calls_hint: ['Not for reports that others see.', 'Nicht für Berichte, die andere sehen.'],

  // The end of the page.
  lacks_title: ['Only in the program', 'Nur im Programm'],
  lacks_text: [
    'This page has the same engine as the program {program}, and writes the same files. What it lacks:',
    'Diese Seite hat denselben Kern wie das Programm {program} und schreibt dieselben Dateien. Das fehlt ihr:',
  ],

  licences: ['Licences', 'Lizenzen'],

  // The outcomes of calls, as in the report.
  status_initiated: ['Initiated', 'Gestartet'],
  status_ringing: ['Ringing', 'Klingelt'],
  status_busy: ['Busy', 'Besetzt'],
  status_in_progress: ['In progress', 'Läuft'],
  status_ended: ['Ended', 'Beendet'],
  status_completed: ['Completed', 'Abgeschlossen'],
  status_ended_by_customer: ['Ended by the customer', 'Vom Kunden beendet'],
  status_ended_by_assistant: ['Ended by the assistant', 'Vom Assistenten beendet'],
  status_no_answer: ['No answer', 'Keine Antwort'],
  status_failed: ['Failed', 'Fehlgeschlagen'],
};

/** The language of the page: German if the browser prefers it, else English. */
export const language = (globalThis.navigator?.languages ?? [])
  .map((tag) => tag.slice(0, 2)).find((tag) => tag === 'de' || tag === 'en') ?? 'en';

const numbers = new Intl.NumberFormat(language);

/** A whole number with the separators of the language. */
export const formatNumber = (number) => numbers.format(number);

/** The word in the language of the page, with its values. */
export function word(key, values = {}) {
  const forms = WORDS[key][language === 'de' ? 1 : 0].split('|');
  const text = values.n === 1 ? forms[0] : forms.at(-1);
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    (typeof values[name] === 'number' ? formatNumber(values[name]) : values[name]));
}
