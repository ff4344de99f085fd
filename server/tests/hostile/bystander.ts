// A process of its own: a party on the server under attack and the same party on a server that nobody
// attacks. Both are asked in turn and by one clock, so whatever this machine does to one it does to
// the other. Told 'report' it says how long the answers took since the last time, in milliseconds.
import { WebSocket } from '../../../client/node_modules/ws/wrapper.mjs';

const interval = 40; // of each member's questions, in ms: 25 a second, below the server's limit
const silence = 10_000; // then somebody is cut off

export interface AnswerTimes {
  count: number;
  p50: number;
  p99: number;
  unanswered: number;
}
export type Report = Record<'attacked' | 'control', AnswerTimes>;

class Party {
  private took: number[] = [];
  private readonly asked = new Map<string, number>();
  private readonly members: WebSocket[] = [];

  /** From an address that is no attacker's. */
  async open(port: number): Promise<void> {
    for (let i = 0; i < 3; ++i) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { localAddress: `127.0.0.${10 + i}` });
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      socket.on('message', (data: Buffer) => this.hear(JSON.parse(data.toString())));
      socket.on('close', (code: number) => fail(`a member was closed with ${code}`));
      this.members.push(socket);
    }
    const room = new Promise<string>((resolve) =>
      this.members[0]!.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString());
        if (message.type === 'room_state') resolve(message.room);
      }),
    );
    this.say(0, 'create_room', { start_pos: 0 });
    const id = await room;
    for (const member of [1, 2]) this.say(member, 'join_room', {}, { room: id });
  }

  ask(member: number): void {
    const mark = `${member}-${performance.now()}`;
    this.asked.set(mark, performance.now());
    this.say(member, 'ping', { mark });
  }

  /** How long the answers took that came since the last time. */
  times(): AnswerTimes {
    const sorted = this.took.sort((a, b) => a - b);
    this.took = [];
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Infinity;
    const unanswered = [...this.asked.values()].filter((since) => performance.now() - since > silence).length;
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), unanswered };
  }

  private say(member: number, type: string, payload: object, extra: object = {}): void {
    this.members[member]!.send(JSON.stringify({ type, payload, ts: Date.now(), ...extra }));
  }

  private hear(message: any): void {
    const since = message.type === 'pong' && this.asked.get(message.payload.mark);
    if (typeof since !== 'number') return;
    this.asked.delete(message.payload.mark);
    this.took.push(performance.now() - since);
  }
}

function fail(why: string): never {
  process.send!({ failed: why });
  process.exit(1);
}

const [attacked, control] = [new Party(), new Party()];
const [attackedPort, controlPort] = process.argv.slice(2).map(Number);
await attacked.open(attackedPort!);
await control.open(controlPort!);
let tick = 0;
setInterval(() => {
  const member = tick++ % 3;
  for (const party of tick % 2 ? [attacked, control] : [control, attacked]) party.ask(member);
}, interval / 3);
process.on('message', () => process.send!({ attacked: attacked.times(), control: control.times() }));
process.on('disconnect', () => process.exit(0));
process.send!('ready');
