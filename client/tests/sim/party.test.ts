// A party of whole engines over an emulated network, all of it on simulated time and from a seed.
import { describe, expect, test } from 'vitest';
import { createParty } from '../../src/session/party';
import { FakeServer, type Network } from './fake-server';
import { chromium, PlayerModel, type PlayerModelOptions } from './player-model';
import { drifting, seeded, settle, World } from './world';

const MEDIA = '0123456789abcdef0123456789abcdef';
const wired: Network = { leastMs: 1, jitterMs: 0.2 };
const wan: Network = { leastMs: 40, jitterMs: 10 };

function stage(seed: number) {
  const world = new World();
  const random = seeded(seed);
  const server = new FakeServer(world, random);
  const member = (name: string, network: Network, model: Partial<PlayerModelOptions> = {}) => {
    const clock = drifting(world, {
      startMs: random() * 1e6,
      ppm: 100 * (random() - 0.5),
      random,
    });
    const path = server.network(network, () => clock.nowMs());
    const party = createParty({
      openTransport: path.open,
      clock,
      timers: clock,
      random,
      url: 'ws://server/ws',
      userName: name,
      earlierMs: 0,
      token: () => Promise.resolve(null),
    });
    const player = new PlayerModel(world, () => clock.nowMs(), random, { ...chromium, ...model });
    party.setPlayer(player);
    return { name, party, player, path };
  };
  return { world, server, member, random };
}
type Member = ReturnType<ReturnType<typeof stage>['member']>;

async function inRoom(world: World, host: Member, guests: readonly Member[]): Promise<string> {
  await world.run(2_000);
  host.party.createRoom(MEDIA, 0);
  await world.run(500);
  const id = host.party.state.room!.id;
  for (const guest of guests) guest.party.joinRoom(id);
  await world.run(1_500);
  return id;
}

/** Greatest distance between any two pictures, milliseconds. */
function spreadMs(members: readonly Member[]): number {
  const places = members.map((one) => one.player.truthSeconds);
  return (Math.max(...places) - Math.min(...places)) * 1_000;
}

