import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { StepExpected } from '#shared/contract/project-runs.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import type { Background } from '../background/background.ts';
import { unmetInWords, unmetOf } from '../capture/matching/unmet.ts';
import type { attemptsOf } from '../log/deliveries.ts';
import { decodedSearch } from '../store/bodies.ts';
import type { Searcher } from '../store/searcher.ts';
import { answerMatch } from './judge.ts';

export interface AnswerDeps {
  readonly background: Pick<Background, 'run'>;
  readonly searcher: Pick<Searcher, 'look'>;
}

type Attempt = ReturnType<typeof attemptsOf>[number];

/** What the content of an answer lacks of what a step expects. It is unpacked in a thread, and read to 4 MiB. */
export async function unmetByAnswer(
  { background, searcher }: AnswerDeps,
  expected: StepExpected,
  attempt: Attempt,
): Promise<NearestMiss['unmet']> {
  const match = answerMatch(expected);
  const contains = expected.answer?.contains;
  if (match === null && contains === undefined) return [];
  const headers = JSON.parse(attempt.response_headers_json ?? '[]') as HeaderField[];
  const hash = attempt.response_body_hash;
  const isTruncated = attempt.is_response_truncated === 1;
  const decoded = hash === null ? null : await searcher.look(decodedSearch, { hash, headers, isTruncated });
  const body = decoded === null ? new Uint8Array() : Buffer.from(decoded.bodyBase64, 'base64');
  const facts = { method: '', path: '/', query: '', headers, eventType: '', verdict: null };
  const lacking = await unmetOf(background, [match], facts, { body, bytes: body.byteLength, read: () => body });
  const [unmet] = lacking ?? [null];
  return [
    ...(unmet === null || unmet === undefined
      ? [{ condition: 'answer', found: 'It took too long to read.' }]
      : unmet.map(unmetInWords).map(({ condition, found }) => ({ condition: `answer ${condition}`, found }))),
    ...(contains === undefined || Buffer.from(body).toString('utf8').includes(contains)
      ? []
      : [{ condition: `answer contains ${JSON.stringify(contains)}`, found: `It is ${beginningOf(body)}` }]),
  ];
}

/** Characters of an answer that are shown. */
const shownCharacters = 200;

function beginningOf(body: Uint8Array): string {
  if (body.byteLength === 0) return 'empty.';
  const text = Buffer.from(body.subarray(0, shownCharacters * 4)).toString('utf8');
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}\u2026` : text);
}
