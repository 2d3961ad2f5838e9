import { basename } from 'node:path';
import { usageError } from '#hosts/shared/exit-error.ts';
import { boundaryOf } from '#shared/contract/content-kind.ts';
import { mediaTypeOf, multipartBody, type FormPart } from '#shared/text/multipart.ts';
import type { FileReader } from './input.ts';

/** The multipart body of `--part` options, with the boundary of the content type that it is sent with. Throws a usage error. */
export function readParts(texts: readonly string[], files: FileReader, contentType: string, to: string): Uint8Array {
  const boundary = /^\s*multipart\//i.test(contentType) ? boundaryOf(contentType) : null;
  if (boundary === null)
    throw usageError(
      `--part makes a multipart body, and "${to}" sends ${contentType}: use a content type such as "multipart/form-data; boundary=NAME", or give a URL without --content-type.`,
    );
  const body = multipartBody(
    texts.map((text) => readPart(text, files)),
    boundary,
  );
  if ('problem' in body) throw usageError(`--part: ${body.problem}`);
  return body.bytes;
}

function readPart(text: string, files: FileReader): FormPart {
  const equals = text.indexOf('=');
  if (equals < 1) throw usageError(`--part ${text} has no name: write it as name=value or name=@FILE.`);
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
  if (!value.startsWith('@')) return { name, content: Buffer.from(value, 'utf8'), fileName: null, contentType: null };
  const [path = '', ...options] = value.slice(1).split(/;(?=type=|filename=)/);
  const optionOf = (key: string) => options.find((option) => option.startsWith(`${key}=`))?.slice(key.length + 1);
  const fileName = optionOf('filename') ?? (path === '-' ? 'stdin' : basename(path));
  return { name, content: files.bytes(path, '--part'), fileName, contentType: optionOf('type') ?? mediaTypeOf(fileName) };
}
