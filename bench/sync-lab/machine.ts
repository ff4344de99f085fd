// What the machine was about during a run: figures of a busy machine are the machine's.
import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';

export interface Load {
  readonly cpu: string;
  readonly cores: number;
  /** Of all CPU time: used by anybody, and taken by the host of a virtual machine. */
  readonly busyShare: number;
  readonly stolenShare: number;
  readonly loadAverage: number;
}

interface Ticks {
  readonly total: number;
  readonly idle: number;
  readonly stolen: number;
  since(before: Ticks): Load;
}

export async function readLoad(): Promise<Ticks> {
  const line = (await readFile('/proc/stat', 'utf8')).split('\n')[0] ?? '';
  const fields = line.split(/\s+/).slice(1, 9).map(Number);
  const ticks = {
    total: fields.reduce((sum, value) => sum + value, 0),
    idle: (fields[3] ?? 0) + (fields[4] ?? 0),
    stolen: fields[7] ?? 0,
  };
  return {
    ...ticks,
    since(before) {
      const passed = Math.max(1, ticks.total - before.total);
      return {
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        busyShare: 1 - (ticks.idle - before.idle) / passed,
        stolenShare: (ticks.stolen - before.stolen) / passed,
        loadAverage: loadavg()[0] ?? NaN,
      };
    },
  };
}
