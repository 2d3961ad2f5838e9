import { relays, type Relay, type RelayAnswer, type RelayShadow } from '#shared/contract/relays.ts';
import type { PathMapping, RelayTarget, RelayTargetInput } from '#shared/contract/relay-targets.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { retryPresetNames, type RetryPolicyChoice, type RetryPresetName } from '#shared/contract/retry-choice.ts';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import { conditionErrors, matchTexts, readMatch } from '#shared/match-text.ts';
import { formProblem } from '../../base/input-issues.ts';
import {
  answerDraftOf,
  answerFields,
  noAnswer,
  noShadow,
  readAnswer,
  readShadow,
  shadowDraftOf,
  type AnswerDraft,
  type ShadowDraft,
} from './answer-draft.ts';
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
  readonly name: string;
  readonly url: string;
  /** Conditions, one a line. */
  readonly match: string;
  readonly path: 'append' | 'drop' | 'replace';
  readonly replace: string;
  readonly by: string;
  /** Query fields to set, one a line: `env=test`. */
  readonly setQuery: string;
  /** Names of query fields to remove, with commas between them. */
  readonly removeQuery: string;
  /** Header fields to set, one a line: `X-Env: test`. */
  readonly setHeaders: string;
  /** Names of headers to remove, with commas between them. */
  readonly removeHeaders: string;
  readonly as: 'received' | 'resigned';
  /** For a URL: the scheme of a new signature; null for that of the bin. */
  readonly signing: Signing | null;
  /** A secret to sign with from now on; empty to keep what it has, or that of the bin. */
  readonly secret: string;
  /** Of the secret that it has; null where it has none of its own or of its bin. */
  readonly fingerprint: string | null;
  /** For an endpoint: whether it gets the headers of its authentication. */
  readonly withAuth: boolean;
  /** A preset, or what was written out elsewhere. */
  readonly retry: RetryPolicyChoice;
  readonly isOrdered: boolean;
  readonly timeout: string;
  readonly successRule: string;
  readonly verifyTls: boolean;
  /** Numbers as they are typed; empty for no limit. */
  readonly rateCount: string;
  readonly ratePer: string;
  readonly maxConcurrency: string;
}

/** A relay while it is edited. */
export interface RelayDraft {
  readonly name: string;
  readonly binId: string;
  readonly match: string;
  readonly targets: readonly TargetDraft[];
  readonly answer: AnswerDraft;
  readonly shadow: ShadowDraft;
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
    name: '',
    url: '',
    match: '',
    path: 'append',
    replace: '',
    by: '',
    setQuery: '',
    removeQuery: '',
    setHeaders: '',
    removeHeaders: '',
    as: 'received',
    signing: null,
    secret: '',
    fingerprint: null,
    withAuth: true,
    retry: usualRetry,
    isOrdered: false,
    timeout: '15 s',
    successRule: '2xx',
    verifyTls: true,
    rateCount: '',
    ratePer: '1 s',
    maxConcurrency: '',
  };
}

/** What a new relay begins as. */
export function newRelay(binId: string): RelayDraft {
  return { name: '', binId, match: '', targets: [newTarget([])], answer: noAnswer, shadow: noShadow };
}

/** The draft of a relay as it is. */
export function relayDraftOf(relay: Relay): RelayDraft {
  const { name, binId, match, targets } = relay;
  const answers = { answer: answerDraftOf(relay), shadow: shadowDraftOf(relay) };
  return { name, binId, match: linesOf(match), targets: targets.map(targetDraftOf), ...answers };
}

