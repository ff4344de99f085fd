import { plural } from '../../ui/language';
import type { JellyfinStrings } from './en';

const form = plural('fr');

export const fr: JellyfinStrings = {
  party: 'Soirée vidéo',
  partyWith: (count) => `Soirée vidéo, ${count} ${form(count, 'personne', 'personnes')}`,
  parties: 'Soirées vidéo',
  partyOf: (host) => `La soirée de ${host}`,
  joinPartyOf: (host, title) => `Rejoindre la soirée de ${host} : ${title}`,
  joinShort: 'Rejoindre',
  closePanel: 'Fermer ce panneau',

  watchTogether: 'Regarder ensemble',
  takePartyHere: 'Amener la soirée ici',
  startWith: (title) => `Lancer une soirée avec ${title}`,
  startWithThis: 'Lancer une soirée avec ce titre',

  unknownTitle: 'Un titre de ce serveur',
  noTitle: 'Aucun titre choisi',
  playing: 'En lecture',
  paused: 'En pause',
  backToPicture: 'Revenir à l’image',

  looking: 'Recherche des soirées…',
  noneTitle: 'Aucune soirée en ce moment',
  none: 'Ouvrez un film ou un épisode et choisissez « Regarder ensemble ». Vous serez l’hôte et pourrez envoyer le lien aux autres.',

  limited:
    'Jellyfin n’a pas confié son lecteur : les titres s’ouvrent dans le dernier onglet utilisé, et SyncPlay passe inaperçu ici. L’administrateur en voit la raison dans les réglages d’OpenWatchParty.',
  tryAgain: 'Réessayer',
  problems: {
    'sync-play': {
      title: 'SyncPlay est actif',
      text: 'Le SyncPlay de Jellyfin commande le lecteur. Quittez d’abord son groupe, puis rejoignez une soirée.',
    },
    'not-allowed': {
      title: 'Pas pour votre compte',
      text: 'Votre compte n’a pas accès au titre de cette soirée.',
    },
    'not-playable': {
      title: 'Le titre n’a pas démarré',
      text: 'Jellyfin n’a pas pu lire le titre de cette soirée sur cet appareil.',
    },
    'press-play': {
      title: 'Appuyez sur Lecture',
      text: 'Impossible de faire démarrer le titre par Jellyfin. Appuyez sur Lecture sur sa page, et vous y êtes.',
    },
  },
};
