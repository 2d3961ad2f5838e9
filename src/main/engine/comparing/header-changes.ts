import type { HeaderField } from '#shared/contract/common.ts';
import type { HeaderChange, LeftOutHeader, NoiseKind } from '#shared/contract/comparing.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { haveSameDigests, isBodyDigest, isPlainDigest } from './body-digest.ts';
import { isMasked, maskedMatch } from './masked-match.ts';
import { formNote, isChosen, kindOfHeader, noiseOfHeader } from './noise.ts';
import { areOfOneContent } from './one-content.ts';
import { firstAndSecond, type SideWords } from './side-words.ts';

/** How the headers of two requests differ. */
export interface HeadersDifference {
  readonly changes: readonly HeaderChange[];
  readonly isReordered: boolean;
  /** Headers whose difference was left out. */
  readonly leftOut: readonly LeftOutHeader[];
}

/**
 * What is told of the headers of a request: all of them, those that a command names (its program adds others), some of them, as in a log, or
 * none, as of a body alone.
 */
export type TellsHeaders = 'all' | 'named' | 'some' | 'none';

/** What both sides tell of their headers. */
export interface HeadersTold {
  readonly before: TellsHeaders;
  readonly after: TellsHeaders;
}

const allTold: HeadersTold = { before: 'all', after: 'all' };

/** What a comparison of headers depends on besides them. */
export interface HeadersOrder {
  /** Kinds of noise that are left out. */
  readonly ignore: readonly NoiseKind[];
  /** By default all. */
  readonly told?: HeadersTold;
  readonly words?: SideWords;
  /** Whether both have the same bytes as a body, so that a digest of it is the same too. */
  readonly isSameBody: boolean;
  /** Whether method and URL are the same too; false by default, as of answers. */
  readonly isSameLine?: boolean;
}

/** What programs add to a request by themselves. */
const isAddedByProgram = headerNameTest([
  'host',
  'user-agent',
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'sec-fetch-mode',
]);

/**
 * Headers about one connection (RFC 9110, section 7.6.1, and RFC 7540 for the last). Others that a Connection header names are not among
 * them: whoever sent it could hide any header with it.
 */
