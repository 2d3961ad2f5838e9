import type { BodyComparison } from '#shared/contract/comparing.ts';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { Warning } from '#shared/contract/common.ts';
import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { Batch, Endpoint, EndpointPatch } from '#shared/contract/endpoints.ts';
import type { EventTypeSummary } from '#shared/contract/events.ts';
import type { GivenHeadInput } from '#shared/contract/given-head.ts';
import { givenOf, type GivenData } from '#shared/contract/json.ts';
import type { PreparedRequest } from '#shared/contract/preview.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import type { Problem } from '../../base/problem.ts';
import { base64OfBytes } from '../../ui/body-format.ts';
import { contentTypeOf, type Attached } from './attached-body.ts';
import { firstEventType, oneOffKey, unknownKey, type Draft, type DraftHead, type OneOffTarget } from './draft.ts';
import { eventGroups, sampleOf, sampleText, type ComposedEvent, type EventGroup } from './event-samples.ts';
import { bytesOfExact, type ExactBody } from './exact-body.ts';
import { readHeaderLines } from './header-lines.ts';
import type { PlacedProblem } from './placed-problem.ts';
import type { PreviewView } from './preview-view.ts';

/** The request as it would go out now. While something is wrong, `request` is the last one that was right. */
export interface Preview {
  readonly request: PreparedRequest | null;
  readonly problem: PlacedProblem | null;
}

/** The result of the event that was sent last. */
export type Sending =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | {
      readonly kind: 'sent';
      readonly messageId: string;
      /** What it was made of. */
      readonly of: Composed;
      readonly warnings: readonly Warning[];
      /** Null if the engine made no delivery of it. */
      readonly deliveryId: string | null;
      readonly delivery: DeliveryDetail | null;
      /** The newest attempt that was answered, with the body of the answer. */
      readonly answered: Attempt | null;
      /** The bin it went to, when it is one of ours. */
      readonly bin: Bin | null;
      readonly capture: Capture | null;
      readonly comparison: BodyComparison | null;
    };
/** Everything that decides what is sent, as it stands in the form. */
export interface Composed {
  readonly target: string;
  readonly resendId: string | null;
  readonly eventType: string;
  readonly data: string;
  readonly template: string | null;
  readonly body: ExactBody | null;
  /** Bytes of files, in base64. */
  readonly attached: string | null;
  readonly head: DraftHead | null;
  /** Null for an endpoint. */
  readonly oneOff: (OneOffTarget & { readonly secret: string }) | null;
}

/** A result that has something to show. */
export type Sent = Extract<Sending, { kind: 'sent' }>;

/** Something that was sent, captured or pasted, and is to be sent again. */
export type Resend = ResentDelivery | GivenAgain;

/** A whole request from elsewhere, with its own method, headers and body. */
export interface GivenAgain {
  readonly kind: 'capture' | 'pasted';
  readonly id: string;
  /** As it came. */
  readonly original: Draft;
  /** What of it is not in the draft, or was changed, each a sentence. */
  readonly notes: readonly string[];
}

/** The delivery whose event and body are being sent again. */
export interface ResentDelivery {
  readonly kind: 'delivery';
  readonly id: string;
  readonly endpointName: string;
  /** Its endpoint was deleted, so that somebody has to say where to. */
  readonly isEndpointGone: boolean;
  /** Its event and body as they were sent. */
  readonly original: Draft;
}

