import { Buffer, isUtf8 } from 'node:buffer';
import { givenMethods } from '#shared/contract/given-head.ts';
import { withoutCredentials } from '#shared/text/private-query.ts';
import { unnamedEvent } from '#shared/recognise/event-name.ts';
import type { Fields } from '../../project/read-project.ts';
import { messageIdMembers } from '../../capture/answering/facts.ts';
import { jsonOf } from '../../capture/matching/capture-facts.ts';
import { textAt } from '../../capture/matching/json-place.ts';
import { smallBodyBytes } from '../../capture/matching/match-all.ts';
import { expectationOf, type Wanted } from './expectation.ts';
import { isSignable, keptHeaders } from './request-head.ts';
import type { Source, SourceSigning } from './source.ts';

/** A larger text is put into a file of its own, and so are bytes of more than a few lines. */
const longestText = 16_384;
const mostInlineBytes = 3072;

/** Where a step is sent to and how it is signed there, which most steps of a run share. */
export interface Place {
  readonly to: string;
  readonly signedBy: SourceSigning | null;
}

/** A step as it is written, without what it shares with others. */
export interface WrittenStep {
  readonly source: Source;
  readonly fields: Fields;
  readonly expect: Fields | undefined;
  readonly place: Place;
  /** A body that goes into a file. */
  readonly body: { readonly extension: 'json' | 'txt' | 'bin'; readonly bytes: Uint8Array } | null;
  readonly notes: readonly string[];
}

/** Why a source is left out; the reason follows a colon. */
export interface LeftOut {
  readonly why: string;
}

/** Where a capture goes by default: it says nothing of receivers. */
const defaultTarget = 'http://127.0.0.1:3000/webhooks';

export interface StepChoices {
  /** An endpoint of the list or a URL that all go to; null for where they went. */
  readonly to: string | null;
  readonly isEndpoint: boolean;
  readonly wanted: Wanted;
  /** Whether a text has a secret of its endpoint or bin in it. */
  readonly hasSecret: (text: string) => boolean;
}

/** A source as a step of a run. */
export function stepOf(source: Source, { to, isEndpoint, wanted, hasSecret }: StepChoices): WrittenStep | LeftOut {
  const { head, endpoint } = source;
  if (head !== null && !(givenMethods as readonly string[]).includes(head.method))
    return { why: `a run cannot send ${head.method} requests` };
  const isToEndpoint = to === null ? source.isListed : isEndpoint;
  const notes: string[] = [];
  const signedBy = signingOf(source, isToEndpoint, notes);
  const hasOwnPath = isToEndpoint || (to !== null && pathOf(to) !== '');
  const request = head === null ? {} : requestFields(source, { head, hasOwnPath, signedBy, notes, hasSecret });
  const place = { to: to ?? placeOf(source, notes), signedBy: isToEndpoint ? null : signedBy };
  const body = bodyFields(source.body, endpoint !== null && head === null);
  const idMember = idMemberOf(source.body);
  if (idMember !== null) notes.push(keptIdNote(idMember));
  const event = source.eventType === unnamedEvent ? {} : { event: source.eventType };
  return {
    source,
    fields: { ...event, ...request, ...body.fields },
    expect: expectationOf(source, wanted, hasSecret),
    place,
    body: body.file,
    notes,
  };
}

/** How it is signed anew; null where it is not. */
function signingOf({ signedBy, endpoint, isSignedBySender }: Source, isToEndpoint: boolean, notes: string[]): SourceSigning | null {
  // What an endpoint signs itself, running it signs.
  if (isToEndpoint && endpoint?.signing !== null && endpoint !== null && !isSignedBySender) return signedBy;
  if (signedBy === null) return null;
  if (isSignable(signedBy.signing)) return signedBy;
  notes.push(`${signedBy.signing.scheme} signs with a key that only the provider has, so the signature is sent as it was.`);
  return null;
}

interface HeadWork {
  readonly head: NonNullable<Source['head']>;
  /** The target says the path. */
  readonly hasOwnPath: boolean;
  readonly signedBy: SourceSigning | null;
  readonly notes: string[];
  readonly hasSecret: StepChoices['hasSecret'];
}

function requestFields(source: Source, { head, hasOwnPath, signedBy, notes, hasSecret }: HeadWork): Fields {
  const { headers, credentials } = keptHeaders(head.headers, signedBy?.signing ?? null, hasSecret);
  if (credentials.length > 0)
    notes.push(
      `Credentials are not in the file: ${credentials.join(', ')}. Where the receiver asks for them, send to an endpoint that has them.`,
    );
  const { target, withheld } = withoutCredentials(head.target ?? '/');
  if (withheld.length > 0) notes.push(`Left out of the path, since it looks like a credential: ${withheld.join(', ')}.`);
  if (target !== '/' && hasOwnPath) notes.push('Paths are left out, since the target has its own; give a URL without a path to keep them.');
  const isUnsigned = signedBy === null && (source.kind === 'capture' || source.isSignedBySender);
  return {
    ...(head.method === 'POST' ? {} : { method: head.method }),
    ...(target === '/' || hasOwnPath ? {} : { path: target }),
    headers,
    ...(isUnsigned ? { sign: false } : {}),
  };
}

/** The path of a URL, which may have variables; empty for none. */
function pathOf(url: string): string {
  return /^(?:[a-z]+:\/\/|\{\{[^}]*\}\})[^/?#]*(.*)$/is.exec(url)?.[1]?.replace(/^\/$/, '') ?? '';
}

function placeOf({ endpoint, isListed }: Source, notes: string[]): string {
  if (endpoint === null) return defaultTarget;
  if (isListed) return endpoint.name;
  const { target, withheld } = withoutCredentials(endpoint.url);
  if (withheld.length > 0) notes.push(`Left out of the URL, since it looks like a credential: ${withheld.join(', ')}.`);
  return target;
}

/** The member at the top of a JSON body that has the id of the event; null for none, and for a large body. */
function idMemberOf(bytes: Uint8Array): string | null {
  const json = bytes.byteLength <= smallBodyBytes ? jsonOf(bytes) : undefined;
  return messageIdMembers.find((name) => (textAt(json, name) ?? '') !== '') ?? null;
}

function keptIdNote(member: string): string {
  return `The body keeps its ${member}: a receiver that remembers it takes every run after the first for a duplicate, and may answer as if all were well. Let it forget what it had before a run, or expect what it does with captures of a bin.`;
}

function bodyFields(bytes: Uint8Array, isEvent: boolean): { readonly fields: Fields; readonly file: WrittenStep['body'] } {
  if (bytes.byteLength === 0) return { fields: isEvent ? { body: '' } : {}, file: null };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = isUtf8(buffer) && !buffer.includes(0) ? buffer.toString('utf8') : null;
  // A byte order mark would be lost on the way through an editor.
  if (text !== null && text.length <= longestText && !text.startsWith('\ufeff')) return { fields: { body: text }, file: null };
  if (text === null && bytes.byteLength <= mostInlineBytes) return { fields: { bodyBase64: buffer.toString('base64') }, file: null };
  const isJson = text !== null && /^\s*[[{]/.test(text);
  return { fields: {}, file: { extension: isJson ? 'json' : text === null ? 'bin' : 'txt', bytes } };
}
