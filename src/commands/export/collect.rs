//! The input in, tables out: what each call brings to them is made by the worker threads.

use std::cell::LazyCell;

use crate::call::Call;
use crate::cli::{InputArgs, RowsOf};
use crate::commands::session::Session;
use crate::input::envelope::Body;
use crate::rules::checker::STANDARD;
use crate::rules::remarks::{Keep, Tally};
use crate::table::campaigns::{self, Groups};
use crate::table::column::{Column, Columns};
use crate::table::column_list::{Candidates, ColumnList};
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

    /// Adds what is wanted of a call.
    fn push(self, body: &Body, candidates: &Candidates, brought: &mut Brought) {
        // Most exports need no more than the members.
        let call = LazyCell::new(|| Call::read(body.object));
        for rows in self.tables {
            match rows {
                RowsOf::Calls => brought.calls.push_call(body.object, candidates),
                RowsOf::Turns => turns::push_turns(&mut brought.turns, &call, Cell::from_json),
                RowsOf::Variables => long::push_variables(&mut brought.variables, body.members()),
                RowsOf::Campaigns => brought.campaigns.add(&call),
            }
        }
        if self.findings {
            brought.findings += STANDARD.check(body, &call, Keep::NOTHING).tally();
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

/// Reads the input; what is no call is told. Of calls, only values of columns that the `list` may take are kept.
pub(super) fn collect(
    input: &InputArgs,
    wanted: Wanted,
    list: &ColumnList,
    session: &mut Session,
) -> anyhow::Result<Collected> {
    let candidates = list.candidates();
    let empty = |rows: &RowsOf| {
        let columns = match rows {
            RowsOf::Calls => Columns::default(),
            RowsOf::Turns => Columns::fixed(turns::COLUMNS),
            RowsOf::Variables => Columns::fixed(long::COLUMNS),
            RowsOf::Campaigns => Columns::fixed(campaigns::COLUMNS),
        };
        (*rows, Spool::new(columns))
    };
    let mut tables: Vec<_> = wanted.tables.iter().map(empty).collect();
    let mut groups = Groups::default();
    let mut findings = Tally::default();
    session.for_each_call(
        input,
        |body, brought: &mut Brought| wanted.push(body, &candidates, brought),
        |_, brought| {
            let mut calls = Some(brought.calls);
            for (rows, spool) in &mut tables {
                match rows {
                    RowsOf::Calls => {
                        let calls = calls.take().unwrap_or_default();
                        spool.push(calls.columns, &calls.rows)?;
                    }
                    RowsOf::Turns => spool.push(Columns::fixed(turns::COLUMNS), &brought.turns)?,
                    RowsOf::Variables => {
                        spool.push(Columns::fixed(long::COLUMNS), &brought.variables)?;
                    }
                    // They are whole only at the end.
                    RowsOf::Campaigns => {}
                }
            }
            groups.merge(brought.campaigns);
            findings += &brought.findings;
            Ok(())
        },
    )?;
    let groups = groups.in_order();
    let tables = tables.into_iter().map(|(rows, spool)| {
        Ok(Table::new(
            rows,
            match rows {
                RowsOf::Campaigns => campaigns::table(&groups, false)?,
                _ => spool,
            },
        ))
    });
    Ok(Collected {
        tables: tables.collect::<anyhow::Result<_>>()?,
        findings,
    })
}
