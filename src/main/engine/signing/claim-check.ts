import { randomUUID } from 'node:crypto';
import { claimPieces } from '#shared/contract/custom-claims.ts';
import type { CustomOptions } from '#shared/contract/signing.ts';
import { isBodyDigestName, type SignedPlaceholder } from '#shared/contract/custom-placeholders.ts';
import { quoted } from './header-values.ts';
import { isObject, type JsonObject } from './json-body.ts';
import type { VerifyInput } from './scheme.ts';
import { signedValue } from './signed-string.ts';
import type { Obstacle } from './verification/findings.ts';

/** What only the sender knows; everything else that claims name is in the request. */
type Unknown = 'timestamp' | 'id' | 'key_id';

type Piece =
  | { readonly kind: 'fixed'; readonly text: string }
  /** A value of the request whose length the sender of the request chooses. */
  | { readonly kind: 'variable'; readonly name: SignedPlaceholder; readonly text: string }
  | { readonly kind: 'unknown'; readonly name: Unknown };

type Rules = Pick<CustomOptions, 'timestampUnit'> & { readonly claims: string };

interface Context {
  readonly input: Pick<VerifyInput, 'method' | 'url' | 'body'>;
  readonly unit: CustomOptions['timestampUnit'];
  /** Values that a claim of their own gives. */
  readonly read: ReadonlyMap<Unknown, string>;
}

/** Stands for placeholders while the claims are read as JSON; nobody can have written it. */
const mark = randomUUID();
const marked = new RegExp(`${mark}:([a-z0-9_]+);`);

/** A claim that the description does not fit: whether it is another value, or cannot be compared. */
type Difference = 'other' | 'unclear';

/**
 * What the token says otherwise than the described claims. Each is compared by its structure: whatever stands beside a time, an id or the name
 * of a key has to be exactly that of the request.
 */
export function claimObstacles(
  { claims, timestampUnit: unit }: Rules,
  given: JsonObject,
  input: Pick<VerifyInput, 'method' | 'url' | 'body'>,
): readonly Obstacle[] {
  const described = templateOf(claims);
  if (described === null)
    return [
      { reason: 'coverage_missing', message: 'The described claims cannot be checked: write each {timestamp} by itself or in quotes.' },
    ];
  const context: Context = { input, unit, read: ownClaims(described, given) };
  return Object.entries(described).flatMap(([template, value]): readonly Obstacle[] => {
    const name = textOf(template, context);
    if (name === null) return [{ reason: 'coverage_missing', message: `${told(template)} is no name of a claim that can be checked.` }];
    if (!Object.hasOwn(given, name))
      return [{ reason: 'coverage_missing', message: `${name} is missing in the token, and the described claims have it.` }];
    const difference = differenceOf(value, given[name], context);
    return difference === null ? [] : [obstacleOf(name, difference, value, given[name], context)];
  });
}

function obstacleOf(name: string, difference: Difference, template: unknown, given: unknown, context: Context): Obstacle {
  if (difference === 'unclear')
    return {
      reason: 'coverage_missing',
      message: `${name} in the token cannot be checked: nothing tells where each part of ${told(template)} ends. Give its {timestamp}, {id} or {key_id} a claim of its own.`,
    };
  if (namesBody(template))
    return {
      reason: 'digest_mismatch',
      message: `${name} in the token is not that of the body, so the body is not the one that was signed.`,
    };
  const whole = typeof template === 'string' ? textOf(template, context) : null;
  return {
    reason: 'coverage_missing',
    message: `${name} in the token is ${shown(given)}, and not ${whole === null ? told(template) : quoted(whole)} as described.`,
  };
}

/** Whether claims say which body was signed; a name that is written twice has its last value alone. */
export function doClaimsCoverBody(claims: string): boolean {
  return namesBody(templateOf(claims));
}

function namesBody(template: unknown): boolean {
  return JSON.stringify(template).includes(`${mark}:body_`);
}

/** A value as a sentence quotes it. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value).slice(0, 60);
}

/** A description as it was written. */
function told(template: unknown): string {
  const written = JSON.stringify(template).replaceAll(new RegExp(`\\{"${mark}":("[^"]*")\\}`, 'g'), '$1');
  return shown(JSON.parse(written.replaceAll(new RegExp(marked, 'g'), '{$1}')));
}

