// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Overlay } from '../../src/jellyfin/overlay';
import {
  button,
  drawn,
  entry,
  field,
  find,
  findAll,
  line,
  member,
  press,
  reelId,
  room,
  textOf,
} from '../ui/fixtures';
import { roomId } from '../ui/fixtures';
import { otherId, ScriptedSession, ScriptedSurface } from './fixtures';

let session: ScriptedSession;
let surface: ScriptedSurface;
let closed: number;
let overlay: Overlay;

beforeEach(() => {
  document.body.replaceChildren();
  session = new ScriptedSession();
  surface = new ScriptedSurface();
  closed = 0;
});
afterEach(() => overlay.remove());

async function show(change: Partial<Overlay> = {}): Promise<Overlay> {
  overlay = new Overlay();
  Object.assign(overlay, { session, surface, onClose: () => (closed += 1), open: true }, change);
  document.body.append(overlay);
  await drawn(overlay);
  return overlay;
}

test('closed, it draws no panel', async () => {
  expect(findAll(await show({ open: false }), '#panel')).toEqual([]);
});

test('without parties it says how to start one', async () => {
  const text = textOf(find(await show(), '#panel'));
  expect(text).toContain('No parties right now');
  expect(text).toContain('Watch together');
});

test('lists the parties, each to join', async () => {
  session.become({
    rooms: [entry({ count: 2 }), entry({ id: 'other', hostName: 'Bob', mediaId: null })],
  });
  const element = await show();
  expect(textOf(find(element, 'owp-jellyfin-rooms'))).toContain('The Reel Ada’s party · 2 people');
  button(element, 'Join Bob’s party: No title chosen yet').click();
  expect(session.asked).toEqual([['join', 'other']]);
});

test('cannot join while there is no connection', async () => {
  session.become({
    rooms: [entry()],
    connection: { kind: 'reconnecting', attempt: 1, nextTryAtMs: 5_000 },
  });
  const element = await show();
  expect(button(element, /^Join/u).disabled).toBe(true);
  expect(textOf(find(element, 'owp-connection'))).toContain('Reconnecting…');
});

test('offers a party with what plays', async () => {
  button(await show({ itemId: reelId }), 'Start a party with The Reel').click();
  expect(session.asked).toEqual([['watchTogether', reelId, {}]]);
});

test('offers a private party with what plays', async () => {
  const element = await show({ itemId: reelId });
  field(find(element, 'owp-private-choice')).click();
  await drawn(element);
  button(element, 'Start a party with The Reel').click();
  expect(session.asked).toEqual([['watchTogether', reelId, {}, 'private']]);
});

test.each([
  ['what is no video', otherId, null],
  ['what is not known yet', '0'.repeat(32), null],
  ['a video while SyncPlay has the player', reelId, 'sync-play' as const],
])('offers no party with %s', async (_, itemId, problem) => {
  session.problem = problem;
  const element = await show({ itemId });
  expect(() => button(element, /^Start/u)).toThrow();
});

test('in a party it shows title, host, people, sync and chat', async () => {
  session.become({
    room: room({
      members: [member({ isHost: true, isMe: true }), member({ clientId: 'bob', name: 'Bob' })],
      chat: [line(1, { text: 'Hello' })],
    }),
  });
  const text = textOf(find(await show(), '#panel'));
  for (const part of ['The Reel', 'Ada’s party', 'Bob', 'Not playing', 'Hello'])
    expect(text).toContain(part);
});

test('away from the player it leads back to the picture', async () => {
  session.become({ room: room() });
  const element = await show();
  button(element, 'Back to the picture').click();
  expect(session.asked).toEqual([['join', roomId]]);
  element.docked = true;
  await drawn(element);
  expect(() => button(element, 'Back to the picture')).toThrow();
});

test('the link that invites is copied', async () => {
  session.become({ room: room() });
  button(await show(), 'Copy invite link').click();
  expect(surface.copied).toEqual([`https://jellyfin.example/web/#/home?party=${roomId}`]);
});

test.each([
  ['sync-play', 'SyncPlay is in use', true],
  ['not-allowed', 'Not for your account', false],
  ['not-playable', 'The title did not start', true],
] as const)('says what stands in the way: %s', async (problem, title, mended) => {
  session.problem = problem;
  const element = await show();
  expect(textOf(find(element, '[role=alert]'))).toContain(title);
  if (mended) button(element, 'Try again').click();
  expect(session.asked).toEqual(mended ? [['retry']] : []);
});

test('asks for the click that the browser wants, over the player only', async () => {
  session.become({ room: room(), needsClick: true });
  const element = await show({ open: false });
  expect(findAll(element, '.gate')).toEqual([]);
  element.docked = true;
  await drawn(element);
  find(element, '.gate').click();
  expect(session.party.asked).toEqual([['joinIn']]);
});

test('says over the player whom a play waits for', async () => {
  session.become({ room: room({ waitingFor: ['Bob', 'Cleo'] }) });
  const element = await show({ open: false, docked: true });
  expect(textOf(find(element, '.over'))).toBe('Waiting for Bob and Cleo');
});

test('keys and wheel turned inside do not reach Jellyfin', async () => {
  session.become({ room: room() });
  const element = await show();
  const heard: string[] = [];
  const hear = (event: Event): void => void heard.push(event.type);
  const types = ['keydown', 'keyup', 'keypress', 'wheel'];
  for (const type of types) document.addEventListener(type, hear);
  const input = field(element, '#message');
  for (const type of types) input.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  press(input, ' ');
  press(input, 'k');
  expect(heard).toEqual([]);
  for (const type of types) document.removeEventListener(type, hear);
});

test('Escape closes, from a text field too, but not while a dialog has it', async () => {
  session.become({ room: room() });
  const element = await show();
  press(field(element, '#message'), 'Escape');
  expect(closed).toBe(1);
  press(find(element, '#sure button'), 'Escape');
  expect(closed).toBe(1);
});

test('on a TV arrows move the focus, elsewhere they scroll', async () => {
  session.become({ rooms: [entry()] });
  const element = await show({ tv: true });
  for (const own of findAll(element, 'button'))
    own.getClientRects = () => [new DOMRect()] as unknown as DOMRectList;
  await element.takeFocus();
  const close = button(element, 'Close this panel');
  const join = button(element, /^Join/u);
  expect(element.shadowRoot?.activeElement).toBe(close);
  press(close, 'ArrowDown');
  expect((join.getRootNode() as ShadowRoot).activeElement).toBe(join);
  press(join, 'ArrowUp');
  expect(element.shadowRoot?.activeElement).toBe(close);

  element.tv = false;
  expect(press(close, 'ArrowDown').defaultPrevented).toBe(false);
});
