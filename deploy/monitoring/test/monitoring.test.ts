// The real Prometheus scrapes a real server with the example of this folder (its address and interval
// replaced, rules evaluated as often), and every expression of alerts and dashboard is evaluated by it.
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Peer, Server } from '../../../server/tests/conformance/harness.ts';

const examples = fileURLToPath(new URL('..', import.meta.url));
const programs = fileURLToPath(new URL('../../../build/webservers/usr/bin', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'owp-monitoring-'));
const patience_ms = 30_000;

let server: Server;
let prometheus: ChildProcess;
let api: string;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function ask(path: string): Promise<any> {
  const answer = await fetch(`${api}/api/v1/${path}`);
  const body = (await answer.json()) as { status: string; data: any; error?: string };
  assert.equal(body.status, 'success', `${path}: ${body.error}`);
  return body.data;
}
const query = async (expression: string): Promise<any[]> =>
  (await ask(`query?query=${encodeURIComponent(expression)}`)).result;

before(async () => {
  server = await Server.start();
  const port = await freePort();
  api = `http://127.0.0.1:${port}`;
  const example = readFileSync(join(examples, 'prometheus.yml'), 'utf8')
    .replace('127.0.0.1:3000', new URL(server.address).host)
    // A group is first evaluated at a moment of its interval (else a minute) that depends on its file's path
    .replace('scrape_interval: 15s', 'scrape_interval: 1s\n  evaluation_interval: 1s');
  writeFileSync(join(folder, 'prometheus.yml'), example);
  copyFileSync(join(examples, 'alerts.yml'), join(folder, 'alerts.yml'));
  prometheus = spawn(
    join(programs, 'prometheus'),
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const deadline = Date.now() + patience_ms;
  for (;;) {
    const up = await query('up').catch(() => []);
    if (up.some((sample) => sample.value[1] === '1')) return;
    assert.ok(Date.now() < deadline && prometheus.exitCode === null, 'Prometheus never saw the server');
    await sleep(200);
  }
});

after(async () => {
  if (prometheus.exitCode === null) {
    prometheus.kill('SIGTERM');
    await once(prometheus, 'exit');
  }
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('promtool accepts the rules', () => {
  execFileSync(join(programs, 'promtool'), ['check', 'rules', join(examples, 'alerts.yml')]);
});

test('a room that is opened is seen', async () => {
  const host = await Peer.connect(server);
  await host.create();
  const deadline = Date.now() + patience_ms;
  while (!(await query('owp_rooms == 1')).length) {
    assert.ok(Date.now() < deadline);
    await sleep(200);
  }
  await host.close();
});

test('every alert is loaded, evaluated without an error, and quiet on a healthy server', async () => {
  const deadline = Date.now() + patience_ms;
  for (;;) {
    const { groups } = await ask('rules');
    const rules: any[] = groups.flatMap((group: any) => group.rules);
    assert.equal(rules.length, (readFileSync(join(examples, 'alerts.yml'), 'utf8').match(/- alert:/g) ?? []).length);
    if (rules.every((rule) => rule.health === 'ok')) {
      for (const rule of rules) assert.equal(rule.state, 'inactive', rule.name);
      return;
    }
    assert.ok(Date.now() < deadline, JSON.stringify(rules.map(({ name, health, lastError }) => ({ name, health, lastError }))));
    await sleep(200);
  }
});

test('every metric that alerts and dashboard name is one that the server has', async () => {
  const dashboard = readFileSync(join(examples, 'grafana-dashboard.json'), 'utf8');
  const known = await (await fetch(`${server.address}/metrics`)).text();
  for (const text of [dashboard, readFileSync(join(examples, 'alerts.yml'), 'utf8')])
    for (const [name] of text.matchAll(/owp_\w+/g)) assert.match(known, new RegExp(`^${name}[ {]`, 'm'));
  for (const panel of JSON.parse(dashboard).panels)
    for (const { expr } of panel.targets) await query(expr.replaceAll('$__rate_interval', '1m'));
});
