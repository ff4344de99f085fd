// Every cell of protocol/authorisation.json over real sockets: what may be done is done, what may not is
// answered with its code, and nobody else hears of it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answer, situations, table } from '../../../tools/authorisation.mjs';
import { mintToken, Peer, Server, type Json } from './harness.ts';
import { StandInJellyfin } from './stand_in_jellyfin.ts';

type Situation = Record<'dialects' | 'standings' | 'roles' | 'rooms', string>;
interface Act {
  room?: true;
  payload?: Json;
  answer?: string;
  moves?: true;
}

const acts = Object.entries(table.acts as Record<string, Act>);
const secret = 'a-secret-of-more-than-thirty-two-bytes!';
const [film, unseen] = ['1'.repeat(32), '2'.repeat(32)];
const tokensOfJellyfin: Record<string, string> = { me: 'a'.repeat(32), ann: 'b'.repeat(32), cat: 'c'.repeat(32) };

const folder = mkdtempSync(join(tmpdir(), 'owp-authorisation-'));
const revokedFile = join(folder, 'revoked');
const jellyfin = new StandInJellyfin();
/** By what decides who somebody is: nothing, a secret, or a secret and a Jellyfin that knows who may see what. */
const servers: Record<'open' | 'guarded' | 'beside', Server> = {} as never;

before(async () => {
  writeFileSync(revokedFile, 'stolen\n');
  await jellyfin.start();
  for (const [name, token] of Object.entries(tokensOfJellyfin))
    jellyfin.accounts.set(token, { id: token, name, sees: name === 'me' ? [film] : [film, unseen] });
  // One thread, so that two answered pings mean that all before them is done; two members make a room full.
  const flags = [
    '--threads', '1', '--members-per-room', '2', '--rooms-per-user', '1000', '--seat-hold', '0ms', '--auth-timeout', '10m',
    '--messages-per-second', '10000', '--max-connections-per-address', '10000',
  ];
  const keys = { JWT_SECRET: secret, OWP_JWT_REVOKED_FILE: revokedFile };
  servers.open = await Server.start(flags);
  servers.guarded = await Server.start(flags, keys);
  servers.beside = await Server.start(flags, { ...keys, OWP_JELLYFIN_URL: jellyfin.url });
});
after(async () => {
  for (const server of Object.values(servers)) assert.equal(await server.stop(), 0);
  await jellyfin.stop();
  rmSync(folder, { recursive: true });
});

let parties = 0;

/** The room of a situation, and "me" in my standing and role towards it. */
class Party {
  me!: Peer;
  ann: Peer | undefined; // its host, unless that is me
  private cat: Peer | undefined;
  private room = '';
  private ticket = 'e'.repeat(32);
  private readonly number = ++parties;
  private readonly situation: Situation;
  private readonly server: keyof typeof servers;

  private constructor(situation: Situation, server: keyof typeof servers) {
    this.situation = situation;
    this.server = server;
  }

  static async gather(situation: Situation, server: keyof typeof servers): Promise<Party> {
    const party = new Party(situation, server);
    await party.prepare();
    return party;
  }

  private async prepare(): Promise<void> {
    const { dialects, standings, roles, rooms } = this.situation;
    const v2 = dialects === 'v2';
    const host = roles === 'host' ? (this.me = await this.come('me', v2)) : (this.ann = await this.come('ann', true));
    const media_id = rooms === 'unseen' ? unseen : film;
    this.room = await host.create({ ...(rooms !== 'untitled' && { media_id }), ...(rooms === 'private' && { private: true }) });
    if (roles !== 'host' || v2) {
      host.send('create_invite', {}, { room: this.room });
      this.ticket = (await host.next('invite')).payload.ticket;
    }
    if (roles === 'guest') {
      this.me = await this.come('me', v2);
      await this.me.join(this.room, { invite_ticket: this.ticket });
      this.me.send('ready', {}, { room: this.room });
    } else if (rooms === 'full') {
      this.cat = await this.come('cat', true);
      await this.cat.join(this.room);
    }
    if (rooms === 'playing') {
      host.send('player_event', { action: 'play', position: 0 }, { room: this.room });
      await host.next('player_event');
    }
    if (rooms === 'gone') host.send('close_room', {}, { room: this.room });
    if (roles === 'outside' || roles === 'elsewhere') this.me = await this.come('me', v2);
    if (roles === 'elsewhere') await this.me.create();
    if (standings === 'expired' || standings === 'revoked') {
      // Accepted, as clocks may differ by a minute; and at once it has run out.
      const claims = standings === 'expired' ? { exp: Math.floor(Date.now() / 1000) - 30 } : { jti: 'mine' };
      this.me.send('auth', { token: this.mint('me', claims) });
      await this.me.next('auth_success');
      if (standings === 'expired') assert.equal((await this.me.next('error')).payload.code, 'TOKEN_EXPIRED');
    }
    for (const peer of [this.me, this.ann, this.me, this.ann]) await peer?.barrier();
  }

