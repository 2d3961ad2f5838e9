import type { InferContractRouterInputs } from '@orpc/contract';
import type { Contract } from '#shared/contract/index.ts';
import { givenOptions, signing, type CustomOptions, type Signing } from '#shared/contract/signing.ts';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import { customHeaders } from '#shared/custom-headers.ts';
import { parseHeaderText, type HeaderText } from '#shared/header-text.ts';
import { addressOf } from '#shared/import/request-lines.ts';
import { base64OfBytes } from '../../ui/body-format.ts';
import { defaultCustomOptions } from '../../ui/custom-options.ts';
import { decodeBody, type BodyEncoding, type DecodedBody } from './body-bytes.ts';
import { withLineEnding, type LineEnding } from './exact-text.ts';
import { readClock, type ClockReading } from './receiver-clock.ts';
import { recognise, type Recognised } from './recognise.ts';

type VerifyCall = InferContractRouterInputs<Contract>['verifying']['verify'];

/** What `verifying.verify` is asked; the request is always given. */
export type VerifyQuestion = VerifyCall & { readonly request: NonNullable<VerifyCall['request']> };

/** A file that was dropped: its bytes are the body. */
export interface BodyFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Everything that is typed, pasted or chosen on the Verify page. Texts are exact: they keep the line breaks of the clipboard. */
export interface VerifyInput {
  /** Headers, or a whole raw request. */
  readonly head: string;
  readonly body: string;
  readonly encoding: BodyEncoding;
  readonly lineEnding: LineEnding;
  /** Replaces `body` if there is one. */
  readonly file: BodyFile | null;
  /** Why the exact body is not known, as a clause that follows `The body`; null where it is, and once a body is given. */
  readonly bodyGap: string | null;
  /** The URL as the sender used it; empty takes it from the request line and Host. */
  readonly url: string;
  /** Null takes what is recognised. */
  readonly scheme: string | null;
  /** Options of `custom`; null takes what is recognised. */
  readonly custom: CustomOptions | null;
  /** Options of any other scheme; used while that scheme is the one checked. */
  readonly options: Signing | null;
  readonly secrets: readonly string[];
  /** Endpoint or bin whose secrets are tried as well. */
  readonly secretsOf: string | null;
  /** The receiver's clock as text; empty for now. */
  readonly clock: string;
}

/** What was read from the input. */
export interface InputReading {
  readonly header: HeaderText;
  readonly recognised: Recognised;
  /** The scheme that is checked: the chosen one, else the recognised one, else Standard Webhooks. */
  readonly scheme: string;
  readonly custom: CustomOptions;
  /** The scheme with its options as they are checked; null for one without options of its own, or that is not known. */
  readonly signing: Signing | null;
  readonly url: string | null;
  readonly body: DecodedBody;
  readonly clock: ClockReading;
  /** Null while there is nothing to check or some field cannot be read. */
  readonly question: VerifyQuestion | null;
}

/** The form with nothing in it. */
export const emptyInput: VerifyInput = {
  head: '',
  body: '',
  encoding: 'text',
  lineEnding: 'asPasted',
  file: null,
  bodyGap: null,
  url: '',
  scheme: null,
  custom: null,
  options: null,
  secrets: [''],
  secretsOf: null,
  clock: '',
};

/** The fields that hold the request itself, without what it is judged by. */
export type RequestFields = Pick<VerifyInput, 'head' | 'body' | 'encoding' | 'lineEnding' | 'file' | 'bodyGap' | 'url'>;

/** The request of a form. */
export function requestFieldsOf({ head, body, encoding, lineEnding, file, bodyGap, url }: VerifyInput): RequestFields {
  return { head, body, encoding, lineEnding, file, bodyGap, url };
}

/** Whether two forms hold the same request. */
export function isSameRequest(one: RequestFields, other: RequestFields): boolean {
  return (['head', 'body', 'encoding', 'lineEnding', 'file', 'url'] as const).every((name) => one[name] === other[name]);
}

