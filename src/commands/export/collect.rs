//! The input in, tables out: what each call brings to them is made by the worker threads.

use std::sync::LazyLock;

use crate::call::Call;
use crate::cli::{InputArgs, RowsOf};
use crate::commands::session::Session;
use crate::rules::checker::STANDARD;
use crate::rules::remarks::{Keep, Tally};
use crate::table::campaigns::{self, Groups};
use crate::table::column::{Column, Columns};
use crate::table::flatten::CallRows;
use crate::table::long;
use crate::table::row::{Cell, Rows};
use crate::table::spool::Spool;
use crate::table::turns;

/// What is to be collected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    tables: &'static [RowsOf],
    findings: bool,
}

impl Wanted {
    /// The rows of one table.
    pub(super) fn only(rows: RowsOf) -> Self {
        Self {
            tables: match rows {
                RowsOf::Calls => &[RowsOf::Calls],
                RowsOf::Turns => &[RowsOf::Turns],
                RowsOf::Variables => &[RowsOf::Variables],
                RowsOf::Campaigns => &[RowsOf::Campaigns],
            },
            findings: false,
        }
    }

    /// All that a workbook shows.
    pub(super) fn workbook() -> Self {
        Self {
            tables: &[RowsOf::Calls, RowsOf::Turns, RowsOf::Campaigns],
            findings: true,
        }
    }

    /// The same, and what the rules find.
    pub(super) fn with_findings(self) -> Self {
        Self {
            findings: true,
            ..self
        }
    }
}

/// A table whose rows wait to be written.
pub(super) struct Table {
    /// What its rows are.
    pub rows: RowsOf,
    /// The columns that leave, in their order.
    pub columns: Vec<Column>,
    /// The rows.
    pub spool: Spool,
}

impl Table {
    fn new(rows: RowsOf, spool: Spool) -> Self {
        Self {
            rows,
            columns: spool.columns().in_order(),
            spool,
        }
    }

    /// What it is called.
    pub(super) fn title(&self) -> &'static str {
        match self.rows {
            RowsOf::Calls => "Calls",
            RowsOf::Turns => "Turns",
            RowsOf::Variables => "Variables",
            RowsOf::Campaigns => "Campaigns",
        }
    }
}

/// What was collected.
pub(super) struct Collected {
    /// The tables wanted.
    pub tables: Vec<Table>,
    /// The findings wanted, counted.
    pub findings: Tally,
}

/// What one batch brings.
#[derive(Default)]
struct Brought {
    calls: CallRows,
    turns: Rows,
    variables: Rows,
    campaigns: Groups,
    findings: Tally,
}

/// Reads the input; what is no call is told.
pub(super) fn collect(
    input: &InputArgs,
    wanted: Wanted,
    session: &mut Session,
) -> anyhow::Result<Collected> {
    let has = |rows: RowsOf| wanted.tables.contains(&rows);
    let spool = |rows, columns| has(rows).then(|| Spool::new(columns));
    let mut calls = spool(RowsOf::Calls, Columns::default());
    let mut turns = spool(RowsOf::Turns, Columns::fixed(turns::COLUMNS));
    let mut variables = spool(RowsOf::Variables, Columns::fixed(long::COLUMNS));
    let (with_calls, with_turns) = (calls.is_some(), turns.is_some());
    let (with_variables, with_campaigns) = (variables.is_some(), has(RowsOf::Campaigns));
    let mut groups = Groups::default();
    let mut findings = Tally::default();
    // The rules are set up once, not by the first worker that comes.
    let checker = wanted.findings.then(|| LazyLock::force(&STANDARD));
    session.for_each_call(
        input,
        |body, brought: &mut Brought| {
            if with_calls {
                brought.calls.push_call(&body.members);
            }
            if with_variables {
                long::push_variables(&mut brought.variables, &body.members);
            }
            if !(with_turns || with_campaigns || checker.is_some()) {
                return;
            }
            let call = Call::read(&body.members);
            if with_turns {
                turns::push_turns(&mut brought.turns, &call, Cell::from_json);
            }
            if with_campaigns {
                brought.campaigns.add(&call);
            }
            if let Some(checker) = checker {
                brought.findings += checker.check(body, &call, Keep::NOTHING).tally();
            }
        },
        |_, brought| {
            if let Some(calls) = &mut calls {
                calls.push(brought.calls.columns, &brought.calls.rows)?;
            }
            if let Some(turns) = &mut turns {
                turns.push(Columns::fixed(turns::COLUMNS), &brought.turns)?;
            }
            if let Some(variables) = &mut variables {
                variables.push(Columns::fixed(long::COLUMNS), &brought.variables)?;
            }
            groups.merge(brought.campaigns);
            findings += &brought.findings;
            Ok(())
        },
    )?;
    let tables = [
        (RowsOf::Calls, calls),
        (RowsOf::Turns, turns),
        (RowsOf::Variables, variables),
    ];
    let mut tables: Vec<Table> = tables
        .into_iter()
        .filter_map(|(rows, spool)| Some(Table::new(rows, spool?)))
        .collect();
    if with_campaigns {
        let (columns, rows) = campaigns::rows(&groups.in_order(), false);
        let mut spool = Spool::new(Columns::fixed(campaigns::COLUMNS));
        spool.push(columns, &rows)?;
        tables.push(Table::new(RowsOf::Campaigns, spool));
    }
    Ok(Collected { tables, findings })
}
