// One test for each path of the server: one message takes no more instructions than its budget.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breach, measure, readBudgets, type Budgets } from './budgets.ts';

const budgets = await readBudgets();
const counts = await measure();

for (const path of new Set([...Object.keys(budgets.instructionsPerMessage), ...counts.keys()]))
  test(path, () => {
    const sentence = breach(path, counts, budgets);
    assert.ok(sentence === undefined, sentence);
  });

const example: Budgets = {
  compiler: 'a compiler',
  marginPercent: 10,
  instructionsPerMessage: { 'decode/ping': 1000 },
};

test('a path may grow by the margin and shrink', () => {
  for (const count of [1, 1000, 1100])
    assert.equal(breach('decode/ping', new Map([['decode/ping', count]]), example), undefined);
});

test('a path that grew beyond it is named, with how much it grew and how to renew its budget', () => {
  const sentence = breach('decode/ping', new Map([['decode/ping', 1151]]), example);
  assert.match(sentence ?? '', /^decode\/ping takes 1151 .* 15\.1 % more than the 1000 .*--renew/);
});

test('a path without a budget, or a budget without a path, does not pass', () => {
  assert.match(breach('new', new Map([['new', 1]]), example) ?? '', /new .* has no budget/);
  assert.match(breach('decode/ping', new Map(), example) ?? '', /No path is called decode\/ping/);
});
