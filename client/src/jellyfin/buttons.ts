// Our buttons among Jellyfin's: its classes, so that themes and the focus on a TV are those of their
// neighbours. Its customized elements (`is="emby-button"`) would add no more than these classes.
import { html, render } from 'lit';
import { mark } from '../ui/icons';
import type { Kind } from './places';

const classes: Readonly<Record<Exclude<Kind, 'home'>, string>> = {
  osd: 'autoSize paper-icon-button-light',
  header: 'headerButton headerButtonRight paper-icon-button-light',
  toolbar: 'owp-toolbar-button',
  details: 'button-flat detailButton emby-button',
};

export type ButtonKind = keyof typeof classes;

export function makeButton(
  document: Document,
  kind: ButtonKind,
  onClick: (button: HTMLElement) => void,
): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  // Jellyfin shows the focus of what has `show-focus`, and only on a TV.
  if (document.documentElement.classList.contains('layout-tv')) button.classList.add('show-focus');
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