/** Everything Compose shows. */
export interface ComposeState {
  readonly endpoints: readonly Endpoint[];
  /** Unlisted targets of one message that were opened by id; the engine keeps them for the log, with their secrets and headers. */
  readonly unlisted: readonly Endpoint[];
  /** The catalogue, without samples and schemas. */
  readonly eventTypes: readonly EventTypeSummary[];
  /** The profile of the target; null where it has none, and until it is read. */
  readonly profile: Profile | null;
  /** The chosen event type with its samples; another one, or null, until it is read. */
  readonly event: ComposedEvent | null;
  readonly bins: readonly Bin[];
  readonly isLoaded: boolean;
  readonly loadProblem: Problem | null;
  /** Id of an endpoint, or {@link oneOffKey}, or {@link noTarget}. */
  readonly target: string;
  /** Null while a new event is composed. */
  readonly resend: Resend | null;
  readonly oneOff: OneOffTarget;
  /** Secret of the one-off target; in memory only. Empty means a new one. */
  readonly oneOffSecret: string;
  readonly draft: Draft;
  /** A body from files; null where data and template, or the draft, make it. */
  readonly attached: Attached | null;
  readonly preview: Preview;
  readonly view: PreviewView;
  /** The line of the template that is marked in its editor and in the body; null for none. */
  readonly markedLine: number | null;
  readonly sending: Sending;
  readonly isSaving: boolean;
  readonly saveProblem: Problem | null;
}

/** How the parts of the store read and change what is shown. */
export interface ComposeAccess {
  readonly get: () => ComposeState;
  readonly set: (change: Partial<ComposeState>) => void;
}

/** The chosen endpoint, or null for a one-off target. */
export function chosenEndpoint(state: ComposeState): Endpoint | null {
  return targetsOf(state).find((endpoint) => endpoint.id === state.target) ?? null;
}

/** Endpoints that can be sent to: those of the list, and those that were opened by id. */
export function targetsOf({ endpoints, unlisted }: Pick<ComposeState, 'endpoints' | 'unlisted'>): readonly Endpoint[] {
  return [...endpoints, ...unlisted];
}

/** The event type that is composed. */
export function chosenEventType(state: ComposeState): string {
  return state.draft.eventType ?? firstEventType(knownGroups(state), chosenEndpoint(state));
}

/** Names of event types to choose from. */
export function knownGroups({ profile, eventTypes }: Pick<ComposeState, 'profile' | 'eventTypes'>): readonly EventGroup[] {
  return eventGroups(profile, eventTypes);
}

/** Id of the profile that the target has, read or not. */
export function profileIdOf(state: ComposeState): string | null {
  const endpoint = chosenEndpoint(state);
  if (endpoint !== null) return endpoint.profile;
  return state.target === oneOffKey && state.draft.head === null ? state.oneOff.profile : null;
}

/** The chosen event type with its samples; null until it is read. */
export function chosenEvent(state: ComposeState): ComposedEvent | null {
  return state.event?.name === chosenEventType(state) ? state.event : null;
}

/** Key of the sample that was chosen for an event type; undefined for the first. */
export function sampleKey({ draft: { samples } }: Pick<ComposeState, 'draft'>, name: string): string | undefined {
  return Object.hasOwn(samples, name) ? samples[name] : undefined;
}

/** The data as it stands in the editor. */
export function dataText(state: ComposeState): string {
  const key = dataKey(state, chosenEventType(state));
  const changed = Object.hasOwn(state.draft.data, key) ? state.draft.data[key] : undefined;
  return changed ?? sampleDataText(state) ?? sampleText(undefined);
}

/** The text of the chosen sample; null until it is read. */
export function sampleDataText(state: ComposeState): string | null {
  const event = chosenEvent(state);
  return event === null ? null : sampleText(sampleOf(event, sampleKey(state, event.name)));
}

/** Whether the data differs from the sample; never for a name that has none. */
export function isDataChanged(state: ComposeState): boolean {
  const key = dataKey(state, chosenEventType(state));
  return key !== unknownKey && Object.hasOwn(state.draft.data, key);
}

/** The key under which a draft keeps the data of an event type: its name, and that of a sample that is not the first. */
export function dataKey(state: ComposeState, name: string): string {
  if (!knownGroups(state).some(({ names }) => names.includes(name))) return unknownKey;
  const sample = sampleKey(state, name);
  return sample === undefined ? name : `${name}\n${sample}`;
}

