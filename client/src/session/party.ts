// The engine of a watch party: what the interface shows and asks for, over one connection and one
// player.
import type { PartyDeps, PartyEngine } from './deps';

export declare function createParty(deps: PartyDeps): PartyEngine;