function targetDraftOf(target: RelayTarget): TargetDraft {
  const { id, endpointId, name, url, match, path, query, headers, as, signing, withAuth, retryPolicy, isOrdered } = target;
  const { timeoutMs, successRule, verifyTls, rateLimit, maxConcurrency } = target;
  return {
    key: id,
    id,
    to: endpointId ?? toUrl,
    name: endpointId === null ? name : '',
    url: endpointId === null ? url : '',
    match: linesOf(match),
    path: typeof path === 'object' ? 'replace' : path,
    replace: typeof path === 'object' ? path.replace : '',
    by: typeof path === 'object' ? path.by : '',
    setQuery: Object.entries(query.set)
      .map(([field, value]) => `${field}=${value}`)
      .join('\n'),
    removeQuery: query.remove.join(', '),
    setHeaders: Object.entries(headers.set)
      .map(([header, value]) => `${header}: ${value}`)
      .join('\n'),
    removeHeaders: headers.remove.join(', '),
    as,
    signing,
    secret: '',
    fingerprint: target.secretFingerprints[0] ?? null,
    withAuth,
    retry: retryPolicy,
    isOrdered,
    timeout: formatDurationMs(timeoutMs),
    successRule,
    verifyTls,
    rateCount: rateLimit === null ? '' : String(rateLimit.count),
    ratePer: formatDurationMs(rateLimit?.perMs ?? 1000),
    maxConcurrency: maxConcurrency === null ? '' : String(maxConcurrency),
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
  readonly answer: RelayAnswer | null;
  readonly shadow: RelayShadow | null;
}

/** Reads the form; `saved` is the relay as it is, whose other fields stay. Says everything that is wrong at once, at its field. */
export function readRelay(draft: RelayDraft, saved: Relay | null): { readonly input: RelayInput } | { readonly problem: Problem } {
  const issues: Issue[] = [];
  const matchOf = (text: string, path: string) => {
    const read = readMatch(text.split('\n'));
    if ('match' in read) return read.match;
    issues.push({ path, message: conditionErrors(read.problems) });
    return null;
  };
  const match = matchOf(draft.match, 'match');
  const targets = draft.targets.map((target, index): RelayTargetInput => {
    const before = saved?.targets.find(({ id }) => id === target.id);
    const headers = headersOf(target.setHeaders);
    const query = queryOf(target.setQuery);
    if (query === null)
      issues.push({ path: `targets.${index}.query`, message: 'Write each field on a line of its own, such as env=test.' });
    if (headers === null)
      issues.push({ path: `targets.${index}.headers`, message: 'Write each header on a line of its own, such as X-Env: test.' });
    const path = pathOf(target);
    const shared = {
      // Another place is another target, with a health of its own.
      ...(before === undefined || (before.endpointId ?? toUrl) !== target.to ? {} : { id: before.id }),
      name: target.name.trim(),
      match: matchOf(target.match, `targets.${index}.match`),
      path,
      query: { keep: path !== 'drop', set: query ?? {}, remove: namesOf(target.removeQuery) },
      headers: { set: headers ?? {}, remove: namesOf(target.removeHeaders) },
      as: target.as,
    };
    if (target.to !== toUrl) return { ...shared, name: '', endpointId: target.to, ...(target.withAuth ? {} : { withAuth: false }) };
    const timeoutMs = parseDurationMs(target.timeout);
    if (timeoutMs === null) issues.push({ path: `targets.${index}.timeoutMs`, message: 'Write a length of time such as 500 ms or 15 s.' });
    const sending = {
      timeoutMs: timeoutMs ?? 15_000,
      successRule: target.successRule.trim(),
      verifyTls: target.verifyTls,
      rateLimit: rateOf(target, `targets.${index}.rateLimit`, issues),
      maxConcurrency: target.maxConcurrency.trim() === '' ? null : Number(target.maxConcurrency),
    };
    return { ...shared, url: target.url.trim(), retryPolicy: target.retry, isOrdered: target.isOrdered, ...sending, ...signedOf(target) };
  });
  const answer = readAnswer(draft.answer, draft.targets, issues);
  const shadow = readShadow(draft.shadow, draft.targets, saved?.shadow?.ignore.noise ?? [], issues);
  const input = { name: draft.name.trim(), binId: draft.binId, match, targets, answer, shadow };
  const problem = formProblem(issues, relays.create, input);
  return problem === null ? { input } : { problem };
}

/** What a new signature of a URL is made with; nothing where the captured one goes on. */
function signedOf({ as, signing, secret }: TargetDraft): Pick<RelayTargetInput, 'signing' | 'secret'> {
  if (as === 'received') return {};
  return { ...(signing === null ? {} : { signing }), ...(secret === '' ? {} : { secret }) };
}

function rateOf({ rateCount, ratePer }: TargetDraft, path: string, issues: Issue[]): RelayTargetInput['rateLimit'] {
  if (rateCount.trim() === '') return null;
  const perMs = parseDurationMs(ratePer);
  if (perMs === null) issues.push({ path, message: 'Write a length of time such as 1 s or 1 m behind "per".' });
  return { count: Number(rateCount), perMs: perMs ?? 1000 };
}

function pathOf({ path, replace, by }: TargetDraft): PathMapping {
  return path === 'replace' ? { replace: replace.trim(), by: by.trim() } : path;
}

function headersOf(text: string): Record<string, string> | null {
  return fieldsOf(text, /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/);
}

/** A blank around a value counts, as it does in a query. */
function queryOf(text: string): Record<string, string> | null {
  return fieldsOf(text, /^([^=]+)=(.*)$/);
}

/** The name and the value of each line that is not blank; null where one has another form. */
function fieldsOf(text: string, form: RegExp): Record<string, string> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const fields = lines.map((line) => form.exec(line));
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
  { name: 'answer', label: 'Answer to the sender', say: () => 'as set there' },
  { name: 'shadow', label: 'Shadow', say: () => 'as set there' },
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
    'query',
    'headers',
    'as',
    'signing',
    'secret',
    'retryPolicy',
    'name',
    'withAuth',
    'timeoutMs',
    'successRule',
    'rateLimit',
    'maxConcurrency',
  ];
  return [
    'name',
    'binId',
    'match',
    'targets',
    ...answerFields,
    ...targets.flatMap((_, index) => perTarget.map((field) => `targets.${index}${field === '' ? '' : `.${field}`}`)),
  ];
}
