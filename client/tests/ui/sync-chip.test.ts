// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import '../../src/ui/sync-chip';
import { drawn, find, mount, press, quiet, textOf } from './fixtures';

const inStep = {
  state: 'in-step',
  offsetMs: -3.4,
  uncertaintyMs: 1.6,
  earlierMs: 0,
  clockUncertaintyMs: 1.2,
  roundTripMs: 18.6,
  rate: 1.0004,
} as const;

test('says how well one is in step, in a word and a number', async () => {
  const element = await mount('owp-sync', { sync: inStep });
  const chip = find(element, 'button');
  expect(textOf(chip)).toBe('In step −3 ms ± 2 ms');
  expect(chip.getAttribute('aria-label')).toBe(
    'How well you are in step: In step, 3 ms behind, ± 2 ms',
  );
  expect(find(chip, '.dot').classList.contains('good')).toBe(true);
});

test('shows no digit that is not known', async () => {
  const element = await mount('owp-sync', {
    sync: { ...inStep, offsetMs: -23.4, uncertaintyMs: 12 },
  });
  expect(textOf(find(element, 'button'))).toBe('In step −20 ms ± 12 ms');
});

test('an offset that is not known is not shown', async () => {
  const element = await mount('owp-sync', { sync: quiet });
  expect(textOf(find(element, 'button'))).toBe('Not playing');
});

test('shows the numbers behind on demand', async () => {
  const element = await mount('owp-sync', { sync: inStep });
  const chip = find(element, 'button');
  const numbers = find(element, 'dl');
  expect(numbers.hidden).toBe(true);
  chip.click();
  await drawn(element);
  expect(numbers.hidden).toBe(false);
  expect(chip.getAttribute('aria-expanded')).toBe('true');
  expect(textOf(numbers)).toContain(
    'Your picture 3 ms behind Known to ± 2 ms Clock known to ± 2 ms Round trip 19 ms Speed × 1.000',
  );
});

test('shows them to who comes by keyboard, until they go or close them', async () => {
  const element = await mount('owp-sync', { sync: inStep });
  const chip = find(element, 'button');
  const shown = async (): Promise<boolean> => {
    await drawn(element);
    return !find(element, 'dl').hidden;
  };
  // The DOM of these tests does not know :focus-visible
  Object.assign(chip, { matches: () => true });
  chip.focus();
  expect(await shown()).toBe(true);
  chip.blur();
  expect(await shown()).toBe(false);
  chip.focus();
  chip.click();
  expect(await shown()).toBe(false);
});

test('numbers that are not known say so', async () => {
  const element = await mount('owp-sync', { sync: quiet });
  expect(textOf(find(element, 'dl')).match(/not known yet/g)).toHaveLength(4);
});

test('Escape closes the numbers, and then is the page’s again', async () => {
  const element = await mount('owp-sync', { sync: inStep });
  let reached = 0;
  element.addEventListener('keydown', () => reached++);
  const chip = find(element, 'button');
  chip.click();
  await drawn(element);
  press(chip, 'Escape');
  await drawn(element);
  expect(find(element, 'dl').hidden).toBe(true);
  expect(reached).toBe(0);
  press(chip, 'Escape');
  expect(reached).toBe(1);
});
