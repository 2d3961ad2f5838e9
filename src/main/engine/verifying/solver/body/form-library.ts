import { percentEscape } from '#shared/text/escapes.ts';
import { Buffer } from 'node:buffer';
import type { BodyDoc } from './body-doc.ts';
import { bodyCause, useRawBody, type BodyStep } from './body-steps.ts';
import { fieldsOf, type FormField } from './form-fields.ts';
import { stringOf } from './json-escapes.ts';
import type { JsonNode } from './json-tree.ts';

/** How a library writes the names and values of a form. */
interface FormLibrary {
  readonly id: string;
  readonly cost: number;
  readonly name: string;
  /** Characters beyond letters and digits that it leaves as they are. */
  readonly plain: string;
  readonly space: '+' | '%20';
  readonly isLower?: true;
}

/** The libraries whose results differ, the usual ones first. */
const libraries: readonly FormLibrary[] = [
  { id: 'urlsearchparams', cost: 1.2, name: "URLSearchParams, Java's URLEncoder and Ruby", plain: '*-._', space: '+' },
  { id: 'php', cost: 1.25, name: "PHP's http_build_query", plain: '-._', space: '+' },
  { id: 'python', cost: 1.25, name: "Python's urlencode and Go", plain: '-._~', space: '+' },
  { id: 'rfc3986', cost: 1.3, name: 'RFC 3986 (qs, rawurlencode, Uri.EscapeDataString)', plain: '-._~', space: '%20' },
  { id: 'encodeuricomponent', cost: 1.3, name: 'encodeURIComponent', plain: "-_.!~*'()", space: '%20' },
  { id: 'encodeuricomponent-plus', cost: 1.3, name: 'encodeURIComponent with + for spaces', plain: "-_.!~*'()", space: '+' },
  { id: 'dotnet', cost: 1.35, name: "ASP.NET's UrlEncode", plain: '-_.!*()', space: '+' },
  { id: 'dotnet-lower', cost: 1.35, name: "ASP.NET's HttpUtility.UrlEncode", plain: '-_.!*()', space: '+', isLower: true },
  { id: 'python-slash', cost: 1.4, name: "Python's quote", plain: '-._~/', space: '%20' },
];

/** How lists are named in a form. */
interface Nesting {
  readonly id: string;
  readonly cost: number;
  readonly words: string;
  readonly item: (name: string, index: number) => string;
}

const nestings: readonly Nesting[] = [
  { id: '', cost: 0, words: '', item: (name, index) => `${name}[${index}]` },
  { id: '-brackets', cost: 0.05, words: ' (lists as a[])', item: (name) => `${name}[]` },
  { id: '-repeated', cost: 0.1, words: ' (lists as repeated names)', item: (name) => name },
];

const why = 'something took the form apart and wrote it anew';
const fromJson = 'a body parser turned the form into JSON before verification';

/** The form of the body, or the JSON that a parser made of it, as each library writes it. */
export const formLibrarySteps: readonly BodyStep[] = [
  ...libraries.map((library): BodyStep => ({
    cause: bodyCause(`form-${library.id}`, library.cost, `the form is written as ${library.name} would write it`, why, useRawBody),
    stage: 5,
    family: 'form-library',
    apply: (doc) => {
      const text = doc.utf8();
      const fields = text === null ? null : fieldsOf(text);
      return fields === null ? null : Buffer.from(written(fields, library));
    },
  })),
  ...libraries.flatMap((library) =>
    nestings.map((nesting): BodyStep => ({
      cause: bodyCause(
        `form-of-json-${library.id}${nesting.id}`,
        library.cost - 0.15 + nesting.cost,
        `the body is the form that this JSON stands for${nesting.words}, as ${library.name} would write it`,
        fromJson,
        'Verify the raw form, before any body parser.',
      ),
      stage: 5,
      family: 'form-library',
      isAlone: nesting.id !== '',
      apply: (doc) => {
        const fields = fieldsOfJson(doc, nesting);
        return fields === null ? null : Buffer.from(written(fields, library));
      },
    })),
  ),
  {
    cause: bodyCause(
      'json-of-form',
      1.4,
      'the body is the JSON that this form stands for',
      'something turned the JSON into a form',
      useRawBody,
    ),
    stage: 5,
    family: 'form-library',
    apply: (doc) => {
      const text = doc.utf8();
      const fields = text === null ? null : fieldsOf(text);
      return fields === null ? null : Buffer.from(JSON.stringify(Object.fromEntries(fields)));
    },
  },
];

const fieldLimit = 500;

/** Nested objects become `a[b]`; empty for JSON that is not an object. */
function fieldsOfJson(doc: BodyDoc, { item }: Nesting): readonly FormField[] | null {
  const node = doc.json();
  if (node?.kind !== 'object' || node.members.length === 0) return null;
  const fields: FormField[] = [];
  const visit = (each: JsonNode, name: string): void => {
    if (fields.length > fieldLimit) return;
    if (each.kind === 'object')
      for (const { key, value } of each.members) visit(value, name === '' ? (stringOf(key) ?? key) : `${name}[${stringOf(key) ?? key}]`);
    else if (each.kind === 'array') each.items.forEach((value, index) => visit(value, item(name, index)));
    else fields.push([name, each.kind === 'string' ? (stringOf(each.raw) ?? '') : each.raw === 'null' ? '' : each.raw]);
  };
  visit(node, '');
  return fields.length > fieldLimit ? null : fields;
}

function written(fields: readonly FormField[], library: FormLibrary): string {
  return fields.map(([name, value]) => `${encoded(name, library)}=${encoded(value, library)}`).join('&');
}

function encoded(text: string, { plain, space, isLower }: FormLibrary): string {
  return encodeURIComponent(text.toWellFormed()).replace(/%[0-9A-F]{2}|[!'()*\-._~]/g, (sign) => {
    if (sign === '%20') return space;
    if (sign.length === 1) return plain.includes(sign) ? sign : hexOf(sign, isLower);
    const bare = String.fromCharCode(Number.parseInt(sign.slice(1), 16));
    return bare < '\u0080' && plain.includes(bare) ? bare : isLower === true ? sign.toLowerCase() : sign;
  });
}

function hexOf(sign: string, isLower: true | undefined): string {
  const escape = percentEscape(sign);
  return isLower === true ? escape.toLowerCase() : escape;
}
