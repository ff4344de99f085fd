// As much of a Jellyfin elsewhere as the server asks.
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly policy?: object;
  readonly sees?: readonly string[];
}

/** Stands in for Jellyfin's REST: /Users/Me and /Items/ID, as 10.11 answers them. */
export class StandInJellyfin {
  readonly accounts = new Map<string, Account>();
  readonly apiKeys = new Set<string>();
  readonly asked: string[] = []; // paths with their queries
  url = '';
  private readonly server: HttpServer = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    const token = /^MediaBrowser Token="(.*)"$/u.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const account = this.accounts.get(token);
    const answer = (status: number, body?: object): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body && JSON.stringify(body));
    };
    const item = /^\/jelly\/Items\/([0-9a-f]{32})$/u.exec(request.url ?? '')?.[1];
    if (this.apiKeys.has(token)) answer(400);
    else if (!account) answer(401);
    else if (item !== undefined) answer(account.sees?.includes(item) ? 200 : 404, {});
    else if (request.url === '/jelly/Users/Me')
      answer(200, { Name: account.name, Id: account.id, Policy: account.policy ?? {} });
    else answer(404);
  });

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jelly`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }
}
