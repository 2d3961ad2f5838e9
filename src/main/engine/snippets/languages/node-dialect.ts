import { indent, when } from '../code-text.ts';
import { namedPieces, type Dialect } from '../dialect.ts';
import { quote, compareMac, compareKey, macExpression } from './node-proofs.ts';

const refuse = (sentence: string) => `return ${quote(sentence)};`;
const header = (name: string) => `headers[${quote(name.toLowerCase())}]`;

/** The steps of verifying in JavaScript, with `node:crypto`. */
export const nodeDialect: Dialect = {
  step: '  ',
  open: (parts) => `export function refusalOf({ ${parts.join(', ')} }, secrets) {`,
  close: '}',
  quote,
  expressions: {
    ...namedPieces,
    url: 'url',
    'decoded-url': 'url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent)',
    'target-path': `target.split('?')[0]`,
    'target-query': `target.slice(target.split('?')[0].length) || '?'`,
    'origin-scheme': `origin.split('://')[0]`,
    authority: `origin.split('://')[1]`,
    fields: 'sortedFields(body)',
    crc32: 'crc32(body)',
    'webhook-id': 'webhookId',
    'listed-values': 'listedValues',
    'listed-lines': 'listedLines',
    parameters: 'parameters',
    'unsigned-token': 'unsigned',
  },
  field: (name) => `(${header(name)} ?? '').trim()`,
  refuse,

  readHeaders: (headers, sentence) => [
    headers.map(({ variable, name }) => `const ${variable} = ${header(name)};`),
    `if (${headers.map(({ variable }) => `!${variable}`).join(' || ')}) ${refuse(sentence)}`,
  ],
  requireValue: (name, value, sentence) => `if (${header(name)} !== ${quote(value)}) ${refuse(sentence)}`,
  readAlternatives: (names) => `const signatures = [${names.map(header).join(', ')}].filter(Boolean);`,
  takeOne: 'const signatures = [signature];',
  readEntries: ({ separator, lead, timeLabel, listLabel }) => {
    const entry = (label: string) => `entries.find((entry) => entry.startsWith(${quote(label)}))?.slice(${label.length}) ?? ''`;
    return [
      `const entries = signature.split(${quote(separator)});`,
      timeLabel === null ? null : `const timestamp = ${entry(timeLabel)};`,
      listLabel === null ? null : `const listed = ${entry(listLabel)};`,
      '// While a secret is being rotated there may be several.',
      `const signatures = entries.filter((entry) => entry.startsWith(${quote(lead)}));`,
    ];
  },
  readObject: (object, sentence) => [
    `const { timestamp, token, signature } = objectIn(body)[${quote(object)}] ?? {};`,
    `if (typeof timestamp !== 'string' || typeof token !== 'string' || typeof signature !== 'string') ${refuse(sentence)}`,
    'const signatures = [signature];',
  ],
  readBodyTime: (field) => `const timestamp = String(objectIn(body)[${quote(field)}] ?? '');`,
  readToken: ({ algorithm, digestClaim }, claim, { shape, ...refusals }) => [
    `const [head, claims, signature, ...more] = token.split('.');`,
    `if (!signature || more.length > 0) ${refuse(shape)}`,
    '// Before any key is used: a token may not choose how it is checked.',
    `if (objectIn(Buffer.from(head, 'base64url')).alg !== ${quote(algorithm)}) ${refuse(refusals.algorithm)}`,
    `const { ${claim === null ? '' : `${claim}, `}${digestClaim} } = objectIn(Buffer.from(claims, 'base64url'));`,
    when(claim !== null, `const timestamp = String(${claim ?? ''} ?? '');`),
    `if (${digestClaim} !== createHash('sha256').update(body).digest('hex')) ${refuse(refusals.digest)}`,
    'const unsigned = `${head}.${claims}`;',
    'const signatures = [signature];',
  ],
  readMessage: (inputPattern, signaturePattern, sentence) => [
    `const [, parameters, timestamp] = /${inputPattern}/.exec(input) ?? [];`,
    `const [, bytes] = /${signaturePattern}/.exec(signature) ?? [];`,
    `if (!parameters || !bytes) ${refuse(sentence)}`,
    'const signatures = [bytes];',
  ],
  checkItems: ({ list, wrapper, signature, fields, separator }, recipe, { none, mismatch }) => [
    `const { ${list}: items } = objectIn(body);`,
    `if (!Array.isArray(items) || items.length === 0) ${refuse(none)}`,
    '// Each is signed by itself, so one that is not genuine spoils them all.',
    `for (const item of items.map((entry) => entry?.${wrapper} ?? {})) {`,
    indent('  ', [
      `const signature = String(item.${signature.join('?.')} ?? '');`,
      'const fields = [',
      fields.map((path) => `  item.${path.join('?.')},`),
      '];',
      `const signed = Buffer.from(fields.map((value) => value ?? '').join(${quote(separator)}));`,
      `if (!secrets.some((secret) => isSame(signature, ${macExpression(recipe)}))) ${refuse(mismatch)}`,
    ]),
    '}',
    'return null;',
  ],

  checkNumber: (unit, { form, late }) => [
    `if (!/^\\d{1,15}$/.test(timestamp)) ${refuse(form)}`,
    `const ageSeconds = ${unit === 's' ? 'Math.floor(Date.now() / 1000) - Number(timestamp)' : '(Date.now() - Number(timestamp)) / 1000'};`,
    isLate(late),
  ],
  checkDate: ({ late }) => ['const ageSeconds = (Date.now() - Date.parse(timestamp)) / 1000;', isLate(late)],

  url: 'const url = origin + target;',
  decodedUrl: [],
  checksum: [],
  checkParameter: (name, sentence) => [
    `const digest = new URL(url).searchParams.get(${quote(name)}) ?? '';`,
    `if (!isSame(digest, createHash('sha256').update(body).digest('hex'))) ${refuse(sentence)}`,
  ],
  checkDigest: ({ label, hash }, sentence) =>
    `if (digest !== \`${label}=:\${createHash('${hash}').update(body).digest('base64')}:\`) ${refuse(sentence)}`,
  refuseQuery: (sentence) => `if (/[?%]/.test(target)) ${refuse(sentence)}`,
  listedValues: `const listedValues = listed.split(' ').map((name) => headers[name.toLowerCase()] ?? '').join('.');`,
  listedNames: `const names = listed.toLowerCase().split(',').map((name) => name.trim()).sort();`,
  requireListed: (name, sentence) => `if (!names.includes(${quote(name)})) ${refuse(sentence)}`,
  listedLines: `const listedLines = names.map((name) => \`\${name}:\${(headers[name] ?? '').trim()}\`).join(';');`,

  join: (runs) => {
    const [first = '', ...others] = runs.map((run) => (run.kind === 'body' ? 'body' : `Buffer.from(${joined(run.expressions)})`));
    return `const signed = ${others.length === 0 ? first : `Buffer.concat([${[first, ...others].join(', ')}])`};`;
  },
  compareToken: (sentence) => `return secrets.some((secret) => isSame(signature, secret)) ? null : ${quote(sentence)};`,
  compare: (recipe, lead, sentence) => [
    'const isGenuine = secrets.some((secret) => {',
    indent('  ', recipe.proof.kind === 'mac' ? compareMac(recipe, lead) : compareKey(recipe, lead)),
    '});',
    `return isGenuine ? null : ${quote(sentence)};`,
  ],
};

const isLate = (sentence: string) => `if (!(Math.abs(ageSeconds) <= toleranceSeconds)) ${refuse(sentence)}`;

/** Joins texts: a template literal unless there is only one. */
function joined(expressions: readonly string[]): string {
  const [only, ...others] = expressions;
  if (only !== undefined && others.length === 0) return only === 'crc32(body)' ? 'String(crc32(body))' : only;
  return expressions.some((expression) => expression.startsWith("'"))
    ? `\`${expressions.map((expression) => (expression.startsWith("'") ? templateText(expression) : `\${${expression}}`)).join('')}\``
    : expressions.join(' + ');
}

function templateText(quoted: string): string {
  return quoted.slice(1, -1).replaceAll("\\'", "'").replaceAll('`', '\\`').replaceAll('${', '\\${');
}
