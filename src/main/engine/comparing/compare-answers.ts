import type { BodyComparison, HeaderChange, NoiseKind } from '#shared/contract/comparing.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { compareBodies, isSameSent } from './body-comparison.ts';
import type { ComparedBody } from './compared-body.types.ts';
import { headerChanges } from './header-changes.ts';
import { pathPatterns } from './json-place.ts';
import { firstAndSecond } from './side-words.ts';

/** An answer to compare. */
export interface ComparedAnswer extends ComparedBody {
  readonly status: number;
}

/** What may differ between two answers: headers by name, values of JSON by path, kinds of noise. */
export interface IgnoredInAnswers {
  readonly headers: readonly string[];
  readonly paths: readonly string[];
  readonly noise: readonly NoiseKind[];
}

/** How two answers differ, but for their status and what is ignored. */
export interface AnswersDifference {
  readonly headers: readonly HeaderChange[];
  readonly body: BodyComparison;
  /** JSON that is written otherwise with the same values is no other body. */
  readonly isOtherBody: boolean;
  readonly leftOut: number;
  /** Names of headers among them. */
  readonly leftOutHeaders: readonly string[];
}

/** Headers that say how an answer is sent, and not what it is. */
const ofSending = headerNameTest(['content-length', 'connection', 'keep-alive', 'transfer-encoding']);

/** Compares two answers: what is ignored is only counted. */
export async function compareAnswers(before: ComparedAnswer, after: ComparedAnswer, ignored: IgnoredInAnswers): Promise<AnswersDifference> {
  const { leftOut: _inBody, ...body } = await compareBodies(before, after, firstAndSecond, {
    noise: ignored.noise,
    paths: pathPatterns(ignored.paths),
  });
  const { changes, leftOut } = headerChanges(before.headers, after.headers, { ignore: ignored.noise, isSameBody: isSameSent(body) });
  const isIgnored = headerNameTest(ignored.headers);
  const ofContent = changes.filter(({ name, isHopByHop }) => !isHopByHop && !ofSending(name));
  const headers = ofContent.filter(({ name }) => !isIgnored(name));
  const leftOutHeaders = [...leftOut, ...ofContent.filter(({ name }) => isIgnored(name))].map(({ name }) => name);
  const isOnlyIgnored = body.content !== 'unknown' && body.changeCount === 0 && body.leftOutCount > 0;
  return {
    headers,
    body,
    isOtherBody: !body.isSame && body.content !== 'same' && !isOnlyIgnored && body.firstDifference !== null,
    leftOut: leftOutHeaders.length + body.leftOutCount,
    leftOutHeaders,
  };
}
