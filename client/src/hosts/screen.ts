// The page's one video element and what is loaded into it.
import { attachSource, type Source } from '../player/hls';
import { Html5Player } from '../player/html5';
import type { Screen } from '../ui/environment';
import type { Video } from '../ui/library';
import { Cell } from '../ui/store';
import { clock } from './browser';

export class PageScreen implements Screen {
  readonly element: HTMLVideoElement;
  readonly video = new Cell<Video | null>(null);
  readonly failed = new Cell(false);
  /** The element as the engine's player; one for the page's life. */
  readonly player: Html5Player;
  private source: Source | null = null;

  /** @param preferHls Take the HLS playlist where a video has one. */
  constructor(private readonly preferHls: boolean) {
    this.element = document.createElement('video');
    this.element.playsInline = true;
    this.element.preload = 'auto';
    this.player = new Html5Player(this.element, {
      nowMs: () => clock.nowMs(),
      isHls: () => this.source?.isHls ?? false,
    });
  }

  load(video: Video): void {
    if (this.video.value?.id === video.id && !this.failed.value) return;
    this.unload();
    for (const { label, lang, url } of video.subtitles) {
      const track = document.createElement('track');
      Object.assign(track, { kind: 'subtitles', label, srclang: lang, src: url });
      this.element.append(track);
    }
    const url = this.preferHls && video.hlsUrl !== null ? video.hlsUrl : video.url;
    this.failed.set(false);
    this.source = attachSource(this.element, url, () => this.failed.set(true));
    this.video.set(video);
  }

  stop(): void {
    this.unload();
    this.video.set(null);
  }

  play(): void {
    this.player.wishToPlay();
  }

  pause(): void {
    this.element.pause();
  }

  seek(positionSeconds: number): void {
    this.element.currentTime = positionSeconds;
  }

  private unload(): void {
    this.element.pause();
    this.source?.detach();
    this.source = null;
    this.element.replaceChildren();
  }
}
