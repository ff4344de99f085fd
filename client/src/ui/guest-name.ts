// A friendly name for who has not given one, so that one click is enough to join.

const moods = [
  'Amber',
  'Brave',
  'Calm',
  'Clever',
  'Cosy',
  'Curious',
  'Gentle',
  'Jolly',
  'Lucky',
  'Merry',
  'Quiet',
  'Sunny',
  'Swift',
  'Velvet',
] as const;
const animals = [
  'Badger',
  'Falcon',
  'Finch',
  'Fox',
  'Heron',
  'Lynx',
  'Marten',
  'Otter',
  'Owl',
  'Puffin',
  'Robin',
  'Seal',
  'Swallow',
  'Wren',
] as const;

/** @param random 0 up to (not including) 1. */
export function makeGuestName(random: () => number): string {
  return `${pick(moods, random)} ${pick(animals, random)}`;
}

function pick<T>(from: readonly [T, ...T[]], random: () => number): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}
