// How long the clients' clock filter takes for one exchange, its window full: it is TypeScript, and
// every client runs it every two to five seconds.
import { addSample, emptyClockFilter, type ClockFilter } from '../../client/src/sync/clock-filter.ts';

const exchanges = 128 + 2000;
let filter: ClockFilter = emptyClockFilter;
let begun = 0;
for (let i = 0; i < exchanges; i++) {
  if (i === 128) begun = performance.now();
  const sent = i * 900;
  const delay = 5 + ((i * 7919) % 13); // no two alike for a while, the same in every run
  filter = addSample(filter, {
    clientSendMs: sent,
    serverReceiveMs: 1e6 + sent + delay,
    serverTransmitMs: 1e6 + sent + delay,
    clientReceiveMs: sent + delay + 6,
  });
}
const each = (1000 * (performance.now() - begun)) / (exchanges - 128);
console.log(`clock filter: ${each.toFixed(1)} µs for one exchange, ${filter.samples.length} samples held`);
