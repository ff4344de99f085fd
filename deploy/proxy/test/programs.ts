// The real nginx, Caddy and Apache, each started in the foreground on a loopback port with an example of
// this folder's: only ports, certificate and, where a test wants it, time-outs are put in its place.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('..', import.meta.url));
const unpacked = fileURLToPath(new URL('../../../build/webservers', import.meta.url));

/** What a test changes in an example, after ports and certificate. */
export type Change = (text: string) => string;

interface Program {
  example: (kind: 'server' | 'jellyfin') => string;
  /** The example as a whole configuration in `folder`, listening on `port`. */
  configure: (example: string, folder: string, port: number) => string;
  command: (folder: string, file: string) => [string, ...string[]];
}

const modules = ['mpm_event', 'authz_core', 'alias', 'headers', 'rewrite', 'proxy', 'proxy_http', 'proxy_wstunnel', 'socache_shmcb', 'ssl'];
const certified = (text: string, folder: string): string =>
  text
    .replaceAll('/etc/letsencrypt/live/example.org/fullchain.pem', join(folder, 'cert.pem'))
    .replaceAll('/etc/letsencrypt/live/example.org/privkey.pem', join(folder, 'key.pem'));
const asRoot = process.getuid?.() === 0;

export const programs: Record<'nginx' | 'caddy' | 'apache', Program> = {
  nginx: {
    example: (kind) => `nginx/${kind}.conf`,
    configure: (example, folder, port) => `
      ${asRoot ? 'user www-data;' : ''} daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1;
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
        ${certified(example, folder).replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)}
      }`,
    command: (folder, file) => [join(unpacked, 'usr/sbin/nginx'), '-p', folder, '-c', file],
  },
  caddy: {
    example: (kind) => `caddy/${kind}.Caddyfile`,
    configure: (example, folder, port) =>
      `{\n\tadmin off\n\tauto_https off\n}\n${example.replace(
        /^\S*example\.org \{/m,
        `https://127.0.0.1:${port} {\n\ttls ${folder}/cert.pem ${folder}/key.pem`,
      )}`,
    command: (_folder, file) => [join(unpacked, 'usr/bin/caddy'), 'run', '--adapter', 'caddyfile', '--config', file],
  },
  apache: {
    example: (kind) => `apache/${kind}.conf`,
    configure: (example, folder, port) => `
      ServerRoot ${folder}
      ServerName localhost
      ${asRoot ? 'User www-data\nGroup www-data' : ''}
      PidFile ${folder}/pid
      DefaultRuntimeDir ${folder}
      ErrorLog ${folder}/error.log
      Listen 127.0.0.1:${port}
      ${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
      ${certified(example, folder).replace('<VirtualHost *:443>', `<VirtualHost *:${port}>`)}`.replace(/^ +/gm, ''),
    command: (_folder, file) => ['/usr/sbin/apache2', '-DFOREGROUND', '-f', file],
  },
};

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** A running proxy. */
export class Proxy {
  readonly origin: string;
  private readonly process: ChildProcess;
  private readonly folder: string;

  private constructor(process: ChildProcess, folder: string, port: number) {
    this.process = process;
    this.folder = folder;
    this.origin = `https://127.0.0.1:${port}`;
  }

  /** Starts `name` with its example, in front of what listens on `upstream`. */
  static async start(name: keyof typeof programs, kind: 'server' | 'jellyfin', upstream: number, change: Change = (text) => text): Promise<Proxy> {
    const program = programs[name];
    const folder = mkdtempSync(join(tmpdir(), `owp-${name}-`));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
      '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
    const port = await freePort();
    const example = readFileSync(join(examples, program.example(kind)), 'utf8').replaceAll(/127\.0\.0\.1:(3000|8096)/g, `127.0.0.1:${upstream}`);
    const file = join(folder, 'configuration');
    writeFileSync(file, program.configure(change(example), folder, port));
    const [command, ...flags] = program.command(folder, file);
    const child = spawn(command, flags, {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}: ${said}`)));
    failed.catch(() => undefined);
    const ready = (async () => {
      while (!(await listens(port))) await sleep(20);
    })();
    await Promise.race([ready, failed]);
    return new Proxy(child, folder, port);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
