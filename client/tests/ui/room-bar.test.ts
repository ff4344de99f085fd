// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import '../../src/ui/room-bar';
import type { RoomBar } from '../../src/ui/room-bar';
import { World } from '../sim/world';
import {
  button,
  drawn,
  field,
  find,
  member,
  mount,
  quiet,
  RecordedParty,
  room,
  roomId,
  textOf,
} from './fixtures';

const inviteUrl = (id: string, ticket: string | null): string =>
  `https://party.example/#/room/${id}${ticket === null ? '' : `/${ticket}`}`;
const publicUrl = inviteUrl(roomId, null);
let party: RecordedParty;
let world: World;
let copied: string[];

beforeEach(() => {
  party = new RecordedParty();
  world = new World();
  copied = [];
});

function bar(change: Partial<RoomBar> = {}): Promise<RoomBar> {
  return mount('owp-room-bar', {
    room: room(),
    sync: quiet,
    videoTitle: 'The Reel',
    party,
    inviteUrl,
    later: (delayMs, run) => world.after(delayMs, run),
    copyText: (text) => {
      copied.push(text);
      return Promise.resolve(true);
    },
    ...change,
  });
}
const dialog = (element: RoomBar, id: string) => find(element, id) as HTMLDialogElement;

test('says what is on and whose room it is', async () => {
  const members = [member({ isMe: true }), member({ clientId: 'b', name: 'Bob', isHost: true })];
  const element = await bar({ room: room({ members, amHost: false }) });
  expect(textOf(find(element, '.words'))).toBe('The Reel Bob’s room');
});

test('a room without a known video has a title all the same', async () => {
  expect(textOf(find(await bar({ videoTitle: '' }), 'h1'))).toBe('No video chosen');
});

describe('the invite link', () => {
  test('is copied, and the button says so for a while', async () => {
    const element = await bar();
    button(element, 'Copy invite link').click();
    await world.run(0);
    await drawn(element);
    expect(copied).toEqual([publicUrl]);
    expect(party.asked).toEqual([]);
    expect(button(element, 'Link copied')).toBeDefined();
    expect(textOf(find(element, '[role=status]'))).toBe('Link copied');
    await world.run(2_499);
    await drawn(element);
    expect(button(element, 'Link copied')).toBeDefined();
    await world.run(1);
    await drawn(element);
    expect(button(element, 'Copy invite link')).toBeDefined();
  });

  test('copied twice, it says so from the second time on', async () => {
    const element = await bar();
    button(element, 'Copy invite link').click();
    await world.run(2_000);
    await drawn(element);
    button(element, 'Link copied').click();
    await world.run(2_000);
    await drawn(element);
    expect(button(element, 'Link copied')).toBeDefined();
  });

  test('is shown to be copied by hand where the page may not', async () => {
    const element = await bar({ copyText: () => Promise.resolve(false) });
    expect(dialog(element, '#by-hand').open).toBe(false);
    button(element, 'Copy invite link').click();
    await world.run(0);
    await drawn(element);
    expect(dialog(element, '#by-hand').open).toBe(true);
    expect(field(element, '#url').value).toBe(publicUrl);
    expect(button(element, 'Copy invite link')).toBeDefined();
  });
});

describe('a private room', () => {
  const secret = room({ isPrivate: true });

  test('says so', async () => {
    expect(textOf(find(await bar({ room: secret }), '.private'))).toBe('Private');
    expect(textOf(await bar())).not.toContain('Private');
  });

  test('is invited to by a fresh ticket in the link', async () => {
    const element = await bar({ room: secret });
    const press = button(element, 'Copy invite link');
    press.click();
    press.click();
    await world.run(0);
    await drawn(element);
    expect(party.asked).toEqual([['createInvite']]);
    expect(copied).toEqual([inviteUrl(roomId, party.ticket)]);
    expect(button(element, 'Link copied')).toBeDefined();
  });

  test('copies nothing if no ticket came', async () => {
    party.ticket = null;
    const element = await bar({ room: secret });
    button(element, 'Copy invite link').click();
    await world.run(0);
    await drawn(element);
    expect(copied).toEqual([]);
    expect(dialog(element, '#by-hand').open).toBe(false);
    expect(button(element, 'Copy invite link')).toBeDefined();
  });

  test('is invited to by its host alone', async () => {
    const element = await bar({ room: { ...secret, amHost: false } });
    expect(() => button(element, 'Copy invite link')).toThrow();
  });
});

test('leaving is one click', async () => {
  button(await bar(), 'Leave').click();
  expect(party.asked).toEqual([['leaveRoom']]);
});

describe('ending the party', () => {
  test('is not a guest’s', async () => {
    const element = await bar({ room: room({ amHost: false }) });
    expect(() => button(element, 'End party')).toThrow();
  });

  test('asks first, and does nothing until it is answered', async () => {
    const element = await bar();
    button(element, 'End party').click();
    expect(dialog(element, '#sure').open).toBe(true);
    expect(party.asked).toEqual([]);
    button(element, 'Keep watching').click();
    expect(party.asked).toEqual([]);
    button(element, 'End the party').click();
    expect(party.asked).toEqual([['closeRoom']]);
  });
});
