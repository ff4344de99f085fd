// What runs inside each window besides the page: the recorder of the truth and, for the member whose
// clock is wrong, the wrong clock. One script, run before the page's own, so that the recorder holds
// the browser's true functions and the page never sees them.

/** How wrong the page's clocks are. */
export interface ClockFault {
  readonly offsetMs: number;
  readonly driftPpm: number;
}
export const noFault: ClockFault = { offsetMs: 0, driftPpm: 0 };

export interface ScriptOptions {
  readonly fault: ClockFault;
  /** Take requestVideoFrameCallback away from the page (not from the recorder). */
  readonly withoutFrameCallbacks: boolean;
}

/** Times are the page's true performance.now(), milliseconds. */
export interface PageRecording {
  /** One pair a frame: expected display time, media time (s). */
  readonly frames: [number, number][];
  readonly samples: Sample[];
  /** What happened, by name: clicks and keys of a person, events of the video. */
  readonly events: [number, string, number][];
  /** What the page may not have as it is, for the lab. */
  readonly trueNow: () => number;
  readonly video: () => HTMLVideoElement | null;
  readonly requestFrame: (
    video: HTMLVideoElement,
    run: (frame: VideoFrameCallbackMetadata) => void,
  ) => void;
}

/** The player and the engine as they said they were, every 50 ms. */
export interface Sample {
  readonly atMs: number;
  readonly currentTime: number;
  readonly rate: number;
  readonly paused: boolean;
  readonly seeking: boolean;
  readonly readyState: number;
  readonly hidden: boolean;
  readonly dropped: number;
  readonly decoded: number;
  readonly engine: {
    /** The server's time at atMs as this client believes. */
    readonly serverMs: number | null;
    readonly timeline: {
      positionSeconds: number;
      atMs: number;
      rate: number;
      playing: boolean;
    } | null;
    /** What the interface says about it. */
    readonly shown: string | null;
    readonly state: string;
    readonly startLatencyMs: number;
    readonly rendezvousMs: number;
  } | null;
}

/** Runs in the page: nothing but its argument is in scope. */
export function pageScript({ fault, withoutFrameCallbacks }: ScriptOptions): void {
  const trueNow = performance.now.bind(performance);
  const proto = HTMLVideoElement.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its video below
  const requestFrame = proto.requestVideoFrameCallback;

  if (fault.offsetMs !== 0 || fault.driftPpm !== 0) {
    const factor = 1 + fault.driftPpm / 1e6;
    const wrong = (ms: number): number => ms * factor;
    const origin = performance.timeOrigin;
    performance.now = () => wrong(trueNow());
    Object.defineProperty(performance, 'timeOrigin', { value: origin + fault.offsetMs });
    const TrueDate = Date;
    const wrongDate = (): number => Math.floor(origin + fault.offsetMs + wrong(trueNow()));
    globalThis.Date = new Proxy(TrueDate, {
      construct: (target, args: []) =>
        args.length === 0 ? new target(wrongDate()) : new target(...args),
      apply: () => new TrueDate(wrongDate()).toString(),
      get: (target, key) => (key === 'now' ? wrongDate : Reflect.get(target, key)),
    });
    const stamp = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp')?.get;
    Object.defineProperty(Event.prototype, 'timeStamp', {
      get(this: Event) {
        return wrong(stamp?.call(this) as number);
      },
    });
    const requestAnimation = globalThis.requestAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (run) => requestAnimation((at) => run(wrong(at)));
    proto.requestVideoFrameCallback = function (run) {
      return requestFrame.call(this, (at, frame) =>
        run(wrong(at), {
          ...frame,
          presentationTime: wrong(frame.presentationTime),
          expectedDisplayTime: wrong(frame.expectedDisplayTime),
        }),
      );
    };
  }
  if (withoutFrameCallbacks) {
    Reflect.deleteProperty(proto, 'requestVideoFrameCallback');
    Reflect.deleteProperty(proto, 'cancelVideoFrameCallback');
  }

  interface Debug {
    state: {
      sync: {
        state: string;
      };
    };
    engine: {
      serverNowMs: number | null;
      timeline: { positionSeconds: number; atMs: number; rate: number; playing: boolean } | null;
      startLatencyMs: number;
      rendezvousMs: number;
    };
  }
  const page = globalThis as unknown as { owpLab: PageRecording; owpDebug?: Debug };
  let video: HTMLVideoElement | null = null;
  const recording: PageRecording = {
    frames: [],
    samples: [],
    events: [],
    trueNow,
    video: () => video,
    requestFrame: (element, run) => requestFrame.call(element, (_, frame) => run(frame)),
  };
  page.owpLab = recording;

  const findIn = (root: Document | ShadowRoot, selector: string): HTMLElement | null => {
    const found = root.querySelector<HTMLElement>(selector);
    if (found) return found;
    for (const element of root.querySelectorAll('*')) {
      const inner = element.shadowRoot && findIn(element.shadowRoot, selector);
      if (inner) return inner;
    }
    return null;
  };
  let chip: HTMLElement | null = null;
  const watch = (element: HTMLVideoElement): void => {
    for (const name of [
      'play',
      'playing',
      'pause',
      'seeking',
      'seeked',
      'waiting',
      'ratechange',
      'error',
    ])
      element.addEventListener(name, () => {
        const value = name === 'ratechange' ? element.playbackRate : element.currentTime;
        recording.events.push([trueNow(), name, value]);
      });
    // Firefox before 132 has none: then currentTime has to do.
    if (typeof requestFrame !== 'function') return;
    const next = (): void => {
      requestFrame.call(element, (_, frame) => {
        recording.frames.push([frame.expectedDisplayTime, frame.mediaTime]);
        next();
      });
    };
    next();
  };
  for (const name of ['click', 'keydown'])
    addEventListener(name, () => recording.events.push([trueNow(), name, 0]), true);
  setInterval(() => {
    const found = video?.isConnected
      ? video
      : (findIn(document, 'video') as HTMLVideoElement | null);
    if (!found) return;
    if (found !== video) watch(found);
    video = found;
    if (!chip?.isConnected) chip = findIn(document, 'owp-sync');
    const debug = page.owpDebug;
    const quality = video.getVideoPlaybackQuality();
    // The two that are compared are read next to each other.
    const engine = debug?.engine;
    const atMs = trueNow();
    const serverMs = engine?.serverNowMs ?? null;
    const readMs = trueNow();
    const sync = debug?.state.sync;
    recording.samples.push({
      atMs: (atMs + readMs) / 2,
      currentTime: video.currentTime,
      rate: video.playbackRate,
      paused: video.paused,
      seeking: video.seeking,
      readyState: video.readyState,
      hidden: document.hidden,
      dropped: quality.droppedVideoFrames,
      decoded: quality.totalVideoFrames,
      engine: engine
        ? {
            serverMs,
            timeline: engine.timeline,
            shown: chip?.shadowRoot?.querySelector('button')?.textContent ?? null,
            state: sync?.state ?? 'none',
            startLatencyMs: engine.startLatencyMs,
            rendezvousMs: engine.rendezvousMs,
          }
        : null,
    });
  }, 50);
}
