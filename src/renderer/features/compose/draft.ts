import type { Endpoint } from '#shared/contract/endpoints.ts';
import { givenMethods } from '#shared/contract/given-head.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import { signing, type Signing } from '#shared/contract/signing.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import type { EventGroup } from './event-samples.ts';
import type { ExactBody } from './exact-body.ts';

/** Name of the target that is not a registered endpoint. */
export const oneOffKey = 'url';

/** The target while none is chosen, because the endpoint that something was sent to is gone. */
export const noTarget = '';

/** What has been typed for one target and not sent; it survives navigation and reload. */
export interface Draft {
  /** Null until one was chosen. */
  readonly eventType: string | null;
  /** Data as text for each sample that was changed; under {@link unknownKey} that of names that nobody knows. */
  readonly data: Readonly<Record<string, string>>;
  /** Key of the chosen sample by event type, where it is not the first. */
  readonly samples: Readonly<Record<string, string>>;
  /** Whether the data is a list of the data of several events, for a target that takes them in one request. */
  readonly isBatch: boolean;
  /** Template that differs from the endpoint's saved one; `text` is null for "no template". Null when there is no change. */
  readonly template: { readonly text: string | null } | null;
  /** The body as it is to be sent, in place of what the template renders; null to render it. */
  readonly body: ExactBody | null;
  /** Method and headers of a request that was captured or pasted; null where the target makes them. */
  readonly head: DraftHead | null;
  /** The target without an endpoint that belongs to such a request; null for the one of all other drafts. */
  readonly oneOff: OneOffTarget | null;
}

/** Method and headers as they are edited. */
export interface DraftHead {
  readonly method: (typeof givenMethods)[number];
  /** A line each, as `Name: value`. */
  readonly headers: string;
  /** Whether the endpoint signs the request; a target without an endpoint does if it has a scheme. */
  readonly isSigned: boolean;
}

/** Under this the data of any name that neither profile nor catalogue has is kept, so that it stays while such a name is typed. */
export const unknownKey = '';

/** A draft in which nothing has been written. */
export const emptyDraft: Draft = {
  eventType: null,
  data: {},
  samples: {},
  isBatch: false,
  template: null,
  body: null,
  head: null,
  oneOff: null,
};

/** The fields of a draft that were changed since it was another one. */
export function changesOf(before: Draft, after: Draft): Partial<Draft> {
  return Object.fromEntries(Object.entries(after).filter(([field, value]) => value !== before[field as keyof Draft]));
}

/** A target without a registered endpoint. Its secret is never part of it, so that it is not kept on disk. */
export interface OneOffTarget {
  readonly url: string;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  readonly contentType: string;
  /** Id of the profile that the request is made like; null for none. */
  readonly profile: string | null;
  /** Scheme and options as they stand in the form, right or not; null for a request that is not signed. */
  readonly signing: Signing | null;
}

/** Where drafts are kept: `localStorage` in the window. */
export interface DraftStorage {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, value: string) => void;
  readonly removeItem: (key: string) => void;
}

const prefix = 'hookyard.compose.';
const defaultOneOff: OneOffTarget = {
  url: '',
  method: 'POST',
  contentType: 'application/json',
  profile: null,
  signing: { scheme: 'standard-webhooks' },
};

/** A one-off target that behaves like a profile, or like none; the URL stays. */
export function withOneOffProfile(target: OneOffTarget, profile: Pick<Profile, 'id' | 'fields'> | null): OneOffTarget {
  if (profile === null) return { ...defaultOneOff, url: target.url };
  const { method = 'POST', contentType = defaultOneOff.contentType, signing: scheme = defaultOneOff.signing } = profile.fields;
  return { url: target.url, method, contentType, profile: profile.id, signing: scheme };
}

/** A scheme with its usual options by its id; null for `none`, and the default of a one-off target for one that is not known. */
export function oneOffSigning(id: unknown): Signing | null {
  if (id === 'none') return null;
  const parsed = signing.safeParse({ scheme: id });
  return parsed.success ? parsed.data : defaultOneOff.signing;
}

