import { Buffer, isUtf8 } from 'node:buffer';

/** JSON in a string of JSON in a string of JSON; nothing deeper is searched. */
const mostEscapes = 3;

/** Whether a text looks like a form: names and values without white space before the first `=`. */
export function looksLikeForm(text: string): boolean {
  return /^[^\s{["<=]{1,256}=/.test(text);
}

/** Replaces the escapes of JSON strings anywhere in a text. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (whole, hex: string | undefined, mark: string | undefined) =>
    hex === undefined ? (marks[mark ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const marks: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Undoes percent-encoding; in a form, a plus is a space. */
export function percentDecoded(text: string, isForm: boolean): string {
  const spaced = isForm ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
    return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  });
}

/**
 * The texts that are meant by a text: as it stands, without the escapes of JSON (also those of JSON inside a string), and
 * without percent encoding. Only those that differ come, the likeliest first.
 */
export function* readingsOf(text: string, isForm: boolean): Generator<string, void, void> {
  yield text;
  const plain = unescapedReadings(text);
  yield* plain;
  for (const base of [text, ...plain.slice(0, 1)]) {
    const decoded = percentDecoded(base, isForm);
    if (decoded === base) continue;
    yield decoded;
    yield* unescapedReadings(decoded);
  }
}

function unescapedReadings(text: string): readonly string[] {
  const found: string[] = [];
  let now = text;
  while (found.length < mostEscapes) {
    const next = unescaped(now);
    if (next === now) break;
    found.push(next);
    now = next;
  }
  return found;
}
