// A TCP relay in the path of one browser, so that its network can be cut and restored. It works on
// bytes: WebSocket, HTTP and video alike.
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export class Relay {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  readonly address: string;
  private readonly server: Server;

  private constructor(server: Server, address: string) {
    this.server = server;
    this.address = address;
  }

  static async start(target: string): Promise<Relay> {
    const { hostname, port } = new URL(target);
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const relay = new Relay(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (inner) => {
      relay.sockets.add(inner);
      inner.on('close', () => relay.sockets.delete(inner));
      inner.on('error', () => inner.destroy());
      // While cut, a new connection is taken and then hears nothing, as behind a dead router.
      if (relay.isCut) return;
      const outer = connect(Number(port), hostname);
      relay.sockets.add(outer);
      outer.on('close', () => {
        relay.sockets.delete(outer);
        inner.destroy();
      });
      outer.on('error', () => inner.destroy());
      inner.on('close', () => outer.destroy());
      inner.pipe(outer);
      outer.pipe(inner);
    });
    return relay;
  }

  /** From now on nothing passes; connections stay open and silent. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** What was cut is reset, as a network that comes back does; new connections pass. */
  restore(): void {
    this.isCut = false;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
