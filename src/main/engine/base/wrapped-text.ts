import { Buffer } from 'node:buffer';
import { gunzipSync, inflateSync } from 'node:zlib';
import { htmlUnescape } from '#shared/text/escapes.ts';

/** How many writings around a text are taken off. */
const mostLayers = 4;
/** What all that is taken off may come to: as much as this beside some times the text. */
const leastRoom = 256 * 1024;
const roomFactor = 8;
const mostUnpacked = 128 * 1024;
/** What taking bytes for packed ones costs, in characters that could be read meanwhile. */
const unpackingCosts = 8192;

const base64Run = /[A-Za-z0-9+/_-]{12,}={0,2}/g;
/** Beginnings of gzip, zlib, and an object of JSON in base64, which may stand behind a word. */
const beginnings = /(?<=.)(?:H4sI|eJ[wxz]|eNq|eyJ|W3si)/;
const hexRun = /(?:[0-9a-f]{2}){8,}/gi;

/** What may still be decoded. */
interface Room {
  left: number;
}

/**
 * A text without what shows something once it is decoded: JSON, HTML and percent escapes, base64, hex and gzip, in any order and up to four in
 * each other. Runs of base64 or hex that do so are replaced; null where the text does so in other ways. `shows` is asked about each decoded
 * text. What would take too long to be looked through is taken to show it.
 */
export function withoutDecoded(text: string, shows: (decoded: string) => boolean, shown: string): string | null {
  const room = { left: leastRoom + roomFactor * text.length };
  const rest = text.replaceAll(base64Run, (run) => (showsIn(run, mostLayers, room, shows) ? shown : run));
  return showsIn(rest, mostLayers, room, shows) ? null : rest;
}

function showsIn(text: string, layers: number, room: Room, shows: (decoded: string) => boolean): boolean {
  if (layers === 0) return false;
  if (room.left < 0) return true;
  for (const decoded of decodings(text, room)) {
    room.left -= decoded.length;
    if (room.left < 0 || shows(decoded) || showsIn(decoded, layers - 1, room, shows)) return true;
  }
  return false;
}

function* decodings(text: string, room: Room): Generator<string> {
  if (/%[0-9a-f]{2}/i.test(text)) yield withoutPercents(text);
  if (/\\[u"\\/bfnrt]/.test(text)) yield withoutJsonEscapes(text);
  if (/&(?:#|amp;|lt;|gt;|quot;|apos;)/i.test(text)) yield htmlUnescape(text);
  for (const [run] of text.matchAll(base64Run)) {
    yield readBytes(Buffer.from(run, 'base64'), room);
    const inside = beginnings.exec(run)?.index;
    if (inside !== undefined) yield readBytes(Buffer.from(run.slice(inside), 'base64'), room);
  }
  for (const [run] of text.matchAll(hexRun)) yield readBytes(Buffer.from(run, 'hex'), room);
}

/** Bytes as text, or what is packed in them. */
function readBytes(bytes: Buffer, room: Room): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib = bytes[0] === 0x78 && bytes.byteLength > 2 && bytes.readUInt16BE(0) % 31 === 0;
  if (!isGzip && !isZlib) return bytes.toString(isUtf16(bytes) ? 'utf16le' : 'utf8');
  room.left -= unpackingCosts;
  try {
    return (isGzip ? gunzipSync : inflateSync)(bytes, { maxOutputLength: mostUnpacked }).toString('utf8');
  } catch (error) {
    if (error instanceof RangeError) room.left = -1;
    // It is damaged, or only begins like it.
    return bytes.toString('utf8');
  }
}

/** Whether bytes are text of two bytes for each character, as .NET and PowerShell write it: every other one is 0. */
function isUtf16(bytes: Buffer): boolean {
  return bytes.byteLength > 3 && bytes.byteLength % 2 === 0 && bytes.every((byte, at) => at % 2 === 0 || byte === 0);
}

/** Escapes of bytes, also where others among them are none. */
function withoutPercents(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

function withoutJsonEscapes(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (_, code?: string, plain?: string) =>
    code === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
