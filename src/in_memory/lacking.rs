//! What the page lacks of the program, for its users. A test compares the list with the command
//! line.

use serde::Serialize;

/// Something that the page cannot do.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Lack {
    /// Commands that are missing as a whole.
    pub(super) commands: &'static [&'static str],
    /// Options that are missing in all commands, by their names, or values as `format=parquet`.
    pub(super) options: &'static [&'static str],
    /// A sentence for the user, in English.
    pub(super) en: &'static str,
    /// The sentence in German.
    pub(super) de: &'static str,
}

pub(super) const LACKING: &[Lack] = &[
    Lack {
        commands: &[],
        options: &["format=parquet", "nested"],
        en: "Parquet files can only be written by the program.",
        de: "Parquet-Dateien kann nur das Programm schreiben.",
    },
    Lack {
        commands: &[],
        options: &[
            "format=card",
            "format=concise",
            "format=github",
            "format=gitlab",
            "format=human",
            "format=junit",
            "format=markdown",
            "format=rdjson",
            "format=sarif",
            "format=table",
            "format=vertical",
        ],
        en: "The page shows calls, findings and figures itself, so it writes no tables for terminals, \
             no Markdown and no reports for build servers.",
        de: "Die Seite zeigt Anrufe, Befunde und Kennzahlen selbst; sie schreibt also keine Tabellen \
             für Terminals, kein Markdown und keine Berichte für Build-Server.",
    },
    Lack {
        commands: &[],
        options: &["output", "split", "rejects", "report"],
        en: "Results are downloads: the page cannot write several files into a folder, replace a \
             file, or write rejected records or further reports beside the result.",
        de: "Ergebnisse sind Downloads: Die Seite kann nicht mehrere Dateien in einen Ordner \
             schreiben, keine Datei ersetzen und keine aussortierten Datensätze oder weiteren \
             Berichte neben das Ergebnis schreiben.",
    },
    Lack {
        commands: &[],
        options: &["stdin-filename"],
        en: "The page reads files that you choose and text that you paste: it follows no growing \
             file, and in a chosen folder it does not know which files git ignores.",
        de: "Die Seite liest gewählte Dateien und eingefügten Text: Sie folgt keiner wachsenden \
             Datei und weiß bei einem gewählten Ordner nicht, welche Dateien git ignoriert.",
    },
    Lack {
        commands: &[],
        options: &[],
        en: "Files that are compressed with zstd (.zst) have to be decompressed first.",
        de: "Mit zstd komprimierte Dateien (.zst) müssen vorher entpackt werden.",
    },
    Lack {
        commands: &["rules", "schema"],
        options: &[
            "config",
            "no-config",
            "allow",
            "warn",
            "deny",
            "baseline",
            "exit-zero",
            "summary",
        ],
        en: "The page reads no postcall.toml: the rules have their default levels, and known \
             findings cannot be accepted.",
        de: "Die Seite liest keine postcall.toml: Die Regeln haben ihre Standardstufen, und bekannte \
             Befunde können nicht akzeptiert werden.",
    },
    Lack {
        commands: &["infer"],
        options: &["variables", "only-declared", "list-columns"],
        en: "Variables cannot be declared, so the columns are those of the calls.",
        de: "Variablen können nicht deklariert werden; die Spalten sind die der Anrufe.",
    },
    Lack {
        commands: &["variables", "campaigns", "transcript", "extract"],
        options: &[],
        en: "There are no tables of variables, campaigns and turns of their own: a workbook has \
             them, and so have the figures.",
        de: "Es gibt keine eigenen Tabellen von Variablen, Kampagnen und Gesprächsbeiträgen: Eine \
             Arbeitsmappe enthält sie, ebenso die Kennzahlen.",
    },
    Lack {
        commands: &[],
        options: &["key-file", "new-key"],
        en: "The key for removing personal data is shown and can be typed in. It is not read from a \
             file.",
        de: "Der Schlüssel zum Entfernen persönlicher Daten wird angezeigt und kann eingegeben \
             werden. Er wird nicht aus einer Datei gelesen.",
    },
    Lack {
        commands: &[],
        options: &[],
        en: "The table of calls shows rare values as they are in the file: a duration such as 61.0, a \
             time without an offset, or one in an unusual form. Its heading names the offset of the \
             first time that has one.",
        de: "Die Tabelle der Anrufe zeigt seltene Werte wie in der Datei: eine Dauer wie 61.0, eine \
             Zeit ohne Zeitzone oder in einer ungewöhnlichen Form. Ihre Überschrift nennt die \
             Zeitzone der ersten Zeit, die eine hat.",
    },
    Lack {
        commands: &[],
        options: &[],
        en: "The filters offer the 20 most frequent outcomes and 200 campaigns. An outcome with a \
             comma in it cannot be chosen.",
        de: "Die Filter bieten die 20 häufigsten Ergebnisse und 200 Kampagnen an. Ein Ergebnis mit \
             einem Komma kann nicht gewählt werden.",
    },
    Lack {
        commands: &[],
        options: &[],
        en: "There are no controls for rarer options: where calls are in a file, the columns, rows and \
             style of CSV, JSON as one array, regular expressions, prices, the comparison of two \
             periods, and how texts and times are replaced.",
        de: "Für seltenere Optionen gibt es keine Bedienelemente: wo Anrufe in einer Datei stehen, \
             Spalten, Zeilen und Stil von CSV, JSON als ein Array, reguläre Ausdrücke, Preise, den \
             Vergleich zweier Zeiträume und die Art, wie Texte und Zeiten ersetzt werden.",
    },
    Lack {
        commands: &["completions", "man", "help"],
        options: &[
            "color", "width", "ascii", "threads", "quiet", "help", "version",
        ],
        en: "What concerns a terminal, such as colours, completion and manual pages, is only in the \
             program.",
        de: "Was ein Terminal betrifft, etwa Farben, Vervollständigung und Handbuchseiten, hat nur \
             das Programm.",
    },
];

