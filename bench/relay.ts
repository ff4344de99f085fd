// How long a message takes from one member to all others of its room, on loopback, beside the round
// trip of a ping at the same time: what the relay adds is the difference. Server and clients share
// the machine, so the figures are an upper bound.
import { Peer, Server } from '../server/tests/conformance/harness.ts';

const rooms = 20;
const members = 20;
const chatsPerSecond = 5; // in each room
const seconds = 10;

const server = await Server.start(['--max-connections-per-address', `${rooms * members + 10}`]);
const relayed: number[] = [];
const pings: number[] = [];
const asked = new Set<number>(); // client_ts of pings; those of barrier() are not among them
let sent = 0;

const hosts: { host: Peer; room: string }[] = [];
const everybody: Peer[] = [];
for (let r = 0; r < rooms; r++) {
  const host = await Peer.connect(server);
  const room = await host.create();
  const guests = await Promise.all(
    Array.from({ length: members - 1 }, async () => {
      const guest = await Peer.connect(server);
      await guest.join(room);
      return guest;
    }),
  );
  hosts.push({ host, room });
  everybody.push(host, ...guests);
}
for (const peer of everybody)
  peer.socket.addEventListener('message', (event) => {
    const now = performance.now();
    const message = JSON.parse(event.data as string) as {
      type: string;
      payload: never;
    };
    const payload: { text: string; client_ts: number } = message.payload;
    if (message.type === 'chat_message') relayed.push(now - Number(payload.text));
    if (message.type === 'pong' && asked.delete(payload.client_ts))
      pings.push(now - payload.client_ts);
  });

// Rooms take turns, so that no two messages meet by design
const gap = 1000 / (chatsPerSecond * rooms);
const end = performance.now() + seconds * 1000;
while (performance.now() < end) {
  const { host, room } = hosts[sent % rooms]!;
  host.send('chat_message', { text: `${performance.now()}` }, { room });
  if (sent % 5 === 0) {
    const client_ts = performance.now();
    asked.add(client_ts);
    everybody[(sent * 7) % everybody.length]!.send('ping', { client_ts });
  }
  sent++;
  await new Promise((resolve) => setTimeout(resolve, gap));
}
await Promise.all(everybody.map((peer) => peer.barrier()));

const expected = sent * members;
const row = (name: string, values: number[]): string => {
  values.sort((a, b) => a - b);
  const at = (q: number): string =>
    values[Math.floor(q * (values.length - 1))]!.toFixed(2).padStart(7);
  return `${name.padEnd(28)} ${at(0.5)} ${at(0.95)} ${at(0.99)} ${at(1)}   ${values.length}`;
};
console.log(
  `${rooms} rooms of ${members}, ${(sent / seconds).toFixed(0)} chats a second for ${seconds} s`,
);
console.log(`${'milliseconds'.padEnd(28)}  median     p95     p99     max   samples`);
console.log(row('chat to each member', relayed));
console.log(row('ping', pings));
await Promise.all(everybody.map((peer) => peer.close()));
await server.stop();
if (relayed.length !== expected) {
  console.error(`bench: ${relayed.length} of ${expected} messages arrived`);
  process.exit(1);
}
