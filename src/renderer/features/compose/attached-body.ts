import { boundaryOf } from '#shared/contract/content-kind.ts';
import { freshBoundary, mediaTypeOf, multipartBody } from '#shared/text/multipart.ts';
import { utf8Bytes } from '#shared/text/text-codec.ts';
import { bytesText } from '../../base/size-format.ts';
import { base64OfBytes } from '../../ui/body-format.ts';

/** A part of a multipart body while it is edited. */
export interface AttachedPart {
  readonly name: string;
  /** The value of a field; of a part with a file it is not used. */
  readonly value: string;
  readonly file: File | null;
  /** What the receiver is told a file is called. */
  readonly fileName: string;
  /** Empty for none. */
  readonly contentType: string;
}

/** A body that is no text of an editor: one file as it is, or parts, some of which may be files. */
export type AttachedChoice =
  | { readonly kind: 'file'; readonly file: File | null }
  | { readonly kind: 'parts'; readonly parts: readonly AttachedPart[]; readonly boundary: string };

/** A choice with its bytes, once they are read, or why there are none. Files live in the page only: nothing of it outlives a reload. */
export interface Attached {
  readonly choice: AttachedChoice;
  readonly body: { readonly base64: string; readonly bytes: number } | null;
  /** Null while the bytes are being read, and when they are there. */
  readonly problem: string | null;
}

/** A part without a file. */
export const emptyPart: AttachedPart = { name: '', value: '', file: null, fileName: '', contentType: '' };

/** A part with a file, named and typed by it. */
export function partOfFile(part: AttachedPart, file: File): AttachedPart {
  return { ...part, name: part.name === '' ? 'file' : part.name, file, fileName: file.name, contentType: typeOf(file) };
}

/** Whether a body of this content type is made of parts. */
export function isMultipart(contentType: string): boolean {
  return /^\s*multipart\//i.test(contentType);
}

/** What a browser says a file is, or else what its name says. */
export function typeOf(file: Pick<File, 'name' | 'type'>): string {
  return file.type === '' ? mediaTypeOf(file.name) : file.type;
}

/** Parts to begin with, and a boundary of their own. */
export function newParts(parts: readonly AttachedPart[] = [emptyPart]): AttachedChoice {
  return { kind: 'parts', parts, boundary: freshBoundary(crypto.getRandomValues(new Uint8Array(12))) };
}

/** The content type that a target without an endpoint sends with the body; null where that is for its user to say. */
export function contentTypeOf(choice: AttachedChoice): string | null {
  return choice.kind === 'parts' ? `multipart/form-data; boundary=${choice.boundary}` : null;
}

/** Bytes of the files and values together, before they are read. */
function attachedSize(choice: AttachedChoice): number {
  if (choice.kind === 'file') return choice.file?.size ?? 0;
  return choice.parts.reduce((sum, { file, value }) => sum + (file === null ? value.length : file.size), 0);
}

/**
 * Reads the bytes. `endpointType` is the content type of the endpoint that they go to, whose boundary the parts then have; null for any URL.
 * Files beyond `limitBytes` are not read at all.
 */
export async function readAttached(
  choice: AttachedChoice,
  { endpointType, limitBytes }: { readonly endpointType: string | null; readonly limitBytes: number | null },
): Promise<Pick<Attached, 'body' | 'problem'>> {
  const failed = (problem: string) => ({ body: null, problem });
  const size = attachedSize(choice);
  if (limitBytes !== null && size > limitBytes)
    return failed(
      `This is ${bytesText(size)}, and a body may have ${bytesText(limitBytes)}. Send less, or raise the largest body in Settings.`,
    );
  try {
    const read = choice.kind === 'file' ? await readFile(choice.file) : await readParts(choice, endpointType);
    return 'problem' in read
      ? failed(read.problem)
      : { body: { base64: base64OfBytes(read.bytes), bytes: read.bytes.byteLength }, problem: null };
  } catch {
    return failed('A file could not be read: it was changed, moved or deleted since it was chosen. Choose it again.');
  }
}

type ReadBytes = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly problem: string };

async function readFile(file: File | null): Promise<ReadBytes> {
  return file === null ? { problem: 'Choose a file.' } : { bytes: new Uint8Array(await file.arrayBuffer()) };
}

async function readParts({ parts, boundary }: Extract<AttachedChoice, { kind: 'parts' }>, endpointType: string | null): Promise<ReadBytes> {
  const used = endpointType === null ? boundary : multipartBoundary(endpointType);
  if (used === null)
    return {
      problem: `The endpoint sends ${endpointType ?? ''}. Give it a content type such as multipart/form-data; boundary=NAME, or send to any URL.`,
    };
  const read = await Promise.all(
    parts.map(async ({ name, value, file, fileName, contentType }) => ({
      name,
      content: file === null ? utf8Bytes(value) : new Uint8Array(await file.arrayBuffer()),
      fileName: file === null ? null : fileName,
      contentType: contentType.trim() === '' ? null : contentType.trim(),
    })),
  );
  return multipartBody(read, used);
}

function multipartBoundary(contentType: string): string | null {
  return isMultipart(contentType) ? boundaryOf(contentType) : null;
}