describe('a party', () => {
  test('of two keeps in step through play, pause and seek', async () => {
    const { world, member } = stage(1);
    const host = member('Ann', wired);
    const guest = member('Bob', wan);
    await inRoom(world, host, [guest]);
    expect(guest.party.state.room?.members.map((who) => who.name)).toEqual(['Ann', 'Bob']);

    host.player.viewer('play');
    await world.run(4_000);
    expect(host.player.isMoving).toBe(true);
    expect(guest.player.isMoving).toBe(true);
    expect(spreadMs([host, guest])).toBeLessThan(10);

    host.player.viewer('seek', 600);
    await world.run(4_000);
    expect(host.player.truthSeconds).toBeGreaterThan(600);
    expect(spreadMs([host, guest])).toBeLessThan(10);

    host.player.viewer('pause');
    await world.run(2_000);
    expect(host.player.isPaused && guest.player.isPaused).toBe(true);
    expect(spreadMs([host, guest])).toBeLessThan(21);
  });

  test('plays earlier for a viewer whose sound is late, with no seek and nothing told of it', async () => {
    const { world, member, server } = stage(51);
    const host = member('Ann', wired);
    const guest = member('Bob', wan);
    await inRoom(world, host, [guest]);
    host.player.viewer('play');
    await world.run(5_000);
    const seeks = (): number =>
      [host, guest].flatMap((one) => one.player.orders).filter((it) => it.startsWith('seek'))
        .length;
    const before = seeks();
    const ahead = (): number => (host.player.truthSeconds - guest.player.truthSeconds) * 1_000;

    for (const earlierMs of [200, -200, 0]) {
      host.party.playEarlier(earlierMs);
      await world.run(20_000);
      expect(Math.abs(ahead() - earlierMs)).toBeLessThan(10);
      expect(host.party.state.sync).toMatchObject({ state: 'in-step', earlierMs });
      expect(Math.abs(host.party.debug.offsetMs ?? Infinity)).toBeLessThan(10);
      const guestTarget = guest.party.debug.targetSeconds ?? Infinity;
      expect(Math.abs(guest.player.truthSeconds - guestTarget)).toBeLessThan(0.01);
      const reports = () =>
        server.received.filter((it) => it.client === 'Ann' && it.message.type === 'state_update');
      for (const told = reports().length; reports().length === told;) await world.run(10);
      const { payload } = reports().at(-1)!.message;
      const target = host.party.debug.targetSeconds ?? Infinity;
      expect(Math.abs((payload as { position: number }).position - target)).toBeLessThan(0.05);
    }
    expect(seeks()).toBe(before);

    host.party.playEarlier(200);
    await world.run(10_000);
    const target = host.party.debug.targetSeconds ?? Infinity;
    host.player.viewer('pause');
    await world.run(3_000);
    const command = server.received.findLast((it) => it.message.type === 'player_event');
    const { position } = command!.message.payload as { position: number };
    expect(Math.abs(position - target)).toBeLessThan(0.05);
    expect(Math.abs(ahead())).toBeLessThan(21);
    host.player.viewer('play');
    await world.run(10_000);
    expect(Math.abs(ahead() - 200)).toBeLessThan(10);
  });

  test('goes on with the title that its host chooses', async () => {
    const next = MEDIA.split('').reverse().join('');
    const { world, server, member } = stage(41);
    const host = member('Ann', wan);
    const guest = member('Bob', wired);
    await inRoom(world, host, [guest]);
    host.player.viewer('play');
    await world.run(10_000);
    guest.party.setMedia(next, 0);
    await world.run(500);
    expect(guest.party.state.notices.map((notice) => notice.code)).toContain('HOST_ONLY');
    expect(server.received.some(({ message }) => message.type === 'set_media')).toBe(false);

    host.party.setMedia(next, 30);
    await world.run(2_000);
    for (const { party, player } of [host, guest]) {
      expect(party.state.room).toMatchObject({ mediaId: next, playing: false });
      expect(player.isPaused).toBe(true);
      expect(player.truthSeconds).toBeCloseTo(30, 1);
    }
    const asked = server.received.findIndex(({ message }) => message.type === 'set_media');
    const said = server.received.slice(asked).filter(({ client }) => client === 'Ann');
    expect(said.some(({ message }) => message.type === 'state_update')).toBe(false);

    host.player.viewer('play');
    await world.run(4_000);
    expect(spreadMs([host, guest])).toBeLessThan(10);
  });

  test('goes on without a guest who may not see the next title', async () => {
    const next = MEDIA.split('').reverse().join('');
    const other = '0'.repeat(32);
    const { world, server, member } = stage(42);
    const host = member('Ann', wan);
    const guest = member('Bob', wired);
    server.forbidden.add(`Bob ${next}`).add(`Ann ${other}`);
    await inRoom(world, host, [guest]);
    host.party.setMedia(other, 0);
    await world.run(2_000);
    expect(host.party.state.room?.mediaId).toBe(MEDIA);
    expect(host.party.state.notices.map((notice) => notice.code)).toContain('MEDIA_FORBIDDEN');
    expect(guest.party.state.room?.mediaId).toBe(MEDIA);

    host.party.setMedia(next, 0);
    await world.run(2_000);
    expect(host.party.state.room?.mediaId).toBe(next);
    expect(guest.party.state.room).toBeNull();
    expect(guest.party.state.notices.map((notice) => notice.code)).toEqual(['MEDIA_FORBIDDEN']);
  });

  test('shows a guest that only the host controls, and goes on', async () => {
    const { world, member, server } = stage(2);
    const host = member('Ann', wired);
    const guest = member('Bob', wired);
    await inRoom(world, host, [guest]);
    host.player.viewer('play');
    await world.run(4_000);
    guest.player.viewer('pause');
    await world.run(6_000);
    expect(guest.party.state.notices.map((notice) => notice.code)).toContain('HOST_ONLY');
    expect(guest.player.isMoving).toBe(true);
    expect(spreadMs([host, guest])).toBeLessThan(10);
    const commands = server.received.filter((it) => it.message.type === 'player_event');
    expect(commands.every((it) => it.client === 'Ann')).toBe(true);
  });

  test('takes in who joins late, without disturbing the rest', async () => {
    const { world, member } = stage(3);
    const host = member('Ann', wired);
    const late = member('Cid', wan);
    const id = await inRoom(world, host, []);
    host.player.viewer('play');
    await world.run(60_000);
    const before = host.player.orders.length;
    late.party.joinRoom(id);
    await world.run(5_000);
    expect(spreadMs([host, late])).toBeLessThan(10);
    expect(host.player.orders.length).toBe(before);
  });

  test('stays in step while a guest has no network, who then has its seat again', async () => {
    const { world, member } = stage(4);
    const host = member('Ann', wired);
    const guest = member('Bob', wan);
    const id = await inRoom(world, host, [guest]);
    host.player.viewer('play');
    await world.run(5_000);
    guest.path.cut = true;
    await world.run(14_000);
    expect(guest.party.state.connection.kind).toBe('reconnecting');
    expect(guest.party.state.room?.id).toBe(id);
    expect(spreadMs([host, guest])).toBeLessThan(15);
    await world.run(6_000);
    guest.path.cut = false;
    await world.run(15_000);
    expect(guest.party.state.connection.kind).toBe('online');
    expect(guest.party.state.room?.members).toHaveLength(2);
    expect(spreadMs([host, guest])).toBeLessThan(10);
  });

  test('ends with the room: notice, lobby, the film goes on by itself', async () => {
    const { world, member } = stage(5);
    const host = member('Ann', wired);
    const guest = member('Bob', wired);
    await inRoom(world, host, [guest]);
    host.player.viewer('play');
    await world.run(4_000);
    host.party.leaveRoom();
    await world.run(1_000);
    expect(guest.party.state.room).toBeNull();
    expect(guest.party.state.notices.map((notice) => notice.code)).toContain('ROOM_CLOSED');
    expect(guest.player.isMoving).toBe(true);
    expect(guest.party.state.rooms).toEqual([]);
    expect(host.party.state.room).toBeNull();
  });

  async function losesItsServer(
    seed: number,
    { vouches = true, isPrivate = false, plays = true },
  ): Promise<{ host: Member; guest: Member; server: FakeServer; before: string; world: World }> {
    const { world, member, server } = stage(seed);
    server.vouches = vouches;
    const host = member('Ann', wired);
    const guest = member('Bob', wan);
    await world.run(2_000);
    host.party.createRoom(MEDIA, 100, isPrivate);
    await world.run(500);
    const before = host.party.state.room!.id;
    const asked = isPrivate ? host.party.createInvite() : Promise.resolve(null);
    await world.run(500);
    guest.party.joinRoom(before, await asked);
    await world.run(1_500);
    if (plays) host.player.viewer('play');
    await world.run(4_000);
    server.restart(2_000);
    await world.run(1_000);
    expect(spreadMs([host, guest])).toBeLessThan(plays ? 10 : 21);
    await world.run(15_000);
    for (const one of [host, guest]) expect(one.party.state.connection.kind).toBe('online');
    return { host, guest, server, before, world };
  }

  test('that was asked for twice is the one that the server made last', async () => {
    const { world, server, member } = stage(61);
    const host = member('Ann', wan);
    await world.run(2_000);
    host.party.createRoom(MEDIA, 10);
    host.party.createRoom(MEDIA, 20);
    await world.run(2_000);
    expect(server.roomCount).toBe(1);
    expect(server.pictureSeconds()).toBe(20);
    host.party.closeRoom();
    await world.run(500);
    expect(server.roomCount).toBe(0);
    expect(host.party.state.room).toBeNull();
  });

  test('of nobody is left where a wish was given up before it was heard', async () => {
    const { world, server, member } = stage(62);
    const host = member('Ann', wan);
    await world.run(2_000);
    host.party.joinRoom('00000000-0000-4000-8000-000000000000');
    host.party.createRoom(MEDIA, 0); // the answer to the first ends the second
    await world.run(2_000);
    expect(host.party.state.room).toBeNull();
    expect(server.roomCount).toBe(0);
  });

  test('that loses its server is made again by its host, where it is by then', async () => {
    for (let seed = 60; seed < 80; ++seed) {
      const { host, guest, server, before, world } = await losesItsServer(seed, {});
      const room = host.party.state.room!;
      expect(room).toMatchObject({ mediaId: MEDIA, playing: true, amHost: true });
      expect(room.id).not.toBe(before);
      expect(guest.party.state.room).toMatchObject({ id: room.id, amHost: false });
      expect(server.roomCount).toBe(1);
      await world.run(5_000);
      expect(spreadMs([host, guest])).toBeLessThan(10);
      // 25 s after the play, of which making it again has cost less than one
      expect(host.player.truthSeconds).toBeGreaterThan(123);
    }
  });

  test('that was paused when it lost its server is paused in the new one', async () => {
    const { host, guest } = await losesItsServer(81, { plays: false });
    for (const one of [host, guest]) {
      expect(one.party.state.room?.playing).toBe(false);
      expect(one.player.isPaused).toBe(true);
      expect(Math.abs(one.player.truthSeconds - 100)).toBeLessThan(0.05);
    }
  });

  test('of people nobody vouches for, or in private, ends with its server, playing on', async () => {
    for (const how of [{ vouches: false }, { isPrivate: true }]) {
      const { host, guest } = await losesItsServer(6, how);
      for (const one of [host, guest]) {
        expect(one.party.state.room).toBeNull();
        expect(one.party.state.notices.map((notice) => notice.code)).toContain('ROOM_NOT_FOUND');
        expect(one.player.isMoving).toBe(true);
      }
    }
  });

  test('that was lost is not looked for any more by who went elsewhere', async () => {
    const { world, member, server } = stage(82);
    const host = member('Ann', wired);
    const guest = member('Bob', wired);
    await inRoom(world, host, [guest]);
    host.path.cut = true;
    server.restart(500);
    await world.run(8_000);
    expect(guest.party.state.room).toBeNull();
    guest.party.createRoom(MEDIA, 0);
    await world.run(500);
    guest.party.leaveRoom();
    host.path.cut = false;
    await world.run(40_000);
    expect(host.party.state.room).not.toBeNull();
    expect(guest.party.state.room).toBeNull();
  });

  test('that is private takes in whoever brings a live ticket, and nobody else', async () => {
    const { world, member, server } = stage(9);
    const host = member('Ann', wired);
    const guest = member('Bob', wan);
    await world.run(2_000);
    host.party.createRoom(MEDIA, 0, true);
    await world.run(500);
    const room = host.party.state.room!;
    expect(room.isPrivate).toBe(true);
    guest.party.joinRoom(room.id);
    await world.run(500);
    expect(guest.party.state.notices.at(-1)?.code).toBe('ROOM_NOT_FOUND');

    const asked = host.party.createInvite();
    await world.run(500);
    const ticket = await asked;
    guest.party.joinRoom(room.id, ticket);
    await world.run(500);
    expect(guest.party.state.room).toMatchObject({ id: room.id, isPrivate: true });

    guest.party.leaveRoom();
    server.expireTickets();
    guest.party.joinRoom(room.id, ticket);
    await world.run(500);
    expect(guest.party.state.room).toBeNull();
    expect(guest.party.state.notices.at(-1)?.code).toBe('INVITE_INVALID');
  });

  test('that is private takes a guest in again by its ticket, when the seat is gone', async () => {
    const { world, member, server } = stage(10);
    const host = member('Ann', wired);
    const guest = member('Bob', wan);
    await world.run(2_000);
    host.party.createRoom(MEDIA, 0, true);
    await world.run(500);
    const asked = host.party.createInvite();
    await world.run(500);
    guest.party.joinRoom(host.party.state.room!.id, await asked);
    await world.run(500);
    for (const expired of [false, true]) {
      guest.path.cut = true;
      await world.run(14_000);
      server.notice('Bob');
      server.dropSeats();
      if (expired) server.expireTickets();
      guest.path.cut = false;
      await world.run(25_000);
      expect(guest.party.state.connection.kind).toBe('online');
      expect(guest.party.state.room === null).toBe(expired);
    }
    expect(guest.party.state.notices.at(-1)?.code).toBe('INVITE_INVALID');
  });

  test('answers who asks for an invite in any case', async () => {
    const { world, member } = stage(11);
    const host = member('Ann', wired);
    const guest = member('Bob', wired);
    await inRoom(world, host, [guest]);
    const refused = guest.party.createInvite();
    await world.run(500);
    expect(await refused).toBeNull();
    expect(guest.party.state.notices.at(-1)?.code).toBe('HOST_PERMISSION_REQUIRED');

    const lost = host.party.createInvite();
    host.path.cut = true;
    await world.run(20_000);
    expect(await lost).toBeNull();
    expect(await host.party.createInvite()).toBeNull();
    expect(host.party.state.notices.at(-1)?.code).toBe('NOT_CONNECTED');
  });

  test('asks for a click where the browser refuses to start', async () => {
    const { world, member } = stage(7);
    const host = member('Ann', wired);
    const guest = member('Bob', wired, { refusesStart: true });
    await inRoom(world, host, [guest]);
    host.player.viewer('play');
    await world.run(3_000);
    expect(guest.party.state.needsClick).toBe(true);
    guest.player.refuses = false;
    guest.party.joinIn();
    await world.run(5_000);
    expect(guest.party.state.needsClick).toBe(false);
    expect(spreadMs([host, guest])).toBeLessThan(10);
  });

  test('chats, each message once and with its sender', async () => {
    const { world, member } = stage(8);
    const host = member('Ann', wired);
    const guest = member('Bob', wired);
    await inRoom(world, host, [guest]);
    guest.party.sendChat('<b>hello</b>');
    await world.run(100);
    const [line] = host.party.state.room!.chat;
    expect(line).toMatchObject({ userName: 'Bob', text: '<b>hello</b>', mine: false });
    expect(guest.party.state.room!.chat[0]).toMatchObject({ mine: true });
  });

  test.each(Array.from({ length: 25 }, (_, index) => 100 + index))(
    'from seed %i is in step whatever the network and the players',
    async (seed) => {
      const { world, member, random } = stage(seed);
      const net = (): Network => ({ leastMs: 1 + 60 * random(), jitterMs: 15 * random() });
      const model = (): Partial<PlayerModelOptions> => ({
        startMs: 40 + 200 * random(),
        seekMs: 50 + 300 * random(),
        rateDelayMs: 500 * random(),
        rateDelayErrorMs: 200 * (random() - 0.5),
        ppm: 100 * (random() - 0.5),
      });
      const host = member('Ann', net(), model());
      const guests = ['Bob', 'Cid', 'Dan'].map((name) => member(name, net(), model()));
      await inRoom(world, host, guests);
      host.player.viewer('play');
      await world.run(3_000);
      const all = [host, ...guests];
      for (let round = 0; round < 6; ++round) {
        const dice = random();
        if (dice < 0.3) host.player.viewer('seek', 1_000 * random());
        else if (dice < 0.6) {
          host.player.viewer('pause');
          await world.run(3_000 * random());
          host.player.viewer('play');
        } else guests[Math.floor(random() * guests.length)]!.player.stall(3_000 * random());
        await world.run(15_000);
        expect(all.every((one) => one.player.isMoving)).toBe(true);
        expect(spreadMs(all)).toBeLessThan(25);
      }
      for (const one of all)
        expect(one.player.orders.filter((it) => it.startsWith('seek')).length).toBeLessThan(24);
      for (const one of all) one.party.dispose();
      await settle();
    },
  );
});
