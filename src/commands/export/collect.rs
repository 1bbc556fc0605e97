//! Reads the input into tables. The worker threads create the rows of each batch.

use std::cell::LazyCell;

use crate::call::Call;
use crate::capture::find::envelope::Body;
use crate::cli::RowKind;
use crate::lint::checker::STANDARD;
use crate::lint::collector::{FindingLimits, Tally};
use crate::run::read_plan::ReadOptions;
use crate::run::session::Session;
use crate::table::campaigns::{self, CampaignGroups};
use crate::table::column::{Column, Columns};
use crate::table::column_list::{CandidateFilter, ColumnList};
use crate::table::flatten::CallRows;
use crate::table::row::{Cell, Rows};
use crate::table::spool::Spool;
use crate::table::turns;
use crate::table::variables;

/// The tables to collect, and whether to count findings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableRequest {
    tables: &'static [RowKind],
    findings: bool,
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
        }
    }

    /// Requests all tables and findings that a workbook shows.
    pub(crate) fn workbook() -> Self {
        Self {
            tables: &[RowKind::Calls, RowKind::Turns, RowKind::Campaigns],
            findings: true,
        }
    }

    /// Requests the findings of the rules in addition.
    pub(crate) fn with_findings(self) -> Self {
        Self {
            findings: true,
            ..self
        }
    }

    /// Adds the requested parts of a call to `batch`.
    fn add_call(self, body: &Body, candidates: &CandidateFilter, batch: &mut BatchTables) {
        // Read only if needed: most exports use only the members of the object.
        let call = LazyCell::new(|| Call::read(body.object));
        for rows in self.tables {
            match rows {
                RowKind::Calls => batch.calls.push_call(body.object, candidates),
                RowKind::Turns => turns::push_turns(&mut batch.turns, &call, Cell::from_json),
                RowKind::Variables => {
                    variables::push_variables(&mut batch.variables, body.members());
                }
                RowKind::Campaigns => batch.campaigns.add(&call),
            }
        }
        if self.findings {
            batch.findings += STANDARD
                .check(body, &call, FindingLimits::COUNT_ONLY)
                .tally();
        }
    }
}

/// A table whose rows are spooled until they are written.
pub(crate) struct ExportTable {
    /// Kind of the rows.
    pub rows: RowKind,
    /// The exported columns, in their order.
    pub columns: Vec<Column>,
    /// The rows.
    pub spool: Spool,
}

impl ExportTable {
    fn new(rows: RowKind, spool: Spool) -> Self {
        Self {
            rows,
            columns: spool.columns().in_output_order(),
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
    pub tables: Vec<ExportTable>,
    /// Counts of the findings, if requested.
    pub findings: Tally,
}

/// Rows and findings of one batch.
#[derive(Default)]
struct BatchTables {
    calls: CallRows,
    turns: Rows,
    variables: Rows,
    campaigns: CampaignGroups,
    findings: Tally,
}

/// Reads the input into the requested tables. Input that is not a call is reported. Of calls, only
/// values of columns that `list` may select are kept.
pub(crate) fn collect(
    read: &ReadOptions,
    request: TableRequest,
    list: &ColumnList,
    session: &mut Session,
) -> anyhow::Result<CollectedTables> {
    let candidates = list.candidates();
    let empty = |rows: &RowKind| {
        let columns = match rows {
            RowKind::Calls => Columns::default(),
            RowKind::Turns => Columns::with_fixed(turns::COLUMNS),
            RowKind::Variables => Columns::with_fixed(variables::COLUMNS),
            RowKind::Campaigns => Columns::with_fixed(&campaigns::COLUMNS),
        };
        (*rows, Spool::new(columns))
    };
    let mut tables: Vec<_> = request.tables.iter().map(empty).collect();
    let mut groups = CampaignGroups::default();
    let mut findings = Tally::default();
    session.for_each_call(
        read,
        |body, batch: &mut BatchTables| request.add_call(body, &candidates, batch),
        |_, batch| {
            let mut calls = Some(batch.calls);
            for (rows, spool) in &mut tables {
                match rows {
                    RowKind::Calls => {
                        let calls = calls.take().unwrap_or_default();
                        spool.push(calls.columns, &calls.rows)?;
                    }
                    RowKind::Turns => {
                        spool.push(Columns::with_fixed(turns::COLUMNS), &batch.turns)?;
                    }
                    RowKind::Variables => {
                        spool.push(Columns::with_fixed(variables::COLUMNS), &batch.variables)?;
                    }
                    // Campaigns are complete only at the end.
                    RowKind::Campaigns => {}
                }
            }
            groups.merge(batch.campaigns);
            findings += &batch.findings;
            Ok(())
        },
    )?;
    let groups = groups.into_output_order();
    let tables = tables.into_iter().map(|(rows, spool)| {
        Ok(ExportTable::new(
            rows,
            match rows {
                RowKind::Campaigns => campaigns::build_table(&groups, false)?,
                _ => spool,
            },
        ))
    });
    Ok(CollectedTables {
        tables: tables.collect::<anyhow::Result<_>>()?,
        findings,
    })
}
