import { plural } from '../../ui/language';
import type { JellyfinStrings } from './en';

const form = plural('de');

export const de: JellyfinStrings = {
  party: 'Filmparty',
  partyWith: (count) => `Filmparty, ${count} ${form(count, 'Person', 'Personen')}`,
  parties: 'Filmpartys',
  partyOf: (host) => `Party von ${host}`,
  joinPartyOf: (host, title) => `Der Party von ${host} beitreten: ${title}`,
  joinShort: 'Beitreten',
  closePanel: 'Dieses Feld schließen',

  watchTogether: 'Gemeinsam ansehen',
  takePartyHere: 'Party hierher mitnehmen',
  startWith: (title) => `Party mit ${title} starten`,
  startWithThis: 'Party hiermit starten',

  unknownTitle: 'Ein Titel dieses Servers',
  noTitle: 'Noch kein Titel gewählt',
  playing: 'Läuft',
  paused: 'Pausiert',
  backToPicture: 'Zurück zum Bild',

  looking: 'Partys werden gesucht…',
  noneTitle: 'Gerade keine Partys',
  none: 'Öffne einen Film oder eine Folge und wähle „Gemeinsam ansehen“. Du bist dann der Gastgeber und kannst anderen den Link schicken.',

  limited:
    'Jellyfin hat seinen Player nicht übergeben: Titel öffnen sich im zuletzt benutzten Tab, und SyncPlay bleibt hier unbemerkt. Den Grund sieht die Verwaltung in den Einstellungen von OpenWatchParty.',
  tryAgain: 'Noch einmal versuchen',
  problems: {
    'sync-play': {
      title: 'SyncPlay ist aktiv',
      text: 'Jellyfins eigenes SyncPlay steuert gerade die Wiedergabe. Verlass zuerst dessen Gruppe, dann tritt einer Party bei.',
    },
    'not-allowed': {
      title: 'Nicht für dein Konto',
      text: 'Dein Konto darf den Titel dieser Party nicht sehen.',
    },
    'not-playable': {
      title: 'Der Titel ist nicht gestartet',
      text: 'Jellyfin konnte den Titel dieser Party auf diesem Gerät nicht abspielen.',
    },
    'press-play': {
      title: 'Auf Wiedergabe drücken',
      text: 'Jellyfin konnte den Titel nicht starten. Drücke auf seiner Seite auf Wiedergabe, dann bist du dabei.',
    },
  },
};