/** The described claims with marks in place of placeholders; null where a bare one is a part of a number. */
function templateOf(claims: string): JsonObject | null {
  const text = claimPieces(claims)
    .map(({ piece, isInString }) => {
      if (piece.kind === 'literal') return piece.text;
      return isInString ? `${mark}:${piece.name};` : `{"${mark}":"${mark}:${piece.name};"}`;
    })
    .join('');
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The placeholder that a description consists of, if it is one that only the sender knows. */
function aloneIn(template: unknown): Unknown | null {
  const text = isObject(template) ? template[mark] : template;
  if (typeof text !== 'string') return null;
  const [before, name, after, ...more] = text.split(marked);
  return before === '' && after === '' && more.length === 0 && isUnknown(name) ? name : null;
}

function isUnknown(name: string | undefined): name is Unknown {
  return name === 'timestamp' || name === 'id' || name === 'key_id';
}

/** The values of claims that are a time, an id or the name of a key by themselves. */
function ownClaims(described: JsonObject, given: JsonObject): ReadonlyMap<Unknown, string> {
  const read = new Map<Unknown, string>();
  for (const [claim, template] of Object.entries(described)) {
    const name = aloneIn(template);
    const value = Object.hasOwn(given, claim) ? given[claim] : undefined;
    if (name !== null && !read.has(name) && (typeof value === 'string' || typeof value === 'number')) read.set(name, String(value));
  }
  return read;
}

function differenceOf(template: unknown, given: unknown, context: Context): Difference | null {
  const alone = aloneIn(template);
  if (isObject(template) && Object.hasOwn(template, mark)) return alone === 'timestamp' && Number.isFinite(given) ? null : 'other';
  if (alone !== null)
    return typeof given === 'string' && given !== '' && (alone !== 'timestamp' || isTime(given, context)) ? null : 'other';
  if (typeof template === 'string')
    return typeof given === 'string' ? textDifference(piecesOf(template, context), given, context) : 'other';
  if (Array.isArray(template)) {
    if (!Array.isArray(given) || given.length !== template.length) return 'other';
    return firstOf(template.map((one, index) => differenceOf(one, given[index], context)));
  }
  if (!isObject(template)) return template === given ? null : 'other';
  if (!isObject(given)) return 'other';
  const entries = Object.entries(template);
  if (entries.length !== Object.keys(given).length) return 'other';
  return firstOf(
    entries.map(([name, value]) => {
      const key = textOf(name, context);
      if (key === null) return 'unclear';
      return Object.hasOwn(given, key) ? differenceOf(value, given[key], context) : 'other';
    }),
  );
}

function firstOf(differences: readonly (Difference | null)[]): Difference | null {
  return differences.find((difference) => difference !== null) ?? null;
}

/** A description as text, with values that a claim of their own gives; null where one is not known. */
function textOf(template: string, context: Context): string | null {
  let text = '';
  for (const piece of piecesOf(template, context)) {
    if (piece.kind === 'unknown') return null;
    text += piece.text;
  }
  return text;
}

/** The pieces of a description; fixed ones that follow each other are one. */
function piecesOf(template: string, { input, read }: Context): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const [index, text] of template.split(marked).entries()) {
    const piece = index % 2 === 0 ? ({ kind: 'fixed', text } as const) : pieceOf(text as SignedPlaceholder, input, read);
    const last = pieces.at(-1);
    if (piece.kind === 'fixed' && last?.kind === 'fixed') pieces[pieces.length - 1] = { kind: 'fixed', text: last.text + piece.text };
    else if (piece.kind !== 'fixed' || piece.text !== '') pieces.push(piece);
  }
  return pieces;
}

function pieceOf(name: SignedPlaceholder, input: Context['input'], read: Context['read']): Piece {
  if (isUnknown(name)) {
    const text = read.get(name);
    return text === undefined ? { kind: 'unknown', name } : { kind: 'fixed', text };
  }
  const value = signedValue(name, { id: null, timestamp: null, method: input.method, url: input.url, body: input.body });
  // What the request does not have is in no token.
  const text = typeof value === 'string' ? value : mark;
  return isBodyDigestName(name) ? { kind: 'fixed', text } : { kind: 'variable', name, text };
}

const times = { s: /\d{10}/y, ms: /\d{13}/y, rfc3339: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)/y } as const;

function isTime(text: string, { unit }: Context): boolean {
  return unit === 'rfc3339' ? !Number.isNaN(Date.parse(text)) : /^\d{1,16}$/.test(text);
}

/**
 * Compares a text with its description from left to right. Where a value that only the sender knows ends must not depend on values that who
 * sends the request can choose: otherwise a part of these could be taken for it.
 */
function textDifference(pieces: readonly Piece[], text: string, { unit }: Context): Difference | null {
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== 'unknown') {
      if (!text.startsWith(piece.text, at)) return 'other';
      at += piece.text.length;
      continue;
    }
    if (piece.name === 'timestamp') {
      const time = times[unit];
      time.lastIndex = at;
      const found = time.exec(text);
      if (found === null) return 'other';
      at += found[0].length;
      continue;
    }
    const end = endOfUnknown(pieces, index, text, at);
    if (typeof end === 'string') return end;
    at = end;
  }
  return at === text.length ? null : 'other';
}

function endOfUnknown(pieces: readonly Piece[], index: number, text: string, at: number): number | Difference {
  const [last, next] = [pieces[index - 1], pieces[index + 1]];
  const [before, after] = [pieces.slice(0, index), pieces.slice(index + 1)];
  const isFree = (piece: Piece) => piece.kind === 'variable' && piece.name !== 'method';
  const isBeside = [last, next].some((piece) => piece !== undefined && piece.kind !== 'fixed');
  if (isBeside || (before.some(isFree) && after.some(isFree))) return 'unclear';
  const isRestFixed = after.every(({ kind }) => kind === 'fixed');
  const rest = after.reduce((length, piece) => length + ('text' in piece ? piece.text.length : 0), 0);
  const end = isRestFixed ? text.length - rest : text.indexOf(next?.kind === 'fixed' ? next.text : '', at);
  if (end <= at) return 'other';
  // The text before it is its last occurrence, so that no part of what precedes can be taken for the value.
  if (last?.kind === 'fixed' && before.some(({ kind }) => kind === 'variable')) {
    if (`${last.text}${text.slice(at, end)}`.lastIndexOf(last.text) !== 0) return 'other';
  }
  return end;
}
