import { givenOf, type GivenData } from '#shared/contract/json.ts';
import type { ReceiverTestKind } from '#shared/contract/receiver-tests.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import { parseDurationMs } from '#shared/duration-text.ts';
import type { ReceiverTestInput } from './receiver-test-store.ts';

/** What the fields of a receiver test hold. */
export interface ReceiverTestDraft {
  readonly kind: ReceiverTestKind;
  readonly count: number | string;
  readonly copies: number | string;
  readonly gap: string;
  readonly delay: string;
  readonly timestamp: RedeliveryTimestamp;
  readonly type: string;
  /** Null for the sample of the event type. */
  readonly data: string | null;
}

/** What is wrong, by field. */
export interface ReceiverTestProblems {
  readonly count?: string;
  readonly copies?: string;
  readonly gap?: string;
  readonly delay?: string;
  readonly data?: string;
}

/** Whether each message of such a test has a number. */
export function isNumbered(kind: ReceiverTestKind): boolean {
  return kind === 'outOfOrder' || kind === 'burst';
}

/** The test described by the fields, or the problem at each field. */
export function readReceiverTest(
  draft: ReceiverTestDraft,
  dataText: string,
  endpointId: string,
): { readonly input: ReceiverTestInput | null; readonly problems: ReceiverTestProblems } {
  const gapMs = parseDurationMs(draft.gap);
  const delayMs = parseDurationMs(draft.delay);
  const data = parseJson(dataText);
  const problems: ReceiverTestProblems = {
    ...(data === undefined ? { data: 'This is not JSON.' } : {}),
    ...(usesGap(draft.kind) && gapMs === null ? { gap: 'Write a length of time such as 250 ms.' } : {}),
    ...(draft.kind === 'late' && (delayMs === null || delayMs < 1) ? { delay: 'Write a length of time such as 10 m.' } : {}),
    ...(isNumbered(draft.kind) && typeof draft.count !== 'number' ? { count: 'Write a number from 2 to 500.' } : {}),
    ...(draft.kind === 'duplicates' && typeof draft.copies !== 'number' ? { copies: 'Write a number from 2 to 100.' } : {}),
  };
  if (Object.keys(problems).length > 0) return { input: null, problems };
  return { input: { endpointId, type: draft.type, ...(data ?? { data: {} }), test: testOf(draft, gapMs ?? 0, delayMs ?? 1) }, problems };
}

function usesGap(kind: ReceiverTestKind): boolean {
  return kind === 'duplicates' || kind === 'outOfOrder';
}

function testOf(draft: ReceiverTestDraft, gapMs: number, delayMs: number): ReceiverTestInput['test'] {
  switch (draft.kind) {
    case 'duplicates':
      return { kind: 'duplicates', copies: Number(draft.copies), gapMs };
    case 'outOfOrder':
      return { kind: 'outOfOrder', count: Number(draft.count), gapMs };
    case 'late':
      return { kind: 'late', delayMs, timestamp: draft.timestamp };
    case 'burst':
      return { kind: 'burst', count: Number(draft.count) };
  }
}

/** Undefined for what is not JSON. */
function parseJson(text: string): GivenData | undefined {
  try {
    return givenOf(text);
  } catch {
    return undefined;
  }
}
