// What the lab can run: the script on each network, and other players in steady play on `lan`.
import type { BrowserKind } from '../../client/e2e/puppet.ts';
import { profileNames } from './profiles.ts';

/** `play`: the undisturbed play alone; `short`: nobody is starved or hidden. */
export type Script = 'play' | 'short' | 'whole';

export interface Scenario {
  readonly name: string;
  /** Under which heading of report.json it stands. */
  readonly part: 'profiles' | 'players' | 'truth';
  readonly profile: string;
  readonly kind: BrowserKind;
  readonly script: Script;
  readonly query: string;
  readonly withoutFrameCallbacks: boolean;
}

const usual = { kind: 'chromium', query: '', withoutFrameCallbacks: false } as const;
const player = { ...usual, part: 'players', profile: 'lan', script: 'play' } as const;

export const scenarios: readonly Scenario[] = [
  ...profileNames.map((name): Scenario => {
    return { ...usual, name, part: 'profiles', profile: name, script: 'whole' };
  }),
  { ...player, name: 'firefox', kind: 'firefox' },
  { ...player, name: 'current-time', withoutFrameCallbacks: true },
  { ...player, part: 'truth', name: 'truth' },
  { ...player, name: 'hls', query: '&hls' },
];
