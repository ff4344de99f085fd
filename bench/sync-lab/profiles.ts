// The networks that the lab knows.
//
// Figures are of the *round trip*, as `ping` shows them, and are split over the two ways by
// `upShare`: `wan` is 50 ms to the server and 50 ms back. Jitter is uniform, drawn for every piece
// that passes, and split alike. Loss is per TCP segment (1,448 bytes) and shows as what TCP makes of
// it: the piece and all behind it wait for the retransmission.

export interface Profile {
  readonly name: string;
  readonly roundTripMs: number;
  /** Round trips lie within plus or minus this. */
  readonly jitterMs: number;
  /** Of segments lost, 0 to 1. */
  readonly loss: number;
  /** Of the round trip, what the way to the server takes. */
  readonly upShare: number;
}

const symmetric = 0.5;
export const lan: Profile = {
  name: 'lan',
  roundTripMs: 1,
  jitterMs: 0,
  loss: 0,
  upShare: symmetric,
};
export const home: Profile = {
  name: 'home',
  roundTripMs: 20,
  jitterMs: 5,
  loss: 0,
  upShare: symmetric,
};
export const wan: Profile = {
  name: 'wan',
  roundTripMs: 100,
  jitterMs: 20,
  loss: 0.01,
  upShare: symmetric,
};
export const bad: Profile = {
  name: 'bad',
  roundTripMs: 300,
  jitterMs: 100,
  loss: 0.03,
  upShare: 0.6,
};

const each: readonly Profile[] = [lan, home, wan, bad];
export const profileNames = [...each.map((profile) => profile.name), 'mixed'];

/** The network of member `index` (0: the host) under a profile; `mixed` deals them out in turn. */
export function networkOf(profileName: string, index: number): Profile {
  const found =
    profileName === 'mixed' ? each[index % each.length] : each.find((p) => p.name === profileName);
  if (!found) throw new Error(`no profile ${profileName}; there are: ${profileNames.join(', ')}`);
  return found;
}

/** What no clock filter can see: half the difference of the two ways, as an error of the offset. */
export function invisibleMs(network: Profile): number {
  return ((2 * network.upShare - 1) * network.roundTripMs) / 2;
}
