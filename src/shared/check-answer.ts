import type { CaseOutcome, CheckExchange } from './contract/checks.ts';
import { base64Bytes } from './text/declared-body.ts';
import { htmlUnescape } from './text/escapes.ts';
import { utf8TextOrNull } from './text/text-codec.ts';

/** Characters of an answer that are shown beside a case. */
const mostCharacters = 200;

/** What a receiver answered, in one line without markup; null where it said nothing in text. */
export function answerWords(answer: CheckExchange['answer']): string | null {
  if (answer === null) return null;
  const decoded = textOf(base64Bytes(answer.bodyBase64.replace(/=+$/, '')));
  if (decoded === null) return null;
  const isHtml = answer.headers.some(([name, value]) => name.toLowerCase() === 'content-type' && /html/i.test(value));
  const plain = isHtml ? textOfPage(decoded) : decoded;
  const line = plain.replace(/\s+/g, ' ').trim();
  if (line === '') return null;
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters).trimEnd()}\u2026` : line;
}

/** What stands in a page between its tags. */
function textOfPage(page: string): string {
  return htmlUnescape(page.replace(/<(style|script)\b.*?(<\/\1>|$)/gis, ' ').replace(/<[^<>]*(>|$)/g, ' '));
}

/** UTF-8 as text, which may be cut within its last character; null for other bytes, which tell nobody anything. */
function textOf(bytes: Uint8Array): string | null {
  const cuts = [0, 1, 2, 3].map((cut) => utf8TextOrNull(bytes.subarray(0, Math.max(0, bytes.byteLength - cut))));
  const text = cuts.find((each) => each !== null) ?? null;
  return text?.includes('\0') === true ? null : text;
}

/** What a receiver answered in a case that went wrong, in one line; null where the case went well, or where it said nothing. */
export function wrongAnswerWords({ result, exchanges, unmet }: Pick<CaseOutcome, 'result' | 'exchanges' | 'unmet'>): string | null {
  if (result !== 'failed' && result !== 'advice') return null;
  const wrong = exchanges.find(({ deliveryId }) => deliveryId !== null && unmet.includes(deliveryId));
  return answerWords((wrong ?? exchanges.find(({ answer }) => answer !== null))?.answer ?? null);
}
