// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import '../../src/ui/gate';
import type { Invitation } from '../../src/ui/gate';
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
  roomId,
  textOf,
} from './fixtures';

const submit = async (element: Element): Promise<void> => {
  find(element, 'form').dispatchEvent(new Event('submit', { cancelable: true }));
  await drawn(element);
};

describe('an invitation', () => {
  let party: RecordedParty;
  let declined: number;

  beforeEach(() => {
    party = new RecordedParty();
    declined = 0;
  });

  const invitation = (change: Partial<Invitation> = {}): Promise<Invitation> =>
    mount('owp-invitation', {
      party,
      state: partyState(),
      library: { kind: 'loaded', videos: [reel] },
      roomId,
      decline: () => declined++,
      ...change,
    });

  test('says whose room it is and what is on', async () => {
    const element = await invitation({ state: partyState({ rooms: [entry()] }) });
    expect(textOf(find(element, 'h1'))).toBe('You are invited to Ada’s room');
    expect(textOf(find(element, 'p'))).toBe('The Reel · 2 people · Playing');
  });

  test('to a room that is not in the list can be followed all the same', async () => {
    const element = await invitation();
    expect(textOf(find(element, 'h1'))).toBe('You are invited');
    await submit(element);
    expect(party.asked).toEqual([['joinRoom', roomId]]);
  });

  test('is followed with one click, once', async () => {
    const element = await invitation();
    await submit(element);
    const join = button(element, 'Joining…');
    expect(join.disabled).toBe(true);
  });

  test('refused, it can be tried again', async () => {
    const element = await invitation({ state: partyState({ notices: [notice(5)] }) });
    await submit(element);
    element.state = partyState({ notices: [notice(5), notice(6, { code: 'ROOM_FULL' })] });
    await drawn(element);
    expect(button(element, 'Join the party').disabled).toBe(false);
  });

  test('to a private room brings its ticket', async () => {
    const ticket = 'c'.repeat(32);
    await submit(await invitation({ ticket }));
    expect(party.asked).toEqual([['joinRoom', roomId, ticket]]);
  });

  test('that has expired says so, and what to do, in place of what cannot work', async () => {
    const element = await invitation({ ticket: 'c'.repeat(32) });
    await submit(element);
    element.state = partyState({
      notices: [notice(7, { kind: 'error', code: 'INVITE_INVALID' })],
    });
    await drawn(element);
    expect(textOf(find(element, '[role=alert]'))).toContain('Ask whoever sent it for a new link.');
    expect(party.asked.at(-1)).toEqual(['dismissNotice', 7]);
    expect(() => button(element, 'Join the party')).toThrow();
    button(element, 'Show me the lobby').click();
    expect(declined).toBe(1);
  });

  test('another one, opened after one that has expired, can be followed', async () => {
    const element = await invitation({ ticket: 'c'.repeat(32) });
    await submit(element);
    element.state = partyState({ notices: [notice(7, { code: 'INVITE_INVALID' })] });
    await drawn(element);
    element.ticket = 'd'.repeat(32);
    await drawn(element);
    expect(button(element, 'Join the party').disabled).toBe(false);
  });

  test('waits for the connection', async () => {
    const element = await invitation({ state: partyState({ connection: { kind: 'connecting' } }) });
    expect(button(element, 'Connecting…').disabled).toBe(true);
  });

  test('can be declined', async () => {
    button(await invitation(), 'Not now, show me the lobby').click();
    expect(declined).toBe(1);
    expect(party.asked).toEqual([]);
  });
});

describe('the sign-in', () => {
  test('hands the token over, trimmed, and never shows it', async () => {
    const tokens: string[] = [];
    const element = await mount('owp-sign-in', { submit: (token) => tokens.push(token) });
    expect(field(element).type).toBe('password');
    field(element).value = ' a.b.c\n';
    await submit(element);
    expect(tokens).toEqual(['a.b.c']);
  });

  test('wants a token', async () => {
    const tokens: string[] = [];
    const element = await mount('owp-sign-in', { submit: (token) => tokens.push(token) });
    field(element).value = '  ';
    await submit(element);
    expect(tokens).toEqual([]);
  });

  test('says that the last one was refused', async () => {
    const element = await mount('owp-sign-in', { submit: () => undefined });
    expect(findAll(element, '[role=alert]')).toEqual([]);
    element.refused = true;
    await drawn(element);
    expect(textOf(find(element, '[role=alert]'))).toContain('not accepted');
  });
});
