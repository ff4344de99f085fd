// The server's videos, as `GET /media/index.json` lists them. The file is read strictly: an entry that
// is not well formed is left out, never half used.

export interface Subtitle {
  readonly label: string;
  readonly lang: string;
  readonly url: string;
}

export interface Video {
  /** 32 hex digits: the `media_id` of the wire. */
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly hlsUrl: string | null;
  readonly subtitles: readonly Subtitle[];
}

export type Library =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'loaded'; readonly videos: readonly Video[] };

export function parseLibrary(json: unknown): readonly Video[] {
  if (!Array.isArray(json)) return [];
  return json.flatMap((entry: unknown) => {
    const video = parseVideo(entry);
    return video === null ? [] : [video];
  });
}

export function findVideo(library: Library, id: string | null): Video | null {
  if (library.kind !== 'loaded' || id === null) return null;
  return library.videos.find((video) => video.id === id) ?? null;
}

function parseVideo(entry: unknown): Video | null {
  if (!isRecord(entry)) return null;
  const { id, title, url, hls_url: hlsUrl, subtitles } = entry;
  if (typeof id !== 'string' || !/^[0-9a-f]{32}$/iu.test(id)) return null;
  if (typeof title !== 'string' || !isSameOrigin(url)) return null;
  return {
    id,
    title,
    url: belowPage(url),
    hlsUrl: isSameOrigin(hlsUrl) ? belowPage(hlsUrl) : null,
    subtitles: Array.isArray(subtitles)
      ? subtitles
          .filter(isSubtitle)
          .map(({ label, lang, url: track }) => ({ label, lang, url: belowPage(track) }))
      : [],
  };
}

function isSubtitle(entry: unknown): entry is Subtitle {
  return (
    isRecord(entry) &&
    typeof entry['label'] === 'string' &&
    typeof entry['lang'] === 'string' &&
    isSameOrigin(entry['url'])
  );
}

/** A path of this server; never another origin, a `javascript:` or a `data:` address. */
function isSameOrigin(url: unknown): url is string {
  return typeof url === 'string' && /^\/(?!\/)[^\\\p{Cc}]*$/u.test(url);
}

/** The server's paths begin at its root, where the page is too; a proxy may show both below a path of its own. */
const belowPage = (path: string): string => `.${path}`;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
