// The icons, drawn on a 24 grid with the colour of the text around them. All are decoration: the
// button that holds one has the name.
import { svg, type SVGTemplateResult } from 'lit';

const stroke = (paths: SVGTemplateResult): SVGTemplateResult =>
  svg`<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

const solid = (paths: SVGTemplateResult): SVGTemplateResult =>
  svg`<svg viewBox="0 0 24 24" width="20" height="20" fill="currentColor" aria-hidden="true">${paths}</svg>`;

export const icons = {
  play: solid(
    svg`<path d="M8 5.4v13.2c0 .8.9 1.3 1.6.8l9.6-6.6a1 1 0 0 0 0-1.6L9.6 4.6A1 1 0 0 0 8 5.4z"/>`,
  ),
  pause: solid(
    svg`<rect x="6.5" y="5" width="3.8" height="14" rx="1"/><rect x="13.7" y="5" width="3.8" height="14" rx="1"/>`,
  ),
  volume: stroke(
    svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z"/><path d="M15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>`,
  ),
  muted: stroke(svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z"/><path d="m16 9.5 5 5m0-5-5 5"/>`),
  captions: stroke(
    svg`<rect x="3" y="5" width="18" height="14" rx="3"/><path d="M10.5 10.2a2.2 2.2 0 1 0 0 3.6M17 10.2a2.2 2.2 0 1 0 0 3.6"/>`,
  ),
  fullscreen: stroke(
    svg`<path d="M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9m6 0h3.5A1.5 1.5 0 0 1 20 5.5V9m0 6v3.5a1.5 1.5 0 0 1-1.5 1.5H15m-6 0H5.5A1.5 1.5 0 0 1 4 18.5V15"/>`,
  ),
  shrink: stroke(
    svg`<path d="M9 4v3.5A1.5 1.5 0 0 1 7.5 9H4m16 0h-3.5A1.5 1.5 0 0 1 15 7.5V4m0 16v-3.5a1.5 1.5 0 0 1 1.5-1.5H20M4 15h3.5A1.5 1.5 0 0 1 9 16.5V20"/>`,
  ),
  link: stroke(
    svg`<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"/>`,
  ),
  check: stroke(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`),
  leave: stroke(
    svg`<path d="M14 4.5H7A1.5 1.5 0 0 0 5.5 6v12A1.5 1.5 0 0 0 7 19.5h7M10.5 12H20m-3.5-3.5L20 12l-3.5 3.5"/>`,
  ),
  close: stroke(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  send: stroke(svg`<path d="M12 19V5m-6 6 6-6 6 6"/>`),
  lock: stroke(
    svg`<rect x="6" y="11" width="12" height="8.5" rx="2"/><path d="M8.5 11V8.5a3.5 3.5 0 0 1 7 0V11"/>`,
  ),
  crown: solid(
    svg`<path d="m4 8 4 3.2L12 5l4 6.2L20 8l-1.5 9.5a1 1 0 0 1-1 .8h-11a1 1 0 0 1-1-.8z"/>`,
  ),
  people: stroke(
    svg`<circle cx="9" cy="8.5" r="3.2"/><path d="M3.5 19a5.5 5.5 0 0 1 11 0M16 5.7a3.2 3.2 0 0 1 0 5.6M17.5 14.2A5.5 5.5 0 0 1 20.5 19"/>`,
  ),
  film: stroke(
    svg`<rect x="3.5" y="5" width="17" height="14" rx="2"/><path d="M8 5v14M16 5v14M3.5 9.7H8m8 0h4.5M3.5 14.3H8m8 0h4.5"/>`,
  ),
  sofa: stroke(
    svg`<path d="M5 11V8.5A2.5 2.5 0 0 1 7.5 6h9A2.5 2.5 0 0 1 19 8.5V11M5.5 18v1.5m13-1.5v1.5"/><path d="M3 13a2 2 0 0 1 4 0v1.5h10V13a2 2 0 0 1 4 0v3.5A1.5 1.5 0 0 1 19.5 18h-15A1.5 1.5 0 0 1 3 16.5z"/>`,
  ),
  info: stroke(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5m0-8.2v.2"/>`),
  warning: stroke(svg`<path d="M12 4.5 21 19.5H3zM12 10.5v4m0 2.300v.2"/>`),
} as const;

/** The mark of the house: two circles, one picture. */
export const mark = svg`<svg viewBox="0 0 32 32" width="28" height="28" fill="none" stroke="currentColor"
  stroke-width="2.5" aria-hidden="true"><circle cx="12" cy="16" r="7.5"/><circle cx="20" cy="16" r="7.5"/></svg>`;
