// English, the language that the others are measured by: what it has, they must have too.
import { plural } from '../../ui/language';

const form = plural('en');

export const en = {
  party: 'Watch party',
  partyWith: (count: number) => `Watch party, ${count} ${form(count, 'person', 'people')}`,
  parties: 'Watch parties',
  partyOf: (host: string) => `${host}’s party`,
  joinPartyOf: (host: string, title: string) => `Join ${host}’s party: ${title}`,
  joinShort: 'Join',
  closePanel: 'Close this panel',

  watchTogether: 'Watch together',
  takePartyHere: 'Take the party here',
  startWith: (title: string) => `Start a party with ${title}`,
  startWithThis: 'Start a party with this',

  unknownTitle: 'A title of this server',
  noTitle: 'No title chosen yet',
  playing: 'Playing',
  paused: 'Paused',
  backToPicture: 'Back to the picture',

  looking: 'Looking for parties…',
  noneTitle: 'No parties right now',
  none: 'Open a film or an episode and choose “Watch together”. You will be the host, and can send others the link.',

  limited:
    'Jellyfin did not hand over its player, so titles open in the tab that you used last, and SyncPlay goes unnoticed here. Administrators see why on OpenWatchParty’s settings page.',
  tryAgain: 'Try again',
  problems: {
    'sync-play': {
      title: 'SyncPlay is in use',
      text: 'Jellyfin’s own SyncPlay steers the player now. Leave its group first, then join a party.',
    },
    'not-allowed': {
      title: 'Not for your account',
      text: 'Your account may not see the title of this party.',
    },
    'not-playable': {
      title: 'The title did not start',
      text: 'Jellyfin could not play the title of this party on this device.',
    },
    'press-play': {
      title: 'Press Play',
      text: 'Jellyfin could not be told to start the title. Press Play on its page, and you are in.',
    },
  },
};

export type JellyfinStrings = typeof en;
