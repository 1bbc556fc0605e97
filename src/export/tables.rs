//! The tables of an export, collected from the whole input before they are written. The worker
//! threads create the rows of each batch.

use std::cell::LazyCell;

use anyhow::anyhow;

use super::source_columns::add_source;
use crate::call::Call;
use crate::capture::find::item::Body;
use crate::contract::{FIELDS, FieldType};
use crate::exit::UsageError;
use crate::host::Scratch;
use crate::json::{Json, pointer};
use crate::lint::checker::Checker;
use crate::lint::collector::{FindingLimits, Tally};
use crate::lint::rule_data::Level;
use crate::lint::rules::DUPLICATE_CALL;
use crate::select::id_set::IdSet;
use crate::table::absent_column::AbsentNames;
use crate::table::campaigns::{self, CampaignGroups, CampaignsFor};
use crate::table::candidate_filter::CandidateFilter;
use crate::table::column::{Column, Columns, SourceUse};
use crate::table::column_limit::ColumnLimit;
use crate::table::column_list::ColumnList;
use crate::table::column_names::{name_columns, reject_repeated};
use crate::table::flatten::CallRows;
use crate::table::headings::{HeadingStyle, MISFITS};
use crate::table::row::{Cell, Rows};
use crate::table::spool::Spool;
use crate::table::turns::{self, TurnText};
use crate::table::variables;
use crate::text::shorten::shorten;

/// The meaning of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RowKind {
    /// One row per call, with all columns
    Calls,
    /// One row per turn of the transcript
    Turns,
    /// One row per variable: call id, name, kind, value
    Variables,
    /// One row per campaign, with the number of calls
    Campaigns,
}

impl RowKind {
    /// What a row is, as in messages: `call`.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Calls => "call",
            Self::Turns => "turn",
            Self::Variables => "variable",
            Self::Campaigns => "campaign",
        }
    }
}

/// The tables to collect, and whether to count findings.
#[derive(Clone, Debug)]
pub(crate) struct TableRequest {
    tables: &'static [RowKind],
    findings: bool,
    /// The columns of the table of calls before any call is read.
    call_columns: Columns,
    source: SourceUse,
}

impl TableRequest {
    /// Requests the rows of one table.
    pub(crate) fn only(rows: RowKind) -> Self {
        Self {
            tables: match rows {
                RowKind::Calls => &[RowKind::Calls],
                RowKind::Turns => &[RowKind::Turns],
                RowKind::Variables => &[RowKind::Variables],
                RowKind::Campaigns => &[RowKind::Campaigns],
            },
            findings: false,
            call_columns: Columns::default(),
            source: SourceUse::None,
        }
    }

    /// Requests all tables and findings that a workbook shows.
    pub(crate) fn workbook() -> Self {
        Self {
            tables: &[RowKind::Calls, RowKind::Turns, RowKind::Campaigns],
            findings: true,
            ..Self::only(RowKind::Calls)
        }
    }

    /// Requests the findings of the rules in addition.
    pub(crate) fn with_findings(self) -> Self {
        Self {
            findings: true,
            ..self
        }
    }

    /// Starts the table of calls with `columns`.
    pub(crate) fn with_call_columns(self, columns: Columns) -> Self {
        Self {
            call_columns: columns,
            ..self
        }
    }

    /// Requests the location of the body of each row.
    pub(crate) fn with_source(self, source: SourceUse) -> Self {
        Self { source, ..self }
    }

    /// The columns of the table of `rows` before any call is read.
    fn first_columns(&self, rows: RowKind) -> Columns {
        let columns = match rows {
            RowKind::Calls => self.call_columns.clone(),
            RowKind::Turns => Columns::with_fixed(turns::COLUMNS),
            RowKind::Variables => Columns::with_fixed(variables::COLUMNS),
            // A campaign has many calls.
            RowKind::Campaigns => return campaigns::first_columns(),
        };
        columns.with_source(self.source)
    }

    /// Adds the call in `body` to each requested table of `batch`. A row of the table of calls may
    /// lack values of columns that are not `candidates`. A campaign has no row per call: the call
    /// is added to the figures of its campaign. Findings are counted only, if they are requested.
    pub(crate) fn add_to_tables(
        &self,
        body: &Body,
        candidates: &CandidateFilter,
        checker: &Checker,
        batch: &mut BatchTables,
    ) {
        // Read only if needed: most exports use only the members of the object (2 % fewer
        // instructions).
        let call = LazyCell::new(|| Call::read(body.object));
        if !batch.is_started {
            batch.start(self);
        }
        for rows in self.tables {
            match rows {
                RowKind::Calls => {
                    let CallRows { columns, rows, .. } = &mut batch.calls;
                    add_source(body, columns, rows);
                    batch.calls.push_call(body.object, candidates);
                }
                RowKind::Turns => {
                    add_source(body, &batch.turn_columns, &mut batch.turns);
                    turns::push_turns(&mut batch.turns, &call, TurnText::Verbatim, Cell::from_json);
                }
                RowKind::Variables => {
                    add_source(body, &batch.variable_columns, &mut batch.variables);
                    variables::push_variables(&mut batch.variables, body.object);
                }
                RowKind::Campaigns => batch.campaigns.add(&call),
            }
        }
        if self.findings && !body.is_row {
            batch.findings += checker
                .check(body, &call, FindingLimits::COUNT_ONLY)
                .tally();
            let level = checker
                .levels()
                .level_of(&DUPLICATE_CALL.rule, "/id", &body.pointer);
            if let Some(level) = level {
                batch
                    .ids
                    .extend(call.id().and_then(Json::as_u64).map(|id| (id, level)));
            }
        }
    }
}

