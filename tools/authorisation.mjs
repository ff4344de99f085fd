#!/usr/bin/env node
// protocol/authorisation.json as functions, and as the page that tools/generate-docs keeps.
//
//   node tools/authorisation.mjs    prints docs/developers/authorisation.md
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const table = JSON.parse(readFileSync(new URL('../protocol/authorisation.json', import.meta.url), 'utf8'));

/** The code that answers `{acts, dialects, standings, roles, rooms}`, "ok", or null: there is no such cell. */
export function answer(cell) {
  const fits = (rule) => Object.entries(rule).every(([column, names]) => column === 'code' || names.includes(cell[column]));
  return table.rules.find(fits).code;
}

/** Every dialect, standing, role and room that can be together. */
export function situations() {
  const found = [];
  for (const dialects of table.dialects)
    for (const standings of Object.keys(table.standings))
      for (const roles of Object.keys(table.roles))
        for (const rooms of Object.keys(table.rooms)) {
          const situation = { dialects, standings, roles, rooms };
          if (answer({ ...situation, acts: 'ping' }) !== null) found.push(situation);
        }
  return found;
}

// ---- the page ------------------------------------------------------------------------------------

const acts = Object.keys(table.acts);
const shown = (code) => (code === null ? '–' : code === 'ok' ? 'yes' : `\`${code}\``);

/** One answer, or the most frequent one and in which rooms another. */
function over(rooms, cell) {
  const answers = rooms.map((room) => [room, answer({ ...cell, rooms: room })]).filter(([, code]) => code !== null);
  if (!answers.length) return '–';
  const by = Map.groupBy(answers, ([, code]) => code);
  const [[usual], ...others] = [...by].sort(([, a], [, b]) => b.length - a.length);
  const except = others.map(([code, which]) => `${which.map(([room]) => room).join(', ')}: ${shown(code)}`);
  return [shown(usual), ...except].join('; ');
}

/** A Markdown table with its columns padded, as Prettier leaves it. */
function markdown(rows) {
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |\n`;
  return line(rows[0]) + line(widths.map((width) => '-'.repeat(width))) + rows.slice(1).map(line).join('');
}

function meanings(column) {
  return Object.entries(table[column]).map(([name, meaning]) => `- **${name}**: ${meaning}`).join('\n');
}

/** How a standing or dialect differs from a signed-in v2 connection, act by act. */
function difference(act, change) {
  const base = { acts: act, dialects: 'v2', standings: 'signed in' };
  const places = Object.keys(table.roles).flatMap((roles) => Object.keys(table.rooms).map((rooms) => ({ roles, rooms })));
  const pairs = places.map((place) => [answer({ ...base, ...place }), answer({ ...base, ...change, ...place })]).filter(([, code]) => code !== null);
  const codes = new Set(pairs.map(([, code]) => code));
  if (!pairs.length) return '–';
  if (pairs.every(([before, code]) => before === code)) return 'the same';
  if (codes.size === 1) return shown([...codes][0]);
  throw new Error(`authorisation.json: ${act} differs by place for ${JSON.stringify(change)}: the page has no column for that`);
}

function page() {
  const count = situations().reduce((sum, situation) => sum + acts.filter((act) => answer({ ...situation, acts: act }) !== null).length, 0);
  const rooms = Object.keys(table.rooms);
  const roles = Object.keys(table.roles);
  const changes = [
    ['open', { standings: 'open' }], ['unknown', { standings: 'unknown', dialects: 'v1' }], ['expired', { standings: 'expired' }],
    ['revoked', { standings: 'revoked' }], ['signed in, v1', { dialects: 'v1' }],
  ];
  return `<!-- Generated from protocol/authorisation.json by tools/generate-docs. Do not edit. -->

# Who may do what

Each act of a client, and the code that answers whoever may not. What is refused changes nothing and nobody else hears of it, but
that \`create_room\` and \`join_room\` leave the room one is in first (P-ROOM-4), unless the token has run out. Both machines and the
built server are driven through all ${count.toLocaleString('en')} cells
([the machines](../../server/tests/scenarios/authorisation_test.cpp), [over real sockets](../../server/tests/conformance/authorisation.test.ts)).
Limits that are not about who somebody is (rates, rooms of a user) are in [PROTOCOL.md](../../protocol/PROTOCOL.md), the codes in
[codes.md](codes.md).

## Words

Standing of a connection:

${meanings('standings')}

Role towards the room that the act names, or that the connection is in:

${meanings('roles')}

The room:

${meanings('rooms')}

## Signed in, v2

By role; where the room matters, the rooms of which it is not so come after.

${markdown([['act', ...roles], ...acts.map((act) => [`\`${act}\``, ...roles.map((role) => over(rooms, { acts: act, dialects: 'v2', standings: 'signed in', roles: role }))])])}
## Every other standing, and v1

Against the table above. \`SIGNED_OUT\` is the close code 4102: the connection ends when its token or user is revoked.

${markdown([['act', ...changes.map(([name]) => name)], ...acts.map((act) => [`\`${act}\``, ...changes.map(([, change]) => difference(act, change))])])}
## Which rules decide

- What a connection is part of stays when its token runs out: a film does not stop for a token. It enters nothing new until a fresh
  token has come (P-AUTH-3).
- Who is not in a room learns nothing of it, not even whether it is there: every act but \`join_room\` is \`NOT_IN_ROOM\`.
- A private room answers whoever brings no good ticket as if it were gone (P-INVITE-3).
- Whether a room plays, is paused or has a title decides nothing.
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(page());
