import type { HeaderField } from '#shared/contract/common.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { responseFields, type BinResponse } from '#shared/contract/bin-response.ts';
import { headerValue, isSameHeader } from '#shared/text/headers.ts';
import { TaskEnded, type Background } from '../background/background.ts';
import { utf8ForAnswer } from '../base/deferred-text.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, notFound, Refusal } from '../base/refusal.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { pathBehindBin } from '../capture/request-target.ts';
import { arrivalOf } from '../capture/stored-arrival.ts';
import { findCapture } from '../capture/list.ts';
import { eventTypeIn } from '../capture/matching/capture-facts.ts';
import { writeTestTask } from '../snippets/tests/write-test.ts';
import { decodedSearch } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';
import type { Searcher } from '../store/searcher.ts';

interface CaptureSaveDeps {
  readonly database: Database;
  readonly bins: Pick<BinBook, 'find' | 'get' | 'update'>;
  readonly searcher: Searcher;
  readonly background: Pick<Background, 'run'>;
}

type StoredCapture = NonNullable<ReturnType<typeof findCapture>>;

/** A larger body would make a file that no editor likes. */
const testedBodyBytes = 1_048_576;

/** What captured requests are saved as beside events and profiles. */
export function createCaptureSaveHandlers(os: Procedures, deps: CaptureSaveDeps) {
  const { database, bins, background } = deps;
  return {
    testFile: os.captures.testFile.handler(async ({ input: { id, framework, status, signing } }) => {
      const capture = wholeCapture(database, id, 'id');
      const { byteLength } = capture.bytes;
      if (byteLength > testedBodyBytes)
        throw invalid(
          'id',
          `The body has ${byteLength.toLocaleString('en')} bytes, and a test file holds at most 1 MiB: send it by a replay.`,
        );
      if (/^(?:connect|trace)$/i.test(capture.method))
        throw invalid('id', `This capture is a ${capture.method} request, which the clients of test frameworks do not send.`);
      const order = { framework, status, request: testedRequest(capture, signing ?? bins.find(capture.bin_id)?.signing ?? null) };
      const { code, ...file } = await background.run('texts', writeTestTask, order, [order.request.body.buffer]).catch((error: unknown) => {
        if (!(error instanceof TaskEnded)) throw error;
        throw invalid('id', 'The body takes too long to write as code, or too much memory: send it by a replay.');
      });
      return { ...file, code: utf8ForAnswer(code) };
    }),
    answerWith: os.bins.answerWith.handler(async ({ input: { id, captureId, ruleId, ifUpdatedAtMs } }) => {
      const bin = bins.get(id);
      const rule = ruleId === undefined ? null : bin.answers.rules.find((each) => each.id === ruleId);
      if (rule === undefined) throw notFound('rule', ruleId ?? '');
      const content = await answerOf(deps, captureId);
      const known = ifUpdatedAtMs ?? bin.updatedAtMs;
      if (rule === null) return bins.update(id, { response: answerLike(bin.response, content) }, known);
      const rules = bin.answers.rules.map((each) => (each === rule ? { ...each, response: answerLike(each.response, content) } : each));
      return bins.update(id, { answers: { rules } }, known);
    }),
  };
}

/** Throws a Refusal for a capture that is not there, or whose body is not whole. */
function wholeCapture(database: Database, id: string, path: string): StoredCapture {
  const capture = findCapture(database, id);
  if (capture === undefined) throw notFound('capture', id);
  if (capture.is_body_truncated === 0) return capture;
  const message = `Only the first ${capture.body_bytes} bytes of this body were received, so it cannot be saved as it was sent.`;
  throw new Refusal('CONFLICT', message, { issues: [{ path, message: 'The captured body is incomplete.' }] });
}

function testedRequest(capture: StoredCapture, signing: Signing | null) {
  const { path, query } = pathBehindBin(capture.target, arrivalOf(capture).by);
  const headers = JSON.parse(capture.headers_json) as HeaderField[];
  const body = ownBytes(capture.bytes);
  return {
    method: capture.method,
    target: query === '' ? path : `${path}?${query}`,
    headers,
    body,
    receivedAtMs: capture.received_at_ms,
    eventType: eventTypeIn(headers, body),
    trailers: (JSON.parse(capture.trailers_json) as HeaderField[]).map(([name]) => name),
    signing,
  };
}

interface AnswerContent {
  readonly body: string;
  readonly contentType: string | null;
}

/** The body of a capture as an answer has it: text in UTF-8, unpacked. Rejects with a Refusal for any other. */
async function answerOf({ database, searcher }: CaptureSaveDeps, captureId: string): Promise<AnswerContent> {
  const capture = wholeCapture(database, captureId, 'captureId');
  const headers = JSON.parse(capture.headers_json) as HeaderField[];
  const { charset, isCut, bodyBase64, problems } = await searcher.look(decodedSearch, {
    hash: capture.body_hash,
    headers,
    isTruncated: false,
  });
  if (charset === null && capture.bytes.byteLength > 0)
    throw invalid('captureId', 'The body is not text, and a bin answers with text only.');
  const [problem] = problems;
  if (problem !== undefined) throw invalid('captureId', `The body cannot be read whole: ${problem}`);
  const body = Buffer.from(bodyBase64, 'base64').toString('utf8');
  if (isCut || !responseFields.body.safeParse(body).success)
    throw invalid('captureId', 'The body has more than 1,000,000 characters, which is the most that a bin answers with.');
  return { body, contentType: inUtf8(headerValue(headers, 'content-type')) };
}

/** A content type whose text was turned into UTF-8. */
function inUtf8(contentType: string | null): string | null {
  return contentType?.replace(/;\s*charset=(?!"?utf-8"?\s*(?:;|$))(?:"[^"]*"|[^;\s]*)/i, '; charset=utf-8') ?? null;
}

/** An answer with other content, which is sent as it is. */
function answerLike(before: BinResponse, { body, contentType }: AnswerContent): BinResponse {
  const kept = Object.entries(before.headers).filter(([name]) => !isSameHeader(name, 'content-type'));
  const headers = Object.fromEntries([...kept, ...(contentType === null ? [] : [['Content-Type', contentType] as const])]);
  if (!responseFields.headers.safeParse(headers).success)
    throw invalid('captureId', 'The content type of the capture cannot be that of an answer.');
  return { ...before, headers, body, isTemplate: false };
}
