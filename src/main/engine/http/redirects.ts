import { headerValue } from '#shared/text/headers.ts';
import type { Redirect } from '#shared/contract/deliveries.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { plainOutcome } from './outcome.ts';
import type { SendResult, WireRequest } from './sender.types.ts';
import { targetOf } from './target.ts';

/** How far redirects are followed. */
export interface FollowRules {
  readonly maxRedirects: number;
  /** Whether the request is signed or carries secrets, so that it must stay with its origin. */
  readonly isConfidential: boolean;
}

/**
 * Asks, and asks again where the answer redirects to, until an answer does not or must not be followed. The result is the
 * last one, with the redirects that led there and the time of all.
 */
export async function followRedirects(
  request: WireRequest,
  rules: FollowRules,
  ask: (request: WireRequest) => Promise<SendResult>,
): Promise<SendResult> {
  const redirects: Redirect[] = [];
  let asked = request;
  for (;;) {
    const result = await ask(asked);
    const location = locationOf(result);
    if (location === null) return withRedirects(result, result.outcome, redirects);
    const status = result.outcome.status ?? 0;
    const step = stepTo(location, asked, status, redirects, rules);
    if (step.kind === 'end') {
      const sentence = `${targetOf(new URL(asked.url))} answered ${status} and redirected ${step.why}`;
      return withRedirects(result, plainOutcome('redirect', sentence, step.reason, status), redirects);
    }
    redirects.push({
      url: asked.url,
      status,
      location,
      remoteAddress: result.connection?.remoteAddress ?? null,
      durationMs: result.timings.totalMs,
    });
    asked = { ...asked, url: step.url };
  }
}

/** Where an unsuccessful answer redirects to; null when it does not, or does not say where. */
function locationOf({ outcome, response }: SendResult): string | null {
  if (outcome.code !== 'redirect' || response === null) return null;
  return headerValue(response.headers, 'Location');
}

function withRedirects(result: SendResult, outcome: Outcome, redirects: readonly Redirect[]): SendResult {
  const beforeMs = redirects.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return { ...result, outcome, redirects, timings: { ...result.timings, totalMs: beforeMs + result.timings.totalMs } };
}

/** The next address, or why there is none: a code, and the end of a sentence that begins with the redirecting host. */
type Step = { readonly kind: 'follow'; readonly url: string } | { readonly kind: 'end'; readonly reason: string; readonly why: string };

/** Headers that carry a secret no matter who set them. */
const secretName = /^(authorization|cookie|proxy-authorization)$/i;

/**
 * What goes on is the same request, method and body included, or nothing: a redirect that makes it a GET (301, 302 and
 * 303; RFC 9110, section 15.4) would let an event count as delivered that never arrived. What is signed or secret stays
 * with its origin, as the next one could replay it there.
 */
function stepTo(location: string, asked: WireRequest, status: number, followed: readonly Redirect[], rules: FollowRules): Step {
  const from = new URL(asked.url);
  const to = URL.parse(location, asked.url);
  if (to === null || !isSendable(to))
    return end('REDIRECT_ADDRESS', `to ${JSON.stringify(location)}, which cannot be sent to: correct the receiver's Location header.`);
  const url = withoutHash(to);
  if (status !== 307 && status !== 308 && asked.method !== 'GET')
    return end(
      'REDIRECT_METHOD',
      `to ${url}, which makes the ${asked.method} a GET without its body: let the receiver redirect with 307 or 308, or put the final address in the endpoint's URL.`,
    );
  if (from.protocol === 'https:' && to.protocol === 'http:')
    return end(
      'REDIRECT_DOWNGRADE',
      `from https to ${url}, where everyone between could read the event: let the receiver redirect to https.`,
    );
  if (!isSameSite(from, to) && (rules.isConfidential || asked.headers.some(([name]) => secretName.test(name))))
    return end(
      'REDIRECT_ORIGIN',
      `to another origin, ${to.origin}, where the signature and secret headers of this endpoint must not go: put the final address in the endpoint's URL.`,
    );
  if ([asked, ...followed].some((other) => withoutHash(new URL(other.url)) === url))
    return end('REDIRECT_LOOP', `back to ${url}, which this attempt has requested already: look for the loop in the receiver's redirects.`);
  if (followed.length >= rules.maxRedirects)
    return end(
      'REDIRECT_LIMIT',
      `to ${url} after ${rules.maxRedirects === 1 ? 'the one redirect' : `the ${rules.maxRedirects} redirects`} that this endpoint follows: put the final address in its URL, or let it follow more.`,
    );
  return { kind: 'follow', url };
}

function end(reason: string, why: string): Step {
  return { kind: 'end', reason, why };
}

function isSendable(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}

/** The same origin, or the same host over https instead of http, both on their default ports. */
function isSameSite(from: URL, to: URL): boolean {
  return from.origin === to.origin || (from.hostname === to.hostname && from.port === '' && to.port === '' && to.protocol === 'https:');
}

function withoutHash(url: URL): string {
  return url.href.slice(0, url.href.length - url.hash.length);
}
