// The lab's film: as light to decode as pictures can be, so that several browsers on few cores drop
// no frame, and yet told apart by eye, program and ear.
//
// Frame number: twenty blocks of 30x30 across the top, a white and a black guard, sixteen bits (most
// significant first, white is 1), a black and a white guard; the code of tools/make-clip. Sound: a
// beep of 80 ms at every whole second, which sweeps upwards, so that a correlation has one peak.
//
// 25.19 frames a second on purpose: at 60 Hz a frame lasts 2.382 refreshes, nearly the golden ratio's
// fraction, so frames meet the refresh at evenly spread phases and their average tells the position
// between frames (truth.ts). At 24 they would meet it at two phases, and the position would stay
// unknown by 4 ms.
//
// Filled up to 2 Mbit/s with nothing, so that the browser does not hold the whole film at once and a
// member can be starved.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';

export const title = 'Sync lab';
export const framesPerSecond = 25.19;
export const clipSeconds = 300;
export const blocks = {
  first: 20,
  count: 20,
  size: 30,
  top: 20,
  width: 640,
  height: 360,
} as const;

export const clipDescription = `clip ${blocks.width}x${blocks.height}, ${framesPerSecond} frames a second`;

/** Makes the film below `below` if it is not there; answers the folder that it is alone in. */
export async function makeClip(below: string): Promise<string> {
  const folder = join(below, `film-${framesPerSecond}`);
  const file = join(folder, `${title}.mp4`);
  if (existsSync(file)) return folder;
  await mkdir(folder, { recursive: true });
  const bit = '255*mod(floor(N/pow(2\\,17-X))\\,2)';
  const code = `if(eq(X\\,0)+eq(X\\,19)\\,255\\,if(eq(X\\,1)+eq(X\\,18)\\,0\\,${bit}))`;
  const common = `r=2519/100:d=${clipSeconds}`;
  const picture =
    `color=0x182038:s=${blocks.width}x${blocks.height}:${common},format=yuv420p[ground];` +
    `color=black:s=20x1:${common},format=yuv444p,geq=lum='${code}':cb=128:cr=128,` +
    `scale=600:30:flags=neighbor,format=yuv420p[code];` +
    `[ground][code]overlay=x=${blocks.first}:y=${blocks.top}[v]`;
  const at = 'mod(t\\,1)';
  const sweep = `sin(2*PI*(500*${at}+12500*${at}*${at}))`;
  const sound = `aevalsrc='if(lt(${at}\\,0.08)\\,0.4*${sweep}\\,0)':s=48000:d=${clipSeconds}[a]`;
  const half = join(folder, '.half.mp4');
  const options =
    '-c:v libx264 -preset veryfast -tune fastdecode -g 50 -keyint_min 50 -sc_threshold 0 ' +
    '-b:v 2M -minrate 2M -maxrate 2M -bufsize 2M -x264-params nal-hrd=cbr ' +
    '-c:a aac -b:a 96k -movflags +faststart';
  await run('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-y', '-filter_complex', `${picture};${sound}`],
    ...['-map', '[v]', '-map', '[a]', '-t', `${clipSeconds}`, ...options.split(' '), half],
  ]);
  // The same as HLS, which the page plays with `?hls`.
  const parts = join(folder, title);
  await mkdir(parts, { recursive: true });
  await run('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-y', '-i', half, '-c', 'copy', '-f', 'hls', '-hls_time', '4'],
    ...['-hls_playlist_type', 'vod', '-hls_base_url', `${encodeURIComponent(title)}/`],
    ...['-hls_segment_filename', join(parts, 'segment%03d.ts'), join(folder, `${title}.m3u8`)],
  ]);
  await rename(half, file); // last: its presence says that the rest is complete
  return folder;
}

async function run(program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}
