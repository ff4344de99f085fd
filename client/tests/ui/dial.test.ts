// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import '../../src/ui/dial';
import { button, field, find, mount, RecordedParty, textOf } from './fixtures';

test('says in words which way it is turned', async () => {
  const party = new RecordedParty();
  const words = async (earlierMs: number): Promise<string> =>
    textOf(find(await mount('owp-dial', { party, earlierMs }), 'output'));
  expect(await words(0)).toBe('With the party');
  expect(await words(185)).toBe('185 ms earlier');
  expect(await words(-40)).toBe('40 ms later');
});

test('acts while it is turned, in steps, within its ends', async () => {
  const party = new RecordedParty();
  const element = await mount('owp-dial', { party, earlierMs: 20 });
  const dial = field(element, '#dial');
  expect([dial.min, dial.max, dial.step]).toEqual(['-1000', '1000', '5']);
  expect(dial.getAttribute('aria-valuetext')).toBe('20 ms earlier');
  dial.value = '200';
  dial.dispatchEvent(new Event('input'));
  button(element, 'Reset').click();
  expect(party.asked).toEqual([
    ['playEarlier', 200],
    ['playEarlier', 0],
  ]);
});

test('its button opens it and tells a reader where it stands', async () => {
  const element = await mount('owp-dial', { party: new RecordedParty(), earlierMs: 200 });
  button(element, 'Sound delay: 200 ms earlier').click();
  expect((find(element, 'dialog') as HTMLDialogElement).open).toBe(true);
});

test('offers to measure what nobody knows by heart', async () => {
  const element = await mount('owp-dial', { party: new RecordedParty(), earlierMs: 0 });
  button(element, 'Measure it…').click();
  const calibration = find(element, 'owp-calibration');
  expect((find(calibration, 'dialog') as HTMLDialogElement).open).toBe(true);
});