#[cfg(all(test, feature = "cli"))]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;
    use crate::in_memory::arguments::FORMATS;
    use crate::in_memory::commands::{COMMANDS, options_of};

    /// The names of the formats of `command`.
    fn values_of_format(command: &clap::Command) -> Vec<String> {
        let format = command
            .get_arguments()
            .find(|option| option.get_id() == "format");
        let values = format.map(clap::Arg::get_possible_values);
        let values = values.into_iter().flatten();
        values.map(|value| value.get_name().to_owned()).collect()
    }

    /// Each command and option of the program is in the page or in the list, and not in both.
    #[test]
    fn the_page_has_what_the_list_does_not() {
        let lacking_commands: BTreeSet<&str> = LACKING
            .iter()
            .flat_map(|lack| lack.commands)
            .copied()
            .collect();
        let lacking_options: BTreeSet<&str> = LACKING
            .iter()
            .flat_map(|lack| lack.options)
            .copied()
            .collect();
        let mut root = Cli::command();
        root.build();
        // `--version` is an option of the program only, not of its commands.
        let options = root.get_arguments().filter_map(clap::Arg::get_long);
        let mut all_options: BTreeSet<String> = options.map(str::to_owned).collect();
        let mut faults = Vec::new();
        for command in root.get_subcommands() {
            let name = command.get_name();
            let is_in_page = COMMANDS.iter().any(|command| command.name == name);
            if is_in_page == lacking_commands.contains(name) {
                faults.push(name.to_owned());
            }
            let options = command
                .get_arguments()
                .filter_map(|option| option.get_long());
            let options: BTreeSet<&str> = options.collect();
            all_options.extend(options.iter().map(|option| (*option).to_owned()));
            if !is_in_page {
                continue;
            }
            // The key is an option of the page only: the program reads it from a file.
            let in_page: BTreeSet<&str> = options_of(name).into_iter().collect();
            let unknown = in_page.iter().filter(|option| **option != "key");
            faults.extend(
                (unknown.filter(|option| !options.contains(**option)))
                    .map(|option| format!("{name} {option}")),
            );
            let formats = FORMATS.iter().find(|(command, _)| *command == name);
            let formats = formats.map_or(&[][..], |(_, formats)| *formats);
            for value in values_of_format(command) {
                let is_lacking = lacking_options.contains(&*format!("format={value}"));
                if formats.contains(&&*value) == is_lacking {
                    faults.push(format!("{name} --format {value}"));
                }
            }
            let decided = options
                .iter()
                .filter(|option| in_page.contains(**option) == lacking_options.contains(**option));
            faults.extend(decided.map(|option| format!("{name} --{option}")));
        }
        let names = lacking_options
            .iter()
            .filter(|option| !option.contains('='));
        let gone = names.filter(|option| !all_options.contains(**option));
        faults.extend(gone.map(|option| format!("no --{option}")));
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
