// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import '../../src/ui/lobby';
import type { Lobby } from '../../src/ui/lobby';
import {
  button,
  drawn,
  entry,
  field,
  find,
  findAll,
  mount,
  notice,
  partyState,
  RecordedParty,
  reel,
  reelId,
  roomId,
  textOf,
} from './fixtures';

const loaded = { kind: 'loaded', videos: [reel] } as const;
let party: RecordedParty;
let reloads: number;

beforeEach(() => {
  party = new RecordedParty();
  reloads = 0;
});

function lobby(change: Partial<Lobby> = {}): Promise<Lobby> {
  return mount('owp-lobby', {
    party,
    state: party.state,
    library: loaded,
    reloadLibrary: () => reloads++,
    ...change,
  });
}

describe('rooms', () => {
  test('are listed with host, video, state and head count', async () => {
    const rooms = [entry(), entry({ id: 'b', hostName: 'Bob', playing: false, count: 1 })];
    const element = await lobby({ state: partyState({ rooms }) });
    const cards = findAll(element, '.room').map((card) => textOf(find(card, '.words')));
    expect(cards).toEqual([
      'Ada’s room The Reel Playing · 2 people',
      'Bob’s room The Reel Paused · 1 person',
    ]);
  });

  test('one of an unknown video says so', async () => {
    const element = await lobby({ state: partyState({ rooms: [entry({ mediaId: null })] }) });
    expect(textOf(find(element, '.words'))).toContain('No video chosen');
  });

  test('a name with markup is text', async () => {
    const rooms = [entry({ hostName: '<img src=x onerror=alert(1)>' })];
    const element = await lobby({ state: partyState({ rooms }) });
    expect(findAll(element, 'img')).toEqual([]);
    expect(textOf(find(element, '.words'))).toContain('<img src=x onerror=alert(1)>’s room');
  });

  test('joining asks once, says that it is under way, and holds the other buttons', async () => {
    const rooms = [entry(), entry({ id: 'b', hostName: 'Bob' })];
    const element = await lobby({ state: partyState({ rooms }) });
    const join = button(element, 'Join Ada’s room');
    join.click();
    join.click();
    await drawn(element);
    expect(party.asked).toEqual([['joinRoom', roomId]]);
    expect(textOf(join)).toBe('Joining…');
    expect(button(element, 'Join Bob’s room').disabled).toBe(true);
  });

  test('a refusal gives the buttons back', async () => {
    const rooms = [entry(), entry({ id: 'b', hostName: 'Bob' })];
    const element = await lobby({ state: partyState({ rooms, notices: [notice(3)] }) });
    button(element, 'Join Ada’s room').click();
    await drawn(element);
    element.state = partyState({
      rooms,
      notices: [notice(3), notice(4, { kind: 'error', code: 'ROOM_FULL' })],
    });
    await drawn(element);
    expect(textOf(button(element, 'Join Ada’s room'))).toBe('Join');
    expect(button(element, 'Join Bob’s room').disabled).toBe(false);
  });

  test('none: a friendly word, or that one is still looking', async () => {
    const element = await lobby();
    expect(textOf(element)).toContain('Nobody is watching right now');
    element.state = partyState({ connection: { kind: 'connecting' } });
    await drawn(element);
    expect(textOf(element)).toContain('Looking for rooms…');
  });
});

describe('videos', () => {
  test('start a party at their beginning', async () => {
    const element = await lobby();
    button(element, 'Start a party with The Reel').click();
    expect(party.asked).toEqual([['createRoom', reelId, 0]]);
  });

  test('start a private party where that is chosen', async () => {
    const element = await lobby();
    const choice = find(element, 'owp-private-choice');
    field(choice).click();
    await drawn(element);
    button(element, 'Start a party with The Reel').click();
    expect(party.asked).toEqual([['createRoom', reelId, 0, 'private']]);
  });

  test('say what comes with them', async () => {
    const subtitles = [{ label: 'English', lang: 'en', url: '/media/x.vtt' }];
    const videos = [reel, { ...reel, id: 'f'.repeat(32), hlsUrl: '/media/x.m3u8', subtitles }];
    const element = await lobby({ library: { kind: 'loaded', videos } });
    expect(findAll(element, '.badges').map(textOf)).toEqual(['', 'Adaptive Captions']);
  });

  test('none: who runs the server learns what to do', async () => {
    const element = await lobby({ library: { kind: 'loaded', videos: [] } });
    expect(textOf(element)).toContain('No videos yet');
  });

  test('a list that did not load can be asked for again', async () => {
    const element = await lobby({ library: { kind: 'failed' } });
    expect(textOf(find(element, '[role=alert]'))).toContain('did not load');
    button(element, 'Try again').click();
    expect(reloads).toBe(1);
  });
});

test('without a connection nothing can be started or joined', async () => {
  const connection = { kind: 'reconnecting', attempt: 1, nextTryAtMs: 0 } as const;
  const element = await lobby({ state: partyState({ rooms: [entry()], connection }) });
  expect(button(element, 'Join Ada’s room').disabled).toBe(true);
  expect(button(element, 'Start a party with The Reel').disabled).toBe(true);
});

describe('the name', () => {
  const rename = async (to: string): Promise<HTMLInputElement> => {
    const name = field(await lobby());
    name.value = to;
    name.dispatchEvent(new Event('change'));
    return name;
  };

  test('is taken when it is entered, trimmed', async () => {
    await rename('  Grace ');
    expect(party.asked).toEqual([['setUserName', 'Grace']]);
  });

  test('is never empty', async () => {
    const name = await rename('   ');
    expect(party.asked).toEqual([]);
    expect(name.value).toBe('Ada');
  });

  test('is no longer than the wire allows', async () => {
    expect(field(await lobby()).maxLength).toBe(100);
  });
});
