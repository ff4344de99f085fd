// One lasting connection to the session server out of many that come and go: opens, signs in,
// keeps the clock, notices death, and comes back. What the messages mean is not its business.
//
//   waiting -> opening -> signing in -> online
//      ^----------------- lost ----------'        a code or the viewer ends it: stopped
import { CLOSE_CODES, ERROR_CODES, type Advice } from '../protocol/codes';
import { decodeServerMessage, encodeClientMessage } from '../protocol/codec';
import {
  FEATURE_V2,
  type AuthSuccess,
  type ClientMessage,
  type Pong,
  type ServerMessage,
} from '../protocol/messages';
import {
  addSample,
  emptyClockFilter,
  exchangeDelayMs,
  localTimeAt,
  serverTimeAt,
  type ClockEstimate,
  type ClockFilter,
} from '../sync/clock-filter';
import { reconnectDelayMs } from './backoff';
import type { PartyDeps, Transport } from './deps';
import type { ServerClock } from './follower';
import type { ConnectionState } from './party-state';

export interface ConnectionEvents {
  /** Signed in; a `fresh` connection takes messages from now on, otherwise it has before. */
  onOnline(success: AuthSuccess, fresh: boolean): void;
  /** Everything but pongs and what signing in is about. */
  onMessage(message: ServerMessage): void;
  onState(state: ConnectionState): void;
  /** The estimate of the server's clock is another. */
  onClock(): void;
}

/** From the first try to being signed in. */
const SIGN_IN_MAX_MS = 10_000;
/** Exchanges are at most 5.5 s apart, so two went unanswered. */
const SILENCE_MAX_MS = 12_000;
/** Online for so long, the next loss is a new one; else a server that throws us out at once would
 * be asked without a pause. */
const STABLE_MS = 5_000;
/** The new connection's clock takes over from the old one's when it is about as good. */
const CLOCK_SAMPLES_MIN = 4;

export class Connection {
  private transport: Transport | null = null;
  private online = false;
  private onlineSinceMs = 0;
  private attempt = 0;
  private tokenRefused = false;
  private filter: ClockFilter = emptyClockFilter;
  private published: ClockEstimate | null = null;
  private exchanges = 0;
  private readonly pingsMs = new Set<number>();
  private lastHeardMs = 0;
  /** Cancels of the timers that run: for the next try, for the next exchange, for silence. */
  private cancelRetry: () => void = nothing;
  private cancelExchange: () => void = nothing;
  private cancelWatch: () => void = nothing;
  private userName: string;

  constructor(
    private readonly deps: PartyDeps,
    private readonly events: ConnectionEvents,
  ) {
    this.userName = deps.userName;
  }

  get clockEstimate(): ClockEstimate | null {
    return this.published;
  }

  get isOnline(): boolean {
    return this.online;
  }

  /** Null before the first exchange. The connection may be lost: clocks go on. */
  get clock(): ServerClock | null {
    const estimate = this.published;
    return (
      estimate && {
        toServerMs: (localMs) => serverTimeAt(estimate, localMs),
        toLocalMs: (serverMs) => localTimeAt(estimate, serverMs),
      }
    );
  }

  start(): void {
    this.events.onState({ kind: 'connecting' });
    this.open();
  }

  /** The viewer cannot wait, or the network says that it is back. */
  retryNow(): void {
    if (this.transport) return;
    this.tokenRefused = false;
    this.open();
  }

  /** Sends while online; otherwise the message is void, and false says so. */
  send(message: ClientMessage): boolean {
    if (!this.online || !this.transport) return false;
    this.write(this.transport, message);
    return true;
  }

  /** The name that signing in gives where no token does. */
  rename(userName: string): void {
    this.userName = userName;
    if (this.online) void this.signIn(this.transport);
  }

  dispose(): void {
    this.cancelRetry();
    this.drop();
  }

  // ---- coming up -------------------------------------------------------------------------------

  private open(): void {
    this.cancelRetry();
    this.attempt += 1;
    const current = (): boolean => this.transport === transport;
    const transport = this.deps.openTransport(this.deps.url, {
      onOpen: () => current() && void this.signIn(transport),
      onMessage: (text, atMs) => current() && this.receive(decodeServerMessage(text), atMs),
      onClose: (code, reason) => current() && this.lost(adviceOfClose(code), code, reason),
    });
    this.transport = transport;
    this.cancelWatch = this.deps.timers.after(SIGN_IN_MAX_MS, () => this.giveUpConnection());
  }

  private async signIn(transport: Transport | null): Promise<void> {
    const token = await this.deps.token(this.tokenRefused).catch(() => null);
    if (!transport || transport !== this.transport) return;
    this.write(transport, {
      type: 'auth',
      ...(token === null ? {} : { token }),
      userName: this.userName,
      protocolVersion: 1,
      features: [FEATURE_V2],
    });
  }

