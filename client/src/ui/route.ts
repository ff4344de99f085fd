// The page's address after `#`: the lobby, or an invitation to a room. Pure.

export type Route =
  | { readonly kind: 'lobby' }
  /** `ticket`: opens a private room. It stands after `#`, which no server ever gets to see. */
  | { readonly kind: 'room'; readonly roomId: string; readonly ticket: string | null };

export const lobby: Route = { kind: 'lobby' };

// Room ids are UUIDs, tickets 32 hex digits; anything else in the address is taken for the lobby.
const roomHash = /^#\/room\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/([0-9a-f]{32}))?$/iu;

export function parseRoute(hash: string): Route {
  const [, roomId, ticket] = roomHash.exec(hash) ?? [];
  if (roomId === undefined) return lobby;
  return { kind: 'room', roomId: roomId.toLowerCase(), ticket: ticket?.toLowerCase() ?? null };
}

export function formatRoute(route: Route): string {
  if (route.kind === 'lobby') return '#/';
  return `#/room/${route.roomId}${route.ticket === null ? '' : `/${route.ticket}`}`;
}
