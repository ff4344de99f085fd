// The session joins room and player; both are fakes here, and the test says what they do.
import { beforeEach, expect, test, vi } from 'vitest';
import { PartyInJellyfin } from '../../src/hosts/jellyfin-session';
import { NeedsHand, type JellyfinPlayback } from '../../src/hosts/jellyfin-playback';
import type { ApiClient, BaseItem } from '../../src/hosts/jellyfin-web';
import type { Choices } from '../../src/jellyfin/session';
import type { PartyEngine } from '../../src/session/deps';
import type { Notice, PartyState, RoomView } from '../../src/session/party-state';

const film = `${'f'.repeat(31)}1`;
const other = `${'f'.repeat(31)}2`;
const hidden = `${'f'.repeat(31)}3`;

class FakePlayback implements JellyfinPlayback {
  itemId: string | null = null;
  syncPlay = false;
  lengthSeconds = 60;
  readonly asked: [string, number][] = [];
  readonly chosen: Choices[] = [];
  readonly refused = new Set<string>();
  item: string | null = null;
  private listener: () => void = () => undefined;

  plays(itemId: string): boolean {
    return itemId === this.itemId || itemId === this.item;
  }
  play({ Id: itemId }: BaseItem, startTicks: number, choices: Choices): Promise<void> {
    this.asked.push([itemId, startTicks]);
    this.chosen.push(choices);
    if (this.refused.has(itemId)) return Promise.reject(new Error('no'));
    this.starts(itemId);
    return Promise.resolve();
  }
  seekTicks(): void {}
  watch(listener: () => void): () => void {
    this.listener = listener;
    return () => (this.listener = () => undefined);
  }
  starts(itemId: string | null): void {
    this.itemId = itemId;
    this.listener();
  }
}

function room(mediaId: string | null, amHost = false): RoomView {
  return {
    id: 'room',
    name: 'Ada',
    mediaId,
    isPrivate: false,
    amHost,
    members: [],
    playing: false,
    waitingFor: [],
    chat: [],
  };
}

let playback: FakePlayback;
let party: ReturnType<typeof fakeParty>;
let session: PartyInJellyfin;
let expire: () => void;

