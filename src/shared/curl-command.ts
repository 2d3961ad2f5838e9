import { headerNameTest } from './text/headers.ts';
import { shellQuote } from './text/escapes.ts';
import type { HeaderField } from './contract/common.ts';
import { base64Text } from './text/declared-body.ts';
import { utf8Bytes, utf8TextOrNull } from './text/text-codec.ts';
import { headerPieces, urlPieces, type CodePiece, type MaskedHeaders } from './masked-pieces.ts';

// Both runtimes have it, but the types of this room know neither the DOM nor Node.
declare const URL: new (url: string) => {
  readonly protocol: string;
  readonly host: string;
  readonly pathname: string;
  readonly search: string;
};

/** A request as it went over the wire. */
export interface CurlRequest {
  readonly method: string;
  /** With the path and query as they were written; {@link sentUrl} gives that of a URL that Hookyard sends to. */
  readonly url: string;
  /** What stands in the request line in place of the path and query of the URL, such as `*`. */
  readonly target?: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  /** What is masked in its headers; everything unless it says otherwise. */
  readonly masked?: MaskedHeaders;
}

/** Systems take 128 KiB in one argument, and Windows 32 KiB in a whole command: a body above this goes through standard input. */
const argumentBodyBytes = 24_576;

/** Below this no version of curl asks with `Expect: 100-continue` before it sends a body. */
const unaskedBodyBytes = 1024;

/** The URL that is asked for when Hookyard sends to this one: escaped, and without the parts that are never sent. */
export function sentUrl(url: string): string {
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search}`;
}

/** Where a captured request is sent again: to an origin, whatever its request line says; a target that is no path is sent as it was. */
export function capturedUrl(origin: string, target: string): Pick<CurlRequest, 'url' | 'target'> {
  return target.startsWith('/') ? { url: `${origin}${target}` } : { url: `${origin}/`, target };
}

/**
 * A command for bash or zsh that sends the same request again: its path and query untouched, its headers and none of those
 * that curl adds by itself, its body byte for byte. A value that is masked becomes a variable, which the shell asks for.
 */
export function curlCommand(request: CurlRequest): string {
  const { method, url, target, body } = request;
  const hasBody = body.byteLength > 0 || request.headers.some(isEmptyBodyMark);
  const given = request.headers.filter((field) => !isWrittenByCurl(field, url));
  const isGiven = headerNameTest(given.map(([name]) => name));
  const unwanted = curlsOwnHeaders(body.byteLength, hasBody).filter((name) => !isGiven(name));
  const data = dataOf(body, hasBody);
  const lines = [
    `curl -g --path-as-is --http1.1 ${method === 'HEAD' && !hasBody ? '--head' : `-X ${method}`} ${urlWord(url)}`,
    ...(target === undefined ? [] : [`--request-target ${quote(target)}`]),
    ...given.map((field) => headerOption(field, request.masked)),
    ...unwanted.map((name) => `-H ${quote(`${name}:`)}`),
    ...(data.option === null ? [] : [data.option]),
  ];
  return `${data.source}${lines.join(' \\\n  ')}`;
}

/** Host and length follow from URL and body; another host, such as that of a tunnel, has to be said. */
function isWrittenByCurl([name, value]: HeaderField, url: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'content-length' || (lower === 'host' && value === /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1]);
}

/** Whether a header says that there is a body although it has no bytes. */
function isEmptyBodyMark([name, value]: HeaderField): boolean {
  const lower = name.toLowerCase();
  return lower === 'transfer-encoding' || (lower === 'content-length' && value === '0');
}

function curlsOwnHeaders(bodyBytes: number, hasBody: boolean): readonly string[] {
  return ['User-Agent', 'Accept', ...(hasBody ? ['Content-Type'] : []), ...(bodyBytes > unaskedBodyBytes ? ['Expect'] : [])];
}

/** The URL as one word of the shell, with variables for masked values in its query. */
function urlWord(url: string): string {
  return urlPieces(url).map(shellWord).join('');
}

/** A piece as a part of a word of the shell: quoted, or a variable that the shell asks for when it is not set. */
export function shellWord(piece: CodePiece): string {
  if (piece.kind === 'text') return quote(piece.text);
  return `"\${${piece.variable}:?set it to ${piece.value.replace(/[^\w .|]/g, '')}}"`;
}

function headerOption(field: HeaderField, masked: MaskedHeaders | undefined): string {
  const [name, value] = field;
  const pieces = headerPieces(field, masked);
  if (pieces.every(({ kind }) => kind === 'text')) return `-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`;
  return `-H ${quote(`${name}: `)}${pieces.map(shellWord).join('')}`;
}

interface DataPart {
  /** What comes before the command, such as a pipe into it. */
  readonly source: string;
  readonly option: string | null;
}

function dataOf(body: Uint8Array, hasBody: boolean): DataPart {
  if (!hasBody) return { source: '', option: null };
  const shell = shellBody(body);
  return shell.argument === null
    ? { source: shell.pipe, option: '--data-binary @-' }
    : { source: '', option: `--data-raw ${shell.argument}` };
}

/** A body for a command: as one of its arguments where it fits and can be read, else piped into it. */
export function shellBody(
  body: Uint8Array,
): { readonly argument: string; readonly pipe: null } | { readonly argument: null; readonly pipe: string } {
  const text = utf8TextOrNull(body);
  if (text === null || hasControls(text)) return { argument: null, pipe: `printf %s ${shellQuote(base64Text(body))} | base64 -d | ` };
  const word = unseen.test(text) ? escapedQuote(text) : shellQuote(text);
  if (body.byteLength > argumentBodyBytes) return { argument: null, pipe: `printf %s ${word} | ` };
  return { argument: word, pipe: null };
}

/** Characters that are not seen, such as marks of direction, which would make a command look like another one. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}](?<![\n\t])/u;

/** A word of bash and zsh in which characters that are not seen stand as their bytes. */
function escapedQuote(text: string): string {
  const escaped = text.replace(/[\\']/g, '\\$&');
  const bytesOf = (character: string) => [...utf8Bytes(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return `$'${escaped.replace(new RegExp(unseen, 'gu'), bytesOf)}'`;
}

/** Control characters other than tab and line feed: a terminal that one is pasted into acts on it. */
function hasControls(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\0-\x08\x0b-\x1f\x7f]/.test(text);
}

/** URLs and headers are bytes, each shown as one character; those beyond ASCII would go out as UTF-8 if they stood there as text. */
function quote(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return shellQuote(text);
  const escaped = text.replace(/[\\']/g, '\\$&').replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
  return `$'${escaped}'`;
}
