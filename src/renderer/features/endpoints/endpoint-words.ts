import { bodyStyles } from '#shared/json/body-style.ts';
import { labelOf, type FormWords } from '../../base/form-words.ts';
import { useCatalogue, useSchemes } from '../../stores/session.tsx';
import type { KnownAuth, KnownPolicy } from '../../stores/catalogue-store.ts';
import { signingText } from '../../ui/signing-text.ts';
import type { PolicyDraft } from '../policies/policy-draft.ts';
import { policyDraftText } from '../policies/policy-text.ts';
import type { EndpointDraft } from './endpoint-draft.ts';
import { stopAnswerRowsText } from './stop-answers-draft.ts';

/** What the values of an endpoint's fields refer to. */
interface Known {
  readonly schemeTitle: (id: string) => string;
  readonly policies: readonly KnownPolicy[];
  readonly auths: readonly KnownAuth[];
}

/** The fields of an endpoint's form, with what it calls them and how their values are told. */
export function endpointWords({ schemeTitle, policies, auths }: Known): FormWords {
  return [
    { name: 'profile', label: 'Behaves like', say: (value) => (value === null ? 'no other system' : String(value)) },
    { name: 'name', label: 'Name' },
    { name: 'url', label: 'URL' },
    { name: 'method', label: 'Method' },
    { name: 'contentType', label: 'Content type' },
    { name: 'description', label: 'Description' },
    { name: 'verifyTls', label: 'Check the TLS certificate' },
    { name: 'httpsOnly', label: 'HTTPS only' },
    { name: 'redirects', label: 'Redirects', say: (value) => redirectsText(value as EndpointDraft['redirects']) },
    { name: 'events', label: 'Listens to' },
    { name: 'authId', label: 'Authentication', say: (value) => authText(value as EndpointDraft['authId'], auths) },
    { name: 'signing', label: 'Scheme', say: (value) => signingText(value as EndpointDraft['signing'], schemeTitle, 'Not signed') },
    { name: 'secret', label: 'Secret' },
    { name: 'headers', label: 'Headers', say: (value) => headersText(value as EndpointDraft['headers']) },
    { name: 'retryHeaders', label: 'Headers of retries', say: (value) => headersText(value as EndpointDraft['retryHeaders']) },
    { name: 'secretHeaders', label: 'Secret headers', say: (value) => secretHeadersText(value as EndpointDraft['secretHeaders']) },
    { name: 'metaHeaders.deliveryId', label: 'Delivery id in' },
    { name: 'metaHeaders.attempt', label: 'Attempt number in' },
    { name: 'metaHeaders.eventType', label: 'Event type in' },
    { name: 'template', label: 'Body', say: (value) => (value === null ? 'the default envelope' : String(value)) },
    { name: 'bodyStyle', label: 'JSON style', say: (value) => bodyStyleText(value as EndpointDraft['bodyStyle']) },
    { name: 'bodyPerAttempt', label: 'Render the body again for each attempt' },
    { name: 'batch', label: 'Events in one request', say: (value) => (value === '' ? 'one' : `up to ${String(value)}`) },
    { name: 'successRule', label: 'Success rule' },
    { name: 'retrySuccessRule', label: 'Success rule of retries', say: (value) => (value === '' ? 'the same' : String(value)) },
    { name: 'timeout', label: 'Timeout' },
    { name: 'retry', label: 'Retry policy', say: (value) => policyDraftText(value as PolicyDraft, policies) },
    { name: 'stopAnswers', label: 'Answers that stop', say: (value) => stopAnswerRowsText(value as EndpointDraft['stopAnswers']) },
    { name: 'limits.afterFailures', label: 'Disable after failures in a row', say: orNever },
    { name: 'limits.afterFailing', label: 'Disable after failing for', say: orNever },
    { name: 'limits.onExhaustion', label: 'Disable when a delivery is exhausted' },
    { name: 'limits.disableOn410', label: 'Disable on 410 Gone' },
    { name: 'limits.rateCount', label: 'Rate limit', say: (value) => (value === '' ? 'none' : String(value)) },
    { name: 'limits.ratePer', label: 'Rate limit per' },
    { name: 'limits.maxConcurrency', label: 'Attempts at once', say: (value) => (value === '' ? 'as in Settings' : String(value)) },
    { name: 'limits.isOrdered', label: 'Keep the order' },
    { name: 'limits.breakAfter', label: 'Circuit opens after failures in a row', say: orNever },
    { name: 'limits.pause', label: 'First probe after' },
    { name: 'limits.maxPause', label: 'Longest pause' },
    { name: 'isActive', label: 'Active' },
  ];
}

/** {@link endpointWords} with the schemes and policies that the window knows. */
export function useEndpointWords(): FormWords {
  const schemes = useSchemes();
  const { policies, auths } = useCatalogue();
  return endpointWords({ schemeTitle: (id) => schemes.find((scheme) => scheme.id === id)?.title ?? id, policies, auths });
}

/** Fields of the contract that stand at another name in the draft, and those of several fields, which have no label of their own. */
const draftNames: Readonly<Record<string, string>> = {
  retryPolicy: 'retry',
  timeoutMs: 'timeout',
  disableOn410: 'limits.disableOn410',
  rateLimit: 'limits.rateCount',
  maxConcurrency: 'limits.maxConcurrency',
  isOrdered: 'limits.isOrdered',
};
const groupLabels: Readonly<Record<string, string>> = {
  metaHeaders: 'Headers about the delivery',
  autoDisable: 'Automatic disabling',
  circuitBreaker: 'Circuit breaker',
};

/** What the form calls a field of the contract. */
export function contractLabel(words: FormWords, field: string): string {
  return groupLabels[field] ?? labelOf(words, draftNames[field] ?? field);
}

function authText(authId: string | null, auths: readonly KnownAuth[]): string {
  return authId === null ? 'none' : (auths.find(({ id }) => id === authId)?.name ?? authId);
}

function orNever(value: unknown): string {
  return value === '' ? 'never' : String(value);
}

/** How JSON is written, as its choice has it. */
export function bodyStyleText(style: EndpointDraft['bodyStyle']): string {
  return style === null ? 'as it is rendered' : bodyStyles[style].label;
}

/** Redirects as their choice has them: `Follow up to 3`. */
export function redirectsText(redirects: EndpointDraft['redirects']): string {
  return redirects === 'refuse' ? 'Refuse' : `Follow up to ${redirects.follow}`;
}

function headersText(rows: EndpointDraft['headers']): string {
  return rows.length === 0 ? 'none' : rows.map(({ name, value }) => `${name}: ${value}`).join('\n');
}

/** Their names; nobody sees their values again. */
function secretHeadersText(rows: EndpointDraft['secretHeaders']): string {
  return rows.length === 0 ? 'none' : rows.map(({ name }) => name).join(', ');
}