/** The example of the Standard Webhooks reference libraries, at the time it was made. */
export const exampleInput: VerifyInput = {
  ...emptyInput,
  head: [
    'POST /webhooks HTTP/1.1',
    'Host: example.com',
    'Content-Type: application/json',
    'webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp: 1614265330',
    'webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ].join('\n'),
  body: '{"test": 2432232314}',
  secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  clock: '1614265330',
};

function urlOf(input: VerifyInput, header: HeaderText): string | null {
  return input.url.trim() === '' ? addressOf(header.target, header.headers, null).url : input.url.trim();
}

/** A file's bytes as they are sent, made once for each file: the form is read again at every key. */
const sentBytes = new WeakMap<BodyFile, Uint8Array<ArrayBuffer>>();
const sentBase64 = new WeakMap<Uint8Array, string>();

function bytesOfFile(file: BodyFile): Uint8Array<ArrayBuffer> {
  const bytes = sentBytes.get(file) ?? new Uint8Array(file.bytes);
  sentBytes.set(file, bytes);
  return bytes;
}

function base64Of(bytes: Uint8Array): string {
  const text = sentBase64.get(bytes) ?? base64OfBytes(bytes);
  sentBase64.set(bytes, text);
  return text;
}

/** Reads the form: the contents of its texts, what is recognised in them, and the resulting question. */
export function readInput(input: VerifyInput, schemes: readonly SchemeInfo[]): InputReading {
  const header = parseHeaderText(input.head);
  const url = urlOf(input, header);
  const body: DecodedBody =
    input.file === null
      ? decodeBody(input.encoding === 'text' ? withLineEnding(input.body, input.lineEnding) : input.body, input.encoding)
      : { ok: true, bytes: bytesOfFile(input.file), notes: [] };
  const recognised = recognise({ url, headers: header.headers, body: body.ok ? body.bytes : null }, schemes);
  const scheme = input.scheme ?? recognised.scheme ?? 'standard-webhooks';
  const custom = input.custom ?? { ...defaultCustomOptions, ...recognised.custom };
  const clock = readClock(input.clock);
  const signed = scheme === 'custom' ? custom : input.options?.scheme === scheme ? input.options : defaultSigning(scheme);
  const common = { header, recognised, scheme, custom, signing: signed, url, body, clock };
  // Some schemes sign in the body, so headers may be missing.
  const isSomething = header.headers.length > 0 || recognised.scheme !== null;
  if (!isSomething || !body.ok || !clock.ok || schemes.length === 0) return { ...common, question: null };
  const question: VerifyQuestion = {
    scheme,
    secrets: input.secrets.filter((secret) => secret !== ''),
    ...(input.secretsOf === null ? {} : { secretsOf: input.secretsOf }),
    ...(signed === null ? {} : { options: givenOptions(signed) }),
    request: {
      ...(header.method === null ? {} : { method: header.method }),
      ...(url === null ? {} : { url }),
      headers: [...header.headers],
      bodyBase64: base64Of(body.bytes),
      ...(input.bodyGap === null ? {} : { bodyGap: input.bodyGap }),
    },
    ...(clock.nowMs === null ? {} : { nowMs: clock.nowMs }),
  };
  return { ...common, question };
}

/** The question as the engine is asked it for a verdict: where nobody chose a scheme or options, it recognises them as everywhere else. */
export function verdictQuestion(question: VerifyQuestion, { scheme, custom, options }: VerifyInput): VerifyQuestion {
  const isChosen = scheme !== null || custom !== null || options?.scheme === question.scheme;
  if (isChosen) return question;
  const { options: _options, ...rest } = question;
  return { ...rest, scheme: 'auto' };
}

/** A scheme with its options as they are before any choice; null for a scheme that is not known here. */
function defaultSigning(scheme: string): Signing | null {
  const parsed = signing.safeParse({ scheme });
  return parsed.success ? parsed.data : null;
}

/** Names of the headers that carry id and timestamp under a scheme; null where it has none. */
export function chipHeaders(
  reading: Pick<InputReading, 'scheme' | 'custom'>,
  schemes: readonly SchemeInfo[],
): { readonly id: string | null; readonly timestamp: string | null } {
  if (reading.scheme === 'custom') {
    const { id, timestamp } = customHeaders(reading.custom);
    return { id, timestamp };
  }
  const names = schemes.find((scheme) => scheme.id === reading.scheme)?.headers ?? [];
  return { id: names.find((name) => /(^|-)id$/i.test(name)) ?? null, timestamp: names.find((name) => /timestamp/i.test(name)) ?? null };
}

/** A timestamp header's text as epoch milliseconds, or null if it is not a Unix time. */
export function timestampMs(text: string): number | null {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  return /^\d{12,14}$/.test(text) ? Number(text) : null;
}