  private signedIn(success: AuthSuccess): void {
    const fresh = !this.online;
    this.tokenRefused = false;
    this.online = true;
    this.events.onOnline(success, fresh);
    if (!fresh) return;
    this.onlineSinceMs = this.deps.clock.nowMs();
    this.events.onState({ kind: 'online' });
    this.filter = emptyClockFilter;
    this.exchanges = 0;
    this.pingsMs.clear();
    this.watchSilence();
    this.exchange();
  }

  // ---- messages --------------------------------------------------------------------------------

  private receive(message: ServerMessage, atMs: number): void {
    this.lastHeardMs = Math.max(this.lastHeardMs, atMs);
    if (message.type === 'pong') return this.takePong(message, atMs);
    if (message.type === 'auth_success') return this.signedIn(message);
    if (message.type === 'error' && message.code !== null) {
      const advice = ERROR_CODES[message.code].client;
      if (advice === 'stop') return this.lost('stop', message.code, message.message);
      if (advice === 'authenticate') return this.refused(message.code, message.message);
    }
    this.events.onMessage(message);
  }

  /** The token was not accepted: once a fresh one is asked for, then the viewer is. */
  private refused(code: string, reason: string): void {
    if (this.tokenRefused) return this.lost('stop', code, reason);
    this.tokenRefused = true;
    void this.signIn(this.transport);
  }

  private write(transport: Transport, message: ClientMessage): void {
    const nowMs = this.deps.clock.nowMs();
    transport.send(encodeClientMessage(message, this.clock?.toServerMs(nowMs) ?? nowMs));
  }

  // ---- the clock -------------------------------------------------------------------------------

  private exchange(): void {
    const nowMs = this.deps.clock.nowMs();
    this.pingsMs.add(nowMs);
    this.send({ type: 'ping', clientTs: nowMs });
    this.exchanges += 1;
    const delayMs = exchangeDelayMs(this.exchanges, this.filter.estimate, this.deps.random());
    this.cancelExchange = this.deps.timers.after(delayMs, () => this.exchange());
  }

  private takePong(pong: Pong, atMs: number): void {
    const { clientTs, serverReceiveTs, serverTransmitTs } = pong;
    if (clientTs === null || !this.pingsMs.delete(clientTs)) return;
    this.filter = addSample(this.filter, {
      clientSendMs: clientTs,
      serverReceiveMs: serverReceiveTs ?? pong.serverTs,
      serverTransmitMs: serverTransmitTs ?? pong.serverTs,
      clientReceiveMs: atMs,
    });
    const { estimate } = this.filter;
    if (!estimate) return;
    if (this.published && this.exchanges < 8 && estimate.sampleCount < CLOCK_SAMPLES_MIN) return;
    this.published = estimate;
    this.events.onClock();
  }

  // ---- going down ------------------------------------------------------------------------------

  private watchSilence(): void {
    this.cancelWatch();
    const silentMs = this.deps.clock.nowMs() - this.lastHeardMs;
    if (silentMs >= SILENCE_MAX_MS) return this.giveUpConnection();
    this.cancelWatch = this.deps.timers.after(SILENCE_MAX_MS - silentMs, () => this.watchSilence());
  }

  private giveUpConnection(): void {
    this.lost('reconnect', 4000, CLOSE_CODES[4000].message);
  }

  private lost(advice: Advice, code: string | number, reason: string): void {
    const wasOnline = this.online;
    this.drop();
    if (advice === 'stop') {
      const message = reason || sentenceOf(code);
      this.events.onState({ kind: 'stopped', code: nameOf(code), message });
      return;
    }
    const nowMs = this.deps.clock.nowMs();
    if (wasOnline && nowMs - this.onlineSinceMs >= STABLE_MS) this.attempt = 0;
    const attempt = this.attempt + 1;
    const delayMs = reconnectDelayMs(attempt, this.deps.random());
    this.events.onState({ kind: 'reconnecting', attempt, nextTryAtMs: nowMs + delayMs });
    this.cancelRetry = this.deps.timers.after(delayMs, () => this.open());
  }

  private drop(): void {
    this.cancelWatch();
    this.cancelExchange();
    this.online = false;
    const { transport } = this;
    this.transport = null;
    transport?.close();
  }
}

function nothing(): void {
  // no timer runs
}

/** What to do about a close code; unknown ones by their range (P-CLOSE): 41xx end it. */
function adviceOfClose(code: number): Advice {
  if (isKnown(code)) return CLOSE_CODES[code].client;
  return code >= 4100 && code < 4200 ? 'stop' : 'reconnect';
}
const isKnown = (code: number): code is keyof typeof CLOSE_CODES => code in CLOSE_CODES;

function nameOf(code: string | number): string {
  if (typeof code === 'string') return code;
  return isKnown(code) ? CLOSE_CODES[code].name : `CLOSED_${code}`;
}
function sentenceOf(code: string | number): string {
  if (typeof code === 'number' && isKnown(code)) return CLOSE_CODES[code].message;
  return 'The server ended the connection.';
}
