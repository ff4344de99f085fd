// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import '../../src/ui/app';
import type { App } from '../../src/ui/app';
import type { Library } from '../../src/ui/library';
import { lobby, type Route } from '../../src/ui/route';
import { Cell } from '../../src/ui/store';
import { settle, World } from '../sim/world';
import {
  button,
  drawn as drawnNow,
  field,
  find,
  findAll,
  line,
  mount,
  notice,
  partyState,
  press,
  RecordedParty,
  RecordedScreen,
  reel,
  room,
  roomId,
  textOf,
} from './fixtures';

let party: RecordedParty;
let screen: RecordedScreen;
let route: Cell<Route>;
let library: Cell<Library>;
let signIn: Cell<{ needed: boolean; refused: boolean }>;
let titles: string[];
let copied: string[];
let navigated: [Route, string][];

beforeEach(() => {
  party = new RecordedParty();
  screen = new RecordedScreen(null);
  route = new Cell<Route>(lobby);
  library = new Cell<Library>({ kind: 'loaded', videos: [reel] });
  signIn = new Cell({ needed: false, refused: false });
  titles = [];
  copied = [];
  navigated = [];
});

function app(): Promise<App> {
  const world = new World();
  return mount('owp-app', {
    environment: {
      party,
      screen,
      signIn: { state: signIn, submit: () => undefined },
      library,
      reloadLibrary: () => undefined,
      route,
      navigate: (to, how) => {
        navigated.push([to, how]);
        route.set(to);
      },
      inviteUrl: (id) => `https://party.example/#/room/${id}`,
      copyText: (text) => {
        copied.push(text);
        return Promise.resolve(true);
      },
      nowMs: () => world.nowMs,
      later: (delayMs, run) => world.after(delayMs, run),
      startBeeps: () => Promise.reject(new Error('no sound in this test')),
      setTitle: (title) => titles.push(title),
    },
  });
}
const views = (element: App): string[] =>
  findAll(element, 'owp-lobby, owp-invitation, owp-sign-in, owp-room-bar').map(
    (view) => view.localName,
  );
async function enter(element: App, change = {}): Promise<void> {
  screen.video.set(reel);
  party.become({ room: room(change) });
  await drawn(element);
}
/** Drawn, and the focus where it goes after that. */
async function drawn(element: App): Promise<void> {
  await drawnNow(element);
  await settle();
}
/** The element that has the focus, through shadow roots. */
function focused(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

describe('the view', () => {
  test('is the lobby first, without taking the focus', async () => {
    const element = await app();
    expect(views(element)).toEqual(['owp-lobby']);
    expect(focused()).toBe(document.body);
  });

  test('follows the party into a room and out again; the focus goes to its heading', async () => {
    const element = await app();
    await enter(element);
    expect(views(element)).toEqual(['owp-room-bar']);
    expect(textOf(focused()!)).toBe('The Reel');
    party.become({ room: null });
    await drawn(element);
    expect(views(element)).toEqual(['owp-lobby']);
    expect(textOf(focused()!)).toBe('Watch together, in step.');
  });

  test('is the invitation of the address', async () => {
    route.set({ kind: 'room', roomId, ticket: null });
    const element = await app();
    expect(views(element)).toEqual(['owp-invitation']);
    button(element, 'Not now, show me the lobby').click();
    await drawn(element);
    expect(views(element)).toEqual(['owp-lobby']);
    expect(navigated).toEqual([[lobby, 'push']]);
  });

  test('is the sign-in while a token is asked for', async () => {
    const element = await app();
    signIn.set({ needed: true, refused: true });
    await drawn(element);
    expect(views(element)).toEqual(['owp-sign-in']);
    expect(textOf(find(element, '[role=alert]'))).toContain('not accepted');
  });

  test('does not move the focus while it stays the same', async () => {
    const element = await app();
    await enter(element);
    find(element, 'owp-chat').focus();
    const before = focused();
    party.become({ room: room({ chat: [line(1)] }) });
    await drawn(element);
    expect(focused()).toBe(before);
    expect(before).toBeInstanceOf(HTMLInputElement);
  });
});

describe('address and title', () => {
  test('follow the room', async () => {
    const element = await app();
    await enter(element);
    expect(navigated).toEqual([[{ kind: 'room', roomId, ticket: null }, 'replace']]);
    expect(titles.at(-1)).toBe('The Reel · OpenWatchParty');
    party.become({ room: null });
    await drawn(element);
    expect(navigated.at(-1)).toEqual([lobby, 'replace']);
    expect(titles.at(-1)).toBe('OpenWatchParty');
  });

  test('the invitation leads to the room one is in', async () => {
    const element = await app();
    await enter(element);
    button(element, 'Copy invite link').click();
    expect(copied).toEqual([`https://party.example/#/room/${roomId}`]);
  });
});

test('a room that has closed leaves the video playing in the corner', async () => {
  const element = await app();
  await enter(element);
  const video = find(element, 'video');
  party.become({ room: null, notices: [notice(1, { code: 'ROOM_CLOSED', text: 'Bye.' })] });
  await drawn(element);
  expect(find(element, 'owp-stage').hasAttribute('mini')).toBe(true);
  expect(find(element, 'video')).toBe(video);
  expect(textOf(find(element, 'owp-toasts'))).toContain('The party is over Bye.');
});

test('the lobby without a video has no stage', async () => {
  expect(findAll(await app(), 'owp-stage')).toEqual([]);
});

describe('the keys of a room', () => {
  test('reach the picture from anywhere', async () => {
    const element = await app();
    await enter(element);
    const event = press(document.body, 'k');
    expect(screen.asked).toEqual([['play']]);
    expect(event.defaultPrevented).toBe(true);
  });

  test('are letters where one writes; Escape leaves the field, c goes back to it', async () => {
    const element = await app();
    await enter(element);
    const message = field(find(element, 'owp-chat'));
    message.focus();
    expect(press(message, 'k').defaultPrevented).toBe(false);
    expect(screen.asked).toEqual([]);
    press(message, 'Escape');
    expect(focused()).not.toBe(message);
    expect(press(document.body, 'c').defaultPrevented).toBe(true); // or the c would be written
    expect(focused()).toBe(message);
  });

  test('belong to an open dialog', async () => {
    const element = await app();
    await enter(element);
    button(element, 'End party').click();
    press(button(element, 'Keep watching'), 'k');
    expect(screen.asked).toEqual([]);
  });

  test('do nothing elsewhere, nor after a component has used them', async () => {
    const element = await app();
    expect(press(document.body, 'k').defaultPrevented).toBe(false);
    await enter(element);
    document.body.addEventListener('keydown', (event) => event.preventDefault(), { once: true });
    press(document.body, 'k');
    expect(screen.asked).toEqual([]);
  });
});

test('what is behind the head can be skipped to', async () => {
  const element = await app();
  button(element, 'Skip to content').click();
  expect(focused()?.localName).toBe('main');
});

test('the connection’s trouble is told in every view but the sign-in, which has its own', async () => {
  party.state = partyState({
    connection: { kind: 'stopped', code: 'INVALID_TOKEN', message: 'Not you.' },
  });
  const element = await app();
  expect(find(element, 'owp-connection').hidden).toBe(false);
  signIn.set({ needed: true, refused: true });
  await drawn(element);
  expect(find(element, 'owp-connection').hidden).toBe(true);
});

test('lets go of everything when it is taken away', async () => {
  const element = await app();
  await enter(element);
  element.remove();
  expect(party.listenerCount).toBe(0);
  press(document.body, 'k');
  expect(screen.asked).toEqual([]);
});
