import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SolverEvent, SolverResult } from '#shared/contract/solving.ts';
import type { VerifyAnswer } from '#shared/contract/verifying.ts';
import { startTestEngine } from '../support/engine.ts';
import { openRest, type Client } from './doors.ts';

type Input = Parameters<Client['verifying']['solve']>[0];

interface RequestCase {
  readonly id: string;
  readonly essence: string;
  readonly right: string;
  readonly input: Input;
}

/** Requests out of public bug reports, with what is right to say of each. */
const cases = JSON.parse(readFileSync(new URL('../fixtures/requests.json', import.meta.url), 'utf8')) as readonly RequestCase[];

interface Right {
  /** What `/api/verify` answers: verdict, reason and scheme, and words of its message. */
  readonly verdict: Partial<Pick<VerifyAnswer, 'verdict' | 'reason' | 'scheme'>> & { readonly says?: RegExp };
  /** Ids of the causes that `/api/verify/solve` names first; none where the signature matches as it is, null where nothing is found. */
  readonly causes: readonly string[] | null;
  /** Words of the sentence of the first match, or of the advice where nothing is found. */
  readonly says: RegExp;
}

const mismatch = { verdict: 'invalid', reason: 'signature_mismatch' } as const;

const right: Readonly<Record<string, Right>> = {
  '01-haven-key-order': {
    verdict: mismatch,
    causes: ['body-key-order'],
    says: /order event, command, args, channelCode, author: .*as if a tool had sorted them\. Use the raw body/,
  },
  '01b-two-keys-swapped': { verdict: mismatch, causes: ['body-key-order'], says: /order event, data/ },
  '02b-supabase-secret-rotation': { verdict: { verdict: 'unchecked' }, causes: ['secret-one-of-several'], says: /secret 2 of the 2/ },
  '03-prefix-then-space-auto': { verdict: { scheme: 'custom' }, causes: [], says: /matches as it is, and this request is valid/ },
  '03c-prefix-then-space-github': {
    verdict: { verdict: 'invalid', reason: 'header_malformed', says: /space/ },
    causes: ['signature-space'],
    says: /space between the prefix and the signature is removed/,
  },
  '04-auto-solve-forgets-its-guess': {
    verdict: { ...mismatch, scheme: 'custom' },
    causes: ['body-newline-added'],
    says: /^Valid if the body ends with a newline \(LF\): /,
  },
  '05-one-character-of-the-signature-altered': {
    verdict: mismatch,
    causes: ['signature-altered'],
    says: /one character at place 6 of the signature is another \(43 of 44 agree\).*Body and secret are right/,
  },
  '05b-one-hex-digit-altered': {
    verdict: mismatch,
    causes: ['signature-altered'],
    says: /one character at place 11 of the signature is another \(63 of 64 agree\)/,
  },
  '06-secret-html-escaped': { verdict: mismatch, causes: ['secret-html-escaped'], says: /&amp; for &/ },
  '07-secret-json-escaped': { verdict: mismatch, causes: ['secret-json-escaped'], says: /\\u003D for =/ },
  '07c-secret-carriage-return': { verdict: mismatch, causes: ['secret-crlf'], says: /ends with a newline \(CRLF\)/ },
  '07d-secret-percent-encoded': { verdict: mismatch, causes: ['secret-percent-encoded'], says: /secret is percent-encoded/ },
  '08-meta-escapes-lost': { verdict: mismatch, causes: ['body-escapes-meta'], says: /as Meta does/ },
  '08b-meta-only-at': { verdict: mismatch, causes: ['body-escapes-meta'], says: /as Meta does/ },
  '10-gson-html-safe-escapes': { verdict: mismatch, causes: ['body-escapes-gson'], says: /as Gson does/ },
  '10b-dotnet-default-escapes': { verdict: mismatch, causes: ['body-escapes-dotnet'], says: /as System\.Text\.Json does/ },
  '11b-signed-with-replacement-characters': {
    verdict: mismatch,
    causes: ['body-replacement-characters'],
    says: /decoded as UTF-8 with replacement before hashing\. Hash the bytes/,
  },
  '11c-signed-utf16': { verdict: mismatch, causes: ['body-utf-16le'], says: /UTF-16 \(little endian\)/ },
  '12b-slack-apostrophe-decoded': { verdict: mismatch, causes: ['body-form-urlsearchparams'], says: /form is written as/ },
  '12c-slack-form-as-json': {
    verdict: mismatch,
    causes: ['body-form-of-json-urlsearchparams'],
    says: /the form that this JSON stands for/,
  },
  '13b-forwarded-prefix': { verdict: mismatch, causes: ['string-url-prefix'], says: /X-Forwarded-Prefix/ },
  '13c-forwarded-rfc7239': { verdict: mismatch, causes: ['string-url-https-host'], says: /host of Forwarded and https/ },
  '14b-plus-became-percent-20': { verdict: mismatch, causes: ['string-url-query-plus'], says: /\+ and not %20/ },
  '14c-form-values-trimmed': { verdict: mismatch, causes: ['body-form-value-trimmed'], says: /value of Body ends with a space/ },
  '16-python-repr-signed': { verdict: mismatch, causes: ['body-dump-python'], says: /str\(\) of a Python dict.*Hash the raw body/ },
  '16c-hash-of-body-signed': { verdict: mismatch, causes: ['body-digest-sha256-hex'], says: /SHA-256 of the body in hex/ },
  '16d-data-member-signed': { verdict: mismatch, causes: ['body-member-only'], says: /value of data alone/ },
  '16f-sorted-compact-utf8-signed': { verdict: mismatch, causes: ['body-as-canonical'], says: /canonical form/ },
  '16g-chunk-framing-left-in-body': { verdict: mismatch, causes: ['body-dechunked'], says: /chunk sizes are taken out/ },
  '17-trello-header-not-seen': { verdict: { verdict: 'valid' }, causes: [], says: /valid/ },
  '17b-sns-signature-in-body': {
    verdict: { reason: 'scheme_unsupported' },
    causes: null,
    says: /SigningCertURL.*Nothing here can compute that signature/,
  },
  '17d-jws-in-signature-header': { verdict: { verdict: 'valid' }, causes: [], says: /valid/ },
  '17e-airtable-content-mac': { verdict: { verdict: 'valid' }, causes: [], says: /valid/ },
  '17g-signature-header-sha256-space-hex': { verdict: { verdict: 'valid' }, causes: [], says: /valid/ },
  '18-gocardless-taken-for-standard-webhooks': { verdict: { verdict: 'valid', scheme: 'gocardless' }, causes: [], says: /valid/ },
};