/** How many events the target takes in one request; null for one. */
export function targetBatch(state: ComposeState): Batch | null {
  return chosenEndpoint(state)?.batch ?? (chosenEndpoint(state) === null ? (state.profile?.fields.batch ?? null) : null);
}

/** The template as it stands in the editor; null for the default envelope. */
export function templateText(state: ComposeState): string | null {
  return state.draft.template === null ? targetTemplate(state) : state.draft.template.text;
}

/** Whether the template differs from the one the target has. */
export function isTemplateChanged(state: ComposeState): boolean {
  return state.draft.template !== null && state.draft.template.text !== targetTemplate(state);
}

/** The template that the target has by itself. */
function targetTemplate(state: ComposeState): string | null {
  const endpoint = chosenEndpoint(state);
  return (endpoint === null ? state.profile?.fields.template : endpoint.template) ?? null;
}

/** What would be sent now. */
export function composedOf(state: ComposeState): Composed {
  const { target, resend, draft, oneOff, oneOffSecret } = state;
  return {
    target,
    resendId: resend?.id ?? null,
    eventType: chosenEventType(state),
    data: dataText(state),
    template: templateText(state),
    body: draft.body,
    attached: state.attached?.body?.base64 ?? null,
    head: draft.head,
    oneOff: target === oneOffKey ? { ...oneOff, secret: oneOffSecret } : null,
  };
}

/** Whether a result is of something else than the form holds now: it was changed since, or another target was chosen. */
export function isFormer({ of: sent }: Pick<Sent, 'of'>, state: ComposeState): boolean {
  const now = composedOf(state);
  // The texts can be long, and comparing them as they are is quick.
  const isSameText =
    sent.data === now.data && sent.template === now.template && sent.attached === now.attached && sent.body?.text === now.body?.text;
  return !isSameText || shortFields(sent) !== shortFields(now);
}

function shortFields({ target, resendId, eventType, body, head, oneOff }: Composed): string {
  return JSON.stringify([target, resendId, eventType, body?.encoding ?? null, head, oneOff]);
}

/** The fields that replace those of the endpoint in the preview, or the whole one-off target. */
export function draftFields(state: ComposeState): EndpointPatch {
  const template = templateText(state);
  if (chosenEndpoint(state) !== null) return isTemplateChanged(state) ? { template } : {};
  const { url, method, signing } = state.oneOff;
  const contentType = (state.attached === null ? null : contentTypeOf(state.attached.choice)) ?? state.oneOff.contentType;
  const profile = profileIdOf(state);
  return {
    name: 'Any URL',
    ...(profile === null ? {} : { profile }),
    url,
    method,
    contentType,
    template,
    signing,
    ...(signing === null || state.oneOffSecret === '' ? {} : { secret: state.oneOffSecret }),
  };
}

/** Method and headers that replace those of the target; null where it makes them. Callers have made sure that the lines can be read. */
export function headOf(state: ComposeState): GivenHeadInput | null {
  const { head } = state.draft;
  if (head === null) return null;
  const lines = readHeaderLines(head.headers);
  const isSigned = chosenEndpoint(state) === null ? state.oneOff.signing !== null : head.isSigned;
  return { method: head.method, headers: lines.ok ? lines.headers.map(([name, value]) => [name, value]) : [], isSigned };
}

/** The event as preview and sending take it; callers have made sure that data and body can be read. */
export function eventOf(state: ComposeState): GivenData & {
  readonly type: string;
  readonly isBatch?: boolean;
  readonly bodyBase64?: string;
} {
  const type = chosenEventType(state);
  const attached = state.attached?.body ?? null;
  if (attached !== null) return { type, data: {}, bodyBase64: attached.base64 };
  const event = { type, ...givenOf(dataText(state)) };
  if (state.draft.body === null && state.draft.isBatch) return { ...event, isBatch: true };
  const body = state.draft.body === null ? null : bytesOfExact(state.draft.body);
  return body !== null && body.ok ? { ...event, bodyBase64: base64OfBytes(body.bytes) } : event;
}
