// Beeps by the browser's loudspeaker, timed by the sample, with the film silenced meanwhile.
import type { Beeps } from '../ui/environment';

const TONE_HZ = 1_000;
const BEEP_SECONDS = 0.06;
/** Short enough to be heard as an edge, long enough not to click. */
const RAMP_SECONDS = 0.002;
const LOUDNESS = 0.4;
const LEAD_SECONDS = 1;

/** @param film is silent until the beeps stop. Rejects where the browser plays no sound. */
export async function startBeeps(periodMs: number, film: HTMLMediaElement | null): Promise<Beeps> {
  const context = new AudioContext();
  await context.resume();
  const source = context.createBufferSource();
  source.buffer = oneBeep(context, periodMs);
  source.loop = true;
  source.connect(context.destination);
  const startSeconds = context.currentTime + LEAD_SECONDS;
  source.start(startSeconds);

  const muted = film?.muted;
  if (film) film.muted = true;
  return {
    firstBeatMs: () => {
      // When the sample leaves, as far as the browser knows; what comes after is to be measured.
      const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
      return performanceTime + (startSeconds - contextTime) * 1_000;
    },
    stop: () => {
      if (film && muted !== undefined) film.muted = muted;
      void context.close();
    },
  };
}

function oneBeep(context: AudioContext, periodMs: number): AudioBuffer {
  const { sampleRate } = context;
  const buffer = context.createBuffer(1, Math.round((periodMs / 1_000) * sampleRate), sampleRate);
  const samples = buffer.getChannelData(0);
  const length = Math.round(BEEP_SECONDS * sampleRate);
  const ramp = RAMP_SECONDS * sampleRate;
  for (let at = 0; at < length; ++at) {
    const swell = Math.min(1, at / ramp, (length - at) / ramp);
    samples[at] = LOUDNESS * swell * Math.sin((2 * Math.PI * TONE_HZ * at) / sampleRate);
  }
  return buffer;
}
