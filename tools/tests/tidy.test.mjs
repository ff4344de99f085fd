// Every rule of tools/tidy is shown a tree that must fail and one that must pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependencies, folderReadmes, packagesListed } from '../tidy/dependencies.mjs';
import { leftOver, links, promises, ruleIds, silencing, whitespace } from '../tidy/prose.mjs';
import { purity } from '../tidy/purity.mjs';
import { fileLength, headers, untested } from '../tidy/shape.mjs';
import { codeOnly } from '../tidy/text.mjs';

const tree = (files) => new Map(Object.entries(files));
const cmake = `
owp_folder(protocol DIR src/protocol PACKAGES Boost::json)
owp_folder(core DIR src/core DEPS protocol)
owp_folder(sim DIR sim DEPS protocol core)
owp_folder(net DIR src/net DEPS protocol PACKAGES OpenSSL::SSL)
`;

function passes(rule, files) {
  assert.deepEqual(rule(tree(files)), []);
}
/** The rule must find exactly one thing, at this path and line, with a message that matches. */
function fails(rule, files, path, line, message) {
  const found = rule(tree(files));
  assert.equal(found.length, 1, JSON.stringify(found));
  assert.equal(`${found[0].path}:${found[0].line}`, `${path}:${line}`);
  assert.match(found[0].message, message);
}

test('a promise whose test is not there is found', () => {
  const page = (text) => ({ 'docs/operators/guarantees.md': `${text}\n`, 'server/tests/net/tls_test.cpp': 'TEST(Tls, Reloads) {}\n', 'client/e2e/party.test.ts': "test('two: chat')\n" });
  passes(promises, page('| reloads | `Tls.Reloads`, “two: chat” |'));
  fails(promises, page('| resumes | `Tls.Resumes` |'), 'docs/operators/guarantees.md', 1, /no test `Tls.Resumes`/);
  fails(promises, page('| sings | “two: song” |'), 'docs/operators/guarantees.md', 1, /no test “two: song”/);
});

test('a declared package that the page of dependencies lacks is found, in its version too', () => {
  const declared = (page) => ({
    'docs/developers/dependencies.md': page,
    'tools/apt-packages.txt': '# stage, package\nrun  libboost1.81-dev  sockets\n',
    'client/package.json': '{\n  "version": "0.1.0",\n  "dependencies": {\n    "lit": "3.3.3"\n  }\n}\n',
  });
  passes(packagesListed, declared('| libboost1.81-dev (Asio) | 1.81 |\n| lit, hls.js | 3.3.3, 1 |\n'));
  fails(packagesListed, declared('| lit | 3.3.3 |\n'), 'tools/apt-packages.txt', 2, /libboost1.81-dev is not in/);
  fails(packagesListed, declared('| libboost1.81-dev | 1.81 |\n| lit | 3.3.2 |\n'), 'client/package.json', 4, /3.3.3 is not in/);
});

test('an include outside of the declared dependencies is found', () => {
  const at = (path, include) => ({ 'server/CMakeLists.txt': cmake, [path]: `#pragma once\n${include}\n` });
  passes(dependencies, at('server/src/core/room.hpp', '#include "protocol/types.hpp"'));
  passes(dependencies, at('server/src/core/room.hpp', '#include "core/lead.hpp"'));
  passes(dependencies, at('server/src/net/server.hpp', '#include <boost/beast/core.hpp>'));
  fails(dependencies, at('server/src/core/room.hpp', '#include "net/server.hpp"'), 'server/src/core/room.hpp', 2, /may not depend on net/);
  fails(dependencies, at('server/src/protocol/types.hpp', '#include "core/room.hpp"'), 'server/src/protocol/types.hpp', 2, /may not depend on core/);
  fails(dependencies, at('server/sim/world.cpp', '#include <boost/beast/http.hpp>'), 'server/sim/world.cpp', 2, /Beast/);
  fails(dependencies, at('server/src/net/server.cpp', '#include <spdlog/spdlog.h>'), 'server/src/net/server.cpp', 2, /only app/);
});

test('a folder without a README, or with one that contradicts the build, is found', () => {
  const readme = (text) => ({
    'server/CMakeLists.txt': cmake,
    'server/src/core/room.cpp': '',
    ...(text && { 'server/src/core/README.md': text }),
  });
  passes(folderReadmes, readme('# core\n\nMay depend on: protocol/.\nMust not: do I/O.\n'));
  fails(folderReadmes, readme(), 'server/src/core/README.md', 1, /every folder/);
  fails(folderReadmes, readme('May depend on: protocol/, net/.\nMust not: x.\n'), 'server/src/core/README.md', 1, /CMakeLists/);
  fails(folderReadmes, readme('May depend on: protocol/.\n'), 'server/src/core/README.md', 1, /must not/);
});

