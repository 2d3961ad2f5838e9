import type { HeaderField } from '#shared/contract/common.ts';
import { headerValues } from '#shared/text/headers.ts';
import { quoted, readHeader } from '../header-values.ts';
import type { SignedString, VerifyInput } from '../scheme.ts';
import type { Placeholder } from '../signed-string.ts';
import type { TimestampState } from '../timestamp.ts';
import type { HeaderFindings, Obstacle, Trouble } from './findings.ts';

/** A signature of a request that can be checked, with the bytes that it should cover. */
export interface Candidate {
  /** In the scheme's own text form, as received. */
  readonly text: string;
  readonly signature: Uint8Array;
  /** One object for all candidates that cover the same bytes, so that each key signs them once. */
  readonly signed: SignedString;
  /** The algorithm that the request names for it. */
  readonly algorithm?: string;
  /** A sentence to add when this candidate matches, such as that this is not the usual form of the signed string. */
  readonly note?: string;
}

/** The text of a signature as received; `isOther` when another version of the scheme made it. */
export interface ReceivedSignature {
  readonly text: string;
  readonly isOther: boolean;
}

/** Everything that a request says about its signature before a key is used. */
export interface Reading {
  readonly headers: HeaderFindings;
  /** What the signed string needs but is missing in the request, such as `URL`. */
  readonly unknown: readonly string[];
  readonly timestamp: TimestampState | null;
  /** The timestamp as received, when the provider's library signs the parsed number instead. */
  readonly timestampText?: string | null;
  readonly candidates: readonly Candidate[];
  /** Every signature in the request, when some of them are not candidates. */
  readonly received?: readonly ReceivedSignature[];
  /** What is signed, if that is known without any candidate. */
  readonly signed?: SignedString | null;
  /** Why no candidate counts, when the request has something that should be one. */
  readonly trouble: Trouble | null;
  readonly obstacles: readonly Obstacle[];
  readonly next: readonly string[];
}

/** Which of a scheme's headers a request has. */
export function findHeaders(headers: readonly HeaderField[], wanted: readonly string[]): HeaderFindings {
  const found = wanted.map((name) => ({ name, value: readHeader(headers, name) }));
  const repeated = found.filter(({ value }) => value !== null && value.count > 1).map(({ name }) => name);
  return {
    wanted,
    missing: found.filter(({ value }) => value === null || value.text === '').map(({ name, value }) => ({ name, isEmpty: value !== null })),
    repeated,
    differing: repeated.filter((name) => new Set(headerValues(headers, name).map((value) => value.trim())).size > 1),
  };
}

/** A header's value, or null when it is missing or empty. */
export function headerText(headers: readonly HeaderField[], name: string): string | null {
  return readHeader(headers, name)?.text || null;
}

/** A reading with only its headers, to be filled in. */
export function emptyReading(headers: HeaderFindings): Reading {
  return { headers, unknown: [], timestamp: null, candidates: [], trouble: null, obstacles: [], next: [] };
}

/** Why a signature's text cannot be read, in the form that a reading takes. */
export function malformed(place: string, text: string, why: string): Trouble {
  return { kind: 'malformed', problem: `${place} holds ${quoted(text)}: ${why}` };
}

/** What placeholders need of a request besides headers and body. */
export function requestParts(placeholders: ReadonlySet<Placeholder>): readonly ('method' | 'url')[] {
  const urlParts = ['url', 'host', 'path', 'query'] as const;
  return [
    ...(placeholders.has('method') ? (['method'] as const) : []),
    ...(urlParts.some((name) => placeholders.has(name)) ? (['url'] as const) : []),
  ];
}

/** The names of what a scheme signs but the request does not have. */
export function lacking(input: VerifyInput, names: readonly ('method' | 'url')[]): readonly string[] {
  return names.filter((name) => !input[name]).map((name) => (name === 'url' ? 'URL' : name));
}
