import type { PasteFormat } from './format.ts';
import { firstVisible, type PasteSource } from './paste-source.ts';
import type { Confidence } from './pasted.ts';
import { isOtherLayout, readRequestLines } from './request-lines.ts';
import { readableText } from '../text/text-codec.ts';

/** A raw request, or lines of headers with or without a body. */
export const linesFormat: PasteFormat = {
  recognises: (source) => confidenceOf(source) !== null,
  read: (source) => {
    const told = confidenceOf(source);
    return told === null ? null : readRequestLines(source, told.hasLine ? 'raw_request' : 'headers_and_body', told.confidence);
  },
};

const methods = '(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)';
const fullRequestLine = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}[ \t]+\S+[ \t]+HTTP\/\d(?:\.\d)?\s*$/;
const shortRequestLine = new RegExp(`^${methods}[ \\t]+(?:https?://|/)\\S*\\s*$`);

function confidenceOf(source: PasteSource): { readonly hasLine: boolean; readonly confidence: Confidence } | null {
  const start = firstVisible(source);
  const first = lineFrom(source.binary, start);
  if (fullRequestLine.test(first)) return { hasLine: true, confidence: 'certain' };
  if (shortRequestLine.test(first)) return { hasLine: true, confidence: 'likely' };
  const confidence = headerConfidence(source, start);
  return confidence === null ? null : { hasLine: false, confidence };
}

/** The line from a place on, as far as a request line may reach. */
function lineFrom(binary: string, start: number): string {
  return /^[^\r\n]*/.exec(binary.slice(start, start + 20_000))?.[0] ?? '';
}

const headerLine = /^:?[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*:/;

/** How sure it is that a text begins with headers, judged by its lines up to the first empty one; null when it does not. */
function headerConfidence({ binary }: PasteSource, start: number): Confidence | null {
  const sample = binary.slice(start, start + 65_536);
  if (/^HTTP\/\d/.test(sample)) return 'possible';
  const head = /^[^\r\n]*(?:(?:\r\n|\n|\r)[^\r\n]+)*/.exec(sample)?.[0] ?? '';
  if (isOtherLayout(readableText(head))) return 'likely';
  const lines = head.split(/\r\n|\n|\r/).filter((line) => !/^[ \t]/.test(line));
  const named = lines.filter((line) => headerLine.test(line));
  if (named.length === 0 || !headerLine.test(lines[0] ?? '') || named.length * 2 < lines.length) return null;
  const isTypical = named.some((line) =>
    /^(?::\w+|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+|(?:REDIRECT_)?HTTP_[A-Z0-9_]+|host|accept|date|cookie|authorization|signature)[ \t]*:/i.test(
      line,
    ),
  );
  if (!isTypical) return lines.length === named.length && /^[A-Za-z0-9-]+: /.test(head) ? 'possible' : null;
  return named.length === lines.length ? 'certain' : 'likely';
}
