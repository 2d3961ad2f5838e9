import { bareClaimPlaceholders } from './custom-claims.ts';
import { isBodyDigestName, fieldPlaceholders, placeholderNames, textPieces, unknownPlaceholder } from './custom-placeholders.ts';
import { reservedHeaders } from './header-fields.ts';
import type { CustomField, CustomOptions } from './custom-signing.ts';

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Options that contradict each other: a receiver could not put the signed content together, or two places are one. */
export function customOptionProblems(options: CustomOptions): readonly Problem[] {
  return [...(options.fields.length === 0 ? headerProblems(options) : fieldProblems(options)), ...tokenProblems(options)];
}

/** Of a scheme whose headers are options of their own. */
function headerProblems(options: CustomOptions): readonly Problem[] {
  const problems: Problem[] = [];
  const used = placeholderNames(options.signedContent);
  if (used.includes('timestamp') && options.timestampHeader === null) {
    problems.push({
      path: ['timestampHeader'],
      message: `Name the header that carries the timestamp, because {timestamp} is signed. It may be ${options.header} itself; timestampPrefix then gives what comes before it there, such as t=.`,
    });
  }
  if (used.includes('id') && options.idHeader === null) {
    problems.push({ path: ['idHeader'], message: 'Name the header that carries the message id, because {id} is signed.' });
  }
  // The timestamp may be among the signatures; an id needs its own header.
  const id = options.idHeader?.toLowerCase();
  if (id !== undefined && [options.header, options.timestampHeader].some((name) => name?.toLowerCase() === id))
    problems.push({ path: ['idHeader'], message: 'Give the id its own header.' });
  if (used.includes('key_id'))
    problems.push({ path: ['fields'], message: 'List the fields of the request, one of them with {key_id}, because {key_id} is signed.' });
  return problems;
}

/** The options about headers that fields stand in place of, with what they are when nobody gave them. */
const headerOptions = { header: 'X-Signature', prefix: '', separator: null, timestampHeader: null, timestampPrefix: '', idHeader: null };

/** Of a scheme whose fields say where everything stands. */
function fieldProblems(options: CustomOptions): readonly Problem[] {
  const { fields, signedContent, encoding, keyId } = options;
  const problems: Problem[] = fields.flatMap((field, index) => oneFieldProblems(field, index, fields));
  for (const [name, unset] of Object.entries(headerOptions))
    if (options[name as keyof typeof headerOptions] !== unset)
      problems.push({ path: [name], message: `Leave out ${name}: the fields say where everything stands.` });
  const carried = fields.flatMap(({ value }) => placeholderNames(value));
  if (carried.filter((name) => name === 'signature').length !== 1)
    problems.push({ path: ['fields'], message: 'Put {signature} into one field, once: that is where the signature stands.' });
  if (keyId === null && carried.includes('key_id'))
    problems.push({ path: ['keyId'], message: 'Give the id of the key, because a field carries {key_id}.' });
  for (const name of ['timestamp', 'id', 'key_id'] as const) {
    if (carried.filter((one) => one === name).length > 1)
      problems.push({ path: ['fields'], message: `Put {${name}} into one field only: two could contradict each other.` });
    if (encoding !== 'jwt' && placeholderNames(signedContent).includes(name) && !carried.includes(name))
      problems.push({ path: ['fields'], message: `Add a field that carries {${name}}, because it is signed.` });
  }
  const isInForm = fields.some(({ place, value }) => place === 'form' && placeholderNames(value).includes('signature'));
  if (isInForm && carried.some(isBodyDigestName))
    problems.push({
      path: ['fields'],
      message: 'Leave out the digest of the body: the signature stands in the body, so the digest could not cover it.',
    });
  return problems;
}

function oneFieldProblems({ place, name, value }: CustomField, index: number, fields: readonly CustomField[]): readonly Problem[] {
  const problems: Problem[] = [];
  const at = (key: 'name' | 'value', message: string) => problems.push({ path: ['fields', index, key], message });
  const unknown = unknownPlaceholder(value, fieldPlaceholders);
  if (unknown !== null) at('value', unknown);
  const pieces = textPieces(value);
  const run = pieces.findIndex((piece, place_) => piece.kind === 'placeholder' && pieces[place_ + 1]?.kind === 'placeholder');
  if (run !== -1) at('value', 'Put something between two placeholders, such as a comma: a receiver could not tell where one ends.');
  const names = placeholderNames(value);
  if (new Set(names).size < names.length) at('value', 'Use each placeholder once in a field.');
  if (place === 'form' && names.some(isBodyDigestName))
    at('value', 'Put a digest of the body into a header or the query: it cannot stand in the body that it covers.');
  if (place === 'header' && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) at('name', 'Use letters, digits and hyphens for a header name.');
  if (place === 'header' && reservedHeaders.some((reserved) => reserved === name.toLowerCase()))
    at('name', `Use another header than ${name}: Hookyard writes this one itself from the request.`);
  const key = (field: CustomField) => (field.place === 'header' ? field.name.toLowerCase() : field.name);
  if (fields.slice(0, index).some((other) => other.place === place && key(other) === key({ place, name, value })))
    at('name', `${name} is listed twice: put everything that it carries into one value.`);
  return problems;
}

function tokenProblems({ encoding, algorithm, digestClaim, claims, timestampUnit }: CustomOptions): readonly Problem[] {
  const problems: Problem[] = [];
  const isPair = algorithm === 'es256' || algorithm === 'rs256';
  if (encoding === 'jwt' && algorithm === 'sha1')
    problems.push({ path: ['algorithm'], message: 'Use sha256, sha384 or sha512: a JWT is not signed with SHA-1.' });
  if (encoding !== 'jwt' && isPair)
    problems.push({
      path: ['algorithm'],
      message: `Use sha1, sha256, sha384 or sha512: ${algorithm.toUpperCase()} signs tokens only, with the encoding jwt.`,
    });
  if (encoding !== 'jwt' && digestClaim !== null)
    problems.push({ path: ['digestClaim'], message: 'Leave out digestClaim: only a signature with the encoding jwt has claims.' });
  if (encoding !== 'jwt' && claims !== null)
    problems.push({ path: ['claims'], message: 'Leave out claims: only a signature with the encoding jwt has claims.' });
  if (claims !== null && digestClaim !== null)
    problems.push({ path: ['digestClaim'], message: 'Leave out digestClaim: claims say it with {body_sha256}.' });
  if (claims !== null && bareClaimPlaceholders(claims).some((name) => name !== 'timestamp' || timestampUnit === 'rfc3339'))
    problems.push({ path: ['claims'], message: 'Put each placeholder of the claims into quotes, but for a {timestamp} that is a number.' });
  return problems;
}
