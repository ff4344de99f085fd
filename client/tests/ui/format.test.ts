import { describe, expect, test } from 'vitest';
import {
  asKnown,
  codePoints,
  formatOffset,
  formatTime,
  formatUncertainty,
  hueOf,
  initials,
  joinNames,
  secondsUntil,
  spokenOffset,
  summarizeSync,
} from '../../src/ui/format';
import { quiet } from './fixtures';

test('a time is minutes and seconds, with hours when there are some', () => {
  expect(formatTime(0)).toBe('0:00');
  expect(formatTime(65.9)).toBe('1:05');
  expect(formatTime(3599.99)).toBe('59:59');
  expect(formatTime(3723)).toBe('1:02:03');
  expect(formatTime(36_000)).toBe('10:00:00');
});

test('an offset keeps only the digits that are known', () => {
  expect(asKnown(-3.4, 0.2)).toBe(-3);
  expect(asKnown(23.4, 9.9)).toBe(23);
  expect(asKnown(23.4, 12)).toBe(20);
  expect(asKnown(-380, 240)).toBe(-400);
});

test('a time that is none reads as the beginning', () => {
  for (const none of [NaN, Infinity, -Infinity, -5]) expect(formatTime(none)).toBe('0:00');
});

test('an offset has a sign unless it rounds to nothing, and seconds from one on', () => {
  expect(formatOffset(12.4)).toBe('+12 ms');
  expect(formatOffset(-250)).toBe('−250 ms');
  expect(formatOffset(-0.4)).toBe('0 ms');
  expect(formatOffset(999.6)).toBe('+1.0 s');
  expect(formatOffset(-61_250)).toBe('−61.3 s');
});

test('an offset is spoken as ahead or behind', () => {
  expect(spokenOffset(12)).toBe('12 ms ahead');
  expect(spokenOffset(-250)).toBe('250 ms behind');
  expect(spokenOffset(0.2)).toBe('exact');
});

test('an uncertainty never rounds to none', () => {
  expect(formatUncertainty(0.05)).toBe('± 1 ms');
  expect(formatUncertainty(2.1)).toBe('± 3 ms');
});

test('up to three names are spelled out, the rest is counted', () => {
  expect(joinNames([])).toBe('');
  expect(joinNames(['Ada'])).toBe('Ada');
  expect(joinNames(['Ada', 'Bob'])).toBe('Ada and Bob');
  expect(joinNames(['Ada', 'Bob', 'Cleo'])).toBe('Ada, Bob and Cleo');
  expect(joinNames(['Ada', 'Bob', 'Cleo', 'Dee'])).toBe('Ada, Bob, Cleo and 1 more');
  expect(joinNames(['Ada', 'Bob', 'Cleo', 'Dee', 'Eve'])).toBe('Ada, Bob, Cleo and 2 more');
});

describe('the sync indicator', () => {
  test.each([
    ['idle', 1, 'quiet', 'Not playing'],
    ['settling', 1, 'busy', 'Finding the beat'],
    ['in-step', 1, 'good', 'In step'],
    ['correcting', 1.05, 'busy', 'Catching up'],
    ['correcting', 0.95, 'busy', 'Slowing down'],
    ['seeking', 1, 'busy', 'Jumping'],
    ['buffering', 1, 'busy', 'Buffering'],
  ] as const)('%s at rate %d', (state, rate, tone, label) => {
    expect(summarizeSync({ ...quiet, state, rate })).toEqual({ tone, label });
  });
});

test('a second that has begun counts until it is over', () => {
  expect(secondsUntil(5_000, 4_999)).toBe(1);
  expect(secondsUntil(5_000, 2_000)).toBe(3);
  expect(secondsUntil(5_000, 9_000)).toBe(0);
});

test('length is counted in code points, as the wire does', () => {
  expect(codePoints('né')).toBe(2);
  expect(codePoints('😀😀')).toBe(2);
});

test('an id always has the same hue, within the circle', () => {
  expect(hueOf('Ada')).toBe(hueOf('Ada'));
  expect(hueOf('Ada')).not.toBe(hueOf('Bob'));
  for (const id of ['', 'x', '😀'.repeat(200)]) {
    expect(hueOf(id)).toBeGreaterThanOrEqual(0);
    expect(hueOf(id)).toBeLessThan(360);
  }
});

test('initials are those of the first two words, whole characters', () => {
  expect(initials('ada lovelace king')).toBe('AL');
  expect(initials('  grace  ')).toBe('G');
  expect(initials('😀 smile')).toBe('😀S');
  expect(initials('   ')).toBe('');
});
