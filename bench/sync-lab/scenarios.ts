// What the lab can run: the script on each network, and other players in steady play on `lan`.
import type { BrowserKind } from '../../client/e2e/puppet.ts';
import { profileNames } from './profiles.ts';

export interface Scenario {
  readonly name: string;
  /** Under which heading of report.json it stands. */
  readonly part: 'profiles' | 'players';
  readonly profile: string;
  readonly kind: BrowserKind;
  /** Only the undisturbed play. */
  readonly playOnly: boolean;
  readonly query: string;
  readonly withoutFrameCallbacks: boolean;
}

const usual = { kind: 'chromium', query: '', withoutFrameCallbacks: false } as const;
const player = { ...usual, part: 'players', profile: 'lan', playOnly: true } as const;

export const scenarios: readonly Scenario[] = [
  ...profileNames.map((name): Scenario => {
    return { ...usual, name, part: 'profiles', profile: name, playOnly: false };
  }),
  { ...player, name: 'firefox', kind: 'firefox' },
  { ...player, name: 'current-time', withoutFrameCallbacks: true },
  { ...player, name: 'hls', query: '&hls' },
];
