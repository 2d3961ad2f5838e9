import { relays, type PathMapping, type Relay, type RelayTarget, type RelayTargetInput } from '#shared/contract/relays.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { retryPresetNames, type RetryPolicyChoice, type RetryPresetName } from '#shared/contract/retry-choice.ts';
import { conditionErrors, matchTexts, readMatch } from '#shared/match-text.ts';
import { formProblem } from '../../base/input-issues.ts';
import type { Issue, Problem } from '../../base/problem.ts';
import type { FormWords } from '../../base/form-words.ts';

/** The value of a target that is a URL, in place of the id of an endpoint. */
export const toUrl = 'url';

/** A target while it is edited. */
export interface TargetDraft {
  /** Identifies it in the form. */
  readonly key: string;
  /** The id that it is saved under; null for a new one. */
  readonly id: string | null;
  /** The id of an endpoint, or {@link toUrl}. */
  readonly to: string;
  readonly url: string;
  /** Conditions, one a line. */
  readonly match: string;
  readonly path: 'append' | 'drop' | 'replace';
  readonly replace: string;
  readonly by: string;
  /** Header fields to set, one a line: `X-Env: test`. */
  readonly setHeaders: string;
  /** Names of headers to remove, with commas between them. */
  readonly removeHeaders: string;
  readonly as: 'received' | 'resigned';
  /** A preset, or what was written out elsewhere. */
  readonly retry: RetryPolicyChoice;
  readonly isOrdered: boolean;
}

/** A relay while it is edited. */
export interface RelayDraft {
  readonly name: string;
  readonly binId: string;
  readonly match: string;
  readonly targets: readonly TargetDraft[];
}

const usualRetry: RetryPresetName = 'standard-webhooks';

/** A target with nothing in it; `others` are those beside it. */
export function newTarget(others: readonly TargetDraft[]): TargetDraft {
  const taken = new Set(others.map(({ key }) => key));
  let number = others.length + 1;
  while (taken.has(`new ${number}`)) number += 1;
  return {
    key: `new ${number}`,
    id: null,
    to: toUrl,
    url: '',
    match: '',
    path: 'append',
    replace: '',
    by: '',
    setHeaders: '',
    removeHeaders: '',
    as: 'received',
    retry: usualRetry,
    isOrdered: false,
  };
}

/** What a new relay begins as. */
export function newRelay(binId: string): RelayDraft {
  return { name: '', binId, match: '', targets: [newTarget([])] };
}

/** The draft of a relay as it is. */
export function relayDraftOf({ name, binId, match, targets }: Relay): RelayDraft {
  return { name, binId, match: linesOf(match), targets: targets.map(targetDraftOf) };
}

function targetDraftOf({ id, endpointId, url, match, path, headers, as, retryPolicy, isOrdered }: RelayTarget): TargetDraft {
  return {
    key: id,
    id,
    to: endpointId ?? toUrl,
    url: endpointId === null ? url : '',
    match: linesOf(match),
    path: typeof path === 'object' ? 'replace' : path,
    replace: typeof path === 'object' ? path.replace : '',
    by: typeof path === 'object' ? path.by : '',
    setHeaders: Object.entries(headers.set)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    removeHeaders: headers.remove.join(', '),
    as,
    retry: retryPolicy,
    isOrdered,
  };
}

function linesOf(match: RequestMatch | null): string {
  return matchTexts(match).join('\n');
}

/** What is saved of a relay. */
interface RelayInput {
  readonly name: string;
  readonly binId: string;
  readonly match: RequestMatch | null;
  readonly targets: RelayTargetInput[];
}

/** Reads the form; `saved` are the targets as they are, whose other fields stay. Says everything that is wrong at once, at its field. */
export function readRelay(
  draft: RelayDraft,
  saved: readonly RelayTarget[],
): { readonly input: RelayInput } | { readonly problem: Problem } {
  const issues: Issue[] = [];
  const matchOf = (text: string, path: string) => {
    const read = readMatch(text.split('\n'));
    if ('match' in read) return read.match;
    issues.push({ path, message: conditionErrors(read.problems) });
    return null;
  };
  const match = matchOf(draft.match, 'match');
  const targets = draft.targets.map((target, index): RelayTargetInput => {
    const before = saved.find(({ id }) => id === target.id);
    const headers = headersOf(target.setHeaders);
    if (headers === null)
      issues.push({ path: `targets.${index}.headers`, message: 'Write each header on a line of its own, such as X-Env: test.' });
    const path = pathOf(target);
    const shared = {
      // Another place is another target, with a health of its own.
      ...(before === undefined || (before.endpointId ?? toUrl) !== target.to ? {} : { id: before.id }),
      name: before?.name ?? '',
      match: matchOf(target.match, `targets.${index}.match`),
      path,
      query: { ...(before?.query ?? { set: {}, remove: [] }), keep: path !== 'drop' },
      headers: { set: headers ?? {}, remove: namesOf(target.removeHeaders) },
      as: target.as,
    };
    if (target.to !== toUrl) return { ...shared, name: '', endpointId: target.to };
    const { rateLimit, maxConcurrency, timeoutMs, verifyTls, successRule, signing } = before ?? {};
    const kept = before?.endpointId === null ? { rateLimit, maxConcurrency, timeoutMs, verifyTls, successRule } : {};
    const signed = target.as === 'resigned' && before?.endpointId === null && signing != null ? { signing } : {};
    return { ...shared, url: target.url.trim(), retryPolicy: target.retry, isOrdered: target.isOrdered, ...kept, ...signed };
  });
  const input = { name: draft.name.trim(), binId: draft.binId, match, targets };
  const problem = formProblem(issues, relays.create, input);
  return problem === null ? { input } : { problem };
}

function pathOf({ path, replace, by }: TargetDraft): PathMapping {
  return path === 'replace' ? { replace: replace.trim(), by: by.trim() } : path;
}

function headersOf(text: string): Record<string, string> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const fields = lines.map((line) => /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line));
  if (fields.some((field) => field === null)) return null;
  return Object.fromEntries(fields.map((field) => [field?.[1] ?? '', field?.[2] ?? '']));
}

function namesOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The presets as they are offered, with a policy that is none of them. */
export function retryChoices(current: RetryPolicyChoice): readonly { readonly value: string; readonly label: string }[] {
  const presets = retryPresetNames.map((name) => ({ value: name, label: name }));
  return typeof current === 'string' ? presets : [...presets, { value: ownRetry, label: 'as it is (set through the API)' }];
}

/** The value of a policy that is no preset. */
export const ownRetry = 'own';

/** Places in words: `http://127.0.0.1:3000, App`. */
function targetsText(targets: readonly TargetDraft[]): string {
  return targets.map(({ to, url }) => (to === toUrl ? url : to)).join(', ');
}

/** The fields of the form. */
export const relayWords: FormWords = [
  { name: 'name', label: 'Name' },
  { name: 'binId', label: 'Bin' },
  { name: 'match', label: 'Conditions' },
  { name: 'targets', label: 'Targets', say: (value) => targetsText(value as readonly TargetDraft[]) },
];

/** Fields of the contract that the form has. */
export function relayFields({ targets }: RelayDraft): readonly string[] {
  const perTarget = [
    '',
    'url',
    'endpointId',
    'match',
    'path',
    'path.replace',
    'path.by',
    'headers',
    'as',
    'signing',
    'secret',
    'retryPolicy',
  ];
  return [
    'name',
    'binId',
    'match',
    'targets',
    ...targets.flatMap((_, index) => perTarget.map((field) => `targets.${index}${field === '' ? '' : `.${field}`}`)),
  ];
}
