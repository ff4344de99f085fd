import { plural } from '../../ui/language';
import type { JellyfinStrings } from './en';

const form = plural('es');

export const es: JellyfinStrings = {
  party: 'Fiesta de cine',
  partyWith: (count) => `Fiesta de cine, ${count} ${form(count, 'persona', 'personas')}`,
  parties: 'Fiestas de cine',
  partyOf: (host) => `Fiesta de ${host}`,
  joinPartyOf: (host, title) => `Unirse a la fiesta de ${host}: ${title}`,
  joinShort: 'Unirse',
  closePanel: 'Cerrar este panel',

  watchTogether: 'Ver juntos',
  takePartyHere: 'Traer la fiesta aquí',
  startWith: (title) => `Iniciar una fiesta con ${title}`,
  startWithThis: 'Iniciar una fiesta con esto',

  unknownTitle: 'Un título de este servidor',
  noTitle: 'Aún sin título',
  playing: 'Reproduciendo',
  paused: 'En pausa',
  backToPicture: 'Volver a la imagen',

  looking: 'Buscando fiestas…',
  noneTitle: 'Ahora no hay fiestas',
  none: 'Abre una película o un episodio y elige «Ver juntos». Serás el anfitrión y podrás enviar el enlace a los demás.',

  limited:
    'Jellyfin no ha cedido su reproductor: los títulos se abren en la última pestaña usada y aquí no se detecta SyncPlay. La administración ve el motivo en los ajustes de OpenWatchParty.',
  tryAgain: 'Reintentar',
  problems: {
    'sync-play': {
      title: 'SyncPlay está en uso',
      text: 'El SyncPlay de Jellyfin controla ahora el reproductor. Sal primero de su grupo y luego únete a una fiesta.',
    },
    'not-allowed': {
      title: 'No para tu cuenta',
      text: 'Tu cuenta no tiene acceso al título de esta fiesta.',
    },
    'not-playable': {
      title: 'El título no se inició',
      text: 'Jellyfin no pudo reproducir el título de esta fiesta en este dispositivo.',
    },
    'press-play': {
      title: 'Pulsa Reproducir',
      text: 'No se pudo pedir a Jellyfin que iniciara el título. Pulsa Reproducir en su página y ya estás dentro.',
    },
  },
};
