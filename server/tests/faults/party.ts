// A v2 party that tries until it is a party, as clients do that come back by themselves.
import { setTimeout as sleep } from 'node:timers/promises';
import { Peer } from '../conformance/harness.ts';

/** What is there to be connected to. */
interface Reachable {
  readonly address: string;
  readonly running?: boolean;
}

async function v2(server: Reachable, name: string): Promise<Peer> {
  const peer = await Peer.connect(server, { name, strict: false });
  peer.send('auth', { user_name: name, features: ['owp.v2'] });
  await peer.next('auth_success');
  return peer;
}

/** Host and guest in a room. */
export interface Party {
  host: Peer;
  guest: Peer;
  room: string;
}

export async function open(server: Reachable): Promise<Party> {
  const host = await v2(server, 'Ann');
  const room = await host.create();
  const guest = await v2(server, 'Bob');
  await guest.join(room);
  guest.send('ready', {}, { room });
  return { host, guest, room };
}

/** What one does reaches the other. */
export async function goesOn({ host, guest, room }: Party): Promise<void> {
  for (const action of ['play', 'pause']) {
    host.send('player_event', { action, position: 1 }, { room });
    await guest.next('player_event', (m) => m.payload.action === action);
  }
  guest.send('chat_message', { text: 'hello' }, { room });
  await host.next('chat_message');
}

export function end({ host, guest }: Party): void {
  for (const peer of [host, guest]) peer.socket.close();
}

/** A whole party from its first connection on, tried again until `until` (by the clock of `performance`). Whether it came about. */
export async function partyComesAbout(server: Reachable, until: number): Promise<boolean> {
  while (performance.now() < until && server.running !== false) {
    const one = open(server).then(async (party) => {
      await goesOn(party);
      end(party);
      return true;
    });
    // Who waits for an answer that was lost with a call gives up and comes again.
    const patience = sleep(Math.min(2_000, Math.max(1, until - performance.now())), false);
    if (await Promise.race([one.catch(() => false), patience])) return true;
    await sleep(20);
  }
  return false;
}
