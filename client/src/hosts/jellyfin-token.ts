// With what somebody who is signed in to Jellyfin signs in to the party server.
import type { TokenProvider } from '../session/deps';
import type { ApiClient } from './jellyfin-web';

/** Of `GET /OpenWatchParty/Info`: who vouches for the user. */
export interface SignInWay {
  readonly mode: 'embedded' | 'remote' | 'off';
  /** The server elsewhere asks Jellyfin itself, by the user's own token; plugins before did not say. */
  readonly jellyfin_token?: boolean;
}

/**
 * In the plugin's own server Jellyfin vouches for the user. One elsewhere wants a token that the plugin
 * signs, or Jellyfin's, as it is at that moment.
 */
export function jellyfinTokens(
  way: SignInWay,
  api: Pick<ApiClient, 'accessToken'>,
  signed: () => Promise<string>,
): TokenProvider {
  if (way.mode !== 'remote') return () => Promise.resolve(null);
  if (way.jellyfin_token === true) return () => Promise.resolve(api.accessToken() ?? null);
  return signed;
}
