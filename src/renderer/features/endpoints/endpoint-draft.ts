import { endpointInput, type Endpoint, type EndpointPatch } from '#shared/contract/endpoints.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import { retryPresetNames, type RetryPresetName } from '#shared/contract/retry-choice.ts';
import { retryPresets } from '#shared/contract/retry-presets.ts';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import type { Client } from '../../base/client.ts';
import { limitsDraftOf, limitsOf, limitsPatch, type Limits, type LimitsDraft } from './limits-draft.ts';
import type { Read } from './read-draft.ts';
import { stopAnswerRows, stopAnswersOf, type StopAnswerRow } from './stop-answers-draft.ts';
import { policyChoiceOf, policyDraftOf, type PolicyDraft } from '../policies/policy-draft.ts';

/** One header while it is edited. */
export interface HeaderRow {
  readonly name: string;
  readonly value: string;
}

/** One secret header: `stored` keeps the value that the engine has, which nobody sees again. */
export interface SecretHeaderRow {
  readonly name: string;
  readonly value: string;
  readonly isStored: boolean;
  /** What a profile says of a header that it offers, which is not sent while its value is empty. */
  readonly offer?: string;
}

/** An endpoint while it is edited: text as typed, so that nothing is lost while it is not valid yet. */
export interface EndpointDraft {
  /** Id of the profile that it was filled in from. */
  readonly profile: string | null;
  readonly name: string;
  readonly url: string;
  readonly description: string;
  readonly method: Endpoint['method'];
  readonly contentType: string;
  readonly events: readonly string[];
  readonly headers: readonly HeaderRow[];
  readonly retryHeaders: readonly HeaderRow[];
  readonly secretHeaders: readonly SecretHeaderRow[];
  readonly signing: Endpoint['signing'];
  readonly authId: Endpoint['authId'];
  /** A given secret for a new endpoint; empty to have one created. */
  readonly secret: string;
  readonly template: string | null;
  readonly bodyStyle: Endpoint['bodyStyle'];
  readonly bodyPerAttempt: boolean;
  /** The most events of one request; empty for one event each. */
  readonly batch: string;
  readonly retry: PolicyDraft;
  readonly stopAnswers: readonly StopAnswerRow[];
  readonly successRule: string;
  /** Empty for the same as in the first attempt. */
  readonly retrySuccessRule: string;
  readonly timeout: string;
  readonly verifyTls: boolean;
  readonly httpsOnly: boolean;
  readonly redirects: Endpoint['redirects'];
  /** Header names; empty for none. */
  readonly metaHeaders: { readonly [K in keyof Endpoint['metaHeaders']]: string };
  readonly limits: LimitsDraft;
  readonly isActive: boolean;
}

/** Input of `endpoints.create`, defaults left out. */
export type NewEndpoint = Parameters<Client['endpoints']['create']>[0];

/**
 * The draft of a new endpoint: the contract's defaults, except for the events, which must be chosen so that they are not everything by
 * oversight.
 */
export function newDraft(): EndpointDraft {
  const defaults = endpointInput.parse({ name: 'new', url: 'http://127.0.0.1:3000/webhooks' });
  return { ...shared(defaults), name: '', url: '', events: [], secretHeaders: [], secret: '' };
}

/**
 * The draft filled in from a profile. Its name stays where it has one, and so do the URL and what a profile says nothing of. It listens to
 * the profile's event types, or to the first of them where the system has one for each endpoint.
 */
export function withProfile(draft: EndpointDraft, profile: Profile): EndpointDraft {
  const { id, name, fields, constraints, eventTypes } = profile;
  const names = eventTypes.map((eventType) => eventType.name);
  const events = constraints.exactlyOneEvent ? names.slice(0, 1) : names;
  const filled = endpointInput.parse({
    name,
    url: 'http://127.0.0.1/',
    ...fields,
    events: fields.events ?? (events.length === 0 ? ['*'] : events),
  });
  const { url, description, verifyTls, isActive, authId } = draft;
  return {
    ...draft,
    ...shared(filled),
    url,
    description,
    verifyTls,
    isActive,
    authId,
    profile: id,
    secretHeaders: withOffered(draft.secretHeaders, profile.secretHeaders),
    name: draft.name.trim() === '' ? name : draft.name,
  };
}

