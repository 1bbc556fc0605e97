//! The arguments of `infer`.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum, ValueHint};

use crate::args::InputArgs;
use crate::args::export_args::is_stdout;
use crate::text::path_name::path_name;

/// Arguments of `infer`.
#[derive(Args, Clone, Debug)]
pub(crate) struct InferArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Write to FILE or merge into it: .toml or .json
    ///
    /// An existing FILE keeps its comments, its order and its other settings: new variables are
    /// added, and changed types are corrected. Declared variables that the input lacks stay. FILE
    /// is replaced when the output is complete. `-` is stdout. [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Output format [default: by extension, else toml]
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<DeclarationFormat>,
    /// Exit with 1 if the declaration would change
    ///
    /// Prints new variables, variables of another type, and declared variables that no call has.
    /// The last do not change the exit code, because the input may lack some of the calls.
    #[arg(long, conflicts_with_all = ["output", "format"])]
    pub(crate) check: bool,
    /// Check the variables that FILE declares
    ///
    /// FILE is the assistant's `post_call_schema`, or JSON that contains it. [default: `variables`
    /// under `[webhook]` in `postcall.toml`]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "check")]
    pub(crate) variables: Option<PathBuf>,
}

/// Format of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeclarationFormat {
    /// The table `[webhook.variables]` of postcall.toml, with comments
    Toml,
    /// The `post_call_schema` of an assistant, for the vendor's API
    Json,
}

impl InferArgs {
    /// The output file; `None` means standard output.
    #[must_use]
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_stdout(path))
    }

    /// The format from `--format`, or else from the extension of the output file.
    pub(crate) fn format(&self) -> anyhow::Result<DeclarationFormat> {
        let (None, Some(path)) = (self.format, self.file()) else {
            return Ok(self.format.unwrap_or(DeclarationFormat::Toml));
        };
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        match DeclarationFormat::from_str(&extension, true) {
            Ok(format) => Ok(format),
            Err(_) => bail!(
                "{}: a declaration is a .toml or a .json file; or set --format",
                path_name(path)
            ),
        }
    }
}