test('impurity in the machines is found, and what to do instead is said', () => {
  const core = (code) => ({ 'server/src/core/room.cpp': `// a comment\n${code}\n` });
  const banned = [
    ['auto now = std::chrono::steady_clock::now();', /take the time/],
    ['std::this_thread::sleep_for(1s);', /wake_at/],
    ['std::mutex m;', /one thread/],
    ['std::thread t;', /one thread/],
    ['static thread_local int x;', /one thread/],
    ['boost::asio::io_context io;', /effect/],
    ['spdlog::info("x");', /only app/],
    ['std::cerr << 1;', /only app/],
    ['std::random_device rd;', /passed in/],
    ['#include <random>', /passed in/],
    ['#include <iostream>', /only app/],
    ['#include <mutex>', /one thread/],
    ['#include <sys/time.h>', /effect/],
  ];
  for (const [code, message] of banned) {
    fails(purity, core(code), 'server/src/core/room.cpp', 2, message);
    passes(purity, { 'server/src/app/main.cpp': code });
  }
  passes(purity, core('std::chrono::milliseconds lead{300}; // not a steady_clock'));
  passes(purity, core('auto text = "std::mutex"; auto raw = R"(std::mutex)"; int n = 1\'000;'));
  passes(purity, core('void on_time(ServerTime time); std::string readable_time(0);'));
});

test('impurity in client/src/sync is found', () => {
  const sync = (code) => ({ 'client/src/sync/clock.ts': code });
  for (const code of [
    'const now = Date.now();',
    'const now = performance.now();',
    'setTimeout(tick, 5);',
    'requestAnimationFrame(tick);',
    'const x = Math.random();',
    'console.log(1);',
    'window.x = 1;',
    'new WebSocket(url);',
  ]) {
    fails(purity, sync(code), 'client/src/sync/clock.ts', 1, /banned/);
    passes(purity, { 'client/src/hosts/page.ts': code });
  }
  passes(purity, sync('// Date.now() is the caller\'s\nexport const update = (nowMs: number) => nowMs;'));
});

test('comments and strings are no code', () => {
  assert.equal(codeOnly('a // b\nc /* d\ne */ f "g" h'), 'a     \nc     \n     f     h');
  assert.equal(codeOnly("x = 1'000'000; y = 'z';").trim(), "x = 1'000'000; y =    ;");
});

test('leftovers, machine paths and switched-off tests are found', () => {
  fails(leftOver, { 'server/src/net/a.cpp': '// TODO: more\n' }, 'server/src/net/a.cpp', 1, /open an issue/);
  fails(leftOver, { 'docs/a.md': 'see /home/me/x\n' }, 'docs/a.md', 1, /one machine/);
  fails(leftOver, { 'client/tests/a.test.ts': 'it.only("x", f);\n' }, 'client/tests/a.test.ts', 1, /proves nothing/);
  fails(leftOver, { 'server/tests/a_test.cpp': 'TEST(A, DISABLED_b) {}\n' }, 'server/tests/a_test.cpp', 1, /proves nothing/);
  fails(leftOver, { 'client/src/a.ts': '// @ts-ignore\n' }, 'client/src/a.ts', 1, /reason/);
  passes(leftOver, { 'docs/a.md': 'The framework: https://example.org/work/x. A todo list.\n' });
});

test('a check silenced without a reason is found', () => {
  const cpp = (line) => ({ 'server/src/net/a.cpp': `${line}\n` });
  fails(silencing, cpp('x(); // NOLINT'), 'server/src/net/a.cpp', 1, /reason/);
  fails(silencing, cpp('x(); // NOLINT(cert-err58-cpp)'), 'server/src/net/a.cpp', 1, /reason/);
  passes(silencing, cpp('x(); // NOLINT(cert-err58-cpp): cannot throw, see above'));
  fails(silencing, { 'client/src/a.ts': '// eslint-disable-next-line eqeqeq\n' }, 'client/src/a.ts', 1, /reason/);
  passes(silencing, { 'client/src/a.ts': '// eslint-disable-next-line eqeqeq -- null or undefined\n' });
});

test('a rule that does not exist or is defined twice is found', () => {
  const protocol = '- **P-V2-1** A client asks.\n';
  passes(ruleIds, { 'protocol/PROTOCOL.md': protocol, 'server/src/core/a.cpp': '// P-V2-1\n' });
  fails(ruleIds, { 'protocol/PROTOCOL.md': protocol, 'server/src/core/a.cpp': '// P-V2-9\n' }, 'server/src/core/a.cpp', 1, /no rule/);
  fails(ruleIds, { 'protocol/PROTOCOL.md': protocol + protocol }, 'protocol/PROTOCOL.md', 2, /twice/);
});

test('a link that leads nowhere is found', () => {
  passes(links, { 'docs/a.md': '[b](b.md#x) [up](../docs) [web](https://example.org)\n', 'docs/b.md': '' });
  fails(links, { 'docs/a.md': '\n[b](gone.md)\n' }, 'docs/a.md', 2, /nowhere/);
});

