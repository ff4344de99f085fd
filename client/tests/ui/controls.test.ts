// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import '../../src/ui/controls';
import type { Controls } from '../../src/ui/controls';
import { button, drawn, field, find, mount, press, RecordedScreen, textOf } from './fixtures';

let screen: RecordedScreen;
let asked: unknown[];

beforeEach(() => {
  screen = new RecordedScreen();
  asked = [];
});

function controls(change: Partial<Controls> = {}): Promise<Controls> {
  return mount('owp-controls', {
    screen,
    onToggle: () => asked.push('toggle'),
    onSeek: (seconds) => asked.push(seconds),
    onCaptions: () => asked.push('captions'),
    onFullscreen: () => asked.push('fullscreen'),
    ...change,
  });
}

async function drag(element: Controls, to: number, done: boolean): Promise<void> {
  const seek = field(element, '.seek');
  seek.value = String(to);
  seek.dispatchEvent(new Event(done ? 'change' : 'input'));
  await drawn(element);
}

test('shows where the element says that it is', async () => {
  const element = await controls();
  screen.report({ currentTime: 65, duration: 3_725 }, 'timeupdate');
  await drawn(element);
  expect(textOf(find(element, '.time'))).toBe('1:05 / 1:02:05');
  const seek = field(element, '.seek');
  expect(seek.getAttribute('aria-valuetext')).toBe('1:05 of 1:02:05');
  expect(seek.value).toBe('65');
});

test('a medium without a length yet is at its beginning', async () => {
  screen.report({ duration: NaN });
  const element = await controls();
  expect(textOf(find(element, '.time'))).toBe('0:00 / 0:00');
  expect(field(element, '.seek').style.getPropertyValue('--at')).toBe('0%');
});

test('the button says what it does next, and asks; it does not assume', async () => {
  const element = await controls();
  button(element, 'Play').click();
  await drawn(element);
  expect(asked).toEqual(['toggle']);
  expect(button(element, 'Play')).toBeDefined();
  element.playing = true;
  await drawn(element);
  expect(button(element, 'Pause')).toBeDefined();
});

describe('the position slider', () => {
  test.each([
    ['ArrowRight', 65],
    ['ArrowUp', 65],
    ['ArrowLeft', 55],
    ['ArrowDown', 55],
  ])('%s asks for five seconds that way', async (key, seconds) => {
    const element = await controls();
    screen.report({ currentTime: 60 }, 'timeupdate');
    const event = press(field(element, '.seek'), key);
    expect(asked).toEqual([seconds]);
    expect(event.defaultPrevented).toBe(true);
  });

  test('other keys are the browser’s', async () => {
    const element = await controls();
    expect(press(field(element, '.seek'), 'Tab').defaultPrevented).toBe(false);
    expect(asked).toEqual([]);
  });

  test('asks once, where the thumb is let go; until then only the time follows', async () => {
    const element = await controls();
    await drag(element, 30, false);
    await drag(element, 40, false);
    expect(asked).toEqual([]);
    expect(textOf(find(element, '.time'))).toBe('0:40 / 2:00');
    await drag(element, 41, true);
    expect(asked).toEqual([41]);
    expect(textOf(find(element, '.time'))).toBe('0:00 / 2:00');
  });
});

describe('a guest', () => {
  test('sees play and position locked, and why', async () => {
    const element = await controls({ locked: true });
    const play = button(element, 'Play');
    expect(play.getAttribute('aria-disabled')).toBe('true');
    expect(play.disabled).toBe(false); // it can still be reached, to hear why
    const why = play.getAttribute('aria-describedby');
    expect(textOf(find(element, `#${why}`))).toBe(
      'The host plays, pauses and seeks for everybody.',
    );
    expect(field(element, '.seek').getAttribute('aria-disabled')).toBe('true');
  });

  test('cannot drag the thumb away', async () => {
    const element = await controls({ locked: true });
    screen.report({ currentTime: 20 }, 'timeupdate');
    await drag(element, 90, false);
    expect(field(element, '.seek').value).toBe('20');
    expect(textOf(find(element, '.time'))).toBe('0:20 / 2:00');
  });

  test('who becomes one while dragging lets go', async () => {
    const element = await controls();
    await drag(element, 90, false);
    element.locked = true;
    await drawn(element);
    expect(textOf(find(element, '.time'))).toBe('0:00 / 2:00');
  });
});

describe('sound', () => {
  test('mute and unmute are the viewer’s own, also a guest’s', async () => {
    const element = await controls({ locked: true });
    button(element, 'Mute').click();
    expect(screen.element.muted).toBe(true);
    screen.report({}, 'volumechange');
    await drawn(element);
    button(element, 'Unmute').click();
    expect(screen.element.muted).toBe(false);
  });

  test('the slider sets the volume and unmutes', async () => {
    const element = await controls();
    screen.element.muted = true;
    const volume = field(element, '.volume');
    volume.value = '0.4';
    volume.dispatchEvent(new Event('input'));
    expect(screen.element.volume).toBeCloseTo(0.4);
    expect(screen.element.muted).toBe(false);
  });
});

test('captions are offered only where there are some', async () => {
  const without = await controls();
  expect(() => button(without, /^Captions/)).toThrow();
  const element = await controls({ hasCaptions: true, captions: 'English' });
  button(element, 'Captions: English').click();
  expect(asked).toEqual(['captions']);
});

test('the small picture keeps to play, sound and stop', async () => {
  const element = await controls({
    compact: true,
    hasCaptions: true,
    onStop: () => asked.push('stop'),
  });
  button(element, 'Stop the video').click();
  expect(asked).toEqual(['stop']);
  for (const name of [/^Captions/, 'Full screen']) expect(() => button(element, name)).toThrow();
});

test('stops listening when it is taken away', async () => {
  const element = await controls();
  element.remove();
  screen.report({ currentTime: 99 }, 'timeupdate');
  expect(element.isUpdatePending).toBe(false);
});