const isHop = headerNameTest([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** What is known of headers that proxies, tunnels and load balancers add or write anew. */
const notes: readonly (readonly [RegExp, string])[] = [
  [/^via$/, 'A proxy says here that it passed the request on.'],
  [/^(?:forwarded|x-forwarded-.+|x-real-ip|x-original-.+)$/, 'A proxy says here what it was asked.'],
  [/^(?:cf-.+|cdn-loop)$/, 'Cloudflare and other networks add this header.'],
  [/^x-amzn-trace-id$/, 'Load balancers of AWS add this header.'],
  [/^x-envoy-.+$/, 'Envoy adds this header.'],
  [/^(?:x-cloud-trace-context)$/, 'Google Cloud adds this header.'],
  [/^(?:traceparent|tracestate)$/, 'Whatever takes part in tracing adds this header.'],
];

/**
 * Compares headers by name, in any case; noise of the given kinds is named and left out. What a proxy did is said only of one request that
 * was sent and arrived.
 */
export function headerChanges(
  before: readonly HeaderField[],
  after: readonly HeaderField[],
  { ignore, told = allTold, words = firstAndSecond, isSameBody, isSameLine = false }: HeadersOrder,
): HeadersDifference {
  if (told.before === 'none' || told.after === 'none') return { changes: [], isReordered: false, leftOut: [] };
  const [ours, theirs] = [byName(before), byName(after)];
  const leftOut: LeftOutHeader[] = [];
  const found = [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) => {
    const [fields, others] = [ours.get(name) ?? [], theirs.get(name) ?? []];
    const change = changeOf(fields, others, told);
    return change === null ? [] : [{ name, fields, others, change }];
  });
  const isSigned = (name: string) => kindOfHeader(name) === 'signatures' && !isChosen(name) && !isBodyDigest(name);
  const areWholeTold = told.before !== 'some' && told.after !== 'some';
  const isOneContent =
    isSameBody &&
    isSameLine &&
    areWholeTold &&
    !words.isSameRequest &&
    found.every(({ name, change }) => isSameSigned(name, change, isSigned));
  const changes = found.flatMap(({ name, fields, others, change }): HeaderChange[] => {
    const isOfOtherSecret = isOneContent && isSigned(name);
    const isWrong = isOfOtherSecret || (change.kind === 'rewritten' && isSameBody && isBodyDigest(name));
    const noise = change.kind === 'rewritten' && !isWrong ? noiseOfHeader(name, fields.map(valueOf), others.map(valueOf)) : null;
    if (noise !== null && ignore.includes(noise)) {
      leftOut.push({ name: change.name, kind: noise });
      return [];
    }
    return [{ ...change, isHopByHop: isHop(name), note: isOfOtherSecret ? otherSecret : noteOn(name, change, { words, isSameBody }) }];
  });
  const areWhole = told.before === 'all' && told.after === 'all';
  return { changes, isReordered: areWhole && isReordered(ours, theirs), leftOut };
}

const otherSecret = 'The signature differs over the same content: another secret made it, or it was changed afterwards.';

/** Whether a header that differs leaves the content that is signed as it is: a signature itself, or what is written on the way. */
function isSameSigned(name: string, { kind, before, after }: Change, isSigned: (name: string) => boolean): boolean {
  if (isSigned(name)) return kind === 'rewritten' && areOfOneContent(name, before ?? '', after ?? '');
  return kind === 'renamed' || isHop(name) || notes.some(([pattern]) => pattern.test(name));
}

function valueOf([, value]: HeaderField): string {
  return value;
}

type Change = Omit<HeaderChange, 'isHopByHop' | 'note'>;

function changeOf(before: readonly HeaderField[], after: readonly HeaderField[], told: HeadersTold): Change | null {
  const name = (after[0] ?? before[0])?.[0] ?? '';
  const values = { name, before: joined(before), after: joined(after) };
  if (before.length === 0) return { kind: tells(told.before, name) ? 'added' : 'untold', ...values };
  if (after.length === 0) return { kind: tells(told.after, name) ? 'removed' : 'untold', ...values };
  if ([...before, ...after].some(([, value]) => isMasked(value))) return maskedChange(before, after, values);
  if (values.before !== values.after) return { kind: 'rewritten', ...values };
  if (before.length !== after.length) return { kind: 'joined', ...values };
  return before.every(([own], index) => own === after[index]?.[0]) ? null : { kind: 'renamed', ...values };
}

/** Whether a side says of a header that it has it or not. */
function tells(told: TellsHeaders, name: string): boolean {
  return told === 'all' || (told === 'named' && !isAddedByProgram(name));
}

function maskedChange(before: readonly HeaderField[], after: readonly HeaderField[], values: Omit<Change, 'kind'>): Change | null {
  if (before.length !== after.length) return { kind: 'unknown', ...values };
  const matches = before.map(([, value], index) => maskedMatch(value, after[index]?.[1] ?? ''));
  if (matches.includes('other')) return { kind: 'rewritten', ...values };
  return matches.includes('unknown') ? { kind: 'unknown', ...values } : null;
}

function noteOn(
  name: string,
  { kind, before, after }: Change,
  { words, isSameBody }: Required<Pick<HeadersOrder, 'words' | 'isSameBody'>>,
): string | null {
  if (kind === 'unknown') return 'A value is masked, so whether this is another one is not known.';
  if (name === 'content-length') return 'It follows from the size of the body and how it is sent.';
  if (name === 'host' && kind === 'rewritten' && words.isSameRequest) return 'A proxy or tunnel asked for its own target.';
  if (kind === 'joined') return 'The same values in another number of lines.';
  if (kind === 'renamed') return 'The same name in other letters: names are the same in any case.';
  if (kind === 'rewritten' && withoutSpace(before) === withoutSpace(after)) return 'Only the space in it is other.';
  if (kind === 'rewritten' && isSameBody && isBodyDigest(name) && haveSameDigests(before ?? '', after ?? ''))
    return `A digest of the body, which is the same on both sides: one of the two digests is wrong${isPlainDigest(name) ? '' : ', or was made with another secret'}.`;
  const ofForm = kind === 'rewritten' ? formNote(name, before ?? '', after ?? '', words) : null;
  if (ofForm !== null) return ofForm;
  return kind === 'added' || kind === 'rewritten' ? (notes.find(([pattern]) => pattern.test(name))?.[1] ?? null) : null;
}

function withoutSpace(text: string | null): string {
  return (text ?? '').replaceAll(/\s/g, '');
}

function isReordered(ours: ReadonlyMap<string, unknown>, theirs: ReadonlyMap<string, unknown>): boolean {
  const ownOrder = [...ours.keys()].filter((name) => theirs.has(name));
  const otherOrder = [...theirs.keys()].filter((name) => ours.has(name));
  return ownOrder.some((name, index) => name !== otherOrder[index]);
}

function byName(headers: readonly HeaderField[]): ReadonlyMap<string, readonly HeaderField[]> {
  return Map.groupBy(headers, ([name]) => name.toLowerCase());
}

function joined(fields: readonly HeaderField[]): string | null {
  return fields.length === 0 ? null : fields.map(([, value]) => value).join(', ');
}
