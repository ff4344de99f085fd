// Gives a video element its medium: a file as it is, an HLS playlist through hls.js, and by the
// browser itself where there are no media sources (iPhones). Not the other way round: Chromium
// says that it may play HLS and then fails with some streams (hls.js, README).
import Hls from 'hls.js';

export interface Source {
  readonly isHls: boolean;
  /** Lets go of the medium; the element is empty afterwards. */
  detach(): void;
}

const PLAYLIST = /\.m3u8(?:[?#]|$)/i;
/** A stream that breaks more often than this is broken, and the viewer is told. */
const RECOVERIES_MAX = 5;

/** `onFailed`: the medium cannot be played (any more); the text is for people. */
export function attachSource(
  video: HTMLVideoElement,
  url: string,
  onFailed: (text: string) => void,
): Source {
  const isHls = PLAYLIST.test(url);
  if (isHls && Hls.isSupported()) return attachHlsJs(video, url, onFailed);
  return attachUrl(video, url, isHls, onFailed);
}

function attachUrl(
  video: HTMLVideoElement,
  url: string,
  isHls: boolean,
  onFailed: (text: string) => void,
): Source {
  const fail = (): void => onFailed(video.error?.message ?? 'The video cannot be played.');
  video.addEventListener('error', fail);
  video.src = url;
  return {
    isHls,
    detach: () => {
      video.removeEventListener('error', fail);
      video.removeAttribute('src');
      video.load();
    },
  };
}

function attachHlsJs(
  video: HTMLVideoElement,
  url: string,
  onFailed: (text: string) => void,
): Source {
  const hls = new Hls();
  let recoveries = 0;
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal) return;
    recoveries += 1;
    if (recoveries > RECOVERIES_MAX) {
      hls.destroy();
      onFailed('The stream broke off.');
    } else if (data.type === Hls.ErrorTypes.NETWORK_ERROR) hls.startLoad();
    else if (data.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else onFailed('The stream cannot be played.');
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return { isHls: true, detach: () => hls.destroy() };
}
