import { expect, test } from 'vitest';
import { Cell } from '../../src/ui/store';

test('listeners hear of every change, and of nothing else', () => {
  const cell = new Cell(1);
  const heard: number[] = [];
  const stop = cell.subscribe(() => heard.push(cell.value));
  cell.set(2);
  cell.set(2);
  cell.set(3);
  stop();
  cell.set(4);
  expect(heard).toEqual([2, 3]);
  expect(cell.value).toBe(4);
});

test('a value that is no number is the same as itself', () => {
  const cell = new Cell(NaN);
  let heard = 0;
  cell.subscribe(() => heard++);
  cell.set(NaN);
  expect(heard).toBe(0);
});

test('who leaves while being told does not disturb the others', () => {
  const cell = new Cell(0);
  const heard: string[] = [];
  const stop = cell.subscribe(() => {
    heard.push('first');
    stop();
  });
  cell.subscribe(() => heard.push('second'));
  cell.set(1);
  cell.set(2);
  expect(heard).toEqual(['first', 'second', 'second']);
});

test('who comes while others are told hears from the next change on', () => {
  const cell = new Cell(0);
  const heard: number[] = [];
  cell.subscribe(() => {
    if (cell.value === 1) cell.subscribe(() => heard.push(cell.value));
  });
  cell.set(1);
  cell.set(2);
  expect(heard).toEqual([2]);
});
