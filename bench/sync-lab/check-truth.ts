// Two witnesses against the lab's truth, which comes from what the browser says of its frames.
//
// Pixels. In the page each frame is drawn to a canvas as it is shown and its number read from the
// picture: it must be the frame that the media time names. And screenshots, taken from outside at a
// known time, must show a frame that was on the display then.
//
// Sound. What each window plays is recorded (Web Audio) for some seconds, on the machine's time; the beeps are found by correlation with the sweep that they are. How far the picture
// is past the whole second when its beep sounds is the lag of picture and sound in this browser: if it
// is the same in all windows, then offsets between pictures are offsets between sounds.
import { blocks, framesPerSecond } from './clip.ts';
import type { Member } from './member.ts';
import { percentile } from './metrics.ts';
import type { PageRecording } from './page-script.ts';
import { machineNowMs } from './server-clock.ts';
import { placeAt, runsOf } from './truth.ts';

export interface TruthCheck {
  /** Frames drawn in the pages, and those whose pixels named another frame than the browser did. */
  readonly framesRead: number;
  readonly framesWrong: number;
  /** Screenshots that were read, and the furthest that one was beside what the frames say. */
  readonly screenshots: number;
  readonly screenshotWorstMs: number | null;
  /** Beeps found; picture minus recorded sound of each window (the delay of the recorder, alike for
   * all, is in it), and how far its beeps stray (p95). */
  readonly beeps: number;
  readonly soundLagMs: readonly number[];
  readonly soundStrayP95Ms: number | null;
  /** Largest difference between the windows' lags: sound and picture disagree about offsets by this. */
  readonly soundAgainstPictureMs: number | null;
}

const frameCount = 60;
const screenshotCount = 8;
const soundMs = 12_000;

/** The party must be playing and at rest with itself. Takes some 25 s. */
export async function checkTruth(members: readonly Member[]): Promise<TruthCheck> {
  let [framesRead, framesWrong] = [0, 0];
  for (const { puppet } of members) {
    const read = await puppet.page.evaluate(readFrames, frameCount, blocks);
    framesRead += read.length;
    framesWrong += read.filter(
      ({ number, mediaSeconds }) => number !== Math.round(mediaSeconds * framesPerSecond),
    ).length;
  }
  const shots: { member: Member; number: number; fromMs: number; toMs: number }[] = [];
  for (let i = 0; i < screenshotCount; i++)
    for (const member of members) {
      const fromMs = machineNowMs();
      const png = await member.puppet.page.screenshot({
        encoding: 'base64',
        captureBeyondViewport: false,
      });
      const toMs = machineNowMs();
      const number = await member.puppet.page.evaluate(readScreenshot, png, blocks);
      if (number !== null) shots.push({ member, number, fromMs, toMs });
    }
  const sounds = await Promise.all(
    members.map(({ puppet }) => puppet.page.evaluate(recordSound, soundMs)),
  );
  for (const member of members) await member.collect();

  const beside = shots.map(({ member, number, fromMs, toMs }) => {
    const { frames } = member.recording;
    const index = frames.findLastIndex(
      ({ mediaSeconds }) => Math.round(mediaSeconds * framesPerSecond) === number,
    );
    const [shown, next] = [frames[index], frames[index + 1]];
    if (!shown || !next) return Infinity;
    return Math.max(0, shown.atMs - toMs, fromMs - next.atMs);
  });

  let beeps = 0;
  const strays: number[] = [];
  const lags: number[] = [];
  for (const [index, member] of members.entries()) {
    const sound = sounds[index];
    if (!sound) continue;
    const runs = runsOf(member.recording.frames);
    const { zeroMs } = await member.pageZero();
    const own = beepsIn(decode(sound.samples), sound.sampleRate).flatMap((second) => {
      const place = placeAt(runs, zeroMs + sound.startMs + second * 1000);
      return place ? [1000 * (place.seconds - Math.round(place.seconds))] : [];
    });
    const lag = percentile(own, 0.5);
    if (lag === null) continue;
    beeps += own.length;
    lags.push(lag);
    strays.push(...own.map((value) => Math.abs(value - lag)));
  }
  return {
    framesRead,
    framesWrong,
    screenshots: shots.length,
    screenshotWorstMs: percentile(beside, 1),
    beeps,
    soundLagMs: lags,
    soundStrayP95Ms: percentile(strays, 0.95),
    soundAgainstPictureMs: lags.length < 2 ? null : Math.max(...lags) - Math.min(...lags),
  };
}

type Blocks = typeof blocks;

/** Runs in the page: the numbers in the next `count` frames, beside the media times. */
async function readFrames(
  count: number,
  { first, count: bits, size, top, width, height }: Blocks,
): Promise<{ number: number; mediaSeconds: number }[]> {
  const { owpLab } = globalThis as unknown as { owpLab: PageRecording };
  const element = owpLab.video();
  if (!element) return [];
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return [];
  const read: { number: number; mediaSeconds: number }[] = [];
  while (read.length < count) {
    const mediaSeconds = await new Promise<number>((resolve) =>
      owpLab.requestFrame(element, (frame) => resolve(frame.mediaTime)),
    );
    pen.drawImage(element, 0, 0, width, height);
    const row = pen.getImageData(0, top + size / 2, width, 1).data;
    let number = 0;
    for (let bit = 2; bit < bits - 2; bit++)
      number = 2 * number + ((row[4 * (first + (bit + 0.5) * size)] ?? 0) > 128 ? 1 : 0);
    read.push({ number, mediaSeconds });
  }
  return read;
}