/// A table whose rows are spooled until they are written.
pub(crate) struct ExportTable {
    pub(crate) rows: RowKind,
    /// The exported columns, in their order.
    pub(crate) columns: Vec<Column>,
    /// The rows.
    pub(crate) spool: Spool,
    /// The paths of the objects that may have a member that is neither documented nor declared; the
    /// empty path is the body.
    pub(crate) open_objects: Vec<Vec<String>>,
}

impl ExportTable {
    fn new(rows: RowKind, spool: Spool) -> Self {
        Self {
            rows,
            columns: spool.columns().in_output_order(),
            open_objects: Vec::new(),
            spool,
        }
    }

    pub(crate) fn title(&self) -> &'static str {
        match self.rows {
            RowKind::Calls => "Calls",
            RowKind::Turns => "Turns",
            RowKind::Variables => "Variables",
            RowKind::Campaigns => "Campaigns",
        }
    }
}

/// The requested tables and findings of the whole input.
pub(crate) struct CollectedTables {
    /// The requested tables.
    pub(crate) tables: Vec<ExportTable>,
    /// Counts of the findings, if requested.
    pub(crate) findings: Tally,
    /// Number of values that `--only-declared` leaves out.
    pub(crate) left_out: u64,
}

impl CollectedTables {
    /// Replaces the columns of the table of `rows`, if there is one, by those that `list` selects,
    /// in the order and with the names of the list, and names the columns of all tables in the
    /// style `headings`. `is_empty` is true if the input had no selected call. A list that does not
    /// fit the columns is a [`UsageError`], and so are columns with the same heading. Returns the
    /// messages about absent columns.
    pub(crate) fn apply_column_list(
        &mut self,
        rows: RowKind,
        list: &ColumnList,
        headings: HeadingStyle,
        is_empty: bool,
    ) -> anyhow::Result<Vec<String>> {
        let absent = AbsentNames::of_table(rows == RowKind::Calls, is_empty);
        let mut notes = Vec::new();
        for table in self.tables.iter_mut().filter(|table| table.rows == rows) {
            let all = list.available(table.spool.columns());
            if rows == RowKind::Calls && !list.has_only_declared() {
                table.open_objects = open_objects(list, table.spool.columns());
            }
            let selected = list.resolve(all, absent).map_err(UsageError)?;
            table.columns = selected.columns;
            add_source_columns(&mut table.columns, list, table.spool.columns());
            notes.extend(selected.notes);
        }
        for table in &mut self.tables {
            let columns = &mut table.columns;
            name_columns(columns, headings, table.rows == RowKind::Calls);
            reject_repeated(columns, headings).map_err(UsageError)?;
        }
        Ok(notes)
    }

    /// Fails if the user gave a column the name of the column of values that do not fit.
    pub(crate) fn reject_misfits_heading(&self) -> anyhow::Result<()> {
        let mut columns = self.tables.iter().flat_map(|table| &table.columns);
        if columns.any(|column| column.name == MISFITS) {
            let taken = anyhow!("--columns: `{MISFITS}` is the name of the last column");
            return Err(UsageError(taken).into());
        }
        Ok(())
    }

    /// Fails if a renamed column would hide an object that other columns are nested in.
    pub(crate) fn reject_hidden_objects(&self) -> anyhow::Result<()> {
        for column in self.tables.iter().flat_map(|table| &table.columns) {
            let mut all_columns = self.tables.iter().flat_map(|table| &table.columns);
            let hides = |nested: &Column| nested.path.len() > 1 && nested.path[0] == column.name;
            if column.is_renamed && all_columns.any(hides) {
                let hidden = anyhow!(
                    "--columns: `{}` is already the name of an object; rename the column, or use --flat",
                    shorten(&column.name)
                );
                return Err(UsageError(hidden).into());
            }
        }
        Ok(())
    }
}

/// The paths of the documented objects, and of the body, that may have undeclared members.
fn open_objects(list: &ColumnList, columns: &Columns) -> Vec<Vec<String>> {
    let objects = FIELDS
        .iter()
        .filter(|field| field.kind == FieldType::Object);
    let paths = objects.map(|field| pointer::names(field.pointer));
    let paths = std::iter::once(Vec::new()).chain(paths);
    paths
        .filter(|path| list.may_have_undeclared(path, columns))
        .collect()
}

