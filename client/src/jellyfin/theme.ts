// Jellyfin's own look: our tokens, told in its theme variables, with what 10.10 and foreign themes lack
// as the second choice. Accent and marks come in two strengths, as Jellyfin's blue is too pale for
// small letters on its light themes.
import { css } from 'lit';

/** For the outermost element only; the tokens reach the rest by inheritance. */
export const tokens = css`
  :host {
    color-scheme: dark;
    --text: var(--jf-palette-text-primary, #fff);
    --muted: var(--jf-palette-text-secondary, rgb(255 255 255 / 70%));
    --bg: var(--jf-palette-background-default, #101010);
    --surface: var(--jf-palette-background-paper, #202020);
    --surface-2: rgb(140 140 140 / 20%);
    --surface-3: rgb(140 140 140 / 34%);
    --line: var(--jf-palette-divider, rgb(255 255 255 / 12%));
    --line-strong: rgb(160 160 160 / 75%);
    --accent: var(--jf-palette-primary-main, #00a4dc);
    --accent-strong: var(--jf-palette-primary-light, #33b6e3);
    --on-accent: var(--jf-palette-primary-contrastText, rgb(0 0 0 / 87%));
    --accent-soft: rgb(0 164 220 / 16%);
    --good: #63cfa5;
    --busy: #f2b45c;
    --bad: #ff8d7f;
    --bad-soft: rgb(255 141 127 / 14%);
    --shadow: 0 2px 6px rgb(0 0 0 / 35%), 0 10px 36px rgb(0 0 0 / 45%);

    --text-xs: 0.78rem;
    --text-s: 0.9rem;
    --text-m: 1rem;
    --text-l: 1.05rem;
    --text-xl: 1.25rem;
    --serif: inherit;
    --sans: inherit;

    --s1: 0.25rem;
    --s2: 0.5rem;
    --s3: 0.75rem;
    --s4: 1rem;
    --s5: 1.5rem;
    --s6: 2rem;
    --s7: 3rem;
    --s8: 4.5rem;
    --radius: 8px;
    --radius-s: 5px;
    --quick: 140ms ease-out;

    font-size: var(--text-m);
    line-height: 1.45;
    color: var(--text);
  }
  :host([light]) {
    color-scheme: light;
    --accent: #00658a;
    --accent-strong: #004f6c;
    --on-accent: #fff;
    --accent-soft: rgb(0 101 138 / 12%);
    --line: rgb(0 0 0 / 16%);
    --line-strong: rgb(0 0 0 / 54%);
    --surface-2: rgb(0 0 0 / 8%);
    --surface-3: rgb(0 0 0 / 15%);
    --good: #0b6b48;
    --busy: #8a4b00;
    --bad: #a51d13;
    --bad-soft: rgb(165 29 19 / 9%);
    --shadow: 0 2px 6px rgb(0 0 0 / 14%), 0 10px 36px rgb(0 0 0 / 18%);
  }
`;

/** Whether text of this computed colour (`rgb(…)`) is dark, so that what lies behind it is light. */
export function isDark(color: string): boolean {
  const [red = 255, green = 255, blue = 255] = (color.match(/[\d.]+/gu) ?? []).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/** How wide the panel is at the side, and how high as a sheet from the bottom of a narrow screen. */
export const panelWidth = '23rem';
export const sheetHeight = '64vh';

/**
 * What our elements among Jellyfin's own need, and how its player makes room for the panel. Every
 * selector names us.
 */
export const pageStyle = `
.owp-button svg { width: 1em; height: 1em; display: block; }
.owp-button.owp-active { color: var(--jf-palette-primary-main, #00a4dc); }
.owp-button .owp-icon { font-size: 1.85em; display: block; line-height: 1; }
.videoOsdBottom .owp-button .owp-icon { font-size: 2.1em; margin: -0.1em; }
.detailButton.owp-button .owp-icon { font-size: 2em; margin: -0.1em auto; }
.headerButton.owp-button .owp-icon { margin: -0.18em; }
.owp-toolbar-button {
  display: inline-flex; align-items: center; justify-content: center; flex: none;
  width: 48px; height: 48px; padding: 0; border: 0; border-radius: 50%;
  background: none; color: inherit; font-size: 1rem; cursor: pointer;
}
.owp-toolbar-button:hover { background: rgb(140 140 140 / 16%); }
.owp-toolbar-button:focus-visible { outline: 2px solid currentcolor; outline-offset: -4px; }
.owp-home[hidden] { display: none; }
.owp-cards {
  display: flex; gap: 0.9em; margin: 0; padding-top: 0.5em; padding-bottom: 0.9em;
  list-style: none; overflow-x: auto; scrollbar-width: thin;
}
.owp-cards > li { flex: none; width: min(19em, 78vw); }
.owp-card {
  display: block; width: 100%; padding: 0; border: 0; border-radius: 0.5em; overflow: hidden;
  background: var(--jf-palette-background-paper, rgb(128 128 128 / 18%));
  color: var(--jf-palette-text-primary, inherit); font: inherit; text-align: start; cursor: pointer;
}
.owp-card:focus, .owp-card:focus-visible {
  outline: 3px solid var(--jf-palette-primary-main, #00a4dc) !important; outline-offset: 2px;
}
.owp-picture {
  position: relative; display: grid; place-items: center; aspect-ratio: 16 / 9;
  background: linear-gradient(135deg, rgb(0 164 220 / 32%), rgb(170 92 195 / 34%)); font-size: 3em;
}
.owp-picture img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
.owp-picture svg { width: 1em; height: 1em; opacity: 0.8; }
.owp-state {
  position: absolute; inset-inline-start: 0.6em; bottom: 0.6em; padding: 0.15em 0.7em;
  border-radius: 1em; background: rgb(0 0 0 / 78%); color: #fff; font-size: 0.26em; line-height: 1.6;
}
.owp-state.owp-on::before {
  content: ''; display: inline-block; width: 0.55em; height: 0.55em; margin-inline-end: 0.5em;
  border-radius: 50%; background: #63cfa5;
}
.owp-lines { display: flex; align-items: center; gap: 0.8em; padding: 0.7em 0.9em; }
.owp-words { flex: 1; min-width: 0; }
.owp-words > span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.owp-name { font-weight: 600; }
.owp-facts { font-size: 0.86em; color: var(--jf-palette-text-secondary, inherit); }
.owp-join {
  flex: none; padding: 0.4em 1.1em; border-radius: 0.3em; font-weight: 600; font-size: 0.92em;
  background: var(--jf-palette-primary-main, #00a4dc);
  color: var(--jf-palette-primary-contrastText, rgb(0 0 0 / 87%));
}
@media (min-width: 40.01rem) {
  html.owp-docked .videoPlayerContainer, html.owp-docked .videoOsdBottom,
  html.owp-docked .skinHeader { right: ${panelWidth} !important; width: auto !important; }
}
@media (max-width: 40rem) {
  html.owp-docked .videoPlayerContainer, html.owp-docked .videoOsdBottom {
    bottom: ${sheetHeight} !important; height: auto !important;
  }
}
`;
