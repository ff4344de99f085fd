// The page's address after `#`: the lobby, or an invitation to a room. Pure.

export type Route = { readonly kind: 'lobby' } | { readonly kind: 'room'; readonly roomId: string };

export const lobby: Route = { kind: 'lobby' };

// Room ids are UUIDs; anything else in the address is taken for the lobby.
const roomHash = /^#\/room\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/iu;

export function parseRoute(hash: string): Route {
  const roomId = roomHash.exec(hash)?.[1];
  return roomId === undefined ? lobby : { kind: 'room', roomId: roomId.toLowerCase() };
}

export function formatRoute(route: Route): string {
  return route.kind === 'room' ? `#/room/${route.roomId}` : '#/';
}