/** Options that contradict each other, with what the refusal has to say and the options that it names in their place. */
const refused: Readonly<Record<string, { readonly says: RegExp; readonly options: Readonly<Record<string, string>> }>> = {
  '15b-composite-header-custom': {
    says: /It may be Mux-Signature itself; timestampPrefix then gives what comes before it there, such as t=/,
    options: { timestampHeader: 'Mux-Signature', timestampPrefix: 't=' },
  },
};

/** A refusal has to name the way to say it, and that way has to be valid. */
async function mistakesInRefusal(client: Client, { id, input }: RequestCase): Promise<readonly string[]> {
  const expected = refused[id];
  const refusal = await resultOf(client, input).then(
    () => 'no refusal',
    (error: unknown) => String(error),
  );
  const { matches } = await resultOf(client, { ...input, options: { ...input.options, ...expected?.options } });
  return [
    ...(expected?.says.test(refusal) === true ? [] : [`${id}: the refusal says: ${refusal}`]),
    ...(matches[0]?.causes.length === 0 ? [] : [`${id}: ${matches[0]?.sentence ?? 'nothing matches'}`]),
  ];
}

/** The last event of a search. */
async function resultOf(client: Client, input: Input): Promise<SolverResult> {
  let last: SolverEvent | null = null;
  // Time enough also for a machine that is busy otherwise.
  for await (const event of await client.verifying.solve({ ...input, maxMs: 60_000 })) last = event;
  if (last?.kind !== 'result') throw new Error('The search gave no result.');
  return last;
}

/** What is wrong with the two answers to a case; nothing when they are right. */
async function mistakesIn(client: Client, { id, input }: RequestCase): Promise<readonly string[]> {
  const expected = right[id];
  if (expected === undefined) return ['nobody has said what is right'];
  const { secretsOf: _, allSecrets: __, maxMs: ___, ...verifyInput } = { secretsOf: [], allSecrets: false, maxMs: 5000, ...input };
  const verdict = await client.verifying.verify(verifyInput);
  const { says, ...fields } = expected.verdict;
  const wrongFields = Object.entries(fields).filter(([name, value]) => verdict[name as keyof typeof fields] !== value);
  const { matches, advice } = await resultOf(client, input);
  const causes = matches[0]?.causes.map((cause) => cause.id) ?? null;
  const sentence = matches[0]?.sentence ?? advice.join(' ');
  return [
    ...wrongFields.map(([name, value]) => `${name} is ${verdict[name as keyof typeof fields]} and not ${value}: ${verdict.message}`),
    ...(says?.test(verdict.message) === false ? [`the verdict says: ${verdict.message}`] : []),
    ...(JSON.stringify(causes) === JSON.stringify(expected.causes) ? [] : [`the causes are ${JSON.stringify(causes)}: ${sentence}`]),
    ...(expected.says.test(sentence) ? [] : [`the search says: ${sentence}`]),
  ].map((mistake) => `${id}: ${mistake}`);
}

describe('requests out of public bug reports', () => {
  it('get the right verdict and the right cause, each of them', async () => {
    const { engine } = await startTestEngine();
    const client = await openRest(engine.router);
    const mistakes: string[] = [];
    let answeredRight = 0;
    for (const each of cases) {
      const found = each.id in refused ? await mistakesInRefusal(client, each) : await mistakesIn(client, each);
      mistakes.push(...found);
      if (found.length === 0) answeredRight += 1;
    }
    console.log(`Request cases answered right: ${answeredRight} of ${cases.length}`);
    expect(mistakes).toEqual([]);
    expect([...Object.keys(right), ...Object.keys(refused)].toSorted()).toEqual(cases.map(({ id }) => id).toSorted());
    // A thread is started for each search, which takes most of this time.
  }, 120_000);
});
