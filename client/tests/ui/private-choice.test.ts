// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import '../../src/ui/private-choice';
import { drawn, field, mount, textOf } from './fixtures';

test('says what it means, and tells each choice', async () => {
  const choices: boolean[] = [];
  const element = await mount('owp-private-choice', { choose: (chosen) => choices.push(chosen) });
  expect(textOf(element)).toContain('Private Not listed.');
  expect(field(element).checked).toBe(false);
  field(element).click();
  field(element).click();
  expect(choices).toEqual([true, false]);
});

test('shows what has been chosen', async () => {
  const element = await mount('owp-private-choice', { choose: () => undefined });
  element.chosen = true;
  await drawn(element);
  expect(field(element).checked).toBe(true);
});