/** The secret headers that are there, but for those that another profile offered, and then those of this one. */
function withOffered(rows: readonly SecretHeaderRow[], offered: Profile['secretHeaders']): readonly SecretHeaderRow[] {
  const kept = rows.filter((row) => !isOpenOffer(row));
  const isNew = (name: string) => !kept.some((row) => row.name.toLowerCase() === name.toLowerCase());
  const added = offered.filter(({ name }) => isNew(name));
  return [...kept, ...added.map(({ name, description }) => ({ name, value: '', isStored: false, offer: description }))];
}

function isOpenOffer({ offer, value }: SecretHeaderRow): boolean {
  return offer !== undefined && value === '';
}

/** Fields of the draft that hold fields of their own. */
export const endpointParts = ['limits', 'metaHeaders'] as const;

/** The draft of an endpoint that is gone, for a new one: secret values, which nobody sees again, have to be typed anew. */
export function asNewDraft(draft: EndpointDraft): EndpointDraft {
  return { ...draft, secret: '', secretHeaders: draft.secretHeaders.map((row) => ({ ...row, isStored: false })) };
}

/** The draft of an endpoint as it is. */
export function draftOf(endpoint: Endpoint): EndpointDraft {
  return {
    ...shared(endpoint),
    secretHeaders: endpoint.secretHeaderNames.map((name) => ({ name, value: '', isStored: true })),
    secret: '',
  };
}

function shared(
  endpoint: Omit<Endpoint, 'secretHeaderNames'> | ReturnType<typeof endpointInput.parse>,
): Omit<EndpointDraft, 'secretHeaders' | 'secret'> {
  const { name, url, description, method, contentType, events, signing, template, successRule, verifyTls, httpsOnly, redirects, isActive } =
    endpoint;
  const { profile, bodyStyle, bodyPerAttempt, authId } = endpoint;
  const rowsOf = (headers: Endpoint['headers']) => Object.entries(headers).map(([header, value]) => ({ name: header, value }));
  const kept = {
    profile,
    bodyStyle,
    bodyPerAttempt,
    authId,
    name,
    url,
    description,
    method,
    contentType,
    events,
    signing,
    template,
    successRule,
    verifyTls,
    httpsOnly,
    redirects,
    isActive,
  };
  const { deliveryId, attempt, eventType } = endpoint.metaHeaders;
  const metaHeaders = { deliveryId: deliveryId ?? '', attempt: attempt ?? '', eventType: eventType ?? '' };
  const limits = limitsDraftOf(endpoint);
  return {
    ...kept,
    headers: rowsOf(endpoint.headers),
    retryHeaders: rowsOf(endpoint.retryHeaders),
    batch: endpoint.batch === null ? '' : String(endpoint.batch.maxEvents),
    retrySuccessRule: endpoint.retrySuccessRule ?? '',
    stopAnswers: stopAnswerRows(endpoint.stopAnswers),
    metaHeaders,
    limits,
    retry: policyDraftOf(endpoint.retryPolicy),
    timeout: formatDurationMs(endpoint.timeoutMs),
  };
}

/** The draft with other retries; choosing a preset whose senders disable an endpoint at exhaustion also turns on that rule. */
export function withRetry(draft: EndpointDraft, retry: PolicyDraft): EndpointDraft {
  const isPreset = (name: string): name is RetryPresetName => (retryPresetNames as readonly string[]).includes(name);
  const brings = retry.choice !== draft.retry.choice && isPreset(retry.choice) && retryPresets[retry.choice].disablesEndpoint;
  return { ...draft, retry, limits: brings ? { ...draft.limits, onExhaustion: true } : draft.limits };
}

