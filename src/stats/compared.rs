//! The sums of a report: over the calls of its window and, to compare, over those of the window
//! before.

use super::collector::Collector;
use super::model::{Comparison, InputFigures, Stats, VERSION, WindowFigures};
use super::request::StatsRequest;
use super::review_sums::ReviewFacts;
use crate::call::contract_object::ContractObject;
use crate::select::filter::{Window, Windows};

/// Sums over the calls of a report.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReportSums {
    current: Collector,
    /// Sums over the window before; `None` without a call in it.
    before: Option<Box<Collector>>,
    /// Calls after the last full day.
    today_or_later: u64,
}

impl ReportSums {
    /// Adds a call that the filters match.
    pub(crate) fn add(
        &mut self,
        body: &ContractObject,
        review: Option<ReviewFacts>,
        request: &StatsRequest,
    ) {
        match request.window_of(body) {
            Window::Current => self.current.add(body, review, request),
            Window::Before => {
                let before = self.before.get_or_insert_default();
                before.add(body, None, request);
            }
            Window::After => self.today_or_later += 1,
        }
    }

    /// Adds the sums of a later part of the input.
    pub(crate) fn merge(&mut self, later: Self) {
        self.current.merge(later.current);
        if let Some(before) = later.before {
            self.before.get_or_insert_default().merge(*before);
        }
        self.today_or_later += later.today_or_later;
    }

    /// Computes all figures of the `request`.
    #[must_use]
    pub(crate) fn into_stats(self, request: &StatsRequest, input: InputFigures) -> Stats {
        let Self {
            current,
            before,
            today_or_later,
        } = self;
        let before = before.unwrap_or_default();
        let mut zones = current.zones.clone();
        zones.merge(&before.zones);
        let zone = zones.name(&request.zone);
        let windows = request.windows.as_ref();
        let is_counted = windows.is_some_and(Windows::ends_with_yesterday);
        let input = InputFigures {
            test_deliveries: current.test_deliveries + before.test_deliveries,
            today_or_later: is_counted.then_some(today_or_later),
            ..input
        };
        Stats {
            version: VERSION,
            suggested_zone: zones.suggestion(&request.zone),
            goal: request.goal.to_string(),
            input,
            compare: windows.map(|windows| Comparison {
                zone: windows.zone_name().unwrap_or(&zone).to_owned(),
                window: WindowFigures {
                    ends: windows.ends().clone(),
                    calls: current.totals.calls.count,
                },
                window_before: WindowFigures {
                    ends: windows.ends_before().clone(),
                    calls: before.totals.calls.count,
                },
                is_over: windows.is_over(),
                before: before.into_sections(request, false),
            }),
            sections: current.into_sections(request, true),
            zone,
        }
    }
}
