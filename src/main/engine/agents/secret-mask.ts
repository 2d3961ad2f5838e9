import { Buffer } from 'node:buffer';
import { createPause } from '../base/pause.ts';

/** What stands in the place of a secret. */
const shown = '[secret]';

/** Shorter secrets occur by chance, and masking them would only damage the text. */
const shortestSecret = 8;

/** A piece of a secret of this length is masked too, wherever a text was cut. */
const pieceLength = 12;

/** Finds the secrets that it knows, and pieces of them, in every form in which a text may hold them. */
export interface SecretMask {
  /** Makes secrets known; those that are stay known. */
  readonly learn: (secrets: Iterable<string>) => Promise<void>;
  readonly text: (text: string) => string;
  /** The characters of a text from one to another, masked as the whole text would be. */
  readonly part: (text: string, from: number, to: number) => string;
}

export function createSecretMask(): SecretMask {
  const known = new Set<string>();
  /** Pieces by their length: a shorter form is one piece of its own. */
  const pieces = new Map<number, Set<string>>();

  const add = (secret: string) => {
    for (const form of formsOf(secret)) {
      const length = Math.min(form.length, pieceLength);
      if (length < shortestSecret) continue;
      const ofLength = pieces.get(length) ?? new Set();
      pieces.set(length, ofLength);
      for (let at = 0; at + length <= form.length; at += 1) ofLength.add(form.slice(at, at + length));
    }
  };

  const part = (text: string, from: number, to: number): string => {
    // What begins before it or ends behind it is found by its neighbourhood.
    const start = Math.max(0, from - pieceLength);
    const around = text.slice(start, Math.min(text.length, to + pieceLength));
    let masked = '';
    let at = from - start;
    const end = Math.min(to, text.length) - start;
    for (const range of rangesIn(around, pieces)) {
      if (range.end <= at) continue;
      if (range.start >= end) break;
      masked += around.slice(at, Math.max(at, range.start)) + shown;
      at = range.end;
    }
    return masked + around.slice(at, Math.max(at, end));
  };

  return {
    learn: async (secrets) => {
      const pause = createPause();
      for (const secret of secrets) {
        if (known.has(secret)) continue;
        known.add(secret);
        add(secret);
        await pause();
      }
    },
    text: (text) => part(text, 0, text.length),
    part,
  };
}

function* rangesIn(
  text: string,
  pieces: ReadonlyMap<number, ReadonlySet<string>>,
): Generator<{ readonly start: number; readonly end: number }> {
  let open: { start: number; end: number } | null = null;
  for (let at = 0; at < text.length; at += 1) {
    for (const [length, known] of pieces) {
      if (!known.has(text.slice(at, at + length))) continue;
      if (open !== null && at <= open.end) open.end = Math.max(open.end, at + length);
      else {
        if (open !== null) yield open;
        open = { start: at, end: at + length };
      }
    }
  }
  if (open !== null) yield open;
}

/** The secret as it is, without its prefix, and as JSON, URLs, base64 and hex write it. Of several lines, such as a key in PEM, each is one. */
function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !line.startsWith('-----'));
  return [...new Set(lines.flatMap((line) => formsOfLine(line.trim())))];
}

function formsOfLine(line: string): readonly string[] {
  const bytes = Buffer.from(line, 'utf8');
  const hex = bytes.toString('hex');
  return [
    line,
    line.replace(/^(?:[A-Za-z]{2,12}_){1,3}(?=.{8})/, ''),
    JSON.stringify(line).slice(1, -1),
    encodeURIComponent(line.toWellFormed()),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((before) => inBase64(bytes, before)),
  ];
}

/** What base64 shows of bytes that stand behind as many others, such as a password behind its user: the characters that they alone decide. */
function inBase64(bytes: Uint8Array, before: number): readonly string[] {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]);
  const from = Math.ceil((before * 8) / 6);
  const to = Math.floor((whole.byteLength * 8) / 6);
  return (['base64', 'base64url'] as const).map((coding) => whole.toString(coding).slice(from, to));
}