/** The draft with a retry policy as the contract has it; the default of new endpoints where none is given. */
export function withPolicy(draft: EndpointDraft, policy: Endpoint['retryPolicy'] | undefined): EndpointDraft {
  return withRetry(draft, policyDraftOf(policy ?? 'standard-webhooks'));
}

/** Names of the fields in which two drafts differ. */
export function changedFields(draft: EndpointDraft, base: EndpointDraft): readonly (keyof EndpointDraft)[] {
  return (Object.keys(base) as (keyof EndpointDraft)[]).filter((field) => JSON.stringify(draft[field]) !== JSON.stringify(base[field]));
}

/** What `endpoints.create` takes. */
export function inputOf(draft: EndpointDraft): Read<NewEndpoint> {
  const read = readDraft(draft);
  if ('issues' in read) return read;
  const { retryPolicy, timeoutMs, headers, retryHeaders, limits } = read.value;
  const { name, url, description, method, contentType, signing, template, successRule, verifyTls, httpsOnly, redirects, isActive } = draft;
  const { profile, bodyStyle, bodyPerAttempt, authId } = draft;
  const kept = { name, url, description, method, contentType, signing, template, successRule, verifyTls, httpsOnly, redirects, isActive };
  const secretHeaders = Object.fromEntries(
    namedRows(draft.secretHeaders.filter((row) => !isOpenOffer(row))).map((row) => [row.name, row.value]),
  );
  return {
    value: {
      ...kept,
      ...(profile === null ? {} : { profile }),
      bodyStyle,
      bodyPerAttempt,
      batch: batchOf(draft),
      retrySuccessRule: retrySuccessRuleOf(draft),
      stopAnswers: stopAnswersOf(draft.stopAnswers),
      ...(authId === null ? {} : { authId }),
      ...limits,
      metaHeaders: metaHeadersOf(draft),
      events: [...draft.events],
      retryPolicy,
      timeoutMs,
      headers,
      retryHeaders,
      secretHeaders,
      ...(draft.secret === '' || signing === null ? {} : { secret: draft.secret }),
    },
  };
}

/**
 * What a preview or a test of a new endpoint takes: like {@link inputOf}, but fields that do not affect the request may be missing.
 */
export function trialOf(draft: EndpointDraft): Read<NewEndpoint> {
  const read = inputOf(draft);
  if ('issues' in read) return read;
  const { events = [], name = '', ...rest } = read.value;
  return { value: { ...rest, name: name.trim() === '' ? 'New endpoint' : name, events: events.length === 0 ? ['*'] : events } };
}

/** What `endpoints.update` takes: the changed fields only, so that others' changes to other fields stay. */
export function patchOf(draft: EndpointDraft, base: EndpointDraft): Read<EndpointPatch> {
  const read = readDraft(draft);
  if ('issues' in read) return read;
  const { retryPolicy, timeoutMs, headers, retryHeaders, limits } = read.value;
  const patch: { -readonly [K in keyof EndpointPatch]: EndpointPatch[K] } = {};
  for (const field of changedFields(draft, base)) {
    if (field === 'retry') patch.retryPolicy = retryPolicy;
    else if (field === 'timeout') patch.timeoutMs = timeoutMs;
    else if (field === 'headers') patch.headers = headers;
    else if (field === 'retryHeaders') patch.retryHeaders = retryHeaders;
    else if (field === 'batch') patch.batch = batchOf(draft);
    else if (field === 'retrySuccessRule') patch.retrySuccessRule = retrySuccessRuleOf(draft);
    else if (field === 'stopAnswers') patch.stopAnswers = stopAnswersOf(draft.stopAnswers);
    else if (field === 'secretHeaders') patch.secretHeaders = secretHeaderPatch(draft.secretHeaders, base.secretHeaders);
    else if (field === 'metaHeaders') patch.metaHeaders = metaHeadersOf(draft);
    else if (field === 'limits') {
      const before = limitsOf(base.limits);
      Object.assign(patch, 'value' in before ? limitsPatch(limits, before.value) : limits);
    } else if (field === 'events') patch.events = [...draft.events];
    else Object.assign(patch, { [field]: draft[field] });
  }
  return { value: patch };
}

