import type { HeaderField } from '#shared/contract/common.ts';
import type { CustomOptions } from '#shared/contract/signing.ts';
import type { SolvedCause, SolverMatch } from '#shared/contract/solving.ts';
import { guessMac } from '#shared/recognise/signature-value.ts';
import { base64OfBytes, bytesOfBase64 } from '../../ui/body-format.ts';
import { defaultCustomOptions } from '../../ui/custom-options.ts';
import type { AppliedTo, Step } from './apply-match.ts';
import { keyOf, secretChanges, typedSecret } from './apply-secret.ts';

/** Whether a change is one of the scheme itself, so that only a scheme described by its parts can express it. */
export function needsCustom({ kind, id }: SolvedCause, match: Pick<SolverMatch, 'signed'>): boolean {
  if (kind === 'algorithm') return true;
  if (kind !== 'string') return false;
  return !id.startsWith('string-url-') || !hasWholeUrl(match);
}

function hasWholeUrl({ signed }: Pick<SolverMatch, 'signed'>): boolean {
  return (
    signed !== null &&
    signed.parts.some(({ name, start, end }) => name === 'url' && /^https?:\/\//i.test(textOf(signed.base64, start, end)))
  );
}

function textOf(base64: string, start: number, end: number): string {
  return new TextDecoder().decode(bytesOfBase64(base64).subarray(start, end));
}

type Described = Pick<CustomOptions, 'signedContent' | 'timestampHeader' | 'timestampUnit' | 'idHeader'> & { readonly url: string | null };

/** The custom scheme that a match comes to, with the secret in the form that it takes. */
export function asCustom(match: SolverMatch, form: AppliedTo): readonly Step[] {
  if (match.causes.some(({ id }) => id.startsWith('algorithm-swapped-')))
    return ['The sender takes what is signed for the key, which no scheme here does: have its call of the HMAC function put right.'];
  if (match.causes.some(({ id }) => /^algorithm-(?!hmac-)/.test(id)))
    return ['A plain hash is no HMAC, and no scheme here verifies by one: ask the sender to sign with an HMAC.'];
  const carrier = form.reading.header.headers.filter(([, value]) => value.trim() === match.received);
  const [header] = carrier[0] ?? [];
  const mac = guessMac(match.received);
  if (header === undefined || mac === null)
    return [
      'The header holds more than one signature and its prefix, which no custom scheme reads: the sender has to sign as the scheme says.',
    ];
  const described = describe(match, form);
  if (typeof described === 'string') return [described];
  const { url, ...content } = described;
  const before = form.reading.scheme === 'custom' ? form.reading.custom : defaultCustomOptions;
  const custom: CustomOptions = { ...before, header, ...mac, ...content };
  const withSecret = secretFor(match, form, custom);
  return typeof withSecret === 'string'
    ? [withSecret]
    : [withSecret.map((change) => ({ scheme: 'custom', custom, ...(url === null ? {} : { url }), ...change }))];
}

/** What was signed as a pattern of the custom scheme, or a sentence why it has none. */
function describe({ signed }: SolverMatch, { reading }: AppliedTo): Described | string {
  if (signed === null) return 'What was signed is too large to be handed over with every cause; set the custom scheme by hand.';
  const { headers, method } = reading.header;
  let described: Described = { signedContent: '', timestampHeader: null, timestampUnit: 's', idHeader: null, url: null };
  for (const { name, start, end } of signed.parts) {
    const text = name === 'body' ? '' : textOf(signed.base64, start, end);
    const piece = pieceOf(name, text, { headers, method });
    if (typeof piece === 'string') return piece;
    described = { ...described, ...piece.options, signedContent: described.signedContent + piece.pattern };
  }
  return described.signedContent.includes('{body}')
    ? described
    : 'What was signed does not hold the body, and a signature without it proves nothing.';
}

interface Piece {
  readonly pattern: string;
  readonly options: Partial<Described>;
}

function pieceOf(
  name: string,
  text: string,
  request: { readonly headers: readonly HeaderField[]; readonly method: string | null },
): Piece | string {
  const carrier = request.headers.find(([, value]) => value.trim() === text)?.[0];
  switch (name) {
    case 'body':
      return { pattern: '{body}', options: {} };
    case 'timestamp':
      if (carrier === undefined || !/^\d{10}(?:\d{3})?$/.test(text))
        return 'The timestamp that was signed stands in no header in that form, so a receiver cannot verify it: the sender has to send what it signs.';
      return { pattern: '{timestamp}', options: { timestampHeader: carrier, timestampUnit: text.length === 13 ? 'ms' : 's' } };
    case 'id':
      return carrier === undefined
        ? 'The id that was signed stands in no header, so a receiver cannot verify it: the sender has to send what it signs.'
        : { pattern: '{id}', options: { idHeader: carrier } };
    case 'method':
      return text === request.method ? { pattern: '{method}', options: {} } : { pattern: text, options: {} };
    case 'url':
      return /^https?:\/\//i.test(text)
        ? { pattern: '{url}', options: { url: text } }
        : 'A part of the URL was signed, which no custom scheme takes: the sender has to sign as the scheme says.';
    case 'separator':
    case 'literal':
      return /[{}]/.test(text) ? 'What was signed holds braces, which a custom scheme cannot write.' : { pattern: text, options: {} };
    default:
      return `The ${name} was signed, which no custom scheme takes: the sender has to sign as the scheme says.`;
  }
}

/** The secret as the custom scheme takes it: in the form that the search names, else in each that the scheme before may have had. */
function secretFor(match: SolverMatch, form: AppliedTo, custom: CustomOptions): Step {
  const changed = match.causes.some(({ kind }) => kind === 'secret') ? secretChanges(match, form) : [{}];
  if (typeof changed === 'string') return changed;
  const encodings = form.reading.scheme === 'custom' ? [custom.secretEncoding] : (['utf8', 'base64', 'hex'] as const);
  const typed = typedSecret(match, form.input.secrets);
  return changed.flatMap((change) => {
    const own = change.custom?.secretEncoding;
    const plain = (own === undefined ? encodings : [own]).map((secretEncoding) => ({ ...change, custom: { ...custom, secretEncoding } }));
    const text = change.secrets?.[typed?.index ?? 0] ?? typed?.text;
    const key =
      text === undefined || typed === null || !text.startsWith('whsec_') ? null : keyOf(text.slice('whsec_'.length), false, 'base64');
    if (key === null || typed === null) return plain;
    const secrets = form.input.secrets.map((old, index) => (index === typed.index ? base64OfBytes(key) : old));
    return [...plain, { ...change, secrets, custom: { ...custom, secretEncoding: 'base64' as const } }];
  });
}
