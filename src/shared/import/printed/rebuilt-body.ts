import { percentEscape } from '../../text/escapes.ts';
import { headerValue } from '../../text/headers.ts';
import type { HeaderField } from '../../contract/common.ts';
import { missingBody } from '../body-gap.ts';
import type { BodyGap, PastedProblem } from '../pasted.ts';
import { bytesOfBinary } from '../../text/text-codec.ts';
import { cutsIn, scalarText, type PrintedValue } from './value.ts';
import { jsonStyles, writeJson, writeJsonWithin, type JsonStyle } from './write-json.ts';

/** A body rebuilt from a value, with what remains unknown. */
export interface RebuiltBody {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly problems: readonly PastedProblem[];
  readonly notes: readonly string[];
  readonly bodyGap?: BodyGap | undefined;
}

/**
 * Writes a body again of which only the value is known: as a form where Content-Type says so, else as JSON in the style that
 * has the size of Content-Length, or without spaces. The note says which.
 */
export function rebuiltBody(value: PrintedValue, headers: readonly HeaderField[], source: string): RebuiltBody {
  if (value.kind === 'literal' && (value.text === 'undefined' || value.text === 'null')) return { bytes: null, problems: [], notes: [] };
  const cuts = cutsIn(value);
  if (cuts.length > 0) {
    const places = cuts.map(({ path, text }) => (path === '' ? text : `${text} at ${path}`)).join(', ');
    return {
      bytes: null,
      problems: [
        {
          message: `The body is cut: it has ${places} instead of what was sent. Ask for the whole body as it came, before it was parsed.`,
        },
      ],
      notes: [],
      bodyGap: missingBody('is cut in the text'),
    };
  }
  const bodyGap: BodyGap = { kind: 'rebuilt', why: `is there as ${source} and not as text` };
  if (value.kind === 'string') return { bytes: bytesOfBinary(value.binary), problems: [], notes: [] };
  const type = (headerValue(headers, 'content-type')?.trim() ?? '').toLowerCase();
  const form = type.startsWith('application/x-www-form-urlencoded') ? formText(value) : null;
  if (form !== null)
    return {
      bytes: bytesOfBinary(form),
      problems: [],
      notes: [
        `The body is there as ${source} and not as text, so its exact bytes are not known; it was written as a form, as Content-Type says.`,
      ],
      bodyGap,
    };
  const length = headerValue(headers, 'content-length')?.trim() ?? '';
  const told = /^\d{1,9}$/.test(length) ? styleOfSize(value, Number(length)) : null;
  const how =
    told === null
      ? 'it was written as JSON without spaces.'
      : `it was written as JSON ${told.name}, since that has the ${length} bytes that Content-Length gives.`;
  return {
    bytes: bytesOfBinary(writeJson(value, told ?? undefined)),
    problems: [],
    notes: [
      `The body is there as ${source} and not as text, so its exact bytes are not known (spaces, order of keys, forms of numbers, escapes); ${how}`,
    ],
    bodyGap,
  };
}

/** Largest body that is tried in every style. */
const styledLimit = 1_048_576;

function styleOfSize(value: PrintedValue, bytes: number): JsonStyle | null {
  if (bytes > styledLimit) return null;
  const plain = writeJson(value);
  // Every style is longer than the one without spaces, and none is ten times as long.
  if (plain.length > bytes || plain.length * 10 < bytes) return null;
  return jsonStyles.find((style) => writeJsonWithin(value, bytes, style)?.length === bytes) ?? null;
}

/** The fields of a form with a space as +, as browsers and most senders write it; null where a value is no text. */
function formText(value: PrintedValue): string | null {
  if (value.kind !== 'object') return null;
  const pairs = value.entries.map(([name, one]) => {
    const text = scalarText(one);
    return text === null ? null : `${formEncoded(name)}=${formEncoded(text)}`;
  });
  return pairs.includes(null) ? null : pairs.join('&');
}

/** Bytes of a form's name or value, percent-encoded as the URL standard has it. */
export function formEncoded(binary: string): string {
  return binary.replace(/[^A-Za-z0-9*\-._]/g, (byte) => (byte === ' ' ? '+' : percentEscape(byte)));
}
