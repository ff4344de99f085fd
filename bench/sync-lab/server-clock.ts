// The server's true clock: it is the machine's monotonic clock plus a constant (app/server_clock.hpp),
// and the constant is measured by asking over loopback, with nothing in between, many times.
import { setTimeout as sleep } from 'node:timers/promises';

/** The machine's one clock, CLOCK_MONOTONIC in milliseconds: Chromium's and the server's as well. */
export const machineNowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export interface TrueServerClock {
  /** Server time minus machine time, milliseconds. */
  readonly offsetMs: number;
  /** Half the quickest round trip: the offset is within this. */
  readonly boundMs: number;
}

export async function measureServerClock(address: string): Promise<TrueServerClock> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/ws`);
  let best = { offsetMs: NaN, boundMs: Infinity };
  let sentMs = 0;
  socket.addEventListener('message', (event) => {
    const receivedMs = machineNowMs();
    const { type, payload } = JSON.parse(event.data as string) as {
      type: string;
      payload: { server_receive_ts: number; server_transmit_ts: number };
    };
    if (type !== 'pong') return;
    const { server_receive_ts: forth, server_transmit_ts: back } = payload;
    const boundMs = (receivedMs - sentMs - (back - forth)) / 2;
    if (boundMs >= best.boundMs) return;
    best = { offsetMs: (forth - sentMs + (back - receivedMs)) / 2, boundMs };
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error(`no answer from ${address}`)));
  });
  const say = (type: string, payload: object): void =>
    socket.send(JSON.stringify({ type, ts: Date.now(), payload }));
  say('auth', { user_name: 'lab', protocol_version: 1, features: ['owp.v2'] });
  await sleep(200);
  // Below the server's limit of 30 messages a second.
  for (let i = 0; i < 40; i++) {
    sentMs = machineNowMs();
    say('ping', { client_ts: 0 });
    await sleep(40);
  }
  socket.close();
  if (!Number.isFinite(best.boundMs)) throw new Error('the server answered no ping');
  return best;
}
