// All that a server says in a run in which every kind of secret is used, well and badly, is searched for
// them: log, metrics, pages, what others are sent, what it asks Jellyfin for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { binary, mintToken, Peer, Server } from './harness.ts';
import { StandInJellyfin } from './stand_in_jellyfin.ts';

const shared = 'shared-secret-of-more-than-thirty-two-bytes';
const before = 'previous-secret-of-more-than-thirty-two-bytes';
const ofJellyfin = 'abcdef0123456789abcdef0123456789';

const meant = ['auth_success', 'invite']; // for whom the secret is

/** A v2 peer all of whose messages are kept, but for the secrets that are meant for it. */
async function signedIn(server: Server, token: string, heard: string[]): Promise<{ peer: Peer; seat: string }> {
  const peer = await Peer.connect(server, { strict: false });
  peer.socket.addEventListener('message', ({ data }) => {
    if (!meant.includes((JSON.parse(data as string) as { type: string }).type)) heard.push(data as string);
  });
  peer.send('auth', { token, features: ['owp.v2'] });
  return { peer, seat: (await peer.next('auth_success')).payload.resume_token };
}

/** A raw GET, headers and all. */
function page(server: Server, path: string, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(server.address + path, { headers, agent: false }, async (response) => {
      let text = JSON.stringify(response.headers);
      for await (const chunk of response) text += String(chunk);
      resolve(text);
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('no secret is in the log, the metrics, a page, an error, another’s message or a request to Jellyfin', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'owp-secrets-'));
  const previous = join(folder, 'previous');
  writeFileSync(previous, before);
  const jellyfin = await new StandInJellyfin().start();
  jellyfin.accounts.set(ofJellyfin, { id: 'b'.repeat(32), name: 'Bob' });
  const flags = ['--jwt-previous-key-file', previous, '--jellyfin-url', jellyfin.url];
  const keys = { JWT_SECRET: shared };
  const server = await Server.start([...flags, '--log-level', 'trace'], keys);
  const heard: string[] = [];
  const tokens = {
    good: mintToken(shared, { sub: 'ann', name: 'Ann', jti: 'id-of-a-token' }),
    previous: mintToken(before, { sub: 'cat', name: 'Cat' }),
    expired: mintToken(shared, { exp: 1 }),
    forged: mintToken('another-secret-of-more-than-thirty-two-bytes'),
    unknown: 'fedcba9876543210fedcba9876543210',
  };

  const host = await signedIn(server, tokens.good, heard);
  host.peer.send('create_room', { private: true });
  const room = (await host.peer.next('room_state')).room!;
  host.peer.send('create_invite', {}, { room });
  const { ticket } = (await host.peer.next('invite')).payload;
  const guest = await signedIn(server, ofJellyfin, heard);
  await guest.peer.join(room, { invite_ticket: ticket });
  const other = await signedIn(server, tokens.previous, heard);
  other.peer.send('join_room', { invite_ticket: ticket.replace(/.$/, 'x') }, { room });
  await other.peer.next('error');
  other.peer.send('join_room', { resume_token: host.seat }, { room });
  await other.peer.next('error');
  for (const token of [tokens.expired, tokens.forged, tokens.unknown, `${tokens.good}x`]) {
    other.peer.send('auth', { token });
    await other.peer.next('error');
  }
  for (const broken of [`{"type":"auth","payload":{"token":"${tokens.good}`, `{"type":"${tokens.good}","ts":1}`, `{"type":"auth","ts":1,"payload":"${tokens.good}"}`]) {
    other.peer.socket.send(broken);
    await other.peer.next('error');
  }
  await guest.peer.close();
  const again = await signedIn(server, ofJellyfin, heard);
  await again.peer.join(room, { resume_token: guest.seat });
  host.peer.send('chat_message', { text: 'hello' }, { room });
  await again.peer.next('chat_message');

  const pages = [
    await page(server, `/health?token=${tokens.good}`),
    await page(server, `/${tokens.good}`),
    await page(server, `/ws?token=${tokens.good}`, { Authorization: `Bearer ${tokens.good}`, Cookie: `token=${tokens.good}` }),
    await page(server, '/metrics'),
  ];
  server.signal('SIGHUP');
  for (const { peer } of [host, again, other]) await peer.close();
  await server.stop();
  await jellyfin.stop();
  const printed = spawnSync(binary, ['print-config', ...flags], { env: { ...keys }, encoding: 'utf8' });
  const weak = spawnSync(binary, ['check-config', '--jwt-algorithm', 'RS256'], { env: { ...keys }, encoding: 'utf8' });
  rmSync(folder, { recursive: true });

  assert.match(server.log.join(''), /session .* opened/, 'it did log');
  const everything = {
    log: server.log.join(''), pages: pages.join(''), messages: heard.join(''), asked: jellyfin.asked.join(' '),
    config: printed.stdout + printed.stderr + weak.stdout + weak.stderr,
  };
  const signatures = Object.values(tokens).map((token) => token.split('.').at(-1)!);
  const secrets = [shared, before, ofJellyfin, ...Object.values(tokens), ...signatures, 'id-of-a-token', ticket, host.seat, guest.seat, again.seat];
  for (const [place, text] of Object.entries(everything))
    for (const secret of secrets) assert.ok(!text.includes(secret), `${place} has ${secret}`);
});
