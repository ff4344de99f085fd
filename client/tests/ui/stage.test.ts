// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import type { Shortcut } from '../../src/ui/shortcuts';
import '../../src/ui/stage';
import type { Stage } from '../../src/ui/stage';
import { World } from '../sim/world';
import {
  button,
  drawn,
  find,
  findAll,
  mount,
  RecordedParty,
  RecordedScreen,
  reel,
  room,
  textOf,
} from './fixtures';

let screen: RecordedScreen;
let party: RecordedParty;
let world: World;

beforeEach(() => {
  screen = new RecordedScreen();
  party = new RecordedParty();
  world = new World();
});

function stage(change: Partial<Stage> = {}): Promise<Stage> {
  return mount('owp-stage', {
    screen,
    party,
    room: room(),
    later: (delayMs, run) => world.after(delayMs, run),
    ...change,
  });
}
const guest = room({ amHost: false });
const hostControls = 'The host plays, pauses and seeks for everybody.';
const click = (element: Stage, pointerType: string): void => {
  const event = new Event('click', { bubbles: true });
  find(element, '.picture').dispatchEvent(Object.assign(event, { pointerType }));
};

describe('the host', () => {
  test('asks to play what rests and to pause what plays', async () => {
    const element = await stage();
    button(element, 'Play').click();
    screen.report({ paused: false }, 'play');
    await drawn(element);
    button(element, 'Pause').click();
    expect(screen.asked).toEqual([['play'], ['pause']]);
  });

  test('seeks within the medium', async () => {
    const element = await stage();
    screen.report({ currentTime: 115 });
    element.perform({ kind: 'seekBy', seconds: 10 });
    screen.report({ currentTime: 4 });
    element.perform({ kind: 'seekBy', seconds: -10 });
    expect(screen.asked).toEqual([
      ['seek', 120],
      ['seek', 0],
    ]);
  });

  test('clicks the picture with a mouse; a finger’s tap stops nobody', async () => {
    const element = await stage();
    click(element, 'touch');
    expect(screen.asked).toEqual([]);
    click(element, 'mouse');
    expect(screen.asked).toEqual([['play']]);
  });
});

describe('a guest', () => {
  test.each<Shortcut>([{ kind: 'toggle' }, { kind: 'seekBy', seconds: 10 }])(
    'who asks to $kind moves nothing and is told why, for a while',
    async (shortcut) => {
      const element = await stage({ room: guest });
      element.perform(shortcut);
      await drawn(element);
      expect(screen.asked).toEqual([]);
      expect(textOf(find(element, '.top'))).toBe(hostControls);
      await world.run(4_000);
      await drawn(element);
      expect(textOf(find(element, '.top'))).toBe('');
    },
  );

  test('who becomes host may at once', async () => {
    const element = await stage({ room: guest });
    element.perform({ kind: 'toggle' });
    element.room = room();
    await drawn(element);
    expect(textOf(find(element, '.top'))).toBe('');
    element.perform({ kind: 'toggle' });
    expect(screen.asked).toEqual([['play']]);
  });

  test('has sound and captions of their own', async () => {
    const element = await stage({ room: guest });
    element.perform({ kind: 'mute' });
    expect(screen.element.muted).toBe(true);
    screen.element.volume = 0.98;
    element.perform({ kind: 'volumeBy', step: 0.05 });
    expect(screen.element.volume).toBe(1);
    expect(screen.element.muted).toBe(false);
  });
});

test('says whom a start waits for', async () => {
  const element = await stage({ room: room({ waitingFor: ['Bob', '<b>Cleo</b>'] }) });
  expect(textOf(find(element, '[role=status]'))).toBe('Waiting for Bob and <b>Cleo</b>');
});

test('shows that the picture waits for data', async () => {
  const element = await stage();
  const spinner = '[aria-label="Buffering…"]';
  expect(findAll(element, spinner)).toHaveLength(0);
  screen.report({ paused: false, readyState: 2 }, 'waiting');
  await drawn(element);
  expect(findAll(element, spinner)).toHaveLength(1);
  screen.report({ readyState: 4 }, 'canplay');
  await drawn(element);
  expect(findAll(element, spinner)).toHaveLength(0);
});

test('offers the click that the browser wants, and nothing else beside it', async () => {
  const element = await stage({ needsClick: true, room: guest });
  button(element, /Click to join in/).click();
  expect(party.asked).toEqual([['joinIn']]);
  expect(findAll(element, 'owp-controls')).toEqual([]);
});

test('says when there is nothing to see, and takes no keys then', async () => {
  screen.video.set(null);
  const element = await stage();
  expect(textOf(element)).toContain('No video in this room');
  element.perform({ kind: 'toggle' });
  expect(screen.asked).toEqual([]);
});

test('says when the video cannot be played', async () => {
  const element = await stage();
  screen.failed.set(true);
  await drawn(element);
  expect(textOf(element)).toContain('This video does not play here');
});

describe('the controls', () => {
  const isQuiet = (element: Stage): boolean => find(element, '.stage').classList.contains('quiet');

  test('leave a playing picture alone after a while without a move', async () => {
    const element = await stage();
    screen.report({ paused: false }, 'play');
    find(element, '.stage').dispatchEvent(new Event('pointermove'));
    await world.run(2_999);
    find(element, '.stage').dispatchEvent(new Event('pointermove'));
    await world.run(2_999);
    await drawn(element);
    expect(isQuiet(element)).toBe(false);
    await world.run(1);
    await drawn(element);
    expect(isQuiet(element)).toBe(true);
    find(element, '.stage').dispatchEvent(new Event('pointermove'));
    await drawn(element);
    expect(isQuiet(element)).toBe(false);
  });

  test('stay over a picture that rests', async () => {
    const element = await stage();
    find(element, '.stage').dispatchEvent(new Event('pointermove'));
    await world.run(60_000);
    await drawn(element);
    expect(isQuiet(element)).toBe(false);
  });
});

describe('captions', () => {
  const tracks = ['English', 'Français'].map((label) => ({
    kind: 'subtitles',
    label,
    mode: 'disabled',
  }));

  test('go through off and each track in turn', async () => {
    const subtitles = tracks.map(({ label }) => ({ label, lang: 'x', url: '/x.vtt' }));
    screen.video.set({ ...reel, subtitles });
    screen.report({ textTracks: tracks as unknown as TextTrackList });
    const element = await stage();
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      button(element, /^Captions/).click();
      await drawn(element);
      const name = button(element, /^Captions/).getAttribute('aria-label');
      const showing = tracks.filter((track) => track.mode === 'showing');
      seen.push(`${name} ${showing.map((track) => track.label).join()}`);
    }
    expect(seen).toEqual([
      'Captions: English English',
      'Captions: Français Français',
      'Captions: off ',
    ]);
  });
});

test('in the corner of the lobby the video is the viewer’s own, and can be stopped', async () => {
  const element = await stage({ room: null, mini: true });
  button(element, 'Play').click();
  button(element, 'Stop the video').click();
  expect(screen.asked).toEqual([['play'], ['stop']]);
});

test('keeps the one video element for its whole life', async () => {
  const element = await stage();
  element.mini = true;
  element.room = null;
  await drawn(element);
  expect(find(element, 'video')).toBe(screen.element);
});
