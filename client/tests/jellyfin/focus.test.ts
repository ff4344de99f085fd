// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { focusablesIn, focusedIn, isBack, nextFocus } from '../../src/jellyfin/focus';

let buttons: HTMLElement[];

beforeEach(() => {
  document.body.innerHTML =
    '<button id="a"></button><p id="host"></p><button disabled></button><i tabindex="-1"></i><i id="d" tabindex="0"></i>';
  const root = document.getElementById('host')!.attachShadow({ mode: 'open' });
  root.innerHTML = '<input id="b" /><button id="c"></button>';
  buttons = focusablesIn(document.body);
  for (const button of buttons)
    button.getClientRects = () => [new DOMRect()] as unknown as DOMRectList;
});

test('what can be focused is found in reading order, through shadow roots', () => {
  expect(buttons.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});

test('the focus is found through shadow roots', () => {
  buttons[2]?.focus();
  expect(focusedIn(document)?.id).toBe('c');
});

test('the focus moves in both directions, passes over what is not drawn, and stops at the ends', () => {
  const [a, b, c, d] = buttons as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
  expect(nextFocus(buttons, a, 1)).toBe(b);
  b.getClientRects = () => [] as unknown as DOMRectList;
  expect(nextFocus(buttons, a, 1)).toBe(c);
  expect(nextFocus(buttons, d, 1)).toBeNull();
  expect(nextFocus(buttons, a, -1)).toBeNull();
  expect(nextFocus(buttons, null, 1)).toBe(a);
  expect(nextFocus(buttons, document.body, -1)).toBe(a);
});

test.each([
  [{ key: 'Escape' }, true],
  [{ key: 'GoBack' }, true],
  [{ key: 'BrowserBack' }, true],
  [{ key: 'Unidentified', keyCode: 461 }, true],
  [{ key: 'Unidentified', keyCode: 10009 }, true],
  [{ key: 'Backspace' }, false],
  [{ key: 'a' }, false],
])('%j is the way back: %s', (init, back) => {
  const event = new KeyboardEvent('keydown', init);
  if ('keyCode' in init) Object.defineProperty(event, 'keyCode', { value: init.keyCode });
  expect(isBack(event)).toBe(back);
});
