//! What a report is about.

use super::goal::Goal;
use super::group_by::GroupBy;
use super::price::PricePerMinute;
use super::section::StatsSections;
use crate::call::contract_object::ContractObject;
use crate::select::filter::{Window, Windows};
use crate::time::zone::Zone;

/// What to compute.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatsRequest {
    /// The zone of days and hours.
    pub(crate) zone: Zone,
    pub(crate) goal: Goal,
    pub(crate) by: Option<GroupBy>,
    /// The webhook sends only completed calls, so that no campaign shows an answer rate.
    pub(crate) only_completed: bool,
    pub(crate) price: Option<PricePerMinute>,
    /// The windows that are compared.
    pub(crate) windows: Option<Windows>,
    /// The sections to compute. What only other sections need is not read.
    pub(crate) sections: StatsSections,
}

impl StatsRequest {
    /// The window of a call. If none are compared, every call is in the current one.
    #[must_use]
    pub(crate) fn window_of(&self, body: &ContractObject) -> Window {
        let windows = self.windows.as_ref();
        windows.map_or(Window::Current, |windows| windows.window_of(body))
    }
}
