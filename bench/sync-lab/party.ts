// One run: a party of real windows behind emulated networks, led through the lab's script.
//
//   play · pause · play again · seek · late join · a starved member · a hidden one
//
// Who is who: member 0 hosts. The last one has a wrong clock all along, the second joins late, is
// starved and hides; in a party of two that is the same window.
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '../../server/tests/conformance/harness.ts';
import { until } from '../../client/e2e/windows.ts';
import { checkTruth, type TruthCheck } from './check-truth.ts';
import type { Lateness } from './emulator.ts';
import { readLoad, type Load } from './machine.ts';
import { Member } from './member.ts';
import { Network } from './network.ts';
import { noFault, type ClockFault } from './page-script.ts';
import { networkOf } from './profiles.ts';
import type { Scenario } from './scenarios.ts';
import { machineNowMs, measureServerClock, type TrueServerClock } from './server-clock.ts';

export interface PartyOptions {
  readonly scenario: Scenario;
  readonly windows: number;
  readonly seed: number;
  /** Of undisturbed play. */
  readonly seconds: number;
  /** One more member, with the controller of the old system. */
  readonly withOldClient: boolean;
  readonly media: string;
  readonly say: (line: string) => void;
}

/** A part of the script, in machine time. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  toMs: number;
}

export interface PartyRecord {
  readonly members: readonly Member[];
  readonly old: Member | null;
  readonly phases: readonly Phase[];
  readonly truthCheck: TruthCheck | null;
  readonly serverClock: TrueServerClock;
  /** The emulator's own, during undisturbed play. */
  readonly lateness: Lateness;
  readonly load: Load;
  /** How far Chromium's two ways to tell a page's time agree, worst member. */
  readonly pageClockAgreementMs: number;
}

/** Seven minutes fast and 100 ppm too quick. */
export const clockFault: ClockFault = { offsetMs: 7 * 60_000, driftPpm: 100 };
const play = /^Play( \(.*\))?$/;
const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gil', 'Hana'];

export async function holdParty(options: PartyOptions): Promise<PartyRecord> {
  const server = await Server.start(['--media', options.media]);
  const network = new Network();
  const members: Member[] = [];
  let old: Member | null = null;
  const open = async (index: number, name: string): Promise<Member> => {
    const { kind, query, profile, withoutFrameCallbacks } = options.scenario;
    const path = networkOf(profile, index);
    const address = await network.path(server.address, path, options.seed * 100 + index);
    const fault = index === options.windows - 1 ? clockFault : noFault;
    const script = { fault, withoutFrameCallbacks };
    return Member.open({ name, kind, network: path, address, script, query });
  };
  try {
    const serverClock = await measureServerClock(server.address);
    for (let index = 0; index < options.windows; index++)
      members.push(await open(index, names[index] ?? `Guest ${index}`));
    if (options.withOldClient) old = await open(options.windows, 'Old');
    const record = await lead(members, old, network, options);
    return { ...record, serverClock };
  } finally {
    for (const member of old ? [...members, old] : members)
      await member.puppet.close().catch(() => undefined);
    await network.stop();
    await server.stop();
  }
}

async function lead(
  members: readonly Member[],
  old: Member | null,
  network: Network,
  options: PartyOptions,
): Promise<Omit<PartyRecord, 'serverClock'>> {
  const { say, seconds } = options;
  const [host, guest] = members as [Member, Member];
  const phases: Phase[] = [];
  const phase = (name: string): void => {
    const nowMs = machineNowMs();
    const last = phases.at(-1);
    if (last) last.toMs = nowMs;
    phases.push({ name, fromMs: nowMs, toMs: nowMs });
    say(name);
  };

  await host.startParty();
  for (const member of members.slice(1)) {
    await member.puppet.introduce();
    await member.join();
  }
  await old?.playOldClient(host);
  const all = old ? [...members, old] : members;
  for (const member of all) await untilPrepared(member);
  await sleep(4_000); // the clocks' first burst, and the browsers come to rest

  phase('play');
  const before = await readLoad();
  await host.puppet.press(play);
  await network.lateness();
  await sleep(seconds * 1000);
  const lateness = await network.lateness();
  const load = (await readLoad()).since(before);
  phase('end of play');
  const truthCheck = options.scenario.part === 'truth' ? await checkTruth(members) : null;

  if (options.scenario.script !== 'play') {
    await host.puppet.press(/^Pause( \(.*\))?$/);
    await sleep(2_500);
    phase('play again');
    await host.puppet.press(play);
    await sleep(8_000);

    phase('seek');
    await host.puppet.press(/^Position/, '[role=slider], input[type=range]', 0.55);
    await sleep(8_000);

    phase('leave');
    await guest.collect();
    await guest.puppet.press(/^Leave$/);
    await guest.puppet.page.goto(`${guest.options.address}/?debug${guest.options.query}`);
    await guest.puppet.introduce();
    await sleep(2_000);
    phase('late join');
    await guest.join();
    await sleep(10_000);

    phase('joined');
  }
  if (options.scenario.script === 'whole') {
    phase('starve');
    await network.starve(guest.options.address, true);
    await until(`${guest.name} has run dry`, async () => !(await guest.canPlay()), 90_000);
    await sleep(3_000);
    phase('fed again');
    await network.starve(guest.options.address, false);
    await sleep(10_000);

    phase('hide');
    await guest.puppet.hide(true);
    await sleep(8_000);
    phase('back in sight');
    await guest.puppet.hide(false);
    await sleep(6_000);
  }
  phase('end');
  let pageClockAgreementMs = 0;
  for (const member of all) {
    const { zeroMs, asked } = await member.pageZero();
    pageClockAgreementMs = Math.max(pageClockAgreementMs, Math.abs(zeroMs - asked.zeroMs));
    await member.collect();
  }
  return { members, old, phases, truthCheck, lateness, load, pageClockAgreementMs };
}

async function untilPrepared(member: Member): Promise<void> {
  await until(`${member.name} has the film`, () => member.canPlay(), 30_000);
}