/** Reads what was typed as text. */
function readDraft(draft: EndpointDraft): Read<{
  readonly retryPolicy: NonNullable<EndpointPatch['retryPolicy']>;
  readonly timeoutMs: number;
  readonly headers: Record<string, string>;
  readonly retryHeaders: Record<string, string>;
  readonly limits: Limits;
}> {
  const issues: Record<string, string> = {};
  const retry = policyChoiceOf(draft.retry);
  if ('message' in retry) issues['retryPolicy'] = retry.message;
  const timeoutMs = parseDurationMs(draft.timeout);
  if (timeoutMs === null) issues['timeoutMs'] = 'Write the timeout as a length of time, such as 15 s.';
  if (draft.batch.trim() !== '' && !/^\s*\d{1,4}\s*$/.test(draft.batch)) issues['batch'] = 'Use a whole number from 2 to 1000, or nothing.';
  const limits = limitsOf(draft.limits);
  if ('issues' in limits) Object.assign(issues, limits.issues);
  for (const field of ['headers', 'retryHeaders', 'secretHeaders'] as const) {
    const twice = repeatedName(draft[field]);
    if (twice !== null) issues[field] = `${twice} is here twice; keep only one.`;
    if (draft[field].some((row) => row.name.trim() === '' && row.value !== '')) issues[field] = 'Give each header a name.';
  }
  if ('message' in retry || timeoutMs === null || 'issues' in limits || Object.keys(issues).length > 0) return { issues };
  const headersOf = (rows: readonly HeaderRow[]) => Object.fromEntries(namedRows(rows).map((row) => [row.name, row.value]));
  const [headers, retryHeaders] = [headersOf(draft.headers), headersOf(draft.retryHeaders)];
  return { value: { retryPolicy: retry.choice, timeoutMs, limits: limits.value, headers, retryHeaders } };
}

function batchOf({ batch }: EndpointDraft): Endpoint['batch'] {
  return batch.trim() === '' ? null : { maxEvents: Number(batch) };
}

function retrySuccessRuleOf({ retrySuccessRule }: EndpointDraft): Endpoint['retrySuccessRule'] {
  return retrySuccessRule.trim() === '' ? null : retrySuccessRule;
}

function metaHeadersOf({ metaHeaders }: EndpointDraft): Endpoint['metaHeaders'] {
  const nameOf = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    deliveryId: nameOf(metaHeaders.deliveryId),
    attempt: nameOf(metaHeaders.attempt),
    eventType: nameOf(metaHeaders.eventType),
  };
}

/** Removed names become null, replaced and new ones their value, stored ones are left out. */
function secretHeaderPatch(rows: readonly SecretHeaderRow[], base: readonly SecretHeaderRow[]): Record<string, string | null> {
  const named = namedRows(rows);
  const kept = new Set(named.map((row) => row.name));
  const removed = base.filter((row) => !kept.has(row.name)).map((row) => [row.name, null] as const);
  const written = named.filter((row) => !row.isStored).map((row) => [row.name, row.value] as const);
  return Object.fromEntries([...removed, ...written]);
}

function namedRows<Row extends HeaderRow>(rows: readonly Row[]): readonly Row[] {
  return rows.map((row) => ({ ...row, name: row.name.trim() })).filter((row) => row.name !== '');
}

function repeatedName(rows: readonly HeaderRow[]): string | null {
  const names = namedRows(rows).map((row) => row.name.toLowerCase());
  return namedRows(rows).find((row, index) => names.indexOf(row.name.toLowerCase()) !== index)?.name ?? null;
}
