import type { HeaderField } from '#shared/contract/common.ts';
import type { HeaderChange, NoiseKind } from '#shared/contract/comparing.ts';
import { maskedFingerprint } from '#shared/masked-value.ts';
import { headerNameTest, headerValues } from '#shared/text/headers.ts';
import { fingerprintOf } from '../signing/secret.ts';
import { noiseOf, noiseOfHeader } from './noise.ts';

/** How the headers of two requests differ. */
export interface HeadersDifference {
  readonly changes: readonly HeaderChange[];
  readonly isReordered: boolean;
  readonly leftOut: Readonly<Record<NoiseKind, number>>;
}

/** Headers about one connection (RFC 9110, section 7.6.1), beside those that Connection names. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

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

/** Compares headers by name, in any case; noise of the given kinds is counted and left out. */
export function headerChanges(
  before: readonly HeaderField[],
  after: readonly HeaderField[],
  ignore: readonly NoiseKind[],
): HeadersDifference {
  const [ours, theirs] = [byName(before), byName(after)];
  const isHop = headerNameTest([...hopByHop, ...namedIn(before), ...namedIn(after)]);
  const leftOut = { dates: 0, ids: 0, signatures: 0 };
  const changes = [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name): HeaderChange[] => {
    const change = changeOf(ours.get(name) ?? [], theirs.get(name) ?? []);
    if (change === null) return [];
    const noise = change.kind === 'rewritten' ? (noiseOfHeader(name) ?? noiseOf(change.before ?? '', change.after ?? '')) : null;
    if (noise !== null && ignore.includes(noise)) {
      leftOut[noise] += 1;
      return [];
    }
    return [{ ...change, isHopByHop: isHop(name), note: noteOn(name, change) }];
  });
  return { changes, isReordered: isReordered(ours, theirs), leftOut };
}

type Change = Omit<HeaderChange, 'isHopByHop' | 'note'>;

function changeOf(before: readonly HeaderField[], after: readonly HeaderField[]): Change | null {
  const name = (after[0] ?? before[0])?.[0] ?? '';
  const values = { name, before: joined(before), after: joined(after) };
  if (before.length === 0) return { kind: 'added', ...values };
  if (after.length === 0) return { kind: 'removed', ...values };
  if (before.some(([, value]) => value.includes('[secret '))) return isMaskOf(before, after) ? null : { kind: 'unknown', ...values };
  if (values.before !== values.after) return { kind: 'rewritten', ...values };
  if (before.length !== after.length) return { kind: 'joined', ...values };
  return before.every(([own], index) => own === after[index]?.[0]) ? null : { kind: 'renamed', ...values };
}

/** Whether what arrived is what the log masked, by its fingerprint. */
function isMaskOf(before: readonly HeaderField[], after: readonly HeaderField[]): boolean {
  return (
    before.length === after.length &&
    before.every(([, value], index) => {
      const other = after[index]?.[1] ?? '';
      const fingerprint = maskedFingerprint(value);
      return fingerprint === null ? value === other : fingerprint === fingerprintOf(other);
    })
  );
}

function noteOn(name: string, { kind, before, after }: Change): string | null {
  if (kind === 'unknown') return 'The log keeps the sent value masked, so whether this is another one is not known.';
  if (name === 'content-length') return 'It follows from the size of the body and how it is sent.';
  if (name === 'host' && kind === 'rewritten') return 'A proxy or tunnel asked for its own target.';
  if (kind === 'joined') return 'The same values in another number of lines.';
  if (kind === 'renamed') return 'The same name in other letters: names are the same in any case.';
  if (kind === 'rewritten' && withoutSpace(before) === withoutSpace(after)) return 'Only the space in it is other.';
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

function namedIn(headers: readonly HeaderField[]): readonly string[] {
  return headerValues(headers, 'connection').flatMap((value) => value.split(',').map((name) => name.trim()));
}

function joined(fields: readonly HeaderField[]): string | null {
  return fields.length === 0 ? null : fields.map(([, value]) => value).join(', ');
}
