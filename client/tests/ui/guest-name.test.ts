import { expect, test } from 'vitest';
import { makeGuestName } from '../../src/ui/guest-name';

test('every draw gives a mood and an animal', () => {
  for (let i = 0; i < 1_000; i++)
    expect(makeGuestName(() => i / 1_000)).toMatch(/^[A-Z]\w+ [A-Z]\w+$/u);
});

test('the two words are drawn apart', () => {
  const draws = [0, 0.999];
  expect(makeGuestName(() => draws.shift() ?? 0)).toBe('Amber Wren');
});

test('many guests get many names', () => {
  const names = new Set<string>();
  for (let mood = 0; mood < 14; mood++)
    for (let animal = 0; animal < 14; animal++) {
      const draws = [mood / 14, animal / 14];
      names.add(makeGuestName(() => draws.shift() ?? 0));
    }
  expect(names.size).toBe(196);
});
