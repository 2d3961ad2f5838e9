import type { AttemptStep } from '#shared/contract/deliveries.ts';
import type { Clock } from '../base/ports.ts';
import { Canceller } from '../http/canceller.ts';
import type { Sender } from '../http/sender.types.ts';
import { targetOf } from '../http/target.ts';
import { partOf, type AuthConfig } from './config.ts';
import { tlsOf } from './tls.ts';
import { readTokenAnswer, tokenRequest, type OAuthPart, type TokenAnswer } from './token-request.ts';

/** An access token. The same object for as long as it is used. */
export interface AccessToken {
  readonly text: string;
  /** Epoch milliseconds from which it is no longer sent; null for as long as it is accepted. */
  readonly usableUntilMs: number | null;
}

/** A token or why there is none, and what was asked for it: null for one that was there already. */
export interface TokenResult {
  readonly token: AccessToken | null;
  /** A sentence when there is no token. */
  readonly problem: string | null;
  /** Error code of the server or of the connection. */
  readonly reason: string | null;
  readonly step: AttemptStep | null;
}

/** Fetches access tokens and keeps them in memory. */
export interface Tokens {
  /** The token that would be sent now, without a fetch; null when there is none. */
  readonly held: (auth: AuthConfig) => AccessToken | null;
  /** The token that is held, or a fetched one; several callers at once wait for the same fetch, each for its own time. Never rejects. */
  readonly get: (auth: AuthConfig, timeoutMs: number) => Promise<TokenResult>;
  /** Forgets a token that was not accepted. */
  readonly drop: (auth: AuthConfig, token: AccessToken) => void;
}

/** Token servers are slow at times, but nobody waits longer. */
const longestFetchMs = 30_000;

/** A token is replaced a tenth of its lifetime before its end, at most a minute: requests take time, and clocks differ. */
const marginMs = 60_000;

/** Answers above this are no tokens, and are not read on. */
const answerLimitBytes = 65_536;

/** Outcomes of answers that came to their end. */
const wholeAnswers: ReadonlySet<string> = new Set(['ok', 'http_status', 'redirect']);

interface Held {
  token: AccessToken | null;
  fetching: Promise<TokenResult> | null;
}

export function createTokens({ clock, sender }: { readonly clock: Clock; readonly sender: Pick<Sender, 'send'> }): Tokens {
  // By the configuration itself: one that was changed is another object, and has to prove itself anew.
  const all = new WeakMap<AuthConfig, Held>();
  const of = (auth: AuthConfig): Held => {
    const known = all.get(auth);
    if (known !== undefined) return known;
    const made: Held = { token: null, fetching: null };
    all.set(auth, made);
    return made;
  };
  const usable = (auth: AuthConfig) => {
    const { token } = of(auth);
    return token !== null && (token.usableUntilMs === null || token.usableUntilMs > clock.now()) ? token : null;
  };

  const fetchToken = async (auth: AuthConfig, part: OAuthPart): Promise<TokenResult> => {
    const host = targetOf(new URL(part.tokenUrl));
    const startedAtMs = clock.now();
    const { outcome, response, timings } = await sender.send(tokenRequest(part), {
      timeoutMs: longestFetchMs,
      // The client secret goes there, so its certificate is always checked.
      verifyTls: true,
      tls: tlsOf(auth),
      keptBytes: answerLimitBytes,
      readLimitBytes: answerLimitBytes,
      successRule: '2xx',
      signal: new Canceller(),
    });
    const answer: TokenAnswer =
      response !== null && wholeAnswers.has(outcome.code)
        ? readTokenAnswer(response, part, host)
        : { problem: response?.isBodyTruncated === true ? tooLong(host) : outcome.message, reason: outcome.reason ?? outcome.code };
    const isOk = 'token' in answer;
    const message = isOk ? `${host} gave an access token${lifetimeText(answer.lifetimeMs)}.` : answer.problem;
    const step: AttemptStep = {
      kind: 'token',
      isOk,
      url: part.tokenUrl,
      status: response?.status ?? null,
      startedAtMs,
      durationMs: timings.totalMs,
      message,
    };
    if (!isOk) return { token: null, problem: answer.problem, reason: answer.reason, step };
    const { token, lifetimeMs } = answer;
    const usableUntilMs = lifetimeMs === null ? null : startedAtMs + lifetimeMs - Math.min(marginMs, lifetimeMs / 10);
    return { token: { text: token, usableUntilMs }, problem: null, reason: null, step };
  };

  return {
    held: usable,
    get: async (auth, timeoutMs) => {
      const token = usable(auth);
      const part = partOf(auth, 'oauth2');
      if (token !== null || part === undefined) return { token, problem: null, reason: null, step: null };
      const held = of(auth);
      held.fetching ??= fetchToken(auth, part).then((result) => {
        held.token = result.token;
        held.fetching = null;
        return result;
      });
      return await inTime(held.fetching, part, clock.now(), timeoutMs);
    },
    drop: (auth, token) => {
      const held = of(auth);
      if (held.token === token) held.token = null;
    },
  };
}

/** What was fetched, or that it took longer than this caller waits; it goes on for others. */
async function inTime(
  fetching: Promise<TokenResult>,
  { tokenUrl }: OAuthPart,
  startedAtMs: number,
  timeoutMs: number,
): Promise<TokenResult> {
  if (timeoutMs >= longestFetchMs) return await fetching;
  const waited = Promise.withResolvers<TokenResult>();
  const timer = setTimeout(() => waited.resolve(tooLate(tokenUrl, startedAtMs, timeoutMs)), timeoutMs);
  try {
    return await Promise.race([fetching, waited.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(tokenUrl: string, startedAtMs: number, timeoutMs: number): TokenResult {
  const problem = `${targetOf(new URL(tokenUrl))} gave no access token within ${timeoutMs} ms.`;
  const step: AttemptStep = {
    kind: 'token',
    isOk: false,
    url: tokenUrl,
    status: null,
    startedAtMs,
    durationMs: timeoutMs,
    message: problem,
  };
  return { token: null, problem, reason: 'timeout', step };
}

function tooLong(host: string): string {
  return `${host} answered with more than ${answerLimitBytes / 1024} KiB, which is no access token: check the URL of the token server.`;
}

function lifetimeText(lifetimeMs: number | null): string {
  return lifetimeMs === null ? '' : ` for ${Math.round(lifetimeMs / 1000)} s`;
}
