// The columns of the table of calls.

import { formatDuration, formatStatus, formatTime, statusClass } from './formats.mjs';
import { word } from './words.mjs';

/**
 * The columns, as `CallTable` takes them. `row(position)` returns the row at a position, and
 * `zone()` the zone of its times.
 */
export function callColumns(row, zone) {
  const column = (key, sort, name, value, mark) =>
    ({ key, sort, class: name, value, mark, label: word(`column_${key}`) });
  return [
    column('created', 'created_at', 'c-time', (at) => formatTime(row(at).created, zone())),
    column('status', 'status', 'c-status', (at) => formatStatus(row(at).status), (at) => statusClass(row(at).status)),
    column('duration', 'duration', 'c-talk n', (at) => formatDuration(row(at).duration)),
    column('customer', 'customer_phone', 'c-phone', (at) => row(at).customer),
    column('campaign', 'campaign.name', 'c-campaign', (at) => row(at).campaign),
    column('id', 'id', 'c-id n', (at) => row(at).id),
  ];
}
