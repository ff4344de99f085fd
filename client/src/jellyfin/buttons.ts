// Our buttons among Jellyfin's: its classes and custom elements, so that themes, focus on a TV and
// tooltips are those of their neighbours.
import { html, render } from 'lit';
import { mark } from '../ui/icons';
import type { Kind } from './places';

const classes: Readonly<Record<Exclude<Kind, 'home'>, string>> = {
  osd: 'autoSize paper-icon-button-light',
  header: 'headerButton headerButtonRight paper-icon-button-light',
  toolbar: 'owp-toolbar-button',
  details: 'button-flat detailButton emby-button',
};
/** Jellyfin's customized built-in elements: they show where the focus is on a TV. */
const builtIn: Readonly<Partial<Record<Kind, string>>> = {
  osd: 'paper-icon-button-light',
  header: 'paper-icon-button-light',
  details: 'emby-button',
};

export type ButtonKind = keyof typeof classes;

export function makeButton(
  document: Document,
  kind: ButtonKind,
  onClick: (button: HTMLElement) => void,
): HTMLButtonElement {
  const is = builtIn[kind];
  const button = document.createElement('button', is === undefined ? {} : { is });
  button.type = 'button';
  button.classList.add('owp-button', ...classes[kind].split(' '));
  const icon = html`<span class="owp-icon" aria-hidden="true">${mark}</span>`;
  render(kind === 'details' ? html`<div class="detailButton-content">${icon}</div>` : icon, button);
  button.addEventListener('click', () => onClick(button));
  return button;
}

export interface Dress {
  readonly label: string;
  /** Whether one is in a party. */
  readonly active: boolean;
  /** Whether what it opens is open; null: it opens nothing. */
  readonly open: boolean | null;
}

/** What the button says now. Writes only what changed: the page is being watched for changes. */
export function dress(button: HTMLElement, { label, active, open }: Dress): void {
  if (button.title !== label) button.title = label;
  setAttribute(button, 'aria-label', label);
  setAttribute(button, 'aria-expanded', open === null ? null : String(open));
  button.classList.toggle('owp-active', active);
}

function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
