import { Buffer } from 'node:buffer';
import { isAnswered } from '#shared/contract/answered.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { StepExpected } from '#shared/contract/project-runs.ts';
import type { RunAnswer } from '#shared/contract/runs.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import { headerValues } from '#shared/text/headers.ts';
import { TaskEnded, type Background } from '../background/background.ts';
import { unpackOutcome } from '../base/packed-columns.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { matchesPattern } from '../capture/matching/text-pattern.ts';
import { cut } from '../comparing/json-findings.ts';
import type { attemptsOf } from '../log/deliveries.ts';
import { decodedSearch } from '../store/bodies.ts';
import type { Searcher } from '../store/searcher.ts';
import { answerValuesTask, wantedValues } from './answer-values.ts';

export interface AnswerDeps {
  readonly background: Pick<Background, 'run'>;
  readonly searcher: Pick<Searcher, 'look'>;
}

/** An attempt of the log. */
export type Attempt = ReturnType<typeof attemptsOf>[number];

/** Whether a step expects anything of the content of an answer. */
function asksForAnswer(expected: StepExpected): boolean {
  const { headers, contains } = expected.answer ?? {};
  return wantedValues(expected).length > 0 || Object.keys(headers ?? {}).length > 0 || contains !== undefined;
}

/** What the content of an answer lacks of what a step expects. It is unpacked and read in a thread. */
export async function unmetByAnswer(
  { background, searcher }: AnswerDeps,
  expected: StepExpected,
  attempt: Attempt | null,
): Promise<NearestMiss['unmet']> {
  if (!asksForAnswer(expected)) return [];
  const outcome = attempt === null || attempt.outcome_json === null ? null : unpackOutcome(attempt.outcome_json);
  if (attempt === null || outcome === null || attempt.status === null) return [{ condition: 'answer', found: 'Nothing was answered.' }];
  if (!isAnswered(outcome.code)) return [{ condition: 'answer', found: outcome.message }];
  const decoded = await decodedAnswer(searcher, attempt);
  const body = decoded === null ? new Uint8Array() : Buffer.from(decoded.bodyBase64, 'base64');
  const isCut = attempt.is_response_truncated === 1 || decoded?.isCut === true;
  return [
    ...unmetByHeaders(expected, headersOf(attempt)),
    ...(await unmetByValues(background, expected, { body, isCut })),
    ...unmetByContent(expected, { body, isCut }),
  ];
}

function unmetByHeaders({ answer }: StepExpected, headers: readonly HeaderField[]): NearestMiss['unmet'] {
  return Object.entries(answer?.headers ?? {}).flatMap(([name, pattern]) => {
    const values = headerValues(headers, name);
    if (values.some((value) => matchesPattern(pattern, value))) return [];
    const found = values.length === 0 ? 'It has none.' : `It is ${values.map((value) => cut(value, shownCharacters)).join(', ')}.`;
    return [{ condition: `answer header ${name} is ${pattern}`, found }];
  });
}

/** A body as far as it is there, and whether that is not all of it. */
interface ReadBody {
  readonly body: Uint8Array;
  readonly isCut: boolean;
}

/** What was not kept of an answer cannot be said to be missing. */
const onlyBeginning = 'Only the beginning of the answer is kept';

async function unmetByValues(
  background: AnswerDeps['background'],
  expected: StepExpected,
  { body, isCut }: ReadBody,
): Promise<NearestMiss['unmet']> {
  const wanted = wantedValues(expected);
  if (wanted.length === 0) return [];
  if (isCut) return [{ condition: 'answer', found: `${onlyBeginning}, so that its JSON cannot be read.` }];
  try {
    return await background.run('requests', answerValuesTask, { wanted, body: ownBytes(body) });
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    return [{ condition: 'answer', found: 'It took too long to read.' }];
  }
}

function unmetByContent({ answer }: StepExpected, { body, isCut }: ReadBody): NearestMiss['unmet'] {
  const contains = answer?.contains;
  if (contains === undefined || Buffer.from(body).toString('utf8').includes(contains)) return [];
  const found = isCut
    ? `${onlyBeginning}, ${body.byteLength.toLocaleString('en')} bytes, and it is not in there.`
    : `It is ${beginningOf(body)}`;
  return [{ condition: `answer contains ${JSON.stringify(contains)}`, found }];
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
  return JSON.stringify(cut(text, shownCharacters));
}
