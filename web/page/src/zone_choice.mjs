// The choice of the time zone in which times are shown.

import { button, element, select } from './dom.mjs';
import { differsIn } from './formats.mjs';
import { word } from './words.mjs';

/** The time zone of this computer. */
const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export class ZoneChoice {
  /** `onChange(zone)` gets an IANA name, or `null` for the offsets of the file. */
  constructor(onChange) {
    const zones = [...new Set([LOCAL_ZONE, 'UTC'])].map((zone) => [zone, zone]);
    this.select = select('page-zone', [['', word('zone_file')], ...zones], '',
      () => onChange(this.select.value || null));
    this.offer = button(word('zone_use', { zone: LOCAL_ZONE }), () => {
      // The offer disappears, and must not take the focus with it.
      this.select.focus();
      onChange(LOCAL_ZONE);
    }, { class: 'link' });
    this.element = element('div', { class: 'zone-row' },
      element('label', { for: this.select.id }, word('zone')), this.select, this.offer);
  }

  /** Shows the current zone, and offers that of this computer if it changes one of `times`. */
  show(zone, times) {
    this.select.value = zone ?? '';
    this.offer.hidden = zone !== null || !times.some((time) => differsIn(time, LOCAL_ZONE));
  }
}
