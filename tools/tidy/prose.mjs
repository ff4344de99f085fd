// What no file may hold: leftovers, tests switched off, paths of somebody's machine, citations and links
// that lead nowhere.
import { posix } from 'node:path';
import { codeOnly, eachLine, finding, isCpp, isSource, isTypeScript } from './text.mjs';

const own = (path) => /^tools\/(tidy|tests)\//.test(path); // this file and its tests spell them out
const leftovers = [
  [/\b(TODO|FIXME|XXX|HACK)\b/, 'do it now, or open an issue'],
  [/(^|[\s"'`=(:])\/(work|root|home\/\w+|Users\/\w+)\//, 'a path of one machine'],
  [/^(<{7}|>{7}|={7})( |$)/, 'left over from a merge'],
];
const code = [
  [/\b(GTEST_SKIP|DISABLED_\w+)|\b(it|test|describe)\.(only|skip|todo)\b/, 'a test that does not run proves nothing: mend it or delete it'],
  [/@ts-(ignore|nocheck)\b/, 'use @ts-expect-error with a reason, or a better type'],
];

export function leftOver(files) {
  const found = [];
  const scan = (path, text, bans) =>
    eachLine(new Map([[path, text]]), () => true, (line, number) => {
      for (const [pattern, remedy] of bans) {
        const match = pattern.exec(line);
        if (match) found.push(finding(path, number, `"${match[0].trim()}": ${remedy}`));
      }
    });
  for (const [path, text] of files) {
    if (own(path) || !isSource(path)) continue;
    scan(path, text, leftovers);
    if (isCpp(path) || isTypeScript(path)) scan(path, codeOnly(text), code.slice(0, 1));
    if (isTypeScript(path)) scan(path, text, code.slice(1));
  }
  return found;
}

/** A check that is silenced says which and why: `NOLINT(check): why`, `eslint-disable rule -- why`. */
export function silencing(files) {
  const found = [];
  eachLine(files, (path) => (isCpp(path) || isTypeScript(path)) && isSource(path), (line, number, path) => {
    if (/\bNOLINT/.test(line) && !/\bNOLINT(NEXTLINE|BEGIN|END)?\([\w\-.,* ]+\)(: \S|$)/.test(line) || /\bNOLINT(NEXTLINE|BEGIN)?\([^)]*\)\s*$/.test(line))
      found.push(finding(path, number, 'NOLINT needs the check and the reason: NOLINT(check-name): why'));
    if (/eslint-disable/.test(line) && !/eslint-disable\S* \S.* -- \S/.test(line))
      found.push(finding(path, number, 'eslint-disable needs the rule and the reason: eslint-disable-next-line rule -- why'));
  });
  return found;
}

/** Rules of the protocol that are cited exist, and none is defined twice. */
export function ruleIds(files) {
  const found = [];
  const defined = new Map();
  eachLine(files, (path) => path === 'protocol/PROTOCOL.md', (line, number, path) => {
    for (const [, id] of line.matchAll(/\*\*(P-[A-Z0-9]+-\d+)\*\*/g)) {
      if (defined.has(id)) found.push(finding(path, number, `${id} is defined twice; ids are never re-used`));
      defined.set(id, number);
    }
  });
  eachLine(files, (path) => !own(path), (line, number, path) => {
    for (const [id] of line.matchAll(/\bP-[A-Z0-9]+-\d+\b/g))
      if (!defined.has(id)) found.push(finding(path, number, `${id} is no rule of protocol/PROTOCOL.md`));
  });
  return found;
}

/** The tests that a page of promises names (`Suite.Name`, or “a title”) are there. */
export function promises(files) {
  const found = [];
  const tests = [...files].filter(([path]) => /(^|\/)(tests|e2e|sync-lab)\//.test(path) && isSource(path)).map(([, text]) => text);
  const isTest = (...words) => tests.some((text) => words.every((word) => text.includes(word)));
  const isPage = (path) => /^docs\/.*(guarantees|promises|threat-model)\.md$/.test(path);
  eachLine(files, isPage, (line, number, path) => {
    for (const [name, suite, test] of line.matchAll(/`([A-Z]\w+)\.([A-Z]\w+)`/g))
      if (!isTest(suite, test)) found.push(finding(path, number, `there is no test ${name}`));
    for (const [name, title] of line.matchAll(/“([^”]+)”/g))
      if (!isTest(title)) found.push(finding(path, number, `there is no test ${name}`));
  });
  return found;
}

/** Relative links of the documentation lead to a file or a folder of this tree. */
export function links(files) {
  const found = [];
  const known = new Set(files.keys());
  for (const path of files.keys())
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) known.add(folder);
  eachLine(files, (path) => path.endsWith('.md') && isSource(path), (line, number, path) => {
    for (const [, image, target] of line.matchAll(/(!?)\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target) || image) continue; // pictures are binary: not in `files`
      const resolved = posix.normalize(posix.join(posix.dirname(path), target)).replace(/\/$/, '');
      if (resolved !== '.' && !known.has(resolved)) found.push(finding(path, number, `the link to ${target} leads nowhere`));
    }
  });
  return found;
}

export function whitespace(files) {
  const found = [];
  for (const [path, text] of files) {
    if (!isSource(path) || text === '') continue;
    if (!text.endsWith('\n')) found.push(finding(path, text.split('\n').length, 'the last line has no end'));
    eachLine(new Map([[path, text]]), () => true, (line, number) => {
      if (/[ \t\r]$/.test(line)) found.push(finding(path, number, 'white space at the end of the line'));
    });
  }
  return found;
}
