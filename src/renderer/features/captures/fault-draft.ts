import type { WireFault, WireFaultKind } from '#shared/contract/wire-fault.ts';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import { bytesText, parseBytes } from '../../base/size-format.ts';

/** A fault as it stands in its fields; those that its kind does not have keep what was typed. */
export interface FaultDraft {
  readonly kind: WireFaultKind | 'none';
  /** With its unit, such as `10 m`. */
  readonly hold: string;
  readonly afterBytes: string;
  readonly byBytes: string;
  /** Bytes per second. */
  readonly rate: string;
  readonly closes: boolean;
  readonly maxBytes: string;
}

/** A field of a fault. */
export type FaultField = Exclude<keyof FaultDraft, 'kind'>;

export const noFault: FaultDraft = {
  kind: 'none',
  hold: '10 m',
  afterBytes: '0',
  byBytes: '10',
  rate: '10',
  closes: false,
  maxBytes: '64 MiB',
};

/** The rate that a kind begins with. */
const usualRates: Readonly<Partial<Record<WireFaultKind, string>>> = { 'slow-answer': '10', 'slow-read': '1000', 'endless-body': '65536' };

/** The fields as they are for a fault. */
export function draftOfFault(fault: WireFault | null): FaultDraft {
  if (fault === null) return noFault;
  const draft = withKind(noFault, fault.kind);
  switch (fault.kind) {
    case 'no-answer':
      return { ...draft, hold: formatDurationMs(fault.holdMs) };
    case 'reset':
      return { ...draft, afterBytes: String(fault.afterBytes) };
    case 'wrong-length':
      return { ...draft, byBytes: String(fault.byBytes) };
    case 'slow-answer':
    case 'slow-read':
      return { ...draft, rate: String(fault.bytesPerSecond) };
    case 'early-answer':
      return { ...draft, closes: fault.closes };
    case 'endless-body':
      return { ...draft, rate: String(fault.bytesPerSecond), maxBytes: bytesText(fault.maxBytes) };
    case 'half-answer':
    case 'bad-chunk':
    case 'close':
    case 'http-1.0':
      return draft;
  }
}

/** The fields after another kind was chosen. */
export function withKind(draft: FaultDraft, kind: FaultDraft['kind']): FaultDraft {
  return { ...draft, kind, rate: (kind === 'none' ? undefined : usualRates[kind]) ?? draft.rate };
}

/** The fields that a kind has. */
export function faultFieldsOf(kind: FaultDraft['kind']): readonly FaultField[] {
  switch (kind) {
    case 'no-answer':
      return ['hold'];
    case 'reset':
      return ['afterBytes'];
    case 'wrong-length':
      return ['byBytes'];
    case 'slow-answer':
    case 'slow-read':
      return ['rate'];
    case 'early-answer':
      return ['closes'];
    case 'endless-body':
      return ['rate', 'maxBytes'];
    case 'half-answer':
    case 'bad-chunk':
    case 'close':
    case 'http-1.0':
    case 'none':
      return [];
  }
}

/** A fault read from its fields, or what to type in the one that cannot be read. */
export type FaultReading =
  | { readonly ok: true; readonly fault: WireFault | null }
  | { readonly ok: false; readonly field: FaultField; readonly message: string };

export function readFault(draft: FaultDraft): FaultReading {
  const { kind, closes } = draft;
  const holdMs = parseDurationMs(draft.hold);
  const maxBytes = parseBytes(draft.maxBytes);
  const [afterBytes, byBytes, bytesPerSecond] = [whole(draft.afterBytes), whole(draft.byBytes), whole(draft.rate)];
  const wrong = (field: FaultField, message: string): FaultReading => ({ ok: false, field, message });
  switch (kind) {
    case 'none':
      return { ok: true, fault: null };
    case 'no-answer':
      return holdMs === null ? wrong('hold', 'Write a length of time, such as 30 s or 10 m.') : { ok: true, fault: { kind, holdMs } };
    case 'reset':
      return afterBytes === null
        ? wrong('afterBytes', 'Write a whole number of bytes, 0 for at once.')
        : { ok: true, fault: { kind, afterBytes } };
    case 'wrong-length':
      return byBytes === null
        ? wrong('byBytes', 'Write a whole number, such as 10 for too long or -10 for too short.')
        : { ok: true, fault: { kind, byBytes } };
    case 'slow-answer':
    case 'slow-read':
      return bytesPerSecond === null ? wrong('rate', rateHint) : { ok: true, fault: { kind, bytesPerSecond } };
    case 'early-answer':
      return { ok: true, fault: { kind, closes } };
    case 'endless-body':
      if (bytesPerSecond === null) return wrong('rate', rateHint);
      if (maxBytes === null) return wrong('maxBytes', 'Write a size, such as 64 MiB.');
      return { ok: true, fault: { kind, bytesPerSecond, maxBytes } };
    case 'half-answer':
    case 'bad-chunk':
    case 'close':
    case 'http-1.0':
      return { ok: true, fault: { kind } };
  }
}

const rateHint = 'Write a whole number of bytes per second.';

function whole(text: string): number | null {
  return /^\s*-?\d{1,12}\s*$/.test(text) ? Number(text) : null;
}
