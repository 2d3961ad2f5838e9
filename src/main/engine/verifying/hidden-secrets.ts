import { Buffer } from 'node:buffer';
import type { SolverEvent, SolverMatch } from '#shared/contract/solving.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { base64ForAnswer, withTextsMade } from '../base/deferred-text.ts';
import { maskUrlSecrets, withoutUrlSecrets, type UrlSecret } from '../request/url-secrets.ts';
import type { SignedPart } from '../signing/scheme.ts';

/** A verdict without the secrets of the URL, with asterisks in place of those in the signed bytes. */
export function withoutHidden<Answer extends Verification>(answer: Answer, hidden: readonly UrlSecret[]): Answer {
  if (hidden.length === 0) return answer;
  const { signedBase64, ...rest } = answer;
  return {
    ...masked(rest, hidden),
    signedBase64: signedBase64 === null ? null : maskedBytes(signedBase64, answer.parts, hidden),
  } as Answer;
}

/** The events of a search without the secrets of the URL. */
export async function* searchWithoutHidden(
  events: AsyncGenerator<SolverEvent, void, void>,
  hidden: readonly UrlSecret[],
): AsyncGenerator<SolverEvent, void, void> {
  for await (const event of events) {
    if (event.kind === 'progress') yield event;
    else yield { ...masked(event, hidden), matches: event.matches.map((match) => withoutHiddenIn(match, hidden)) };
  }
}

function withoutHiddenIn(match: SolverMatch, hidden: readonly UrlSecret[]): SolverMatch {
  const { signed, fix, ...rest } = match;
  const isFixShown = JSON.stringify(masked(fix, hidden)) === JSON.stringify(fix);
  return {
    ...masked(rest, hidden),
    signed: signed === null ? null : { ...signed, base64: maskedBytes(signed.base64, signed.parts, hidden) },
    fix: isFixShown ? fix : { why: 'The change contains a secret of the URL, so it is not shown.' },
  };
}

function maskedBytes(base64: string, parts: readonly SignedPart[], hidden: readonly UrlSecret[]): string {
  const { bytes } = withoutUrlSecrets({ bytes: Buffer.from(withTextsMade(base64), 'base64'), parts }, hidden);
  return base64ForAnswer(bytes);
}

/** Plain data with the secrets masked in all its texts. */
function masked<Value>(value: Value, hidden: readonly UrlSecret[]): Value {
  const text = JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? maskUrlSecrets(each, hidden) : each));
  return JSON.parse(text) as Value;
}
