// Small files with one reason, and no source without a test. Both are ratchets: tools/tidy/ratchet.json
// lists the exceptions with their reason, an exception that is no longer one has to go from the list.
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

/**
 * A source is tested if a test is named after it or includes it. Entry points and declarations that hold
 * nothing to run are listed in the ratchet with the reason.
 */
export function untested(files) {
  const found = [];
  const { untested: excused } = ratchet(files);
  const tests = [...files].filter(([path]) => /^(server|client)\/(tests|e2e)\//.test(path));
  const includes = tests.map(([, text]) => text).join('\n');

  const isTested = (path) => {
    const [, side, folder, stem] = /^(server|client)\/(?:src\/)?(?:(.*)\/)?([^/]+)\.\w+$/.exec(path);
    if (side === 'server') {
      const testedHeader = (header) => includes.includes(`#include "${header}"`);
      if (tests.some(([test]) => test.startsWith(`server/tests/${folder}/${stem}_`))) return true;
      if (files.has(path.replace(/\.cpp$/, '.hpp'))) return testedHeader(`${folder}/${stem}.hpp`);
      // One of several sources behind a header (room_playback.cpp): tested if a test uses that header.
      return [...files.get(path).matchAll(/#include "([^"]+)"/g)].some(([, header]) => header.startsWith(`${folder}/`) && testedHeader(header));
    }
    const module = `/src/${folder ? `${folder}/` : ''}${stem}.`;
    return tests.some(([test]) => test.startsWith(`client/tests/${folder}/${stem}.`)) || includes.includes(module);
  };
  const sources = [...files].filter(
    ([path, text]) =>
      /^(server\/(src|sim)\/.*\.(cpp|hpp)|client\/src\/.*\.ts)$/.test(path) &&
      !path.endsWith('.d.ts') &&
      !text.includes('Generated from '),
  );
  for (const [path] of sources) {
    const tested = isTested(path);
    if (!tested && !(path in excused)) found.push(finding(path, 1, `has no test, neither by name nor by #include or import; or give ${ratchetPath} the reason`));
    if (tested && path in excused) found.push(finding(ratchetPath, 1, `${path} is tested now: remove its entry`));
  }
  for (const path of Object.keys(excused)) if (!files.has(path)) found.push(finding(ratchetPath, 1, `${path} is gone: remove its entry`));
  return found;
}

export function headers(files) {
  const found = [];
  for (const [path, text] of files)
    if (path.endsWith('.hpp') && !/^#pragma once$/m.test(text)) found.push(finding(path, 1, 'a header begins with #pragma once'));
  return found;
}
