import { Buffer } from 'node:buffer';
import { answeredStatus, isAnswered } from '#shared/contract/answered.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { sourceAt } from '#shared/json/exact.ts';
import { isPrivateName } from '#shared/text/private-names.ts';
import { exactNumber } from '#shared/json/number.ts';
import type { Fields } from '../../project/read-project.ts';
import type { Source } from './source.ts';

/** What a written run expects of its steps. */
export interface Wanted {
  readonly status: boolean;
  readonly answer: boolean;
  readonly time: boolean;
  /** That what failed is delivered. */
  readonly fixed: boolean;
}

/** Values of an answer that are expected, at most, and how long a text of them may be. */
const mostValues = 20;
const longestValue = 200;
const readAnswerBytes = 65_536;

const roundTimesMs = [100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000];

/** Whether an attempt was ended by whoever sent it, so that it says nothing of its receiver. */
export function wasCutOff({ code }: Pick<Outcome, 'code'>): boolean {
  return code === 'cancelled' || code === 'interrupted';
}

/** What a step has to bring, as it was seen in the log; undefined for what a step expects anyway. */
export function expectationOf(
  { kind, delivered, answer }: Source,
  wanted: Wanted,
  hasSecret: (text: string) => boolean,
): Fields | undefined {
  if (kind === 'capture') return wanted.status ? { status: '2xx' } : undefined;
  if (answer === null || wasCutOff(answer.outcome)) return undefined;
  if (wanted.fixed && !delivered) return { delivered: true };
  const { outcome, durationMs, body } = answer;
  const values = wanted.answer && isAnswered(outcome.code) && body !== null ? valuesOf(body, hasSecret) : {};
  const expected = {
    ...endingOf(outcome, { delivered, wantsStatus: wanted.status }),
    ...(Object.keys(values).length === 0 ? {} : { answer: values }),
    // Twice the time, since a machine is slower at some times than at others.
    ...(wanted.time && durationMs !== null ? { answeredWithinMs: roundTimesMs.find((each) => each >= durationMs * 2) ?? 600_000 } : {}),
  };
  return Object.keys(expected).length === 0 ? undefined : expected;
}

/** What it ended in: the status of a whole answer, or else the outcome, since a receiver that is not there refuses nothing. */
function endingOf(outcome: Outcome, { delivered, wantsStatus }: { readonly delivered: boolean; readonly wantsStatus: boolean }): Fields {
  if (delivered && !wantsStatus) return {};
  const status = answeredStatus(outcome);
  if (status === null) return { outcome: outcome.code };
  return wantsStatus ? { status } : { delivered: false };
}

/** The values at the top of a JSON object, without those that look like credentials or repeat a secret; numbers that JavaScript cannot hold as text. */
function valuesOf(body: Uint8Array, hasSecret: (text: string) => boolean): Fields {
  if (body.byteLength > readAnswerBytes) return {};
  const text = Buffer.from(body).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const plain = Object.entries(value)
    .filter(
      ([name, each]) =>
        /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) &&
        !isPrivateName(name) &&
        (each === null ||
          ['number', 'boolean'].includes(typeof each) ||
          (typeof each === 'string' && each.length <= longestValue && !each.includes('*') && !hasSecret(each))),
    )
    .slice(0, mostValues);
  const sourceOf = (name: string) => sourceAt(text, [name]) ?? '';
  const isHeld = (name: string, each: unknown) =>
    typeof each !== 'number' || exactNumber(sourceOf(name)) === exactNumber(JSON.stringify(each));
  const json = plain.flatMap(([name, each]) => (isHeld(name, each) ? [[`$.${name}`, each as unknown]] : []));
  const jsonText = plain.flatMap(([name, each]) => (isHeld(name, each) ? [] : [[`$.${name}`, sourceOf(name)]]));
  return {
    ...(json.length === 0 ? {} : { json: Object.fromEntries(json) }),
    ...(jsonText.length === 0 ? {} : { jsonText: Object.fromEntries(jsonText) }),
  };
}
