import type { Relay, RelayAnswer, RelayShadow } from '#shared/contract/relays.ts';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import type { Issue } from '../../base/problem.ts';

/** Whose answer the sender gets, while it is edited. */
export interface AnswerDraft {
  /** The key of a target; empty for the answer of the bin. */
  readonly key: string;
  readonly within: string;
  /** `bin`, or a status. */
  readonly otherwise: string;
}

/** A target that is tried out, while it is edited. */
export interface ShadowDraft {
  /** The key of the target; empty for none. */
  readonly key: string;
  readonly ofKey: string;
  /** Names with commas between them. */
  readonly headers: string;
  /** Paths, one a line. */
  readonly paths: string;
  readonly tolerance: string;
}

type Keyed = readonly { readonly key: string }[];

export const noAnswer: AnswerDraft = { key: '', within: '5 s', otherwise: 'bin' };
export const noShadow: ShadowDraft = { key: '', ofKey: '', headers: 'Date', paths: '', tolerance: '250 ms' };

/** The draft of the answer of a relay; its targets have their ids as keys. */
export function answerDraftOf({ answer, targets }: Relay): AnswerDraft {
  if (answer === null) return noAnswer;
  return {
    key: targets[answer.target]?.id ?? '',
    within: formatDurationMs(answer.withinMs),
    otherwise: String(answer.otherwise),
  };
}

export function shadowDraftOf({ shadow, targets }: Relay): ShadowDraft {
  if (shadow === null) return noShadow;
  const { ignore, toleranceMs } = shadow;
  return {
    key: targets[shadow.target]?.id ?? '',
    ofKey: targets[shadow.of]?.id ?? '',
    headers: ignore.headers.join(', '),
    paths: ignore.paths.join('\n'),
    tolerance: formatDurationMs(toleranceMs),
  };
}

/** Reads whose answer the sender gets; `issues` takes what cannot be read. */
export function readAnswer({ key, within, otherwise }: AnswerDraft, targets: Keyed, issues: Issue[]): RelayAnswer | null {
  if (key === '') return null;
  const target = targets.findIndex((each) => each.key === key);
  if (target === -1)
    issues.push({ path: 'answer.target', message: 'That target was removed: choose another one, or the answer of the bin.' });
  return {
    target: Math.max(0, target),
    withinMs: timeOf(within, 'answer.withinMs', issues),
    otherwise: otherwise === 'bin' ? 'bin' : Number(otherwise),
  };
}

/** Reads what is tried out; `noise` is what is ignored beside, which only the API sets. */
export function readShadow(
  { key, ofKey, headers, paths, tolerance }: ShadowDraft,
  targets: Keyed,
  noise: RelayShadow['ignore']['noise'],
  issues: Issue[],
): RelayShadow | null {
  if (key === '') return null;
  const [target, of] = [key, ofKey].map((wanted) => targets.findIndex((each) => each.key === wanted));
  if (target === -1) issues.push({ path: 'shadow.target', message: 'That target was removed: choose another one, or none.' });
  if (of === -1) issues.push({ path: 'shadow.of', message: 'Choose the target that it is compared with.' });
  return {
    target: Math.max(0, target ?? 0),
    of: Math.max(0, of ?? 0),
    ignore: { headers: listed(headers, ','), paths: listed(paths, '\n'), noise },
    toleranceMs: timeOf(tolerance, 'shadow.toleranceMs', issues),
  };
}

function timeOf(text: string, path: string, issues: Issue[]): number {
  const ms = parseDurationMs(text);
  if (ms === null) issues.push({ path, message: 'Write a length of time such as 500 ms or 3 s.' });
  return ms ?? 1000;
}

function listed(text: string, between: string): string[] {
  return text
    .split(between)
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** Fields of the contract that these drafts have. */
export const answerFields = [
  'answer',
  'answer.target',
  'answer.withinMs',
  'answer.otherwise',
  'shadow',
  'shadow.target',
  'shadow.of',
  'shadow.ignore',
  'shadow.toleranceMs',
] as const;
