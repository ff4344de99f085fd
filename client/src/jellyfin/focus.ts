// Moving the focus through our elements with arrow keys, as on a TV. Jellyfin's own focus manager does
// not look into shadow roots.

const focusable =
  'button:not(:disabled), input:not(:disabled), a[href], [tabindex]:not([tabindex="-1"])';

/** What can be focused, in reading order, shadow roots included. */
export function focusablesIn(root: Element | ShadowRoot): HTMLElement[] {
  return [...root.querySelectorAll('*')].flatMap((element) => {
    const own = element instanceof HTMLElement && element.matches(focusable) ? [element] : [];
    return element.shadowRoot ? [...own, ...focusablesIn(element.shadowRoot)] : own;
  });
}

/** The element that has the focus, through shadow roots. */
export function focusedIn(root: DocumentOrShadowRoot): Element | null {
  const { activeElement } = root;
  return activeElement?.shadowRoot
    ? (focusedIn(activeElement.shadowRoot) ?? activeElement)
    : activeElement;
}

/** The next one that is drawn, in a direction; null: that was the last. */
export function nextFocus(
  all: readonly HTMLElement[],
  current: Element | null,
  step: 1 | -1,
): HTMLElement | null {
  const visible = all.filter((element) => element.getClientRects().length > 0);
  const at = visible.findIndex((element) => element === current);
  return visible[at === -1 ? 0 : at + step] ?? null;
}

/** Escape, and what remote controls send in its place. */
export function isBack(event: KeyboardEvent): boolean {
  const keys = ['Escape', 'GoBack', 'BrowserBack', 'XF86Back'];
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- webOS and Tizen name this key by no more
  return keys.includes(event.key) || [461, 10009].includes(event.keyCode);
}
