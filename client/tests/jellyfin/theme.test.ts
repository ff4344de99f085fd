import { expect, test } from 'vitest';
import { isDark, pageStyle } from '../../src/jellyfin/theme';

test.each([
  ['rgb(255, 255, 255)', false],
  ['rgba(255, 255, 255, 0.87)', false],
  ['rgb(0, 0, 0)', true],
  ['rgba(0, 0, 0, 0.87)', true],
  ['rgb(0, 164, 220)', true],
  ['', false],
])('text of %s on a light ground: %s', (color, dark) => {
  expect(isDark(color)).toBe(dark);
});

test('every rule for the page names us, so that nothing of Jellyfin’s changes by itself', () => {
  const selectors = pageStyle
    .replaceAll(/\{[^{}]*\}/gu, '{}')
    .split(/[{}]/u)
    .flatMap((part) => part.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('@'));
  expect(selectors.length).toBeGreaterThan(10);
  for (const selector of selectors) expect(selector).toMatch(/\.owp-/u);
});

// Seen in 10.11 with its light theme: dark letters of the page on the dark ground of the variables
test('where the ground is the theme’s variable, the letters are too', () => {
  const rules = pageStyle.match(/\{[^{}]*\}/gu) ?? [];
  const onGround = rules.filter((rule) => rule.includes('background: var(--jf-palette-background'));
  expect(onGround).not.toEqual([]);
  for (const rule of onGround) expect(rule).toMatch(/[; ]color: var\(--jf-palette-text/u);
});
