import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf } from '#engine/base/given-bytes.ts';
import { createOfflineClient } from '#engine/index.ts';
import { createFileReader } from '#hosts/cli/input.ts';
import { readRequest } from '#hosts/cli/request-flags.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SolverResult } from '#shared/contract/solving.ts';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import { cutNotes } from '#shared/import/cut-body.ts';
import { importPaste } from '../../../src/renderer/features/verify/imported.ts';
import { emptyInput, readInput, type VerifyQuestion } from '../../../src/renderer/features/verify/verify-input.ts';

interface PastedCase {
  readonly id: string;
  readonly paste: string;
  readonly body?: string;
  readonly secret: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  readonly right: string;
}

/** What a paste must be read as, and what must be said of it. */
interface RightReading {
  readonly kind: string;
  readonly method: string | null;
  readonly url: string | null;
  readonly headers: readonly HeaderField[];
  /** As UTF-8. */
  readonly body: string | null;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly verdict: string;
  readonly reason?: string;
  /** The changes of the first match of the search; null where there must be none. */
  readonly causes?: readonly string[] | null;
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, '../../fixtures', name), 'utf8'));
}

const cases = fixture('pastes.json') as readonly PastedCase[];
const right = fixture('pastes-right.json') as Readonly<Record<string, RightReading>>;
const client = createOfflineClient();
let schemes: readonly SchemeInfo[] = [];
const passed: string[] = [];

beforeAll(async () => {
  schemes = (await client.verifying.schemes()).items;
});
afterAll(() => console.log(`Pasted texts with the right answer: ${passed.length} of ${cases.length}.`));

async function solved(question: VerifyQuestion): Promise<SolverResult> {
  const { secretsOf: _none, ...rest } = question;
  for await (const event of await client.verifying.solve({ ...rest, secretsOf: [], allSecrets: false, maxMs: 60_000 }))
    if (event.kind === 'result') return event;
  throw new Error('The search ended without a result.');
}

/** The request as the command line reads it from a file. */
function atCommandLine({ paste, body }: PastedCase) {
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-paste-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return readRequest(
    { request: file('request', paste), bodyEncoding: 'text', ...(body === undefined ? {} : { body: file('body', body) }) },
    createFileReader(),
  );
}

describe('a text that people pasted', () => {
  it.each(cases.map((one) => [one.id, one] as const))('%s is read and answered rightly', async (id, one) => {
    const wanted = right[id];
    expect(wanted, `the right answer to ${id}`).toBeDefined();
    const { form, reading } = importPaste({ text: one.paste }, null);
    expect({
      kind: reading.kind,
      method: reading.method,
      url: reading.url,
      headers: reading.headers,
      body: reading.body === null ? null : Buffer.from(reading.body).toString('utf8'),
      problems: reading.problems.map(({ message }) => message),
      notes: reading.notes,
    }).toEqual({
      kind: wanted?.kind,
      method: wanted?.method,
      url: wanted?.url,
      headers: wanted?.headers,
      body: wanted?.body,
      problems: wanted?.problems,
      notes: wanted?.notes,
    });
    const input = {
      ...emptyInput,
      ...form,
      ...(one.body === undefined ? {} : { body: one.body, bodyGap: null }),
      secrets: one.secret,
      clock: String(one.now),
    };
    const { question } = readInput(input, schemes);
    if (question === null) throw new Error('There is nothing to check.');
    expect(question.request.headers, 'headers in the form').toEqual(wanted?.headers);
    expect(Buffer.from(bytesOf(question.request.bodyBase64 ?? '')).toString('utf8'), 'body in the form').toBe(
      one.body ?? wanted?.body ?? '',
    );
    const { verdict, reason } = await client.verifying.verify(question);
    expect(verdict).toBe(wanted?.verdict);
    if (verdict !== 'valid') {
      expect(reason).toBe(wanted?.reason);
      const { matches, advice } = await solved(question);
      if (wanted?.causes === null) {
        expect(matches).toEqual([]);
        expect(advice.length).toBeGreaterThan(0);
      } else expect(matches[0]?.causes.map((cause) => cause.id)).toEqual(wanted?.causes);
    }
    passed.push(id);
  });

  it.each(
    // Several signed requests are a question there.
    cases.filter(({ id }) => id !== '27b-two-commands').map((one) => [one.id, one] as const),
  )('%s comes to the same request on the command line', (id, one) => {
    const chosen = atCommandLine(one);
    expect(chosen.kind === 'given' ? chosen.request : null).toMatchObject({
      headers: right[id]?.headers,
      bodyBase64: Buffer.from(one.body ?? right[id]?.body ?? '').toString('base64'),
    });
  });

  it('is told to be cut where the body shows it, with the place', () => {
    const bodyOf = (id: string) => Buffer.from(cases.find((one) => one.id === id)?.body ?? '');
    expect(cutNotes(bodyOf('t15-truncated-dots'))).toEqual([
      'The body is cut: it ends in "..." at byte 120, so no signature over it can match. Ask for the whole body.',
    ]);
    expect(cutNotes(bodyOf('t15b-truncated-marker'))).toEqual([
      expect.stringMatching(/^The body is cut: it ends in "… \[truncated 180 chars\]" at byte \d+, /),
    ]);
    // What only looks like it is not told.
    expect(cases.filter(({ id, body }) => !id.startsWith('t15') && cutNotes(Buffer.from(body ?? '')).length > 0)).toEqual([]);
  });
});
