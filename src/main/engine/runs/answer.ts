import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { StepExpected } from '#shared/contract/project-runs.ts';
import type { RunAnswer } from '#shared/contract/runs.ts';
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

/** An attempt of the log. */
export type Attempt = ReturnType<typeof attemptsOf>[number];

/** What the content of an answer lacks of what a step expects. It is unpacked in a thread, and read to 4 MiB. */
export async function unmetByAnswer(
  { background, searcher }: AnswerDeps,
  expected: StepExpected,
  attempt: Attempt,
): Promise<NearestMiss['unmet']> {
  const match = answerMatch(expected);
  const contains = expected.answer?.contains;
  if (match === null && contains === undefined) return [];
  const headers = headersOf(attempt);
  const decoded = await decodedAnswer(searcher, attempt);
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

/** Characters and lines of an answer that a report has. */
const [reportedCharacters, reportedLines] = [1000, 20];

/** The body of an answer as a report shows it; null where nothing was answered. */
export async function reportedAnswer({ searcher }: Pick<AnswerDeps, 'searcher'>, attempt: Attempt): Promise<RunAnswer | null> {
  if (attempt.status === null) return null;
  const decoded = await decodedAnswer(searcher, attempt);
  if (decoded === null) return { text: '', bytes: 0 };
  const { bodyBase64, charset, rawBytes } = decoded;
  if (charset === null && bodyBase64 !== '') return { text: null, bytes: rawBytes };
  const whole = Buffer.from(bodyBase64, 'base64').toString('utf8');
  const shown = whole.slice(0, reportedCharacters).split('\n').slice(0, reportedLines).join('\n');
  return { text: shown.length < whole.length ? `${shown}\u2026` : shown, bytes: rawBytes };
}

function headersOf({ response_headers_json: json }: Attempt): HeaderField[] {
  return JSON.parse(json ?? '[]') as HeaderField[];
}

/** The content of an answer, unpacked in a thread and read to 4 MiB; null where it has none. */
async function decodedAnswer(searcher: AnswerDeps['searcher'], attempt: Attempt) {
  const hash = attempt.response_body_hash;
  if (hash === null) return null;
  return await searcher.look(decodedSearch, { hash, headers: headersOf(attempt), isTruncated: attempt.is_response_truncated === 1 });
}

/** Characters of an answer that a sentence has. */
const shownCharacters = 200;

function beginningOf(body: Uint8Array): string {
  if (body.byteLength === 0) return 'empty.';
  const text = Buffer.from(body.subarray(0, shownCharacters * 4)).toString('utf8');
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}\u2026` : text);
}
