// The examples for reverse proxies, held against the real programs: a party through each of them, people's
// own addresses, and sockets on which nobody says anything.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from '../../../client/node_modules/playwright-core/index.mjs';
import { Peer, Server } from '../../../server/tests/conformance/harness.ts';
import { Proxy, programs, type Change } from './programs.ts';

// The certificates are made by the test for itself
process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
process.removeAllListeners('warning');

const connectionsPerAddress = 4;
const portOf = (server: Server): number => Number(new URL(server.address).port);
let server: Server;
let silent: Server;
before(async () => {
  const proxied = ['--trusted-proxies', '127.0.0.1', '--allowed-origins', '*', '--ready-wait', '0s', '--max-connections-per-address', `${connectionsPerAddress}`];
  server = await Server.start([...proxied, '--ping-interval', '500ms', '--dead-after', '30s']);
  silent = await Server.start([...proxied, '--ping-interval', '60s', '--dead-after', '600s']);
});
after(async () => {
  await server.stop();
  await silent.stop();
});

/** As the plugin does: any socket whose path ends so is carried to the server; the rest is Jellyfin's. */
async function jellyfinInFrontOf(upstream: number): Promise<{ port: number; close: () => void }> {
  const jellyfin = createServer((_, response) => response.end('Jellyfin'));
  jellyfin.on('upgrade', (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!asked.url!.split('?')[0]!.endsWith('/OpenWatchParty/ws')) {
      socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      return;
    }
    const fields = asked.rawHeaders.map((text, i) => (i % 2 ? `${text}\r\n` : `${text}: `)).join('');
    const behind = connect(upstream, '127.0.0.1', () => behind.write(`GET /ws HTTP/1.1\r\n${fields}\r\n`));
    behind.write(head);
    behind.pipe(socket).pipe(behind);
    for (const end of [behind, socket]) end.on('error', () => [behind, socket].forEach((each) => each.destroy()));
  });
  jellyfin.listen(0, '127.0.0.1');
  await once(jellyfin, 'listening');
  return {
    port: (jellyfin.address() as AddressInfo).port,
    close: () => {
      jellyfin.closeAllConnections();
      jellyfin.close();
    },
  };
}

async function party(address: string): Promise<void> {
  const host = await Peer.connect({ address }, { name: 'host' });
  const guest = await Peer.connect({ address }, { name: 'guest' });
  const room = await host.create({ user_name: 'Hana' });
  await guest.join(room, { user_name: 'Gil' });
  host.send('player_event', { action: 'play', position: 0 }, { room });
  assert.equal((await guest.next('player_event')).payload.action, 'play');
  await guest.close();
  await host.next('client_left');
  await host.close();
}

