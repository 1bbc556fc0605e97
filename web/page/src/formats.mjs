// Times, durations and outcomes as people read them.

import { WORDS, language, word } from './words.mjs';

const TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

const formats = new Map();

function formatIn(zone) {
  if (!formats.has(zone)) {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
      hour: '2-digit', minute: '2-digit',
    });
    formats.set(zone, format);
  }
  return formats.get(zone);
}

const written = (year, month, day, hour, minute) => (language === 'de'
  ? `${day}.${month}.${year}, ${hour}:${minute}`
  : `${year}-${month}-${day} ${hour}:${minute}`);

/** The offset at the end of a time, such as `+01:00` or `UTC`; `null` if it has none. */
export function offsetOf(text) {
  const offset = TIME.exec(text ?? '')?.[6];
  if (!offset) return null;
  return /^(Z|[+-]00:?00)$/i.test(offset) ? 'UTC' : offset;
}

/** True if the month has this day: browsers read 30 February as 2 March. */
function isDay([, year, month, day]) {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === Number(day);
}

/** The time as a text of ISO 8601 that ends with the minute, shifted by an offset: `+01:00`. */
function shifted(time, offset) {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(offset);
  const shift = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  return new Date(time.getTime() + shift * 60_000).toISOString().slice(0, 16);
}

/**
 * A time of a body to the minute, in `zone`: an IANA name or an offset. With `null`, it is shown
 * with the offset that it has. Text that is not such a time is shown unchanged.
 */
export function formatTime(text, zone) {
  const parts = TIME.exec(text ?? '');
  if (!parts || !isDay(parts)) return text;
  if (zone === null || !parts[6]) return written(...parts.slice(1, 6));
  const time = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(time.getTime())) return text;
  if (/^[+-]/.test(zone)) return written(...shifted(time, zone).split(/[-T:]/));
  const found = Object.fromEntries(
    formatIn(zone).formatToParts(time).map(({ type, value }) => [type, value]));
  return written(found.year, found.month, found.day, found.hour, found.minute);
}

/** True if `zone` shows the time with another hour or minute than it is written. */
export function differsIn(text, zone) {
  return offsetOf(text) !== null && formatTime(text, zone) !== formatTime(text, null);
}

/** The units of a duration, as in the report. */
const [HOUR, MINUTE, SECOND] = language === 'de' ? ['\u00a0h', '\u00a0min', '\u00a0s'] : ['h', 'm', 's'];

/** Seconds as `1h 02m`, `1m 14s` or `38s`; text that is not a whole number is unchanged. */
export function formatDuration(text) {
  if (!/^\d{1,9}$/.test(text ?? '')) return text;
  const seconds = Number(text);
  const two = (number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}${HOUR} ${two(minutes)}${MINUTE}`;
  return minutes > 0 ? `${minutes}${MINUTE} ${two(seconds % 60)}${SECOND}` : `${seconds}${SECOND}`;
}

/** The words for a documented status; another status is shown unchanged. */
export function formatStatus(status) {
  const key = `status_${status?.replaceAll('-', '_')}`;
  return Object.hasOwn(WORDS, key) ? word(key) : status;
}

const CLASSES = {
  completed: 'good', ended: 'good', ended_by_customer: 'good', ended_by_assistant: 'good',
  busy: 'missed', 'no-answer': 'missed', failed: 'missed',
};

/** How the outcome is marked: `good` if the call was connected, `missed` if not, else `open`. */
export const statusClass = (status) =>
  (Object.hasOwn(CLASSES, status ?? '') ? CLASSES[status] : 'open');

/**
 * True if a text of a body may be a link: an absolute https address without gaps, and without a name
 * before its host, which could look like another host.
 */
export function isSafeLink(text) {
  if (typeof text !== 'string' || !/^https:\/\/[^\s/?#]/i.test(text)) return false;
  return !/[\s\p{Cc}]/u.test(text) && URL.canParse(text) && new URL(text).username === '';
}
