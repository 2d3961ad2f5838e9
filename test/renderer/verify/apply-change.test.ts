import { describe, expect, it } from 'vitest';
import type { RequestChange } from '#shared/contract/solver-fix.ts';
import type { SolverMatch } from '#shared/contract/solving.ts';
import { formatHeaderText } from '#shared/header-text.ts';
import { bytesOf } from '#engine/base/given-bytes.ts';
import { parseOptions, schemes } from '#engine/signing/registry.ts';
import { optionsSchemaOf } from '#shared/contract/signing.ts';
import { search } from '#engine/verifying/solver/search.ts';
import { verifyRequest } from '#engine/signing/verify.ts';
import { z } from 'zod';
import { appliedChange } from '../../../src/renderer/features/verify/apply-change.ts';
import { emptyInput, readInput, type VerifyInput } from '../../../src/renderer/features/verify/verify-input.ts';
import { base64OfBytes } from '../../../src/renderer/ui/body-format.ts';
import { damagedSamples, type DamagedSample } from '../../support/damaged-samples.ts';

const infos = schemes.map(({ id, info }) => ({ id, ...info, options: z.toJSONSchema(optionsSchemaOf(id), { io: 'input' }) }));

/** The page as it stands after the damaged request was pasted, with the secrets of others in the workspace. */
function formOf({ problem }: DamagedSample): VerifyInput {
  const { options, request, secrets } = problem;
  const line = request.method === null ? '' : `${request.method} /in HTTP/1.1\n`;
  return {
    ...emptyInput,
    head: line + formatHeaderText(request.headers),
    body: base64OfBytes(request.body),
    encoding: 'base64',
    url: request.url ?? '',
    scheme: options?.scheme ?? null,
    custom: options?.scheme === 'custom' ? options : null,
    options: options?.scheme === 'custom' ? null : options,
    secrets: secrets.filter(({ origin, isPrevious }) => origin === 'given' && !isPrevious).map(({ text }) => text),
    clock: String(problem.nowMs),
  };
}

function checked(input: VerifyInput, ownersSecrets: readonly string[]) {
  const { question } = readInput(input, infos);
  if (question === null) return null;
  const { scheme, options, request } = question;
  return verifyRequest({
    options: parseOptions(scheme, options),
    secrets: [...(question.secrets ?? []), ...(question.secretsOf === undefined ? [] : ownersSecrets)],
    nowMs: question.nowMs ?? 0,
    method: request.method ?? null,
    url: request.url ?? null,
    headers: request.headers ?? [],
    body: bytesOf(request.bodyBase64 ?? ''),
  });
}

function firstMatch({ problem }: DamagedSample): SolverMatch {
  for (const event of search(problem, { maxMs: 60_000, maxCandidates: 1_000_000, elapsedMs: () => 0 })) {
    const [match] = event.kind === 'result' ? event.matches : [];
    if (match !== undefined) return match;
  }
  throw new Error('The search found no cause.');
}

describe('a change that the search found', () => {
  it.each(damagedSamples.map((sample) => [sample.name, sample] as const))(
    'makes the form valid once it is applied: %s',
    (_name, sample) => {
      const input = formOf(sample);
      const { fix } = firstMatch(sample);
      // What has no fix is the matter of the search and its own test.
      if ('why' in fix) return;
      const applied = appliedChange(fix.change, input, readInput(input, infos));
      if (applied.kind === 'none') {
        expect(applied.why).toContain('cannot hold a line break');
        expect(fix.change.secret).toMatchObject({ edits: [expect.stringMatching(/newline|crlf|carriage-return|nul/)] });
        return;
      }
      const stored = sample.problem.secrets.filter(({ source }) => source.kind === 'owner').map(({ text }) => text);
      expect(checked({ ...input, ...applied.fields }, stored)).toMatchObject({ verdict: 'valid' });
    },
  );

  const put = (change: RequestChange, input: Partial<VerifyInput>) => {
    const whole = { ...emptyInput, ...input };
    const applied = appliedChange(change, whole, readInput(whole, infos));
    return applied.kind === 'fields' ? applied.fields : applied.why;
  };

  it.each<[string, RequestChange, Partial<VerifyInput>, object | string]>([
    [
      'a secret among empty fields',
      { secret: { kind: 'edited', index: 1, edits: ['trimmed'] } },
      { secrets: ['', 'a', '', 'b '] },
      { secrets: ['', 'a', '', 'b'] },
    ],
    ['a word in place of all secrets', { secret: { kind: 'word', word: 'null' } }, { secrets: ['a', 'b'] }, { secrets: ['null'] }],
    ['the secrets of an owner', { secret: { kind: 'owner', id: 'ep_1' } }, { secrets: ['a'] }, { secretsOf: 'ep_1' }],
    [
      'a secret that no field can hold',
      { secret: { kind: 'edited', index: 0, edits: ['newline'] } },
      { secrets: ['a'] },
      expect.stringContaining('cannot hold a line break') as string,
    ],
    [
      'a secret that was not given',
      { secret: { kind: 'edited', index: 1, edits: ['trimmed'] } },
      { secrets: ['a'] },
      expect.stringContaining('no secret at place 1') as string,
    ],
    [
      'a header in its own line',
      { headers: [{ index: 1, name: 'X-B', value: '3' }] },
      { head: 'POST / HTTP/1.1\r\nX-A: 1\r\nx-c:  2 \r\nX-D: 4' },
      { head: 'POST / HTTP/1.1\r\nX-A: 1\r\nX-B: 3 \r\nX-D: 4' },
    ],
    [
      'a header in JSON',
      { headers: [{ index: 0, name: 'X-A', value: '3' }] },
      { head: '{"X-A":"1","X-B":"2"}' },
      { head: 'X-A: 3\nX-B: 2' },
    ],
    [
      'the second of two of one name',
      { headers: [{ index: 1, name: 'X-A', value: '3' }] },
      { head: 'X-A: 1\nX-A: 2' },
      { head: 'X-A: 1\nX-A: 3' },
    ],
    [
      'bytes that are no text',
      { body: { from: 1, to: 1, base64: '/w==' } },
      { head: 'X: 1', body: 'ab' },
      { body: 'Yf9i', encoding: 'base64', file: null, lineEnding: 'asPasted' },
    ],
    [
      'a scheme with its options',
      { scheme: 'stripe', options: { toleranceSeconds: 9 } },
      {},
      { scheme: 'stripe', custom: null, options: { scheme: 'stripe', toleranceSeconds: 9 } },
    ],
  ])('is put into the form: %s', (_name, change, input, fields) => {
    expect(put(change, input)).toEqual(fields);
  });
});
