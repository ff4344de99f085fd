// Small files with one reason, and no source without a test. Both are ratchets: tools/tidy/ratchet.json
// lists the exceptions with their reason, an exception that is no longer one has to go from the list.
import { posix } from 'node:path';
import { finding, isCpp, isTypeScript } from './text.mjs';

const ratchetPath = 'tools/tidy/ratchet.json';
const linesMax = 600;
/** How much shorter than its entry a long file may get before the entry has to follow. */
const slack = 30;

const ratchet = (files) => JSON.parse(files.get(ratchetPath) ?? '{"long": {}, "untested": {}}');
const isCode = (path) => isCpp(path) || isTypeScript(path) || /\.mjs$|^tools\/[\w-]+$/.test(path);

export function fileLength(files) {
  const found = [];
  const { long } = ratchet(files);
  for (const [path, text] of files) {
    if (!isCode(path) || text.includes('Generated from ')) continue;
    const lines = text.split('\n').length - 1;
    const allowed = long[path] ?? linesMax;
    if (lines > allowed) found.push(finding(path, allowed + 1, `${lines} lines, ${allowed} allowed: what are its two reasons? Split it`));
    if (long[path] && lines < Math.max(long[path] - slack, linesMax))
      found.push(finding(ratchetPath, 1, `${path} has ${lines} lines now: tighten its entry`));
  }
  for (const path of Object.keys(long))
    if ((files.get(path)?.split('\n').length ?? 0) - 1 <= linesMax) found.push(finding(ratchetPath, 1, `${path} needs no exception any more`));
  return found;
}

/** What `path` #includes or imports of this tree. */
function references(path, text, files) {
  if (isCpp(path)) {
    const included = [...text.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)].map(([, header]) => header);
    return included.map((header) => [`server/src/${header}`, `server/${header}`].find((at) => files.has(at))).filter(Boolean);
  }
  const imported = [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)].map(([, module]) => module);
  return imported.map((module) => `${posix.join(posix.dirname(path), module).replace(/\.[jt]s$/, '')}.ts`).filter((at) => files.has(at));
}

/**
 * The sources behind a header: those of its name and, in its folder, those that have no header of their own
 * and include it (room_playback.cpp is behind room.hpp). A program's main.cpp is behind nothing.
 */
function sourcesBehind(header, files) {
  const folder = posix.dirname(header);
  return [...files.keys()].filter((path) => {
    if (posix.dirname(path) !== folder || !path.endsWith('.cpp') || path.endsWith('/main.cpp')) return false;
    const own = path.replace(/\.cpp$/, '.hpp');
    return own === header || (!files.has(own) && references(path, files.get(path), files).includes(header));
  });
}

/** The sources that a test is named after, where the trees mirror each other: server_core_test.cpp, clock.test.ts. */
function namesakes(test, files) {
  const [, side, stem] = /^(server|client)\/tests\/(.*?)(?:_test\.cpp|\.test\.ts)$/.exec(test);
  const places = side === 'client' ? [`client/src/${stem}.ts`] : ['server/src', 'server'].flatMap((at) => [`${at}/${stem}.hpp`, `${at}/${stem}.cpp`]);
  return places.filter((at) => files.has(at));
}

/** Everything that the tests of server/tests and client/tests reach by name, #include or import. */
function reached(files) {
  const tests = [...files.keys()].filter((path) => /^(server|client)\/tests\/.*(_test\.cpp|\.test\.ts)$/.test(path));
  const open = [...tests, ...tests.flatMap((test) => namesakes(test, files))];
  const seen = new Set(open);
  for (const path of open) {
    const next = references(path, files.get(path), files);
    if (path.endsWith('.hpp')) next.push(...sourcesBehind(path, files));
    for (const at of next) if (!seen.has(at)) open.push(at), seen.add(at);
  }
  return seen;
}

/**
 * A source is tested if a test reaches it, however indirectly. For what only a whole process can show (entry points, wiring) the ratchet
 * names the suite or stage that does, for a file or for a folder (with a slash at its end): `"PATH": "SUITE: why"`.
 */
export function untested(files) {
  const found = [];
  const { untested: excused } = ratchet(files);
  const tested = reached(files);
  const needed = new Set();
  for (const [path, text] of files) {
    if (!/^(server\/(src|sim)\/.*\.(cpp|hpp)|client\/src\/.*\.ts)$/.test(path)) continue;
    if (tested.has(path) || path.endsWith('.d.ts') || text.includes('Generated from ')) continue;
    const excuses = Object.keys(excused).filter((at) => at === path || (at.endsWith('/') && path.startsWith(at)));
    for (const at of excuses) needed.add(at);
    if (!excuses.length) found.push(finding(path, 1, `no test reaches it, by name, #include or import; or give ${ratchetPath} the suite that shows it`));
  }
  for (const [path, reason] of Object.entries(excused)) {
    const [, suite] = /^(\S+): \S/.exec(reason) ?? [];
    if (!needed.has(path)) found.push(finding(ratchetPath, 1, `${path} is tested now, or gone: remove its entry`));
    else if (![...files.keys()].some((at) => at === suite || at.startsWith(`${suite}/`)))
      found.push(finding(ratchetPath, 1, `${path}: "${reason}" does not begin with a suite of this tree ("server/tests/conformance: why")`));
  }
  return found;
}

export function headers(files) {
  const found = [];
  for (const [path, text] of files)
    if (path.endsWith('.hpp') && !/^#pragma once$/m.test(text)) found.push(finding(path, 1, 'a header begins with #pragma once'));
  return found;
}
