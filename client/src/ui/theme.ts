// The look: one set of tokens (colour, type, space) that everything inherits, and the few parts that
// every view shares. Dark is the room with the lights down; light is the same room by day.
import { css } from 'lit';

/** For the outermost element only; the tokens reach the rest by inheritance. */
export const tokens = css`
  :host {
    color-scheme: dark;
    --bg: #0d0e12;
    --glow: rgb(242 180 92 / 7%);
    --surface: #16171d;
    --surface-2: #1f2129;
    --surface-3: #2a2c36;
    --line: #2b2d37;
    --line-strong: #6f7280;
    --text: #f1eee8;
    --muted: #a6a5ab;
    --accent: #f2b45c;
    --accent-strong: #ffc677;
    --on-accent: #231603;
    --accent-soft: rgb(242 180 92 / 14%);
    --good: #63cfa5;
    --busy: #f2b45c;
    --bad: #ff8d7f;
    --bad-soft: rgb(255 141 127 / 13%);
    --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 12px 40px rgb(0 0 0 / 45%);
    --poster-light: 34%;

    --text-xs: 0.75rem;
    --text-s: 0.875rem;
    --text-m: 1rem;
    --text-l: 1.1875rem;
    --text-xl: 1.625rem;
    --text-display: clamp(2.5rem, 1.6rem + 3.8vw, 4.25rem);
    --serif: 'Instrument Serif', 'Iowan Old Style', Georgia, serif;
    --sans: 'Inter', system-ui, -apple-system, 'Segoe UI', sans-serif;

    --s1: 0.25rem;
    --s2: 0.5rem;
    --s3: 0.75rem;
    --s4: 1rem;
    --s5: 1.5rem;
    --s6: 2rem;
    --s7: 3rem;
    --s8: 4.5rem;
    --radius: 14px;
    --radius-s: 9px;
    --quick: 140ms ease-out;

    font-family: var(--sans);
    font-size: var(--text-m);
    line-height: 1.5;
    color: var(--text);
    background: var(--bg);
  }
  @media (prefers-color-scheme: light) {
    :host {
      color-scheme: light;
      --bg: #f6f3ee;
      --glow: rgb(190 120 20 / 8%);
      --surface: #fffdfa;
      --surface-2: #f0ece5;
      --surface-3: #e5dfd5;
      --line: #e2dcd2;
      --line-strong: #85807a;
      --text: #1c1b1f;
      --muted: #615d63;
      --accent: #8f5206;
      --accent-strong: #764303;
      --on-accent: #fffaf2;
      --accent-soft: rgb(143 82 6 / 9%);
      --good: #10704d;
      --busy: #8f5206;
      --bad: #b3261b;
      --bad-soft: rgb(179 38 27 / 8%);
      --shadow: 0 1px 2px rgb(60 45 20 / 10%), 0 12px 36px rgb(60 45 20 / 12%);
      --poster-light: 42%;
    }
  }
`;

/** Resets, buttons, fields and helpers; every component takes it. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1,
  h2 {
    font-weight: 400;
    font-family: var(--serif);
    line-height: 1.12;
    letter-spacing: -0.01em;
    text-wrap: balance;
  }
  h2 {
    font-size: var(--text-xl);
  }
  h1:focus {
    outline: none;
  }
  button,
  input {
    font: inherit;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--s2);
    min-height: 2.75rem;
    padding: 0 var(--s4);
    border: 1px solid transparent;
    border-radius: 999px;
    background: var(--surface-2);
    font-size: var(--text-s);
    font-weight: 550;
    white-space: nowrap;
    cursor: pointer;
    transition:
      background var(--quick),
      border-color var(--quick),
      color var(--quick);
  }
  button:hover {
    background: var(--surface-3);
  }
  button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  button.primary {
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 620;
  }
  button.primary:hover:not(:disabled) {
    background: var(--accent-strong);
  }
  button.danger {
    color: var(--bad);
    background: var(--bad-soft);
  }
  button.plain {
    background: transparent;
    color: var(--muted);
  }
  button.plain:hover {
    color: var(--text);
    background: var(--surface-2);
  }
  button.icon {
    width: 2.75rem;
    padding: 0;
    flex: none;
  }
  input[type='text'],
  input[type='password'] {
    width: 100%;
    min-width: 0;
    min-height: 2.75rem;
    padding: 0 var(--s4);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-s);
    background: var(--surface);
  }
  input::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  svg {
    flex: none;
    display: block;
  }
  label {
    font-size: var(--text-s);
    font-weight: 550;
  }
  .muted {
    color: var(--muted);
  }
  .small {
    font-size: var(--text-s);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .ellipsis {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: var(--s2);
    padding: var(--s7) var(--s5);
    text-align: center;
    color: var(--muted);
    border: 1px dashed var(--line);
    border-radius: var(--radius);
  }
  .empty svg {
    width: 2.5rem;
    height: 2.5rem;
    stroke-width: 1.25;
    color: var(--accent);
    opacity: 0.9;
  }
  .empty strong {
    color: var(--text);
    font-weight: 550;
  }
  .empty p {
    max-width: 26rem;
    font-size: var(--text-s);
  }
  .dot {
    display: inline-block;
    flex: none;
    width: 0.5rem;
    height: 0.5rem;
    border-radius: 50%;
    background: var(--line-strong);
  }
  .dot.good {
    background: var(--good);
  }
  .dot.busy {
    background: var(--busy);
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
