import type { HeaderField } from '../contract/common.ts';

/** What a paste was taken for. */
export const pastedKinds = [
  'raw_request',
  'curl',
  'har',
  'request_json',
  'headers_json',
  'headers',
  'headers_and_body',
  'body',
  'nothing',
] as const;
export type PastedKind = (typeof pastedKinds)[number];

/** The name of a kind for people. */
export const pastedKindNames: Readonly<Record<PastedKind, string>> = {
  raw_request: 'Raw request',
  curl: 'curl',
  har: 'HAR',
  request_json: 'Request as JSON',
  headers_json: 'Headers as JSON',
  headers: 'Headers',
  headers_and_body: 'Headers and body',
  body: 'Body only',
  nothing: 'Nothing',
};

export type Confidence = 'certain' | 'likely' | 'possible';

/** Something in a paste that could not be used. */
export interface PastedProblem {
  /** 1-based line of the paste, where there is one. */
  readonly line?: number;
  readonly message: string;
}

/** One request out of a paste. Null says that the paste does not tell. */
export interface PastedRequest {
  readonly method: string | null;
  /** Absolute where the paste tells host and path; else as it stands there. */
  readonly url: string | null;
  readonly headers: readonly HeaderField[];
  /** The exact bytes; empty is a body of 0 bytes, null is none in the paste. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly problems: readonly PastedProblem[];
  /** Doubts and assumptions, each a sentence; nothing is changed without one. */
  readonly notes: readonly string[];
}

/** One of several requests in a paste. */
export interface PastedChoice extends PastedRequest {
  readonly label: string;
}

/** What a paste holds; the fields of the request are those of the first choice where there are several. */
export interface Pasted extends PastedRequest {
  readonly kind: PastedKind;
  readonly confidence: Confidence;
  readonly choices?: readonly PastedChoice[];
}

/** What people paste or drop: text as the clipboard gives it, or the bytes of a file. `bytes` counts where both are there. */
export interface PasteInput {
  readonly text?: string | undefined;
  readonly bytes?: Uint8Array | undefined;
}

/** A request about which nothing is known. */
export const noRequest: PastedRequest = { method: null, url: null, headers: [], body: null, problems: [], notes: [] };

/** A paste that cannot be read, with the sentence that says why. */
export function refusedPaste(kind: PastedKind, message: string): Pasted {
  return { ...noRequest, kind, confidence: 'certain', problems: [{ message }] };
}
