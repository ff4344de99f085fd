// The keys of a room. Pure: which key asks for what; the stage and the room do it.

export type Shortcut =
  | { readonly kind: 'toggle' }
  | { readonly kind: 'seekBy'; readonly seconds: number }
  | { readonly kind: 'volumeBy'; readonly step: number }
  | { readonly kind: 'mute' }
  | { readonly kind: 'fullscreen' }
  | { readonly kind: 'captions' }
  | { readonly kind: 'chat' }
  | { readonly kind: 'escape' };

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Where the key was pressed: in a text, on something that has its own use for keys, or elsewhere. */
export type KeyPlace = 'text' | 'button' | 'slider' | 'elsewhere';

const seekStepSeconds = 10;
const volumeStep = 0.05;

export function shortcutFor(press: KeyPress, place: KeyPlace): Shortcut | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === 'Escape') return { kind: 'escape' };
  if (place === 'text') return null;
  switch (press.key) {
    case ' ':
      return place === 'button' ? null : { kind: 'toggle' };
    case 'k':
      return { kind: 'toggle' };
    case 'ArrowLeft':
      return place === 'slider' ? null : { kind: 'seekBy', seconds: -seekStepSeconds };
    case 'ArrowRight':
      return place === 'slider' ? null : { kind: 'seekBy', seconds: seekStepSeconds };
    case 'ArrowUp':
      return place === 'slider' ? null : { kind: 'volumeBy', step: volumeStep };
    case 'ArrowDown':
      return place === 'slider' ? null : { kind: 'volumeBy', step: -volumeStep };
    case 'm':
      return { kind: 'mute' };
    case 'f':
      return { kind: 'fullscreen' };
    case 's':
      return { kind: 'captions' };
    case 'c':
      return { kind: 'chat' };
    default:
      return null;
  }
}

/** The innermost element that a key event met, also through shadow roots. */
export function placeOf(target: EventTarget | undefined): KeyPlace {
  if (!(target instanceof HTMLElement)) return 'elsewhere';
  if (target instanceof HTMLInputElement) return target.type === 'range' ? 'slider' : 'text';
  if (target instanceof HTMLTextAreaElement || target.isContentEditable) return 'text';
  return target instanceof HTMLButtonElement ? 'button' : 'elsewhere';
}
