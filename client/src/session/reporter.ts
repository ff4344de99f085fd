// When to tell the room about oneself: at once if the status changed, else once a second and only
// if there is news (P-V2-8). Every report goes to every member, so silence is worth something.
import type { StatusReport } from '../protocol/messages';
import type { PartyDeps } from './deps';
import type { MemberStatus } from './party-state';

const PERIOD_MS = 1_000;
/** A player that flutters between two states is told of with the next period. */
const FLUTTER_MS = 250;
/** Without news a sign of life, so that what others see is not older. */
const REFRESH_MS = 5_000;
const OFFSET_NEWS_MS = 5;
const DELAY_NEWS_MS = 10;

export class Reporter {
  private cancel: (() => void) | null = null;
  private sent: StatusReport | null = null;
  private sentMs = -Infinity;

  constructor(
    private readonly deps: Pick<PartyDeps, 'clock' | 'timers'>,
    /** Collects a report and passes it to report(). */
    private readonly collect: () => void,
  ) {}

  /** In a room from now on (perhaps again: all is news). */
  start(): void {
    this.stop();
    this.tick();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.sent = null;
    this.sentMs = -Infinity;
  }

  statusIs(status: MemberStatus): void {
    if (!this.cancel || !this.sent || this.sent.status === status) return;
    if (this.deps.clock.nowMs() - this.sentMs >= FLUTTER_MS) this.collect();
  }

  report(report: StatusReport, send: (report: StatusReport) => boolean): void {
    const nowMs = this.deps.clock.nowMs();
    if (!this.isNews(report, nowMs) || !send(report)) return;
    this.sent = report;
    this.sentMs = nowMs;
  }

  private tick(): void {
    this.cancel = this.deps.timers.after(PERIOD_MS, () => this.tick());
    this.collect();
  }

  private isNews(report: StatusReport, nowMs: number): boolean {
    const { sent } = this;
    if (!sent || nowMs - this.sentMs >= REFRESH_MS) return true;
    return (
      sent.status !== report.status ||
      (sent.offsetMs === undefined) !== (report.offsetMs === undefined) ||
      Math.abs((sent.offsetMs ?? 0) - (report.offsetMs ?? 0)) >= OFFSET_NEWS_MS ||
      Math.abs((sent.delayMs ?? 0) - (report.delayMs ?? 0)) >= DELAY_NEWS_MS
    );
  }
}
