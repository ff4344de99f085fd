// @vitest-environment happy-dom
// Whatever people are called and whatever they say: it is shown as that text and does nothing else. The
// page must have the very elements and attributes that it has with an ordinary word in the same place.
import { expect, test } from 'vitest';
import '../../src/ui/chat';
import '../../src/ui/gate';
import '../../src/ui/lobby';
import '../../src/ui/people';
import '../../src/ui/room-bar';
import '../../src/ui/toasts';
import {
  entry,
  line,
  member,
  mount,
  notice,
  partyState,
  quiet,
  RecordedParty,
  reel,
  room,
  roomId,
} from './fixtures';
import { tricks } from './tricks';

const later = (): (() => void) => () => undefined;
/** Everything that shows what somebody else wrote, with `text` in all its places. */
const places: Readonly<Record<string, (text: string) => Promise<Element>>> = {
  chat: (text) => mount('owp-chat', { lines: [line(1, { text, userName: text })] }),
  people: (text) => mount('owp-people', { members: [member({ name: text })] }),
  lobby: (text) =>
    mount('owp-lobby', {
      party: new RecordedParty(),
      state: partyState({
        rooms: [entry({ name: text, hostName: text })],
        notices: [notice(1, { text })],
      }),
      library: { kind: 'loaded', videos: [{ ...reel, title: text }] },
    }),
  invitation: (text) =>
    mount('owp-invitation', {
      party: new RecordedParty(),
      state: partyState({ rooms: [entry({ name: text, hostName: text })] }),
      library: { kind: 'loaded', videos: [{ ...reel, title: text }] },
      roomId,
    }),
  'room bar': (text) =>
    mount('owp-room-bar', {
      party: new RecordedParty(),
      sync: quiet,
      room: room({ name: text, members: [member({ name: text, isHost: true })] }),
      videoTitle: text,
      later,
    }),
  toasts: (text) =>
    mount('owp-toasts', {
      party: new RecordedParty(),
      notices: [notice(1, { text, name: text })],
      later,
    }),
};

/** Elements with the names of their attributes; values of other attributes than style and title too. */
function shape(root: Element): string[] {
  const shadow = root.shadowRoot ?? root;
  return [...shadow.querySelectorAll('*')].flatMap((element) => [
    `${element.localName} ${[...element.attributes]
      .map(({ name, value }) =>
        /^(href|src|on|formaction|style$)/.test(name) ? `${name}=${value}` : name,
      )
      .sort()
      .join(' ')}`,
    ...(element.shadowRoot ? shape(element) : []),
  ]);
}

test('there are a hundred of them, each another', () => {
  expect(new Set(tricks).size).toBe(100);
});

for (const [place, show] of Object.entries(places))
  test(`nothing that people write does anything in the ${place}`, { timeout: 60_000 }, async () => {
    const ordinary = shape(await show('word'));
    expect(ordinary.join()).not.toBe('');
    for (const trick of tricks) {
      const element = await show(trick);
      const hue = /style=--hue:\s*\d+;?/g;
      expect(shape(element).join('\n').replace(hue, ''), trick).toBe(
        ordinary.join('\n').replace(hue, ''),
      );
      element.remove();
    }
  });
