// The party's networks: starts the emulator (a process, so that its timing is its own) and talks to it.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Lateness, Request } from './emulator.ts';
import type { Profile } from './profiles.ts';

type Asked<R> = R extends Request ? Omit<R, 'id'> : never;

export class Network {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (value: unknown) => void>();
  private stopping = false;
  private asked = 0;

  constructor() {
    this.child = fork(fileURLToPath(new URL('emulator.ts', import.meta.url)));
    this.child.on('message', ({ id, value }: { id: number; value: unknown }) => {
      this.waiting.get(id)?.(value);
      this.waiting.delete(id);
    });
    this.child.on('exit', (code) => {
      if (!this.stopping) throw new Error(`the network emulator ended with ${code}`);
    });
  }

  /** A way to the server with this network in it; answers its address. */
  async path(target: string, network: Profile, seed: number): Promise<string> {
    const port = (await this.ask({ ask: 'relay', target, network, seed })) as number;
    return `http://127.0.0.1:${port}`;
  }

  /** No picture reaches the member behind `address` any more, while its WebSocket goes on. */
  async starve(address: string, on: boolean): Promise<void> {
    await this.ask({ ask: 'starve', port: Number(new URL(address).port), on });
  }

  /** How late pieces left since the last question, beyond what their network asked for. */
  async lateness(): Promise<Lateness> {
    return (await this.ask({ ask: 'lateness' })) as Lateness;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child.disconnect();
    await once(this.child, 'exit');
  }

  private ask(request: Asked<Request>): Promise<unknown> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, resolve);
      this.child.send({ ...request, id } as Request, (error) => error && reject(error));
    });
  }
}
