// The truth about a window: which frame it showed when. Recorded in the page from
// requestVideoFrameCallback, on the machine's clock (timeOrigin + now), which all windows share.
import type { Page } from 'playwright-core';

export interface Frame {
  /** Expected display time, milliseconds since the epoch. */
  readonly atMs: number;
  /** Media time of the frame, seconds. */
  readonly mediaSeconds: number;
}

/** Call before the page is opened: from then on it keeps its last 60 s of frames. */
export async function recordFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const frames: { atMs: number; mediaSeconds: number }[] = [];
    (globalThis as unknown as { owpTestFrames: typeof frames }).owpTestFrames = frames;
    const seen = new WeakSet<HTMLVideoElement>();
    const videos = (root: Document | ShadowRoot): HTMLVideoElement[] => [
      ...root.querySelectorAll('video'),
      ...[...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? videos(e.shadowRoot) : [])),
    ];
    const record = (video: HTMLVideoElement): void => {
      video.requestVideoFrameCallback((_, frame) => {
        frames.push({
          atMs: performance.timeOrigin + frame.expectedDisplayTime,
          mediaSeconds: frame.mediaTime,
        });
        if (frames.length > 1_800) frames.splice(0, 300);
        record(video);
      });
    };
    setInterval(() => {
      for (const video of videos(document)) {
        if (seen.has(video)) continue;
        seen.add(video);
        record(video);
      }
    }, 100);
  });
}

export async function framesOf(page: Page): Promise<Frame[]> {
  return page.evaluate(() => (globalThis as unknown as { owpTestFrames: Frame[] }).owpTestFrames);
}

/** Where the picture was at `atMs`, between the two frames around it; undefined if none is near. */
export function positionAt(frames: readonly Frame[], atMs: number): number | undefined {
  const next = frames.findIndex((frame) => frame.atMs >= atMs);
  const [before, after] = [frames[next - 1], frames[next]];
  if (!before || !after || after.atMs - before.atMs > 200) return undefined;
  const part = (atMs - before.atMs) / (after.atMs - before.atMs);
  return before.mediaSeconds + part * (after.mediaSeconds - before.mediaSeconds);
}

/** Offsets in milliseconds between the windows (largest minus smallest position) every 50 ms from
 * `fromMs` to `toMs`, as far as every window showed frames then. */
export function offsetsBetween(
  windows: readonly Frame[][],
  fromMs: number,
  toMs: number,
): number[] {
  const offsets: number[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += 50) {
    const positions = windows.map((frames) => positionAt(frames, atMs));
    if (positions.some((position) => position === undefined)) continue;
    const known = positions as number[];
    offsets.push((Math.max(...known) - Math.min(...known)) * 1000);
  }
  return offsets;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
