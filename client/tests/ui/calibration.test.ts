// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import '../../src/ui/calibration';
import type { CalibrationBox } from '../../src/ui/calibration';
import { World } from '../sim/world';
import { button, drawn, find, findAll, mount, RecordedParty, textOf } from './fixtures';

let party: RecordedParty;
let world: World;
let beeping: boolean;

beforeEach(() => {
  party = new RecordedParty();
  world = new World();
  beeping = false;
});

const firstBeepMs = 1_000;

async function opened(startBeeps?: CalibrationBox['startBeeps']): Promise<CalibrationBox> {
  const element = await mount('owp-calibration', {
    party,
    nowMs: () => world.nowMs,
    later: (delayMs, run) => world.after(delayMs, run),
    startBeeps:
      startBeeps ??
      (() => {
        beeping = true;
        return Promise.resolve({
          firstBeatMs: () => firstBeepMs,
          stop: () => {
            beeping = false;
          },
        });
      }),
  });
  element.open();
  await drawn(element);
  return element;
}
async function start(element: CalibrationBox): Promise<void> {
  button(element, /^(Start|Measure again)$/).click();
  await world.run(0);
  await drawn(element);
}
const says = (element: CalibrationBox): string => textOf(find(element, '[role=status]'));
const box = (element: CalibrationBox) => find(element, 'dialog') as HTMLDialogElement;

function at<T extends Event>(event: T, atMs: number): T {
  Object.defineProperty(event, 'timeStamp', { value: atMs });
  return event;
}
function key(atMs: number, init: KeyboardEventInit = {}): KeyboardEvent {
  return at(new KeyboardEvent('keydown', { key: ' ', cancelable: true, ...init }), atMs);
}
function tapAlong(element: CalibrationBox, firstMs: number, lags: readonly number[]): void {
  const pad = find(element, '#pad');
  lags.forEach((lag, beat) => pad.dispatchEvent(key(firstMs + beat * 1_000 + lag)));
}
/** Two taps that find the beat, and eight that count. */
const steady = (lag: number): number[] => [400, -300, ...Array.from({ length: 8 }, () => lag)];
const wild = [0, 0, -400, -250, -100, 0, 120, 260, 390, 480];

async function bothRounds(
  element: CalibrationBox,
  heard: readonly number[],
  seen: readonly number[],
): Promise<void> {
  await start(element);
  tapAlong(element, firstBeepMs + 1_000, heard);
  await drawn(element);
  expect(beeping, 'no beeps beside the light').toBe(false);
  expect(says(element)).toBe('Now tap with every flash of the light.');
  tapAlong(element, world.nowMs + 3_000, seen);
  await drawn(element);
}

test('what the person adds is taken away, and the dial is set to the rest', async () => {
  const element = await opened();
  await bothRounds(element, steady(140), steady(-40));
  expect(says(element)).toBe('Your sound is 180 ms late, ± 1 ms.');
  expect(party.asked).toEqual([]);
  button(element, 'Set the dial').click();
  expect(party.asked).toEqual([['playEarlier', 180]]);
  expect(box(element).open).toBe(false);
});

test('sound that comes early is said so', async () => {
  const element = await opened();
  await bothRounds(element, steady(-60), steady(-40));
  expect(says(element)).toBe('Your sound is 20 ms early, ± 1 ms.');
});

test('scattered taps give no number and set nothing', async () => {
  const element = await opened();
  await bothRounds(element, wild, steady(0));
  expect(says(element)).toMatch(/^Your taps were too far apart/);
  expect(findAll(element, 'button').map(textOf)).toEqual(['Close', 'Measure again']);
  await start(element);
  expect(beeping).toBe(true);
});

test('the last tap leaves no button focused', async () => {
  const element = await opened();
  await bothRounds(element, steady(180), steady(0));
  expect(element.shadowRoot?.activeElement?.localName).toBe('h2');
});

test('a tap is a key, a finger or a mouse, or what a reader presses, each once', async () => {
  const element = await opened();
  await start(element);
  const pad = find(element, '#pad');
  const taps = async (): Promise<number> => {
    await drawn(element);
    return (find(element, 'progress') as HTMLProgressElement).value;
  };
  pad.dispatchEvent(key(100));
  expect(await taps(), 'before the first beep').toBe(0);
  const space = key(2_000);
  pad.dispatchEvent(space);
  expect(space.defaultPrevented, 'no click comes of it').toBe(true);
  pad.dispatchEvent(key(2_030, { repeat: true }));
  expect(await taps()).toBe(1);
  pad.dispatchEvent(at(new PointerEvent('pointerdown', { isPrimary: true, button: 0 }), 3_000));
  pad.dispatchEvent(at(new MouseEvent('click', { detail: 1 }), 3_100));
  expect(await taps()).toBe(2);
  pad.dispatchEvent(at(new MouseEvent('click', { detail: 0 }), 4_000));
  expect(await taps()).toBe(3);
});

test('the light is on for a moment at every beat', async () => {
  const element = await opened();
  await start(element);
  tapAlong(element, firstBeepMs + 1_000, steady(0));
  const lit: number[] = [];
  const endMs = world.nowMs + 4_500;
  while (world.nowMs < endMs) {
    await world.run(10);
    await drawn(element);
    if (find(element, '#pad').classList.contains('lit')) lit.push(world.nowMs);
  }
  expect(lit.filter((ms, index) => ms - (lit[index - 1] ?? 0) > 10)).toEqual([2_000, 3_000, 4_000]);
  expect(lit).toHaveLength(36);
});

test('closed or gone, it is silent', async () => {
  const closed = await opened();
  await start(closed);
  box(closed).close();
  expect(beeping).toBe(false);
  const gone = await opened();
  await start(gone);
  gone.remove();
  expect(beeping).toBe(false);
});

test('closed before its sound is ready, it stays silent', async () => {
  let stopped = false;
  let ready: (beeps: { firstBeatMs: () => number; stop: () => void }) => void = () => undefined;
  const element = await opened(() => new Promise((resolve) => (ready = resolve)));
  await start(element);
  box(element).close();
  ready({ firstBeatMs: () => 0, stop: () => (stopped = true) });
  await world.run(0);
  expect(stopped).toBe(true);
});

test('a browser without sound is told of', async () => {
  const element = await opened(() => Promise.reject(new Error('no device')));
  await start(element);
  expect(says(element)).toBe('This browser plays no sound here, so nothing can be measured.');
});