/** Asks for a WebSocket from one of loopback's many addresses: the answer's status, and the socket if there is one. */
async function upgradeFrom(localAddress: string, url: string, headers: Record<string, string> = {}): Promise<{ status: number; socket?: Duplex }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      localAddress, agent: false, rejectUnauthorized: false,
      headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers },
    });
    asked.once('upgrade', (response, socket) => resolve({ status: response.statusCode!, socket }));
    asked.once('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode! });
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** The proxy's patience, cut from a minute or more to two seconds. */
const impatient: Record<string, Change> = {
  nginx: (text) => text.replace('proxy_read_timeout 90s;', '').replaceAll('proxy_http_version 1.1;', 'proxy_http_version 1.1; proxy_read_timeout 2s;'),
  apache: (text) => text.replace('ProxyTimeout 90', '').replace('SSLEngine on', 'SSLEngine on\nProxyTimeout 2\nTimeout 2'),
};

for (const name of Object.keys(programs) as (keyof typeof programs)[]) {
  test(`${name}, the server alone below a path: page, health, party, metrics kept in`, async (t) => {
    const proxy = await Proxy.start(name, 'server', portOf(server));
    t.after(() => proxy.stop());
    const page = await fetch(`${proxy.origin}/party`);
    assert.equal(page.url, `${proxy.origin}/party/`);
    assert.match(await page.text(), /<title>OpenWatchParty<\/title>/);
    assert.equal((await fetch(`${proxy.origin}/party/owp.js`)).status, 200);
    assert.equal((await (await fetch(`${proxy.origin}/party/health`)).json() as { status: string }).status, 'ok');
    assert.equal((await fetch(`${proxy.origin}/party/metrics`)).status, 403);
    await party(`${proxy.origin}/party`);
  });

  test(`${name}: each person counts with their own address, which nobody can make up`, async (t) => {
    const proxy = await Proxy.start(name, 'server', portOf(server));
    t.after(() => proxy.stop());
    const url = `${proxy.origin}/party/ws`;
    const open = await Promise.all(Array.from({ length: connectionsPerAddress }, () => upgradeFrom('127.0.0.2', url)));
    t.after(() => open.forEach(({ socket }) => socket?.destroy()));
    assert.deepEqual(open.map(({ status }) => status), open.map(() => 101));
    assert.notEqual((await upgradeFrom('127.0.0.2', url)).status, 101);
    assert.notEqual((await upgradeFrom('127.0.0.2', url, { 'X-Forwarded-For': '192.0.2.7' })).status, 101);
    const other = await upgradeFrom('127.0.0.3', url);
    assert.equal(other.status, 101);
    other.socket!.destroy();
  });

  test(`${name}, Jellyfin with the plugin: its pages, and a party at its socket`, async (t) => {
    const jellyfin = await jellyfinInFrontOf(portOf(server));
    t.after(() => jellyfin.close());
    const proxy = await Proxy.start(name, 'jellyfin', jellyfin.port);
    t.after(() => proxy.stop());
    assert.equal(await (await fetch(`${proxy.origin}/web/`)).text(), 'Jellyfin');
    await party(`${proxy.origin}/socket/OpenWatchParty`);
  });

  const change = impatient[name];
  if (!change) continue; // Caddy has no patience to lose
  for (const kind of ['server', 'jellyfin'] as const) {
    test(`${name}, ${kind}: pings keep a socket that the proxy would have cut`, async (t) => {
      const through = async (upstream: Server): Promise<Peer> => {
        let port = portOf(upstream);
        if (kind === 'jellyfin') {
          const jellyfin = await jellyfinInFrontOf(port);
          t.after(() => jellyfin.close());
          port = jellyfin.port;
        }
        const proxy = await Proxy.start(name, kind, port, change);
        t.after(() => proxy.stop());
        return Peer.connect({ address: `${proxy.origin}/${kind === 'server' ? 'party' : 'socket/OpenWatchParty'}` });
      };
      const kept = await through(server);
      await (await through(silent)).untilClosed();
      await kept.barrier();
      await kept.close();
    });
  }
}

test("the page works below a path and under the policy of Jellyfin's guide", async (t) => {
  const guide = readFileSync(fileURLToPath(new URL('../nginx/jellyfin.conf', import.meta.url)), 'utf8');
  const policy = /add_header Content-Security-Policy .*;/.exec(guide)![0];
  const proxy = await Proxy.start('nginx', 'server', portOf(server), (text) => text.replace('location = /party {', `${policy}\n$&`));
  t.after(() => proxy.stop());
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  t.after(() => browser.close());
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  const refused: string[] = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  await page.goto(`${proxy.origin}/party/`);
  await page.getByLabel('Your name').first().fill('Hana');
  await page.getByLabel('Your name').first().press('Enter');
  await page.getByRole('button', { name: /^Start a party with / }).first().click();
  await page.getByRole('button', { name: 'Copy invite link' }).waitFor();
  await page.waitForFunction(() => (function find(root: ParentNode): boolean {
    return [...root.querySelectorAll('*')].some((e) => (e instanceof HTMLVideoElement && e.readyState >= 2) || (e.shadowRoot !== null && find(e.shadowRoot)));
  })(document));
  assert.deepEqual(refused, []);
});
