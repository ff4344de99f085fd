#!/usr/bin/env node
// The house rules that a program can check, as a test: tools/tidy.mjs exits 1 and names file, line and
// remedy for each breach. A rule is a pure function from all files (path → text) to its findings, so
// tools/tests can show each of them a file that must fail.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { check } from './tidy/check.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Every text file that is or may be committed, generated ones and locks left out. */
function readTree() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--deduplicate', '-z'], { cwd: root });
  const files = new Map();
  for (const path of listed.toString().split('\0').filter(Boolean)) {
    if (path.endsWith('package-lock.json')) continue;
    let bytes;
    try {
      bytes = readFileSync(root + path);
    } catch {
      continue; // deleted, but not yet from the index; or a broken link, which no rule is about
    }
    if (!bytes.includes(0)) files.set(path, bytes.toString('utf8'));
  }
  return files;
}

const files = readTree();
const findings = check(files);
for (const { path, line, message } of findings) console.log(`${path}:${line}: ${message}`);
console.log(`tidy: ${files.size} files, ${findings.length} findings`);
process.exitCode = findings.length ? 1 : 0;
