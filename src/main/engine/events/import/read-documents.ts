import { isRecord, member, textIn } from './document-value.ts';
import { findInAsyncApi } from './asyncapi.ts';
import type { Dialect, SchemaFile } from './bundle-schema.ts';
import { createFinder, type Found } from './find-types.ts';
import type { FoundType, LeftOut } from './found-type.ts';
import { findInOpenApi } from './openapi.ts';
import { findInJsonSchema, findInSamples, isCollection, isJsonSchema, type PlainSample } from './plain-json.ts';
import { readText, Unreadable } from './read-text.ts';
import { createReferences, type SourceFile } from './references.ts';

/** A text to be read; its name is empty for pasted text. */
export interface GivenFile {
  readonly name: string;
  readonly text: string;
}

/** A document that was read. */
export interface ReadDocument {
  readonly file: string;
  readonly format: string;
  readonly source: string | null;
}

/** What documents describe. */
export interface ReadDocuments {
  readonly documents: readonly ReadDocument[];
  readonly types: readonly FoundType[];
  readonly leftOut: readonly LeftOut[];
}

/** How far the reading is. */
export interface ReadProgress {
  readonly phase: 'reading' | 'finding';
  readonly done: number;
  readonly total: number;
  /** What is looked at next, in words. */
  readonly at: string;
}

const tellMs = 20;

/** What sentences call a file. */
export function placeOf(name: string): string {
  return name === '' ? 'the text' : `the file ${name}`;
}

/** Reads documents and finds the event types that they describe. It reads nothing else, and fetches nothing. */
export function readDocuments(given: readonly GivenFile[], onProgress: (progress: ReadProgress) => void): ReadDocuments {
  const found: Found = { types: [], leftOut: [], sampleCharacters: 0, slowSchemas: 0 };
  const files: SourceFile[] = [];
  for (const [index, { name, text }] of given.entries()) {
    onProgress({ phase: 'reading', done: index, total: given.length, at: placeOf(name) });
    try {
      files.push({ name: cleanPath(name), root: readText(text) });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      found.leftOut.push({ what: name || 'The text', why: `it ${error.message}` });
    }
  }
  const references = createReferences(files);
  const documents: ReadDocument[] = [];
  let toldMs = 0;
  const onFind = (name: string) => {
    // Often enough to tell where it stands if it is ended, and not so often that telling takes long.
    if (found.types.length % 20 !== 0 && performance.now() - toldMs < tellMs) return;
    onProgress({ phase: 'finding', done: found.types.length, total: 0, at: `the event type ${name}` });
    toldMs = performance.now();
  };
  const finderOf = (dialect: Dialect, source: string | null, schemaFile?: SchemaFile) =>
    createFinder({ references, dialect, source, found, onFind, ...(schemaFile === undefined ? {} : { schemaFile }) });
  const isPart = partsAmong(files);
  const samples: PlainSample[] = [];
  for (const file of files) {
    const what = file.name || 'The text';
    const form = formOf(file);
    if (form.kind === 'refused') found.leftOut.push({ what, why: form.why });
    else if (form.kind === 'openapi' || form.kind === 'asyncapi') {
      const source = textIn(member(file.root, 'info'), 'title') || file.name || null;
      const find = form.kind === 'openapi' ? findInOpenApi : findInAsyncApi;
      const nothing = find(file, references, finderOf(form.kind, source));
      if (nothing === null) documents.push({ file: file.name, format: form.format, source });
      else found.leftOut.push({ what, why: nothing });
    } else if (isPart(file)) continue;
    else if (form.kind === 'json-schema') {
      const source = textIn(file.root, '$id') || textIn(file.root, 'id') || file.name || null;
      const isWhole = !isCollection(file.root);
      findInJsonSchema(file, references, finderOf('json-schema', source, { file, isWhole }));
      documents.push({ file: file.name, format: 'JSON Schema', source });
    } else {
      samples.push({ file, value: file.root });
      documents.push({ file: file.name, format: 'JSON sample', source: null });
    }
  }
  findInSamples(samples, finderOf('json-schema', null));
  return { documents, types: found.types, leftOut: found.leftOut };
}

type Form =
  | { readonly kind: 'openapi' | 'asyncapi'; readonly format: string }
  | { readonly kind: 'json-schema' | 'sample' }
  | { readonly kind: 'refused'; readonly why: string };

function formOf({ root }: SourceFile): Form {
  const [openapi, asyncapi, swagger] = [textIn(root, 'openapi'), textIn(root, 'asyncapi'), textIn(root, 'swagger')];
  if (asyncapi !== '') {
    if (/^[23]\./.test(asyncapi)) return { kind: 'asyncapi', format: `AsyncAPI ${asyncapi.slice(0, 20)}` };
    const why = `it is AsyncAPI ${asyncapi.slice(0, 20)}, and only versions 2 and 3 can be read: convert it, for example with "asyncapi convert"`;
    return { kind: 'refused', why };
  }
  if (openapi !== '') {
    if (openapi.startsWith('3.')) return { kind: 'openapi', format: `OpenAPI ${openapi.slice(0, 20)}` };
    return { kind: 'refused', why: `it is OpenAPI ${openapi.slice(0, 20)}, and only version 3 can be read: convert it` };
  }
  if (swagger !== '')
    return {
      kind: 'refused',
      why: `it is Swagger ${swagger.slice(0, 20)}, which has no webhooks: convert it to OpenAPI 3 and describe them there`,
    };
  if (isJsonSchema(root)) return { kind: 'json-schema' };
  if (isRecord(root) || Array.isArray(root)) return { kind: 'sample' };
  return { kind: 'refused', why: 'it is neither OpenAPI, AsyncAPI nor JSON Schema, nor an object or a list in JSON' };
}

/** Whether a file is a part of others: they refer to it. */
function partsAmong(files: readonly SourceFile[]): (file: SourceFile) => boolean {
  const named = new Set<string>();
  if (files.length > 1)
    for (const file of files) {
      const left: unknown[] = [file.root];
      for (let value = left.pop(); value !== undefined; value = left.pop()) {
        if (typeof value !== 'object' || value === null) continue;
        const reference = member(value, '$ref');
        const uri = typeof reference === 'string' ? (reference.split('#')[0] ?? '') : '';
        if (uri !== '') named.add(baseOf(uri));
        left.push(...Object.values(value).filter((each) => each !== undefined && each !== null));
      }
    }
  return (file) => named.has(baseOf(file.name)) || named.has(textIn(file.root, '$id'));
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function cleanPath(name: string): string {
  return name.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}
