// Which view the state calls for. Pure, so that every case is a line in a test.
import type { PartyState } from '../session/party-state';
import type { Route } from './route';

export type View =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'invitation'; readonly roomId: string; readonly ticket: string | null }
  | { readonly kind: 'room' }
  | { readonly kind: 'lobby' };

export function chooseView(state: PartyState, route: Route, signInNeeded: boolean): View {
  // A room is shown as long as we are in it, also while a token is asked for again: the video plays on.
  if (state.room !== null) return { kind: 'room' };
  if (signInNeeded) return { kind: 'sign-in' };
  return route.kind === 'room' ? { ...route, kind: 'invitation' } : { kind: 'lobby' };
}

/**
 * Where the address should point after the room changed; null: leave it. An invitation that was followed
 * keeps its ticket, for whoever loads the page again.
 */
export function routeAfter(before: string | null, now: string | null, route: Route): Route | null {
  if (now !== null && now !== before)
    return route.kind === 'room' && route.roomId === now
      ? null
      : { kind: 'room', roomId: now, ticket: null };
  if (now === null && before !== null) return { kind: 'lobby' };
  return null;
}
