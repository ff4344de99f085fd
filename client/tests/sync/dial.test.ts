import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockAhead, onDial, parseDial } from '../../src/sync/dial';

test('has steps of 5 ms and ends', () => {
  expect(onDial(203)).toBe(205);
  expect(onDial(-7_000)).toBe(-1_000);
  expect(onDial(Infinity)).toBe(1_000);
  expect(onDial(NaN)).toBe(0);
  expect(Object.is(onDial(-1), 0)).toBe(true);
});

test('takes back what it kept, and nothing else', () => {
  expect(parseDial('-185')).toBe(-185);
  for (const kept of [null, '', ' ', '1e3', '0x10', '12.5', 'NaN', '99999', '{"a":1}'])
    expect(parseDial(kept)).toBe(0);
  expect(parseDial('9999')).toBe(1_000);
  fc.assert(fc.property(fc.string(), (kept) => Math.abs(parseDial(kept)) <= 1_000));
});

test('a clock ahead reads later and is due earlier', () => {
  const clock = clockAhead({ toServerMs: (ms) => ms + 50, toLocalMs: (ms) => ms - 50 }, 200);
  expect(clock.toServerMs(1_000)).toBe(1_250);
  expect(clock.toLocalMs(1_250)).toBe(1_000);
});