test('a long file is found, and an exception that is none any more', () => {
  const lines = (count) => 'x\n'.repeat(count);
  const ratchet = (long) => JSON.stringify({ long, untested: {} });
  const path = 'server/src/net/a.cpp';
  passes(fileLength, { [path]: lines(600) });
  fails(fileLength, { [path]: lines(601) }, path, 601, /two reasons/);
  passes(fileLength, { [path]: lines(700), 'tools/tidy/ratchet.json': ratchet({ [path]: 700 }) });
  fails(fileLength, { [path]: lines(650), 'tools/tidy/ratchet.json': ratchet({ [path]: 700 }) }, 'tools/tidy/ratchet.json', 1, /tighten/);
  passes(fileLength, { [path]: '// Generated from x\n' + lines(601) });
});

test('a source that no test reaches is found', () => {
  const source = 'server/src/core/lead.cpp';
  const test = (include) => ({ 'server/tests/core/room_test.cpp': `#include "${include}"\n` });
  const lead = { 'server/src/core/lead.hpp': '', [source]: '#include "core/lead.hpp"\n' };
  fails(untested, { [source]: '' }, source, 1, /no test reaches/);
  passes(untested, { [source]: '', 'server/tests/core/lead_test.cpp': '' }); // by name
  fails(untested, { [source]: '', 'server/tests/edge/lead_test.cpp': '' }, source, 1, /no test reaches/);
  passes(untested, { ...lead, ...test('core/lead.hpp') });
  fails(untested, { ...lead, 'server/src/core/other.cpp': '', ...test('core/lead.hpp') }, 'server/src/core/other.cpp', 1, /no test reaches/);
  // Through a header, through the source behind a header, and several sources behind one.
  passes(untested, { ...lead, 'server/src/core/room.hpp': '#include "core/lead.hpp"\n', ...test('core/room.hpp') });
  passes(untested, { ...lead, 'server/src/core/room.hpp': '', 'server/src/core/room.cpp': '#include "core/lead.hpp"\n', ...test('core/room.hpp') });
  passes(untested, { 'server/src/core/room.hpp': '', 'server/src/core/room_playback.cpp': '#include "core/room.hpp"\n', ...test('core/room.hpp') });
  fails(untested, { 'server/sim/runner.hpp': '', 'server/sim/main.cpp': '#include "sim/runner.hpp"\n', ...test('sim/runner.hpp') }, 'server/sim/main.cpp', 1, /no test/);
  // The same for the client.
  const clock = 'client/src/sync/clock.ts';
  fails(untested, { [clock]: '' }, clock, 1, /no test reaches/);
  fails(untested, { [clock]: '', 'client/tests/sync/world.ts': "import '../../src/sync/clock.ts';\n" }, clock, 1, /no test reaches/); // a helper is no test
  passes(untested, { [clock]: '', 'client/tests/sync/filter.test.ts': "import { a } from '../../src/sync/clock';\n" });
  passes(untested, { [clock]: '', 'client/tests/sync/clock.test.ts': '' });
  passes(untested, {
    [clock]: '',
    'client/tests/sim/world.ts': "import {\n  a,\n} from '../../src/sync/clock.ts';\n",
    'client/tests/sim/party.test.ts': "const world = await import('./world.ts');\n",
  });
});

test('an excuse for an untested source names a suite that is there, and goes when it is not needed', () => {
  const source = 'client/src/hosts/page.ts';
  const ratchet = (untested) => ({ 'tools/tidy/ratchet.json': JSON.stringify({ long: {}, untested }) });
  const suite = { 'client/e2e/party.ts': '' };
  const why = 'client/e2e: an entry point, seen in a browser';
  passes(untested, { [source]: '', ...suite, ...ratchet({ [source]: why }) });
  passes(untested, { [source]: '', ...suite, ...ratchet({ 'client/src/hosts/': why }) });
  fails(untested, { [source]: '', ...suite, ...ratchet({ 'client/src/host': why, [source]: why }) }, 'tools/tidy/ratchet.json', 1, /remove its entry/);
  fails(untested, { [source]: '', ...ratchet({ [source]: why }) }, 'tools/tidy/ratchet.json', 1, /suite of this tree/);
  fails(untested, { [source]: '', ...suite, ...ratchet({ [source]: 'later' }) }, 'tools/tidy/ratchet.json', 1, /suite of this tree/);
  const test = { 'client/tests/hosts/page.test.ts': "import '../../src/hosts/page.ts';\n" };
  fails(untested, { [source]: '', ...suite, ...test, ...ratchet({ 'client/src/hosts/': why }) }, 'tools/tidy/ratchet.json', 1, /remove its entry/);
});

test('a header without its guard, white space and a missing end of line are found', () => {
  fails(headers, { 'server/src/core/a.hpp': 'struct A;\n' }, 'server/src/core/a.hpp', 1, /pragma/);
  fails(whitespace, { 'docs/a.md': 'a \n' }, 'docs/a.md', 1, /white space/);
  fails(whitespace, { 'docs/a.md': 'a' }, 'docs/a.md', 1, /no end/);
});
