import type { HeaderField } from '#shared/contract/common.ts';
import type { RequestChange } from '#shared/contract/solver-fix.ts';
import { signing } from '#shared/contract/signing.ts';
import { changedRequest } from '#shared/changed-request.ts';
import { formatHeaderText } from '#shared/header-text.ts';
import { base64OfBytes, utf8OrNull } from '../../ui/body-format.ts';
import { headerValueRange } from './recognise.ts';
import type { InputReading, VerifyInput } from './verify-input.ts';

/** The new fields of the form for a change, or why the form cannot hold it. */
export type AppliedChange =
  | { readonly kind: 'fields'; readonly fields: Partial<VerifyInput> }
  | { readonly kind: 'none'; readonly why: string };

/** Puts a change into the fields of the form. */
export function appliedChange(change: RequestChange, input: VerifyInput, reading: InputReading): AppliedChange {
  const { header, body } = reading;
  if (!body.ok) return { kind: 'none', why: body.message };
  const secrets = input.secrets.filter((secret) => secret !== '');
  const changed = changedRequest({ url: reading.url, headers: header.headers, body: body.bytes, secrets }, change);
  if (changed.kind === 'refused') return { kind: 'none', why: changed.message };
  const { request } = changed;
  if (change.secret !== undefined && request.secrets.some((secret) => /\p{Cc}/u.test(secret) && !secrets.includes(secret)))
    return {
      kind: 'none',
      why: 'The field for a secret cannot hold a line break: remove it from the file that the sender reads its secret from.',
    };
  return {
    kind: 'fields',
    fields: {
      ...schemeFields(change),
      ...(change.url === undefined ? {} : { url: change.url }),
      ...(change.headers === undefined ? {} : { head: headWith(input.head, header, change.headers) }),
      ...(change.body === undefined ? {} : bodyFields(request.body)),
      ...secretFields(change, input, request.secrets),
    },
  };
}

/** The fields of the form that hold a scheme with its options. */
export function schemeFields({ scheme, options }: Pick<RequestChange, 'scheme' | 'options'>): Partial<VerifyInput> {
  if (scheme === undefined) return {};
  const parsed = signing.safeParse({ ...options, scheme });
  const chosen = parsed.success ? parsed.data : null;
  return chosen?.scheme === 'custom' ? { scheme, custom: chosen, options: null } : { scheme, custom: null, options: chosen };
}

function bodyFields(body: Uint8Array): Partial<VerifyInput> {
  const text = utf8OrNull(body);
  const kept = { file: null, lineEnding: 'asPasted' } as const;
  return text === null ? { ...kept, body: base64OfBytes(body), encoding: 'base64' } : { ...kept, body: text, encoding: 'text' };
}

/** The secrets stay in their fields; those that are empty stay so. */
function secretFields({ secret }: RequestChange, input: VerifyInput, changed: readonly string[]): Partial<VerifyInput> {
  switch (secret?.kind) {
    case undefined:
      return {};
    case 'owner':
      return { secretsOf: secret.id };
    case 'word':
      return { secrets: changed };
    case 'edited': {
      const left = [...changed];
      return { secrets: input.secrets.map((old) => (old === '' ? old : (left.shift() ?? old))) };
    }
  }
}

/** The text of the headers with some of them changed: in place if each is on its own line, else all rewritten. */
function headWith(head: string, read: InputReading['header'], changes: NonNullable<RequestChange['headers']>): string {
  const [change, ...others] = changes;
  const [name, value] = (change === undefined ? undefined : read.headers[change.index]) ?? ['', ''];
  const range = others.length > 0 ? null : headerValueRange(head, name);
  if (change !== undefined && range !== null && head.slice(range.start, range.end) === value)
    return `${head.slice(0, range.line)}${change.name}: ${change.value}${head.slice(range.end)}`;
  const start = read.method === null ? '' : `${read.method} ${read.target ?? '/'} HTTP/1.1\n`;
  const changed = new Map(changes.map((one) => [one.index, [one.name, one.value] satisfies HeaderField]));
  return start + formatHeaderText(read.headers.map((field, index) => changed.get(index) ?? field));
}
