import { bytesOfBase64, utf8OrNull } from '../../ui/body-format.ts';
import { decodeBody, type DecodedBody } from '../verify/body-bytes.ts';

/** A body as it stands in its editor: as text where an editor keeps every byte of that, else as base64. */
export interface ExactBody {
  readonly text: string;
  readonly encoding: 'text' | 'base64';
}

/** Bodies beyond this many characters are sent as they are, and too long to be edited. */
export const editableCharacters = 1_000_000;

/** Bytes as they can be edited without losing one. */
export function exactBodyOf(bodyBase64: string): ExactBody {
  const text = utf8OrNull(bytesOfBase64(bodyBase64));
  return text !== null && isKeptByEditor(text) ? { text, encoding: 'text' } : { text: bodyBase64, encoding: 'base64' };
}

/** The bytes of a body, or why its text cannot be read as bytes. */
export function bytesOfExact({ text, encoding }: ExactBody): DecodedBody {
  return decodeBody(text, encoding);
}

/** The editor writes all line breaks of a text alike and drops a byte order mark, so a text with either would not come back whole. */
function isKeptByEditor(text: string): boolean {
  if (text.startsWith('\uFEFF') || text.includes('\0')) return false;
  const crlf = text.split('\r\n').length - 1;
  const lf = text.split('\n').length - 1;
  const cr = text.split('\r').length - 1;
  return cr === crlf && (crlf === 0 || lf === crlf);
}