function fakeParty() {
  const listeners = new Set<(state: PartyState) => void>();
  const calls = {
    createRoom: vi.fn<PartyEngine['createRoom']>(),
    joinRoom: vi.fn<PartyEngine['joinRoom']>(),
    leaveRoom: vi.fn(),
    setMedia: vi.fn<PartyEngine['setMedia']>(),
    setPlayer: vi.fn<PartyEngine['setPlayer']>(),
    reconnectNow: vi.fn(),
    dismissNotice: vi.fn<PartyEngine['dismissNotice']>(),
    dispose: vi.fn(),
  };
  let state = { room: null, notices: [] as readonly Notice[] } as PartyState;
  const engine = {
    ...calls,
    get state() {
      return state;
    },
    debug: { targetSeconds: 42 },
    subscribe: (listener: (now: PartyState) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const become = (change: Partial<PartyState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  };
  const goTo = (view: RoomView | null): void => become({ room: view });
  return { engine: engine as unknown as PartyEngine, calls, goTo, become };
}

beforeEach(() => {
  playback = new FakePlayback();
  party = fakeParty();
  expire = () => undefined;
  const items: Record<string, BaseItem> = {
    [film]: {
      Id: film,
      Name: 'Film',
      MediaType: 'Video',
      Type: 'Movie',
      MediaSources: [{ Id: film }],
    },
    [other]: {
      Id: other,
      Name: 'Next',
      MediaType: 'Video',
      SeriesName: 'Show',
      ParentIndexNumber: 2,
      IndexNumber: 3,
    },
  };
  const api: ApiClient = {
    serverAddress: () => 'http://jelly',
    accessToken: () => 'token',
    getCurrentUserId: () => 'me',
    serverId: () => 'server',
    deviceId: () => 'device',
    getItem: (_, id) => (items[id] ? Promise.resolve(items[id]) : Promise.reject(new Error('404'))),
  };
  const video = new EventTarget() as HTMLVideoElement;
  Object.assign(video, {
    currentSrc: '',
    currentTime: 7,
    paused: true,
    seeking: false,
    playbackRate: 1,
    duration: 60,
  });
  session = new PartyInJellyfin({
    party: party.engine,
    playback,
    limited: false,
    api,
    nowMs: () => 0,
    later: (_, run) => {
      expire = run;
      return () => (expire = () => undefined);
    },
    video: () => (playback.itemId === null ? null : video),
    inviteUrl: (id) => `#${id}`,
  });
});
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('a party with what plays begins where it is', () => {
  playback.starts(film);
  session.watchTogether(film);
  expect(party.calls.createRoom).toHaveBeenCalledWith(film, 7, false);
});

test('a party with another title opens that first', async () => {
  session.watchTogether(film);
  expect(party.calls.createRoom).not.toHaveBeenCalled();
  await settled();
  expect(playback.asked).toEqual([[film, 0]]);
  expect(party.calls.createRoom).toHaveBeenCalledWith(film, 7, false);
});

test('what was chosen on the title’s page is played, and its version is the party’s', async () => {
  session.watchTogether(film, { mediaSourceId: hidden, audioStreamIndex: 2 });
  await settled();
  expect(playback.chosen).toEqual([{ mediaSourceId: hidden, audioStreamIndex: 2 }]);
  session.watchTogether(other);
  playback.item = other;
  playback.starts(hidden);
  expect(party.calls.createRoom).toHaveBeenLastCalledWith(hidden, 7, false);
});

test('a guest opens the very version of the room; the item in another is taken, too', async () => {
  party.goTo(room(film));
  await settled();
  expect(playback.chosen).toEqual([{ mediaSourceId: film }]);
  playback.item = film;
  playback.starts(other);
  expect(party.calls.setPlayer).toHaveBeenLastCalledWith(expect.anything());
  expect(playback.asked).toHaveLength(1);
});

test('where only the viewer can start it, they are asked to, and then are in', async () => {
  const play = vi.spyOn(playback, 'play').mockRejectedValue(new NeedsHand());
  party.goTo(room(film));
  await settled();
  expect(play).toHaveBeenCalledTimes(1);
  expect(session.problem).toBe('press-play');
  playback.starts(film);
  expect(session.problem).toBeNull();
  expect(party.calls.setPlayer).toHaveBeenLastCalledWith(expect.anything());
});

test('a guest gets the room’s title at its place, and its player', async () => {
  session.join('room');
  expect(party.calls.joinRoom).toHaveBeenCalledWith('room', null);
  party.goTo(room(film));
  await settled();
  expect(playback.asked).toEqual([[film, 420_000_000]]);
  expect(party.calls.setPlayer).toHaveBeenLastCalledWith(expect.anything());
  party.goTo(null);
  expect(party.calls.setPlayer).toHaveBeenLastCalledWith(null);
});

test('who stops the player is not dragged back, but may come back', async () => {
  party.goTo(room(film));
  await settled();
  playback.starts(null);
  expect(party.calls.setPlayer).toHaveBeenLastCalledWith(null);
  party.goTo(room(film));
  await settled();
  expect(playback.asked).toHaveLength(1);
  session.join('room');
  await settled();
  expect(playback.asked).toHaveLength(2);
});

test('the room goes where the host’s player goes, and asks once', async () => {
  party.goTo(room(film, true));
  await settled();
  playback.starts(other);
  playback.starts(other);
  expect(party.calls.setMedia.mock.calls).toEqual([[other, 0]]);
  party.goTo(room(other, true));
  expect(party.calls.setPlayer).toHaveBeenLastCalledWith(expect.anything());
  playback.starts(null); // stopped: the room stays where it is
  expect(party.calls.setMedia).toHaveBeenCalledTimes(1);
});

test('a host takes the party to another title from its page', async () => {
  party.goTo(room(film, true));
  await settled();
  session.watchTogether(other);
  await settled();
  expect(party.calls.setMedia.mock.calls).toEqual([[other, 7]]);
  expect(party.calls.createRoom).not.toHaveBeenCalled();
});

test('a guest follows the room to its next title, and takes it nowhere', async () => {
  party.goTo(room(film));
  await settled();
  playback.starts(other);
  expect(party.calls.setMedia).not.toHaveBeenCalled();
  playback.starts(film);
  party.goTo(room(other));
  await settled();
  expect(playback.asked.at(-1)?.[0]).toBe(other);
});

test('a title that the viewer may not see is said so, and not asked for', async () => {
  party.goTo(room(hidden));
  await settled();
  expect(session.problem).toBe('not-allowed');
  expect(playback.asked).toEqual([]);
  expect(session.title(hidden)).toBeNull();
});

test('whom the server keeps out is told in the panel, until they turn to another party', () => {
  const notices: readonly Notice[] = [{ id: 7, kind: 'error', code: 'MEDIA_FORBIDDEN', text: '' }];
  session.join('room');
  party.become({ notices });
  expect(session.problem).toBe('not-allowed');
  expect(party.calls.dismissNotice).toHaveBeenCalledWith(7);
  party.become({ notices: [] });
  expect(session.problem).toBe('not-allowed');
  session.join('other');
  expect(session.problem).toBeNull();
});

test('a host whose party goes on is told by the notice alone', async () => {
  const notices: readonly Notice[] = [{ id: 7, kind: 'error', code: 'MEDIA_FORBIDDEN', text: '' }];
  party.goTo(room(film, true));
  await settled();
  party.become({ notices });
  expect(session.problem).toBeNull();
  expect(party.calls.dismissNotice).not.toHaveBeenCalled();
});

test('a title that does not start, or never tells, is said so', async () => {
  playback.refused.add(film);
  party.goTo(room(film));
  await settled();
  expect(session.problem).toBe('not-playable');
  playback.refused.delete(film);
  session.retry();
  await settled();
  expect(session.problem).toBeNull();
  vi.spyOn(playback, 'play').mockReturnValue(new Promise(() => undefined));
  party.goTo(room(other));
  expire();
  expect(session.problem).toBe('not-playable');
});

test('SyncPlay was there first', () => {
  playback.syncPlay = true;
  session.watchTogether(film);
  session.join('room');
  expect(session.problem).toBe('sync-play');
  expect(party.calls.joinRoom).not.toHaveBeenCalled();
  playback.syncPlay = false;
  session.join('room');
  expect(session.problem).toBeNull();
});

test('SyncPlay begun in a party ends ours', async () => {
  party.goTo(room(film));
  await settled();
  playback.syncPlay = true;
  playback.starts(film);
  expect(party.calls.leaveRoom).toHaveBeenCalled();
});

test('titles are called as people call them', async () => {
  const told = vi.fn();
  session.subscribe(told);
  expect(session.title(other)).toBeNull();
  await settled();
  expect(told).toHaveBeenCalled();
  expect(session.title(other)).toMatchObject({ name: 'Show 2×3 · Next', watchable: true });
});

test('its end leaves nothing behind', () => {
  session.end();
  expect(party.calls.dispose).toHaveBeenCalled();
  playback.starts(film);
  expect(party.calls.setPlayer).not.toHaveBeenCalled();
});
