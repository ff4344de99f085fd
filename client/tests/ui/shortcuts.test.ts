// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import { placeOf, shortcutFor, type KeyPlace } from '../../src/ui/shortcuts';

const plain = { ctrlKey: false, metaKey: false, altKey: false };
const at = (key: string, place: KeyPlace = 'elsewhere') => shortcutFor({ key, ...plain }, place);

test.each([
  [' ', { kind: 'toggle' }],
  ['k', { kind: 'toggle' }],
  ['ArrowLeft', { kind: 'seekBy', seconds: -10 }],
  ['ArrowRight', { kind: 'seekBy', seconds: 10 }],
  ['ArrowUp', { kind: 'volumeBy', step: 0.05 }],
  ['ArrowDown', { kind: 'volumeBy', step: -0.05 }],
  ['m', { kind: 'mute' }],
  ['f', { kind: 'fullscreen' }],
  ['s', { kind: 'captions' }],
  ['c', { kind: 'chat' }],
  ['Escape', { kind: 'escape' }],
  ['x', null],
  ['Enter', null],
])('%o in the room', (key, shortcut) => {
  expect(at(key)).toEqual(shortcut);
});

test('in a text every key writes, but Escape leaves it', () => {
  for (const key of [' ', 'k', 'm', 'f', 's', 'c', 'ArrowLeft']) expect(at(key, 'text')).toBeNull();
  expect(at('Escape', 'text')).toEqual({ kind: 'escape' });
});

test('on a button space presses it, on a slider arrows move it', () => {
  expect(at(' ', 'button')).toBeNull();
  expect(at('k', 'button')).toEqual({ kind: 'toggle' });
  for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'])
    expect(at(key, 'slider')).toBeNull();
  expect(at(' ', 'slider')).toEqual({ kind: 'toggle' });
});

test.each(['ctrlKey', 'metaKey', 'altKey'])('with %s the browser has the key', (modifier) => {
  for (const key of ['f', 'Escape', 'ArrowLeft'])
    expect(shortcutFor({ key, ...plain, [modifier]: true }, 'elsewhere')).toBeNull();
});

describe('where a key was pressed', () => {
  const element = (tag: string, attributes: Record<string, string> = {}): HTMLElement => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  test.each([
    ['input', { type: 'text' }, 'text'],
    ['input', { type: 'password' }, 'text'],
    ['input', { type: 'range' }, 'slider'],
    ['textarea', {}, 'text'],
    ['button', {}, 'button'],
    ['div', {}, 'elsewhere'],
  ] as const)('%s %o', (tag, attributes, place) => {
    expect(placeOf(element(tag, attributes))).toBe(place);
  });
  test('the page itself', () => {
    expect(placeOf(document)).toBe('elsewhere');
    expect(placeOf(undefined)).toBe('elsewhere');
  });
});
