import type { ByteEncoding, HashName, ListForm, SignatureForm } from '#shared/providers/shapes/layout.ts';
import { decodeSignatureText, encodeBytes } from './encoding.ts';
import { withoutJoinedComma } from './header-values.ts';

export type { HashName, ListForm, SignatureForm };

/** Length of a hash in bytes. */
export const macBytes: Readonly<Record<HashName, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** One signature as read from a header, with its text as received. */
export type ReadSignature =
  | { readonly kind: 'usable'; readonly text: string; readonly mac: Uint8Array }
  /** Made by another version of the scheme, so it says nothing about this one. `why` is a clause. */
  | { readonly kind: 'other'; readonly text: string; readonly why: string }
  | { readonly kind: 'malformed'; readonly text: string; readonly why: string };

/** The contents of a header's value; the signatures keep their order. */
export interface FormReading {
  readonly timestamp: string | null;
  readonly signatures: readonly ReadSignature[];
}

/** Most entries of one header that are read; no sender writes more than a few. */
const entryLimit = 10_001;

/** Parses a header's value. */
export function readForm(form: SignatureForm, hash: HashName, value: string): FormReading {
  if (form.kind === 'single') return { timestamp: null, signatures: [readSingle(form, hash, value)] };
  if (form.kind === 'list') return readList(form, hash, value);
  // Two header lines joined to one leave `, ` behind, which in a list with spaces looks like an empty entry or a comma too many.
  const text = form.groupSeparator === undefined ? value : value.replaceAll(form.groupSeparator, form.separator);
  const entries = text.split(form.separator).filter((entry) => entry !== '' || form.separator !== ' ');
  const label = form.timestampLabel === null ? null : `${form.timestampLabel}${form.joint}`;
  const isTimestamp = (entry: string) => label !== null && entry.startsWith(label);
  return {
    // If there are several, the last one counts, as in the providers' own libraries.
    timestamp: label === null ? null : (entries.findLast(isTimestamp)?.slice(label.length) ?? null),
    signatures:
      entries.length > entryLimit
        ? [tooMany(value, entries.length)]
        : entries.filter((entry) => !isTimestamp(entry)).map((entry) => readEntry(form, hash, entry)),
  };
}

function tooMany(value: string, count: number): ReadSignature {
  return { kind: 'malformed', text: value.slice(0, 100), why: `it has ${count} entries, and at most ${entryLimit} are read` };
}

function readList(form: ListForm, hash: HashName, value: string): FormReading {
  const entries = value
    .split(form.separator.trim() || ' ')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length > entryLimit) return { timestamp: null, signatures: [tooMany(value, entries.length)] };
  const timeAt = form.timestampPrefix === null ? -1 : timePlace(entries, form.timestampPrefix, form.prefix);
  return {
    timestamp: timeAt === -1 ? null : (entries[timeAt] ?? '').slice(form.timestampPrefix?.length ?? 0),
    signatures: entries
      .filter((_, index) => index !== timeAt)
      .map((text): ReadSignature =>
        text.startsWith(form.prefix)
          ? readDigits(text, text.slice(form.prefix.length), form.encoding, hash)
          : { kind: 'other', text, why: `only what begins with ${form.prefix} is checked` },
      ),
  };
}

/** Index of the entry with the timestamp, or -1. Without a prefix it is the first entry that is not a signature. */
function timePlace(entries: readonly string[], timestampPrefix: string, prefix: string): number {
  if (timestampPrefix !== '') return entries.findLastIndex((entry) => entry.startsWith(timestampPrefix));
  return prefix === '' ? 0 : entries.findIndex((entry) => !entry.startsWith(prefix));
}

/** One signature in the scheme's text form. */
export function writeSignature(form: SignatureForm, mac: Uint8Array): string {
  const digits = encodeBytes(mac, form.encoding);
  return form.kind === 'entries' ? `${form.label}${form.joint}${digits}` : `${form.prefix}${digits}`;
}

/** A header's value: all signatures when the form has room for several, otherwise the first. */
export function writeForm(form: SignatureForm, macs: readonly Uint8Array[], timestamp: string | null): string {
  const texts = macs.map((mac) => writeSignature(form, mac));
  if (form.kind === 'single') return texts[0] ?? '';
  if (form.kind === 'list')
    return [...(form.timestampPrefix === null ? [] : [`${form.timestampPrefix}${timestamp ?? ''}`]), texts[0] ?? ''].join(form.separator);
  const time = form.timestampLabel === null || timestamp === null ? [] : [`${form.timestampLabel}${form.joint}${timestamp}`];
  if (form.groupSeparator !== undefined) return texts.map((text) => [...time, text].join(form.separator)).join(form.groupSeparator);
  return [...time, ...texts].join(form.separator);
}

function readSingle(form: Extract<SignatureForm, { kind: 'single' }>, hash: HashName, text: string): ReadSignature {
  if (!text.startsWith(form.prefix)) return { kind: 'malformed', text, why: `it does not begin with ${quotedIfSpaced(form.prefix)}` };
  return readDigits(text, text.slice(form.prefix.length), form.encoding, hash);
}

type EntriesForm = Extract<SignatureForm, { kind: 'entries' }>;

function readEntry(form: EntriesForm, hash: HashName, entry: string): ReadSignature {
  const text = form.joint === ',' ? withoutJoinedComma(entry) : entry;
  const joint = text.indexOf(form.joint);
  if (joint === -1) return { kind: 'malformed', text, why: `it is not ${shapeOf(form)}` };
  const label = text.slice(0, joint);
  if (label === form.label) return readDigits(text, text.slice(joint + 1), form.encoding, hash);
  if (label.trim() === form.label) return { kind: 'malformed', text, why: `there is a space before ${form.label}` };
  if (label === 'v1a') return { kind: 'other', text, why: 'v1a signatures are checked with a public key, and this scheme checks v1' };
  return { kind: 'other', text, why: `this scheme checks ${form.label} signatures only` };
}

function shapeOf({ joint, label, encoding }: EntriesForm): string {
  const jointName = joint === ',' ? 'a comma' : 'an equals sign';
  return `a version, ${jointName} and the signature, such as ${label}${joint}<${encoding}>`;
}

/** A prefix for use in a sentence: in quotes when it ends with a space, which nobody would see. */
function quotedIfSpaced(prefix: string): string {
  return prefix.endsWith(' ') ? JSON.stringify(prefix) : prefix;
}

function readDigits(text: string, digits: string, encoding: ByteEncoding, hash: HashName): ReadSignature {
  const before = text.slice(0, text.length - digits.length);
  if (before !== '' && digits !== digits.trimStart())
    return { kind: 'malformed', text, why: `a space stands between ${before} and the signature, and this scheme has none there` };
  const decoded = decodeSignatureText(digits, encoding);
  if ('problem' in decoded) return { kind: 'malformed', text, why: decoded.problem };
  const bytes = decoded.bytes.byteLength;
  if (bytes === macBytes[hash]) return { kind: 'usable', text, mac: decoded.bytes };
  const fitting = Object.entries(macBytes).find(([, size]) => size === bytes)?.[0];
  const hint = fitting === undefined ? '' : `; ${fitting} would fit`;
  return { kind: 'malformed', text, why: `it is ${bytes} bytes long, but ${hash} gives ${macBytes[hash]}${hint}` };
}
