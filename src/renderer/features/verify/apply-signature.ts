import type { SolverMatch } from '#shared/contract/solving.ts';
import { base64OfBytes } from '../../ui/body-format.ts';
import { keyOf } from './apply-secret.ts';
import type { AppliedTo, Step } from './apply-match.ts';
import { headerValueRange } from './recognise.ts';

type SignatureEncoding = 'hex' | 'base64' | 'base64url';

/** Writes the signature in the header as the scheme does, where another form of it was received. */
export function signatureChange(match: SolverMatch, form: AppliedTo): Step {
  const causes = match.causes.filter(({ kind }) => kind === 'encoding').map(({ id }) => id);
  const isElsewhere = causes.includes('signature-in-other-header');
  const own = isElsewhere ? ownHeader(form) : null;
  if (isElsewhere && own === null)
    return 'The scheme has no one header that the signature could be put into: choose a custom scheme that reads the other one.';
  const isRewritten = causes.some((id) => id !== 'signature-in-other-header');
  const text = isRewritten ? rewritten(match, form) : match.received;
  if (text === null)
    return 'The signature is in another form than the scheme writes, and cannot be written in it here: ask the sender for the header as it was sent.';
  const { head } = form.input;
  if (head.split(match.received).length !== 2)
    return 'The signature stands more than once in the request, or in a form that is read otherwise: correct it in the header by hand.';
  const changed = head.replace(match.received, () => text);
  if (own === null) return [{ head: changed }];
  const from = form.reading.header.headers.find(([, value]) => value.includes(match.received))?.[0];
  const moved = from === undefined ? null : renamed(changed, from, own);
  return moved === null ? 'The header with the signature stands in no line of its own: rename it by hand.' : [{ head: moved }];
}

/** The header in which the scheme has its signature; null where that is not certain. */
function ownHeader({ reading, schemeHeaders }: AppliedTo): string | null {
  if (reading.scheme === 'custom') return reading.custom.header;
  const [header, ...others] = schemeHeaders.filter((name) => /sign|hmac|digest|hash/i.test(name));
  return header === undefined || others.length > 0 ? null : header;
}

function renamed(head: string, from: string, to: string): string | null {
  const range = headerValueRange(head, from);
  if (range === null) return null;
  const line = head.lastIndexOf('\n', range.start) + 1;
  return `${head.slice(0, line)}${to}: ${head.slice(range.start)}`;
}

/** The signature that the match gives, with the prefix and in the encoding of the scheme. */
function rewritten(match: SolverMatch, form: AppliedTo): string | null {
  const [prefix, mac] = parted(match.expected);
  const key = keyOf(mac, false, encodingOf(mac));
  const own = ownEncoding(match, form);
  return key === null || own === null ? null : `${prefix}${encoded(key, own)}`;
}

function ownEncoding(match: SolverMatch, { reading, expectedSignatures }: AppliedTo): SignatureEncoding | null {
  const { encoding } = reading.custom;
  if (match.scheme === 'custom') return encoding === 'jwt' ? null : encoding;
  const isOtherEncoding = match.causes.some(({ id }) => /^signature-(?:is-|base64-of-hex)/.test(id));
  if (!isOtherEncoding) return encodingOf(parted(match.expected)[1]);
  const [sample] = match.scheme === reading.scheme ? expectedSignatures : [];
  return sample === undefined ? null : encodingOf(parted(sample)[1]);
}

/** What stands before a signature, such as `v1,` or `sha256=`, and the signature. */
function parted(text: string): readonly [prefix: string, mac: string] {
  const prefix = /^[A-Za-z][A-Za-z0-9_-]{0,20}[=:,](?=.)/.exec(text)?.[0] ?? '';
  return [prefix, text.slice(prefix.length)];
}

function encodingOf(mac: string): SignatureEncoding {
  if (/^(?:[0-9a-f]{2})+$/i.test(mac) && mac.length >= 40) return 'hex';
  return /[-_]/.test(mac) ? 'base64url' : 'base64';
}

function encoded(bytes: Uint8Array, encoding: SignatureEncoding): string {
  if (encoding === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const base64 = base64OfBytes(bytes);
  return encoding === 'base64' ? base64 : base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