/** Signing as it was kept. Options that were kept half-written fall back to the usual ones of their scheme. */
function keptSigning(value: unknown): Signing | null {
  if (value === null) return null;
  const parsed = signing.safeParse(value);
  return parsed.success ? parsed.data : oneOffSigning(isRecord(value) ? value['scheme'] : undefined);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** Reads a kept draft; parts that cannot be read are ignored. */
export function parseDraft(text: string | null): Draft {
  const value = parse(text);
  if (!isRecord(value)) return emptyDraft;
  const { eventType, data, samples, template, body, head, oneOff } = value;
  return {
    eventType: typeof eventType === 'string' ? eventType : null,
    data: keptTexts(data),
    samples: keptTexts(samples),
    isBatch: value['isBatch'] === true,
    template: isRecord(template) && (typeof template['text'] === 'string' || template['text'] === null) ? { text: template['text'] } : null,
    body: keptBody(body),
    head: keptHead(head),
    oneOff: isRecord(oneOff) ? keptOneOff(oneOff) : null,
  };
}

function keptTexts(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function keptBody(value: unknown): ExactBody | null {
  if (!isRecord(value) || typeof value['text'] !== 'string') return null;
  const { text, encoding } = value;
  return encoding === 'text' || encoding === 'base64' ? { text, encoding } : null;
}

function keptHead(value: unknown): DraftHead | null {
  if (!isRecord(value) || typeof value['headers'] !== 'string') return null;
  const method = givenMethods.find((name) => name === value['method']) ?? 'POST';
  return { method, headers: value['headers'], isSigned: value['isSigned'] === true };
}

function keptOneOff(value: Readonly<Record<string, unknown>>): OneOffTarget {
  const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const;
  return {
    url: typeof value['url'] === 'string' ? value['url'] : defaultOneOff.url,
    method: methods.find((method) => method === value['method']) ?? defaultOneOff.method,
    contentType: typeof value['contentType'] === 'string' ? value['contentType'] : defaultOneOff.contentType,
    profile: typeof value['profile'] === 'string' ? value['profile'] : null,
    signing: keptSigning(value['signing']),
  };
}

/** Whether a draft holds nothing worth keeping. */
function isEmptyDraft(draft: Draft): boolean {
  const isUntyped = [draft.data, draft.samples].every((texts) => Object.keys(texts).length === 0);
  return draft.eventType === null && draft.template === null && draft.body === null && isUntyped;
}

/** Drafts of requests to be sent again that are kept; beyond that the oldest is dropped. */
const resendLimit = 20;

/**
 * Drafts over a storage: one for each target, and one for each request that is to be sent again. If the storage refuses to write, only a
 * reload loses the draft.
 */
export function createDraftShelf(storage: DraftStorage) {
  const write = (key: string, value: string | null) => {
    try {
      if (value === null) storage.removeItem(prefix + key);
      else storage.setItem(prefix + key, value);
    } catch {
      // Typing must work even if the storage is full or forbidden.
    }
  };
  const resendIds = (): readonly string[] => {
    const kept = parse(storage.getItem(`${prefix}resends`));
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  };
  return {
    readResend: (id: string): Draft | null => {
      const text = storage.getItem(`${prefix}resend.${id}`);
      return text === null ? null : parseDraft(text);
    },
    writeResend: (deliveryId: string, draft: Draft | null) => {
      const others = resendIds().filter((id) => id !== deliveryId);
      const ids = draft === null ? others : [...others, deliveryId];
      for (const id of ids.slice(0, -resendLimit)) write(`resend.${id}`, null);
      write('resends', ids.length === 0 ? null : JSON.stringify(ids.slice(-resendLimit)));
      write(`resend.${deliveryId}`, draft === null ? null : JSON.stringify(draft));
    },
    readDraft: (target: string): Draft => parseDraft(storage.getItem(`${prefix}draft.${target}`)),
    writeDraft: (target: string, draft: Draft) => write(`draft.${target}`, isEmptyDraft(draft) ? null : JSON.stringify(draft)),
    readTarget: (): string | null => storage.getItem(`${prefix}target`),
    writeTarget: (target: string) => write('target', target),
    readOneOff: (): OneOffTarget => {
      const value = parse(storage.getItem(`${prefix}oneOff`));
      return isRecord(value) ? keptOneOff(value) : defaultOneOff;
    },
    writeOneOff: (oneOff: OneOffTarget) => write('oneOff', JSON.stringify(oneOff)),
  };
}
export type DraftShelf = ReturnType<typeof createDraftShelf>;

/** The event type that a target starts with: the first that the endpoint listens to, or the first there is. */
export function firstEventType(groups: readonly EventGroup[], endpoint: Pick<Endpoint, 'events'> | null): string {
  const names = groups.flatMap((group) => group.names);
  const heard = endpoint === null ? undefined : names.find((name) => matchesEvent(endpoint.events, name));
  return heard ?? names[0] ?? '';
}

/**
 * The target to start with: the one used last, else an endpoint that points at a local bin, because it certainly answers, else any
 * endpoint, else a URL to be typed.
 */
export function firstTarget(endpoints: readonly Endpoint[], binUrls: readonly string[], lastUsed: string | null): string {
  if (lastUsed === oneOffKey || endpoints.some((endpoint) => endpoint.id === lastUsed)) return lastUsed ?? oneOffKey;
  const isLocal = (endpoint: Endpoint) => binUrls.some((url) => isBelow(endpoint.url, url));
  return (endpoints.find((endpoint) => endpoint.isActive && isLocal(endpoint)) ?? endpoints[0])?.id ?? oneOffKey;
}

/** Whether a URL is a bin's own or one below it. */
export function isBelow(url: string, binUrl: string): boolean {
  return url === binUrl || ['/', '?'].some((mark) => url.startsWith(binUrl + mark));
}