/// Adds the columns of the location, which `--with-source` requests, unless the list has or
/// excludes them.
fn add_source_columns(selected: &mut Vec<Column>, list: &ColumnList, columns: &Columns) {
    let candidates = list.candidates();
    for column in columns.shown_source() {
        let is_selected = selected.iter().any(|other| other.number == column.number);
        if !is_selected && !candidates.excludes(&column.path) {
            selected.push(column);
        }
    }
}

/// Rows and findings of one batch.
#[derive(Default)]
pub(crate) struct BatchTables {
    /// True once the tables have their first columns.
    is_started: bool,
    calls: CallRows,
    turns: Rows,
    turn_columns: Columns,
    variables: Rows,
    variable_columns: Columns,
    campaigns: CampaignGroups,
    findings: Tally,
    /// The ids of the calls, each with the level of a finding on a duplicate.
    ids: Vec<(u64, Level)>,
}

impl BatchTables {
    fn start(&mut self, request: &TableRequest) {
        self.is_started = true;
        self.calls.columns = request.first_columns(RowKind::Calls);
        self.turn_columns = request.first_columns(RowKind::Turns);
        self.variable_columns = request.first_columns(RowKind::Variables);
    }
}

/// The next step if the table of calls has too many columns.
pub(crate) const TOO_MANY_COLUMNS: &str =
    "select fewer with --columns, or use --rows variables (one row per variable)";

/// Collects the requested tables batch by batch, in input order.
pub(crate) struct TableCollector {
    scratch: &'static dyn Scratch,
    tables: Vec<(RowKind, Spool)>,
    /// Limits the columns of the table of calls.
    limit: ColumnLimit,
    campaigns: CampaignGroups,
    /// The reader of the table of campaigns.
    reader: CampaignsFor,
    /// True if the webhook sends only completed calls.
    only_completed: bool,
    findings: Tally,
    /// The ids of the calls so far.
    ids: IdSet,
    /// Number of values that `--only-declared` leaves out.
    left_out: u64,
}

impl TableCollector {
    /// Collects into spools in `scratch`. `list` selects the columns of the table of calls.
    /// `only_completed` is true if the webhook sends only completed calls.
    pub(crate) fn new(
        request: &TableRequest,
        list: &ColumnList,
        only_completed: bool,
        scratch: &'static dyn Scratch,
    ) -> Self {
        let tables = request.tables.iter();
        let tables = tables.map(|rows| (*rows, Spool::new(request.first_columns(*rows), scratch)));
        Self {
            scratch,
            tables: tables.collect(),
            limit: ColumnLimit::new(list.candidates()),
            campaigns: CampaignGroups::default(),
            // Only a workbook shows findings.
            reader: if request.findings {
                CampaignsFor::People
            } else {
                CampaignsFor::Data
            },
            only_completed,
            findings: Tally::default(),
            ids: IdSet::default(),
            left_out: 0,
        }
    }

    pub(crate) fn add_batch(&mut self, mut batch: BatchTables) -> anyhow::Result<()> {
        for (rows, spool) in &mut self.tables {
            match rows {
                RowKind::Calls => {
                    let calls = std::mem::take(&mut batch.calls);
                    self.left_out += calls.left_out;
                    spool.push(calls.columns, &calls.rows)?;
                    (self.limit).check(spool.columns(), "columns", TOO_MANY_COLUMNS)?;
                }
                RowKind::Turns => {
                    spool.push(std::mem::take(&mut batch.turn_columns), &batch.turns)?;
                }
                RowKind::Variables => {
                    spool.push(
                        std::mem::take(&mut batch.variable_columns),
                        &batch.variables,
                    )?;
                }
                // Campaigns are complete only at the end.
                RowKind::Campaigns => {}
            }
        }
        self.campaigns.merge(batch.campaigns);
        self.findings += &batch.findings;
        for (id, level) in batch.ids {
            if !self.ids.insert(id) {
                self.findings.add(&DUPLICATE_CALL.rule, level);
            }
        }
        Ok(())
    }

    /// Returns the tables after the last batch.
    pub(crate) fn finish(self) -> anyhow::Result<CollectedTables> {
        let tables = self.tables.into_iter().map(|(rows, spool)| {
            Ok(ExportTable::new(
                rows,
                match rows {
                    RowKind::Campaigns => campaigns::build_table(
                        &self.campaigns,
                        self.reader,
                        self.only_completed,
                        self.scratch,
                    )?,
                    _ => spool,
                },
            ))
        });
        Ok(CollectedTables {
            left_out: self.left_out,
            tables: tables.collect::<anyhow::Result<_>>()?,
            findings: self.findings,
        })
    }
}