  private async come(name: string, v2: boolean): Promise<Peer> {
    const peer = await Peer.connect(servers[this.server], { name, strict: !v2 });
    if (name === 'me' && this.situation.standings === 'unknown') return peer;
    const token = this.server === 'open' ? undefined : this.tokenOf(name);
    peer.send('auth', { user_name: name, ...(token && { token }), ...(v2 && { features: ['owp.v2'] }) });
    if (token || v2) await peer.next('auth_success');
    return peer;
  }

  private tokenOf(name: string): string {
    return this.server === 'beside' ? tokensOfJellyfin[name]! : this.mint(name);
  }

  /** Of somebody of this party alone, or of whom Jellyfin knows. */
  private mint(name: string, claims: Json = {}): string {
    const sub = this.server === 'beside' ? tokensOfJellyfin[name]! : `${name}-${this.number}`;
    return mintToken(secret, { sub, name, ...claims });
  }

  private filled(payload: Json): Json {
    const places: Record<string, string> = {
      $dialect: this.situation.dialects === 'v2' ? 'owp.v2' : 'owp.v1',
      $good: this.server === 'beside' ? tokensOfJellyfin['me']! : this.mint('me'),
      $expired: this.mint('me', { exp: Math.floor(Date.now() / 1000) - 120 }),
      $forged: mintToken('another secret of more than thirty-two bytes', { sub: 'me' }),
      $revoked: this.mint('me', { jti: 'stolen' }),
      $ticket: this.ticket,
      $other: 'f'.repeat(32),
      $seen: film,
      $unseen: unseen,
    };
    return JSON.parse(JSON.stringify(payload), (_, value) => places[value as string] ?? value) as Json;
  }

  /** What should come of it does, and nothing else. */
  async tries(name: string, act: Act, code: string): Promise<void> {
    this.me.send(name.split(' ')[0]!, this.filled(act.payload ?? {}), act.room ? { room: this.room } : {});
    if (code !== 'ok') assert.equal((await this.me.next('error')).payload.code, code);
    else if (act.answer) await this.me.next(act.answer);
    const heard = [...(await this.me.barrier()), ...(await this.me.barrier())];
    assert.deepEqual(heard.filter((m) => m.type === 'error'), []);
    if (!this.ann) return;
    const loud = ['player_event', 'state_update', 'chat_message', 'room_state', 'room_closed', 'client_left', 'error'];
    const overheard = [...(await this.ann.barrier()), ...(await this.ann.barrier())];
    if (code !== 'ok' && !/^(create|join)_room/.test(name)) // these leave a room first (P-ROOM-4)
      assert.deepEqual(overheard.filter((m) => loud.includes(m.type)), []);
  }

  async leave(): Promise<void> {
    for (const peer of [this.ann, this.cat, this.me]) await peer?.close();
  }
}

/** Titles that one may not see are Jellyfin's to know. */
const serverFor = (situation: Situation, name: string): keyof typeof servers =>
  situation.standings === 'open' ? 'open' : situation.rooms === 'unseen' || name.includes('unseen') ? 'beside' : 'guarded';

const where = (situation: Situation): string => Object.values(situation).join(' / ');

async function everyAct(situation: Situation): Promise<number> {
  let done = 0;
  for (const server of ['open', 'guarded', 'beside'] as const) {
    let party: Party | undefined;
    for (const [name, act] of acts) {
      const code = answer({ ...situation, acts: name }) as string | null;
      if (code === null || serverFor(situation, name) !== server) continue;
      try {
        party ??= await Party.gather(situation, server);
        await party.tries(name, act, code);
      } catch (error) {
        throw new Error(`${name} / ${where(situation)} should be ${code}`, { cause: error });
      }
      done += 1;
      if (!act.moves) continue;
      await party.leave();
      party = undefined;
    }
    await party?.leave();
  }
  return done;
}

const all = situations() as Situation[];
for (const standing of ['open', 'unknown', 'signed in', 'expired'])
  for (const dialect of table.dialects as string[]) {
    const those = all.filter(({ standings, dialects }) => standings === standing && dialects === dialect);
    if (!those.length) continue;
    test(`who may do what: ${standing}, ${dialect}, in every role and room`, async (context) => {
      const done = await Promise.all(those.map(everyAct));
      context.diagnostic(`${done.reduce((sum, count) => sum + count, 0)} cells`);
    });
  }

test('who may do what: whose token is revoked is closed with 4102, in every role and room, and nobody else', async () => {
  const those = all.filter(({ standings }) => standings === 'revoked');
  const there = await Promise.all(those.map((situation) => Party.gather(situation, serverFor(situation, ''))));
  writeFileSync(revokedFile, 'stolen\nmine\n');
  for (const server of [servers.guarded, servers.beside]) server.signal('SIGHUP');
  for (const [i, party] of there.entries()) {
    assert.equal((await party.me.untilClosed()).code, 4102, where(those[i]!));
    await party.ann?.barrier();
    await party.leave();
  }
});
