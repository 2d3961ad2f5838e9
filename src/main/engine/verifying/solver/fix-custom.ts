import { Buffer } from 'node:buffer';
import type { CustomOptions } from '#shared/contract/signing.ts';
import { customOptions, givenOptions } from '#shared/contract/signing.ts';
import { secretChange, type FixPart, type FoundMac } from './fix-parts.ts';
import type { SolverProblem } from './problem.ts';

/** The custom scheme for a match, with the secret in the form that it takes; or a sentence on why there is none. */
export function customFix(found: FoundMac, problem: SolverProblem): FixPart {
  const { algorithm, comparison, frame } = found;
  if (algorithm.mode === 'swapped')
    return 'The sender takes what is signed for the key, which no scheme here does: have its call of the HMAC function put right.';
  if (algorithm.mode !== 'hmac') return 'A plain hash is no HMAC, and no scheme here verifies by one: ask the sender to sign with an HMAC.';
  const { token } = comparison;
  const [header, value] = problem.request.headers[token.at] ?? ['', ''];
  if (value.trim() !== token.text)
    return 'The header holds more than the signature, so no custom scheme is made up for it: the sender has to sign as the scheme says.';
  const base = frame.options.scheme === 'custom' ? frame.options : customOptions.parse({ scheme: 'custom' });
  const content = describe(found, problem, base);
  if (typeof content === 'string') return content;
  const secret = secretFor(found);
  if (typeof secret === 'string') return secret;
  const { url, ...signed } = content;
  const own = { header, prefix: token.prefix, separator: null, algorithm: algorithm.hash, encoding: token.encoding };
  const options = givenOptions({ ...base, ...own, ...signed, secretEncoding: secret.encoding });
  return { scheme: 'custom', options, ...(url === null ? {} : { url }), ...secret.change };
}

type Described = Pick<CustomOptions, 'signedContent' | 'timestampHeader' | 'timestampPrefix' | 'timestampUnit' | 'idHeader'> & {
  readonly url: string | null;
};

/** The signed string as a pattern of the custom scheme, or a sentence on why there is none. */
function describe({ candidate }: FoundMac, problem: SolverProblem, base: CustomOptions): Described | string {
  let described: Described = {
    signedContent: '',
    timestampHeader: null,
    timestampPrefix: '',
    timestampUnit: 's',
    idHeader: null,
    url: null,
  };
  for (const { name, bytes } of candidate.string.parts) {
    const piece = bytes === null ? { pattern: '{body}', options: {} } : pieceOf(name, Buffer.from(bytes).toString('utf8'), problem, base);
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

function pieceOf(name: string, text: string, { request }: SolverProblem, base: CustomOptions): Piece | string {
  const carrier = request.headers.find(([, value]) => value.trim() === text)?.[0];
  switch (name) {
    case 'timestamp':
      return timestampPiece(text, request.headers, base);
    case 'id':
      return carrier === undefined
        ? 'The id that was signed stands in no header, so a receiver cannot verify it: the sender has to send what it signs.'
        : { pattern: '{id}', options: { idHeader: carrier } };
    case 'method':
      return { pattern: text === request.method ? '{method}' : text, options: {} };
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

function timestampPiece(text: string, headers: SolverProblem['request']['headers'], base: CustomOptions): Piece | string {
  const prefix = ['', base.timestampPrefix].find((before) => headers.some(([, value]) => value.trim() === before + text));
  const carrier = headers.find(([, value]) => value.trim() === `${prefix ?? ''}${text}`)?.[0];
  const unit = /^\d{10}$/.test(text) ? 's' : /^\d{13}$/.test(text) ? 'ms' : /^\d{4}-\d\d-\d\dT/.test(text) ? 'rfc3339' : null;
  if (prefix === undefined || carrier === undefined || unit === null)
    return 'The timestamp that was signed stands in no header in that form, so a receiver cannot verify it: the sender has to send what it signs.';
  return { pattern: '{timestamp}', options: { timestampHeader: carrier, timestampPrefix: prefix, timestampUnit: unit } };
}

/** The secret as the custom scheme takes it, and how that turns it into a key. */
function secretFor({
  key,
}: FoundMac): { readonly encoding: CustomOptions['secretEncoding']; readonly change: Exclude<FixPart, string> } | string {
  const { form, making } = key;
  const isPlain = !form.isAfterPrefix && form.decoding !== 'base64url';
  const change = secretChange(making, isPlain ? [] : [{ from: form, to: { isAfterPrefix: false, decoding: 'base64' } }]);
  if (typeof change === 'string') return change;
  if (making.source === null) {
    const word = Buffer.from(key.key).toString('utf8');
    return { encoding: 'utf8', change: { secret: { kind: 'word', word } } };
  }
  return { encoding: !isPlain ? 'base64' : form.decoding === 'text' ? 'utf8' : form.decoding === 'hex' ? 'hex' : 'base64', change };
}
