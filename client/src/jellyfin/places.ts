// Where our elements belong among Jellyfin's, in every layout of 10.10 to 12. Nothing here changes
// what is Jellyfin's: it only finds places. They come and go with its views and React trees, so they
// are looked up again each time.

import type { Choices } from './session';

/** Our element goes into `parent`, before `before`; null: at the end. */
export interface Spot {
  readonly parent: Element;
  readonly before: Element | null;
}

/** What our elements among Jellyfin's are known by: `data-owp="<kind>"`. */
export type Kind = 'osd' | 'header' | 'toolbar' | 'home' | 'details';

/** The view of the player, while it is the one that is shown. */
export function playerView(document: Document): Element | null {
  return document.querySelector('#videoOsdPage:not(.hide)');
}

/** In the player's controls, before the gear. */
export function osdSpots(document: Document): Spot[] {
  return spots(document, '.videoOsdBottom .osdControls .buttons', (buttons) =>
    childHolding(buttons, buttons.querySelector('.btnVideoOsdSettings')),
  );
}

/** In the header of 10.10, 10.11, TV and legacy layouts; not beside the player's own button. */
export function headerSpots(document: Document): Spot[] {
  if (playerView(document)) return [];
  return spots(document, '.skinHeader .headerRight', (right) => right.firstElementChild).filter(
    ({ parent }) => (parent as HTMLElement).offsetParent !== null,
  );
}

/** In the toolbar of the modern layout: with the buttons before the user's menu. */
export function toolbarSpots(document: Document): Spot[] {
  if (playerView(document)) return [];
  return [...document.querySelectorAll('[aria-controls="app-user-menu"]')].flatMap(
    (menu): Spot[] => {
      const toolbar = menu.closest('.MuiToolbar-root');
      const box = toolbar && childHolding(toolbar, menu);
      const buttons = box?.previousElementSibling;
      if (!toolbar || !box) return [];
      // Its own last child: React adds and takes its buttons without asking what else is there.
      return buttons ? [{ parent: buttons, before: null }] : [{ parent: toolbar, before: box }];
    },
  );
}

/** On the home page, above Jellyfin's sections. */
export function homeSpots(document: Document): Spot[] {
  return spots(
    document,
    '#indexPage .homeSectionsContainer',
    (sections) => sections.firstElementChild,
  );
}

/** On the page of a title, after the buttons that play. */
export function detailsSpots(document: Document): Spot[] {
  return spots(document, '#itemDetailPage:not(.hide) .mainDetailButtons', (buttons) => {
    const last = [...buttons.querySelectorAll(':scope > .btnPlay, :scope > .btnReplay')].at(-1);
    return last ? last.nextElementSibling : buttons.firstElementChild;
  });
}

function spots(
  document: Document,
  selector: string,
  before: (parent: Element) => Element | null,
): Spot[] {
  return [...document.querySelectorAll(selector)].map((parent) => ({
    parent,
    before: before(parent),
  }));
}

/** The child of `parent` that holds `inner`. */
function childHolding(parent: Element, inner: Element | null): Element | null {
  return [...parent.children].find((child) => child.contains(inner)) ?? null;
}

/**
 * Makes sure that exactly one of our elements stands at each spot and none elsewhere; those that are
 * there already stay.
 */
export function settle(
  document: Document,
  kind: Kind,
  wanted: readonly Spot[],
  make: () => HTMLElement,
): void {
  const present = [...document.querySelectorAll(`[data-owp="${kind}"]`)];
  const keep = wanted.map(({ parent }) => present.find((own) => own.parentElement === parent));
  for (const own of present) if (!keep.includes(own)) own.remove();
  wanted.forEach(({ parent, before }, index) => {
    if (keep[index]) return;
    const own = make();
    own.dataset['owp'] = kind;
    parent.insertBefore(own, before);
  });
}

/** The item whose page a route is: `#/details?id=…`. */
export function itemOf(route: string): string | null {
  const [path = '', query = ''] = route.replace(/^#?!?/u, '').split('?');
  if (!/^\/?(?:details|item)(?:\.html)?$/u.test(path)) return null;
  const id = new URLSearchParams(query).get('id');
  return id !== null && /^[\da-f]{32}$/iu.test(id) ? id.toLowerCase() : null;
}

/** What is chosen on the title's page that is shown: version, sound, subtitles. */
export function choicesOn(document: Document): Choices {
  const chosen = (list: string): string =>
    document.querySelector<HTMLSelectElement>(`#itemDetailPage:not(.hide) .${list}`)?.value ?? '';
  const mediaSourceId = chosen('selectSource');
  const audio = chosen('selectAudio');
  const subtitles = chosen('selectSubtitles'); // -1: none
  return {
    ...(mediaSourceId !== '' && { mediaSourceId }),
    ...(audio !== '' && { audioStreamIndex: Number(audio) }),
    ...(subtitles !== '' && { subtitleStreamIndex: Number(subtitles) }),
  };
}
