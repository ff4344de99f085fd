// Numbers and lists as people read them. Pure.
import type { SyncReading } from '../session/party-state';
import { strings } from './strings';

/** `1:05`, `1:02:03`; what is not a finite number reads `0:00`. */
export function formatTime(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** An offset without the digits that its uncertainty leaves unknown. */
export function asKnown(offsetMs: number, uncertaintyMs: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, uncertaintyMs)));
  return Math.round(offsetMs / step) * step;
}

/** `+12 ms`, `−250 ms`, `0 ms`, `+1.3 s`: ahead is positive. */
export function formatOffset(offsetMs: number): string {
  const rounded = Math.round(offsetMs);
  const sign = rounded > 0 ? '+' : rounded < 0 ? '−' : '';
  const size = Math.abs(rounded);
  return size < 1000 ? `${sign}${size} ms` : `${sign}${(size / 1000).toFixed(1)} s`;
}

/** The same in words, for those who hear it. */
export function spokenOffset(offsetMs: number): string {
  const rounded = Math.round(offsetMs);
  if (rounded === 0) return strings.exact;
  return rounded > 0 ? strings.ahead(rounded) : strings.behind(-rounded);
}

/** An uncertainty: never rounds down to a certainty that is not there. */
export function formatUncertainty(ms: number): string {
  return `± ${Math.max(1, Math.ceil(ms))} ms`;
}

/** How many names a banner spells out before it counts the rest. */
const namesSpelledOut = 3;

/** `Ada`, `Ada and Bob`, `Ada, Bob and Cleo`, `Ada, Bob, Cleo and 4 more`. */
export function joinNames(names: readonly string[]): string {
  const shown = names.slice(0, namesSpelledOut);
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, strings.others(rest)] : shown;
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : strings.and(parts.slice(0, -1).join(', '), last);
}

export type Tone = 'good' | 'busy' | 'quiet';

export interface SyncSummary {
  readonly tone: Tone;
  readonly label: string;
}

/** What the sync indicator says: one of a handful of words and how worried to look. */
export function summarizeSync(sync: SyncReading): SyncSummary {
  switch (sync.state) {
    case 'idle':
      return { tone: 'quiet', label: strings.sync.idle };
    case 'settling':
      return { tone: 'busy', label: strings.sync.settling };
    case 'in-step':
      return { tone: 'good', label: strings.sync.inStep };
    case 'correcting':
      return {
        tone: 'busy',
        label: sync.rate < 1 ? strings.sync.easing : strings.sync.correcting,
      };
    case 'seeking':
      return { tone: 'busy', label: strings.sync.seeking };
    case 'buffering':
      return { tone: 'busy', label: strings.sync.buffering };
  }
}

/** Whole seconds until a moment, at least 0; a started second counts. */
export function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}

/** Length as the wire counts it: code points, not UTF-16 units. */
export function codePoints(text: string): number {
  return Array.from(text).length;
}

/** A hue, 0 to 359, that an id always gets: its poster's colour. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return hash;
}

/** Up to two initials for an avatar. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toLocaleUpperCase() ?? '')
    .join('');
}
