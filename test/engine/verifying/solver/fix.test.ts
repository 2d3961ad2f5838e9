import { describe, expect, it } from 'vitest';
import type { SolverMatch } from '#shared/contract/solving.ts';
import type { RequestChange } from '#shared/contract/solver-fix.ts';
import { changedRequest } from '#shared/changed-request.ts';
import { parseOptions } from '#engine/signing/registry.ts';
import { judgeRecognised } from '#engine/signing/verify-recognised.ts';
import { verifyRequest } from '#engine/signing/verify.ts';
import type { SolverProblem } from '#engine/verifying/solver/problem.ts';
import { search } from '#engine/verifying/solver/search.ts';
import { damagedSamples } from '../../../support/damaged-samples.ts';

function firstMatch(problem: SolverProblem): SolverMatch {
  for (const event of search(problem, { maxMs: 60_000, maxCandidates: 1_000_000, elapsedMs: () => 0 })) {
    const [match] = event.kind === 'result' ? event.matches : [];
    if (match !== undefined) return match;
  }
  throw new Error('The search found no cause.');
}

/** The verdict on a request once a change was made, with the secrets that the caller gave and those of the owner that it names. */
function verdictWith(change: RequestChange, { request, secrets, options, nowMs }: SolverProblem) {
  const given = secrets.filter(({ source }) => source.kind === 'given').map(({ text }) => text);
  const owned = secrets.filter(
    ({ source }) => change.secret?.kind === 'owner' && source.kind === 'owner' && source.id === change.secret.id,
  );
  const changed = changedRequest({ ...request, secrets: given }, change);
  if (changed.kind === 'refused') throw new Error(changed.message);
  const input = { ...request, ...changed.request, secrets: [...changed.request.secrets, ...owned.map(({ text }) => text)], nowMs };
  const signing = change.scheme === undefined ? options : parseOptions(change.scheme, change.options);
  return signing === null ? judgeRecognised(input).verdict : verifyRequest({ ...input, options: signing });
}

/** What nobody can ask instead, and what the sentence about it must say. */
const notToBeAsked: readonly (readonly [cause: RegExp, why: string])[] = [
  [/signature-cut/, 'can come from the sender alone'],
  [/signature-(?:altered|lookalikes)/, 'would prove nothing'],
  [/secret-(?:base64-encoded|sha256|latin-1|lookalikes)/, 'in a form that is not typed here'],
  [/algorithm-swapped/, 'takes what is signed for the key'],
  [/algorithm-key/, 'A plain hash is no HMAC'],
  [/secret-empty/, 'set the secret at the sender'],
  [/string-timestamp-/, 'the sender has to send what it signs'],
];

describe('the fix of a cause', () => {
  it.each(damagedSamples.map((sample) => [sample.name, sample] as const))('makes the request valid: %s', (name, { problem }) => {
    const { fix, causes } = firstMatch(problem);
    const [, why] = notToBeAsked.find(([cause]) => cause.test(`${name} ${causes.map(({ id }) => id).join()}`)) ?? [];
    if (why !== undefined) return expect(fix).toEqual({ why: expect.stringContaining(why) });
    expect(fix).toEqual({ change: expect.anything() });
    if ('change' in fix) expect(verdictWith(fix.change, problem)).toMatchObject({ verdict: 'valid' });
  });
});
