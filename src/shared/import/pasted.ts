import type { HeaderField } from '../contract/common.ts';

/** What a paste was read as; `unread` is one that holds a request which could not be read. */
export const pastedKinds = [
  'raw_request',
  'http_file',
  'curl',
  'curl_output',
  'httpie',
  'wget',
  'powershell',
  'fetch',
  'python',
  'har',
  'postman',
  'request_json',
  'headers_json',
  'printed',
  'log',
  'headers',
  'headers_and_body',
  'body',
  'unread',
  'nothing',
] as const;
export type PastedKind = (typeof pastedKinds)[number];

/** The name of a kind for people. */
export const pastedKindNames: Readonly<Record<PastedKind, string>> = {
  raw_request: 'Raw request',
  http_file: 'HTTP file',
  curl: 'curl',
  curl_output: 'Output of curl -v',
  httpie: 'HTTPie',
  wget: 'wget',
  powershell: 'PowerShell',
  fetch: 'fetch (JavaScript)',
  python: 'requests (Python)',
  har: 'HAR',
  postman: 'Postman collection',
  request_json: 'Request as JSON',
  headers_json: 'Headers as JSON',
  printed: 'Printed objects',
  log: 'Line of a log',
  headers: 'Headers',
  headers_and_body: 'Headers and body',
  body: 'Body only',
  unread: 'Not read',
  nothing: 'Nothing',
};

export type Confidence = 'certain' | 'likely' | 'possible';

/** Something in a paste that could not be used. */
export interface PastedProblem {
  /** 1-based line of the paste, where there is one. */
  readonly line?: number;
  readonly message: string;
}

/** One request of a paste. Null means that the paste does not say. */
export interface PastedRequest {
  readonly method: string | null;
  /** Absolute where the paste tells host and path; else as it stands there. */
  readonly url: string | null;
  readonly headers: readonly HeaderField[];
  /** The exact bytes; empty is a body of 0 bytes, null is none in the paste. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly problems: readonly PastedProblem[];
  /** Doubts and assumptions, each a sentence; every change has one. */
  readonly notes: readonly string[];
  /**
   * The objects of the JSON that it stands in, the innermost first, which may tell its answer and its time as well; only where they were
   * asked for.
   */
  readonly records?: readonly JsonRecord[];
  /** Why the exact bytes of the body cannot be known, as the reader found; see `bodyGapOf` for what its size and end say beside. */
  readonly bodyGap?: BodyGap;
  /** The request had other headers, which the paste names without their values or whose values it does not hold. */
  readonly lacksHeaders?: boolean;
}

/** Why the exact bytes of a body cannot be known. */
export interface BodyGap {
  /** `missing`: all or a part of it is not in the paste. `rebuilt`: its values are known and were written again. */
  readonly kind: 'missing' | 'rebuilt';
  /** A clause that follows `The body`. */
  readonly why: string;
  /** Its true size in bytes, where the paste states it. */
  readonly size?: number;
}

/** An object of JSON. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** One of several requests in a paste. */
export interface PastedChoice extends PastedRequest {
  readonly label: string;
  /** Whether it carries something that looks like a signature. */
  readonly isSigned: boolean;
}

/** What a paste holds; the fields of the request are those of the chosen one where there are several. */
export interface Pasted extends PastedRequest {
  readonly kind: PastedKind;
  readonly confidence: Confidence;
  readonly choices?: readonly PastedChoice[];
  /** Index of the choice that was taken, where there are several. */
  readonly chosen?: number;
}

/** What people paste or drop: text as the clipboard gives it, or the bytes of a file. `bytes` counts where both are there. */
export interface PasteInput {
  readonly text?: string | undefined;
  readonly bytes?: Uint8Array | undefined;
  /** Keeps the {@link PastedRequest.records} of each request, which is only for readers in the same thread. */
  readonly keepsRecords?: boolean;
}

/** A request with no known fields. */
export const noRequest: PastedRequest = { method: null, url: null, headers: [], body: null, problems: [], notes: [] };

/** A paste that cannot be read, with the reason as a sentence. */
export function refusedPaste(kind: PastedKind, message: string): Pasted {
  return { ...noRequest, kind, confidence: 'certain', problems: [{ message }] };
}

/** The kinds that a paste can be read as when somebody says so. */
export type ReadableKind = Exclude<PastedKind, 'unread' | 'nothing'>;
export const readableKinds = pastedKinds.filter((kind): kind is ReadableKind => kind !== 'unread' && kind !== 'nothing');