/** Runs in the page: the frame number in a screenshot of it; null where the guards are not seen. */
async function readScreenshot(
  base64: string,
  { first, count: bits, size, top, width }: Blocks,
): Promise<number | null> {
  const { owpLab } = globalThis as unknown as { owpLab: PageRecording };
  const box = owpLab.video()?.getBoundingClientRect();
  if (!box) return null;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  if (!pen) return null;
  pen.drawImage(bitmap, 0, 0);
  const scale = box.width / width;
  const isWhite = (block: number): boolean => {
    const x = box.x + scale * (first + (block + 0.5) * size);
    const y = box.y + scale * (top + size / 2);
    return (pen.getImageData(Math.round(x), Math.round(y), 1, 1).data[0] ?? 0) > 128;
  };
  if (!isWhite(0) || isWhite(1) || isWhite(bits - 2) || !isWhite(bits - 1)) return null;
  let number = 0;
  for (let block = 2; block < bits - 2; block++) number = 2 * number + (isWhite(block) ? 1 : 0);
  return number;
}

/** Runs in the page: what it plays, as 16-bit samples, and when the first of them sounded. */
async function recordSound(
  ms: number,
): Promise<{ samples: string; sampleRate: number; startMs: number } | null> {
  const { owpLab } = globalThis as unknown as { owpLab: PageRecording };
  const video = owpLab.video();
  if (!video) return null;
  const context = new AudioContext({ sampleRate: 48_000 });
  // Takes the sound out of the element and plays it on: the element comes to rest again meanwhile.
  const source = context.createMediaElementSource(video);
  // Deprecated for its latency, which is no matter here; its successor wants a module, which the
  // page's policy does not let in. Long pieces, as a busy page is late to fetch them.
  const recorder = context.createScriptProcessor(16_384, 1, 1);
  source.connect(recorder).connect(context.destination);
  source.connect(context.destination);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  const pieces: { atSeconds: number; samples: Int16Array }[] = [];
  const offsets: number[] = [];
  recorder.onaudioprocess = ({ inputBuffer, playbackTime }) => {
    const samples = Int16Array.from(inputBuffer.getChannelData(0), (value) => value * 32_767);
    pieces.push({ atSeconds: playbackTime, samples });
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    if (contextTime > 0) offsets.push(performanceTime - 1000 * contextTime);
  };
  await new Promise((resolve) => setTimeout(resolve, ms));
  recorder.onaudioprocess = null;
  offsets.sort((a, b) => a - b);
  const offset = offsets[offsets.length >> 1];
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last || offset === undefined) return null;
  // Each piece at its own time: where one was missed there is silence, and no shift.
  const place = (seconds: number): number =>
    Math.round((seconds - first.atSeconds) * context.sampleRate);
  const whole = new Int16Array(place(last.atSeconds) + last.samples.length);
  for (const { atSeconds, samples } of pieces) whole.set(samples, place(atSeconds));
  const bytes = new Uint8Array(whole.buffer);
  let letters = '';
  for (let at = 0; at < bytes.length; at += 8_192)
    letters += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return {
    samples: btoa(letters),
    sampleRate: context.sampleRate,
    startMs: offset + 1000 * first.atSeconds,
  };
}

function decode(base64: string): Int16Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Seconds into the recording at which a beep begins. The sweep of clip.ts reaches 2.5 kHz, so every
 * fourth sample is enough. */
function beepsIn(samples: Int16Array, sampleRate: number): number[] {
  const step = 4;
  const rate = sampleRate / step;
  const sound = Float32Array.from({ length: Math.floor(samples.length / step) }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < step; j++) sum += samples[i * step + j] ?? 0;
    return sum / step;
  });
  const beep = Float32Array.from({ length: Math.round(0.08 * rate) }, (_, i) =>
    Math.sin(2 * Math.PI * (500 * (i / rate) + 12_500 * (i / rate) ** 2)),
  );
  const match = new Float32Array(Math.max(0, sound.length - beep.length));
  for (let at = 0; at < match.length; at++) {
    let sum = 0;
    for (let i = 0; i < beep.length; i++) sum += (beep[i] ?? 0) * (sound[at + i] ?? 0);
    match[at] = sum;
  }
  const highest = match.reduce((a, b) => Math.max(a, b), 0);
  const found: number[] = [];
  for (let at = 1; at < match.length - 1; at++) {
    const [before, here, after] = [match[at - 1] ?? 0, match[at] ?? 0, match[at + 1] ?? 0];
    if (here < 0.7 * highest || here < before || here < after) continue;
    const last = found.at(-1);
    const peak = (at + (before - after) / (2 * (before - 2 * here + after))) / rate;
    if (last === undefined || peak - last > 0.5) found.push(peak);
  }
  return found;
}
