//! Arguments of the commands that check calls: levels of rules, and settings of the webhook. Of
//! several levels for one rule, the last on the command line wins, whichever option set it.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, ValueHint};

use crate::contract::declared_variables::DeclaredVariables;
use crate::contract::webhook::WebhookSettings;
use crate::host::Clock;
use crate::lint::checker::Checker;
use crate::lint::levels::{Levels, Scope, Verdict};
use crate::settings::config::Config;
use crate::settings::variables_file::read_declared_variables;

/// The help heading of these arguments.
const HEADING: &str = "Rules";

/// The options as clap knows them.
#[derive(Args, Clone, Debug, Default)]
struct CheckOptions {
    /// Ignore a rule's findings
    ///
    /// RULE is the id of a rule, a family of rules or `all`. The families are reading, shape,
    /// format, variants, meaning, settings and personal-data. With :POINTER, the option applies
    /// only to values at matching JSON Pointers: `missing-field:/lead/**`. * matches one name or
    /// index, and ** any number of them.
    #[arg(long, value_name = "RULE[:POINTER]", help_heading = HEADING)]
    allow: Vec<Scope>,
    /// Report a rule's findings as warnings
    #[arg(long, value_name = "RULE[:POINTER]", help_heading = HEADING)]
    warn: Vec<Scope>,
    /// Report a rule's findings as errors
    ///
    /// If several options match a finding, the last one applies. Rules that are allowed by default
    /// have to be named: `--deny personal-data`, `--deny free-text`.
    #[arg(long, value_name = "RULE[:POINTER]", help_heading = HEADING)]
    deny: Vec<Scope>,
    /// Report all warnings as errors
    ///
    /// It is applied last, so findings that `--warn` turned into warnings also become errors.
    #[arg(long, help_heading = HEADING)]
    strict: bool,
    /// Expect completed calls only
    ///
    /// Use this if your webhook sends only completed calls. All other calls are reported.
    #[arg(long, help_heading = HEADING)]
    only_completed: bool,
    /// Expect a recording in completed calls
    ///
    /// Use this if your webhook includes recordings. Completed calls without one are reported.
    #[arg(long, help_heading = HEADING)]
    include_recording: bool,
    /// Expect the variables that FILE declares
    ///
    /// FILE is the assistant's `post_call_schema`, or JSON that contains it. Variables that do not
    /// match it are reported.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = HEADING)]
    variables: Option<PathBuf>,
}

/// Levels of rules, and settings of the webhook.
#[derive(Clone, Debug, Default)]
pub(crate) struct CheckArgs {
    options: CheckOptions,
    /// The changes of levels in command-line order.
    levels: Vec<(Verdict, Scope)>,
}

/// The settings of the settings file and the command line.
pub(crate) struct CheckSettings {
    /// The settings file, relative to the working directory; `None` if there is none.
    pub(crate) config: Option<String>,
    pub(crate) levels: Levels,
    pub(crate) webhook: WebhookSettings,
    /// The file that declares the variables.
    pub(crate) variables_file: Option<PathBuf>,
}

impl CheckSettings {
    /// The settings of a command without options for them.
    pub(crate) fn of(config: &Config) -> anyhow::Result<Self> {
        CheckArgs::default().read(config)
    }

    /// The settings of a command whose only option for them is `--variables`.
    pub(crate) fn with_variables(
        config: &Config,
        variables: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let args = CheckArgs {
            options: CheckOptions {
                variables: variables.map(Path::to_owned),
                ..CheckOptions::default()
            },
            ..CheckArgs::default()
        };
        args.read(config)
    }

    /// The declared variables, and the file that declares them.
    #[must_use]
    pub(crate) fn declared_variables(&self) -> Option<(&DeclaredVariables, &Path)> {
        let declared = self.webhook.variables.as_ref();
        declared.zip(self.variables_file.as_deref())
    }

    /// A checker with these settings.
    pub(crate) fn into_checker(self, clock: Clock) -> Checker {
        Checker::new(self.levels, self.webhook, clock)
    }
}

impl CheckArgs {
    /// The settings of `config`, changed by the command line.
    pub(crate) fn read(&self, config: &Config) -> anyhow::Result<CheckSettings> {
        let CheckOptions {
            strict,
            only_completed,
            include_recording,
            variables,
            ..
        } = &self.options;
        let declared = match variables {
            Some(path) => Some((path.clone(), read_declared_variables(path)?)),
            None => config.read_variables()?,
        };
        let (variables_file, variables) = declared.unzip();
        let levels = config.levels.iter().chain(&self.levels).cloned();
        let levels = Levels::new(levels.collect(), config.strict || *strict);
        let webhook = WebhookSettings {
            only_completed: config.only_completed || *only_completed,
            include_recording: config.include_recording || *include_recording,
            variables,
        };
        Ok(CheckSettings {
            config: config.name.clone(),
            levels,
            webhook,
            variables_file,
        })
    }
}

impl Args for CheckArgs {
    fn augment_args(command: Command) -> Command {
        CheckOptions::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        CheckOptions::augment_args_for_update(command)
    }
}

impl FromArgMatches for CheckArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let options = CheckOptions::from_arg_matches(matches)?;
        let lists = [
            ("allow", Verdict::Allow, &options.allow),
            ("warn", Verdict::Warn, &options.warn),
            ("deny", Verdict::Deny, &options.deny),
        ];
        let mut levels: Vec<(usize, Verdict, Scope)> = Vec::new();
        for (name, verdict, scopes) in lists {
            let indices = matches.indices_of(name).into_iter().flatten();
            levels.extend(
                indices
                    .zip(scopes)
                    .map(|(index, scope)| (index, verdict, scope.clone())),
            );
        }
        levels.sort_by_key(|(index, ..)| *index);
        Ok(Self {
            levels: levels
                .into_iter()
                .map(|(_, verdict, scope)| (verdict, scope))
                .collect(),
            options,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
