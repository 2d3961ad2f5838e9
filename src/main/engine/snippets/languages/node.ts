import { code, heading, indent, inWords, runsOf, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import {
  keyVariable,
  leadOf,
  needsTarget,
  needsUrl,
  optionalHeadersOf,
  partsOf,
  readHeadersOf,
  signs,
  startLine,
  type SnippetPiece,
  type SnippetRecipe,
} from '../recipe.ts';

/** Receivers for Node 22 and later, on its own HTTP server. */
export const node: SnippetWriter = {
  language: 'node',
  title: 'Node.js',
  filename: 'receiver.mjs',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: library === null ? [] : [library.dependency] }),
  frameworks: (recipe) => [express(recipe), fastify(recipe)],
};

/** Text in single quotes. */
function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const remark = library?.remark ?? null;
  return code([
    heading('//', recipe, remark === null ? [] : [remark]),
    `// ${startLine(recipe, 'node receiver.mjs')}`,
    imports(recipe, library),
    '',
    '// While a key is being rotated the one from before still counts.',
    `export const secrets = [process.env.${key.name}, process.env.${key.name}_PREVIOUS].filter(Boolean);`,
    `if (secrets.length === 0) throw new Error('Set ${key.name}.');`,
    when(needsUrl(recipe), `// What the sender calls, not what a proxy hands on: https://example.com, without a path.`),
    when(needsUrl(recipe), `const origin = process.env.WEBHOOK_ORIGIN;`, `if (!origin) throw new Error('Set WEBHOOK_ORIGIN.');`),
    when(signs(recipe, 'webhook-id'), `const webhookId = process.env.WEBHOOK_ID;`, `if (!webhookId) throw new Error('Set WEBHOOK_ID.');`),
    when(tolerance(recipe) !== null, `const toleranceSeconds = ${tolerance(recipe) ?? 0};`),
    '',
    `/** Why a request is refused, or null for a genuine one. \`body\` is a Buffer of the bytes as they were received. */`,
    library === null ? verifier(recipe) : libraryVerifier(recipe, library),
    server(recipe),
  ]);
}

function tolerance({ time }: SnippetRecipe): number | null {
  return time?.toleranceSeconds ?? null;
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const { proof } = recipe;
  const crypto = new Set<string>();
  if (library === null) {
    if (proof.kind === 'mac') crypto.add(proof.isKeyed ? 'createHmac' : 'createHash').add('timingSafeEqual');
    else if (proof.kind === 'token') crypto.add('timingSafeEqual');
    else if (proof.kind === 'rsa-certificate') crypto.add('verify').add('X509Certificate');
    else crypto.add('createPublicKey').add('verify');
    if (recipe.digestParameter !== null) crypto.add('createHash');
  }
  return [
    when(crypto.size > 0, `import { ${[...crypto].join(', ')} } from 'node:crypto';`),
    `import { createServer } from 'node:http';`,
    when(library === null && signs(recipe, 'crc32'), `import { crc32 } from 'node:zlib';`),
    ...(library?.imports ?? []),
  ];
}

function libraryVerifier(recipe: SnippetRecipe, { call, answers }: LibraryCall): Lines {
  const isAwaited = call.includes('await ');
  const parts = `{ ${signs(recipe, 'method') ? 'method, ' : ''}${needsTarget(recipe) ? 'target, ' : ''}headers, body }`;
  return [
    `export ${isAwaited ? 'async ' : ''}function refusalOf(${parts}, secrets) {`,
    when(needsUrl(recipe), `  const url = origin + target;`),
    `  for (const secret of secrets) {`,
    `    try {`,
    answers === 'boolean' ? `      if (${call}) return null;` : [`      ${call};`, `      return null;`],
    `    } catch {`,
    `      // Not made with this secret, or too old; perhaps the other one fits.`,
    `    }`,
    `  }`,
    `  return 'the signature does not match';`,
    `}`,
    '',
  ];
}

function verifier(recipe: SnippetRecipe): Lines {
  const required = readHeadersOf(recipe);
  const optional = optionalHeadersOf(recipe);
  const isMissing = required.map(({ variable }) => `!${variable}`).join(' || ');
  return [
    `export function refusalOf({ ${partsOf(recipe).join(', ')} }, secrets) {`,
    indent('  ', [
      required.map(({ variable, name }) => `const ${variable} = headers[${quote(name.toLowerCase())}];`),
      when(
        required.length > 0,
        `if (${isMissing}) return ${quote(
          `${inWords(
            required.map(({ name }) => name),
            'or',
          )} is missing`,
        )};`,
      ),
      fixed(recipe),
      when(
        optional.length > 0,
        `const signatures = [${optional.map((name) => `headers[${quote(name.toLowerCase())}]`).join(', ')}].filter(Boolean);`,
      ),
      readSignatures(recipe),
      checkTime(recipe),
      recipe.proof.kind === 'token' ? compareToken() : compare(recipe),
    ]),
    `}`,
    helpers(recipe),
    '',
  ];
}

function fixed({ fixedHeader }: SnippetRecipe): Lines {
  if (fixedHeader === null) return [];
  const [name, value] = fixedHeader;
  return [`if (headers[${quote(name.toLowerCase())}] !== ${quote(value)}) return ${quote(`${name} is not ${value}`)};`];
}

function readSignatures(recipe: SnippetRecipe): Lines {
  const { signature, time } = recipe;
  if (signature.kind === 'json') {
    return [
      `const { timestamp, token, signature } = objectIn(body)[${quote(signature.object)}] ?? {};`,
      `if (typeof timestamp !== 'string' || typeof token !== 'string' || typeof signature !== 'string') return 'the body carries no signature';`,
      `const signatures = [signature];`,
    ];
  }
  if (signature.kind === 'headers') {
    return [
      when(signature.names.length === 1 && recipe.proof.kind !== 'token', `const signatures = [signature];`),
      when(time?.place === 'json', `const timestamp = String(objectIn(body)[${quote(time?.name ?? '')}] ?? '');`),
    ];
  }
  const { separator, lead, timeLabel, listLabel } = signature;
  const entry = (label: string) => `entries.find((entry) => entry.startsWith(${quote(label)}))?.slice(${label.length}) ?? ''`;
  return [
    `const entries = signature.split(${quote(separator)});`,
    when(timeLabel !== null, `const timestamp = ${entry(timeLabel ?? '')};`),
    when(listLabel !== null, `const listed = ${entry(listLabel ?? '')};`),
    `// While a secret is being rotated there may be several.`,
    `const signatures = entries.filter((entry) => entry.startsWith(${quote(lead)}));`,
  ];
}

function checkTime({ time }: SnippetRecipe): Lines {
  if (time === null || time.toleranceSeconds === null) return [];
  const age = {
    s: 'Math.floor(Date.now() / 1000) - Number(timestamp)',
    ms: '(Date.now() - Number(timestamp)) / 1000',
    rfc3339: '(Date.now() - Date.parse(timestamp)) / 1000',
  }[time.unit];
  return [
    when(time.unit !== 'rfc3339', `if (!/^\\d{1,15}$/.test(timestamp)) return 'the timestamp is not a whole number';`),
    `const ageSeconds = ${age};`,
    `if (!(Math.abs(ageSeconds) <= toleranceSeconds)) return 'the timestamp is too old or too far in the future';`,
  ];
}

function compareToken(): Lines {
  return [`return secrets.some((secret) => isSame(signature, secret)) ? null : 'the token is not the secret';`];
}

function expressionOf(piece: SnippetPiece): string {
  switch (piece.kind) {
    case 'literal':
      return quote(piece.text);
    case 'url':
      return 'url';
    case 'decoded-url':
      return 'url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent)';
    case 'path':
      return 'target';
    case 'fields':
      return 'sortedFields(body)';
    case 'crc32':
      return 'crc32(body)';
    case 'webhook-id':
      return 'webhookId';
    case 'listed-names':
      return 'listed';
    case 'listed-values':
      return 'listedValues';
    case 'listed-lines':
      return 'listedLines';
    case 'id':
    case 'timestamp':
    case 'token':
    case 'method':
    case 'body':
      return piece.kind;
  }
}

/** Texts joined: a template literal unless there is one only. */
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

function signedBytes({ signed }: SnippetRecipe): string {
  const runs = runsOf(signed, expressionOf).map((run) => (run.kind === 'body' ? 'body' : `Buffer.from(${joined(run.expressions)})`));
  return runs.length === 1 ? (runs[0] ?? '') : `Buffer.concat([${runs.join(', ')}])`;
}

/** What must be known before the signed bytes can be put together. */
function preparation(recipe: SnippetRecipe): Lines {
  const { digestParameter } = recipe;
  return [
    when(needsUrl(recipe), `const url = origin + target;`),
    when(
      digestParameter !== null,
      `const digest = new URL(url).searchParams.get(${quote(digestParameter ?? '')}) ?? '';`,
      `if (!isSame(digest, createHash('sha256').update(body).digest('hex'))) return ${quote(`${digestParameter ?? ''} in the URL is not the hash of the body`)};`,
    ),
    when(signs(recipe, 'path'), `if (/[?%]/.test(target)) return 'the webhook is registered with a query';`),
    when(
      signs(recipe, 'listed-values'),
      `const listedValues = listed.split(' ').map((name) => headers[name.toLowerCase()] ?? '').join('.');`,
    ),
    when(
      signs(recipe, 'listed-lines'),
      `const names = listed.toLowerCase().split(',').map((name) => name.trim()).sort();`,
      ...readHeadersOf(recipe)
        .filter(({ variable }) => variable !== 'signature')
        .map(({ name }) => `if (!names.includes(${quote(name.toLowerCase())})) return ${quote(`${name} is not signed`)};`),
      `const listedLines = names.map((name) => \`\${name}:\${(headers[name] ?? '').trim()}\`).join(';');`,
    ),
  ];
}

function compare(recipe: SnippetRecipe): Lines {
  const { proof } = recipe;
  const lead = leadOf(recipe);
  const digits = lead === '' ? 'candidate' : `candidate.slice(${lead.length})`;
  const isGenuine: Lines =
    proof.kind === 'mac'
      ? [
          `const isGenuine = secrets.some((secret) => {`,
          `  const expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)};`,
          `  return signatures.some((candidate) => isSame(candidate, expected));`,
          `});`,
        ]
      : proof.kind === 'token'
        ? []
        : [
            `const isGenuine = secrets.some((secret) => {`,
            `  const key = ${keyExpression(recipe)};`,
            `  return signatures.some((candidate) => verify(${proof.kind === 'ed25519' ? 'null' : `'sha256'`}, signed, key, Buffer.from(${digits}, ${quote(proof.encoding)})));`,
            `});`,
          ];
  return [
    preparation(recipe),
    `const signed = ${signedBytes(recipe)};`,
    isGenuine,
    `return isGenuine ? null : 'the signature does not match';`,
  ];
}

function macExpression({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  const key = {
    text: 'secret',
    whsec: `Buffer.from(secret.replace(/^whsec_/, ''), 'base64')`,
    base64: `Buffer.from(secret, 'base64')`,
    hex: `Buffer.from(secret, 'hex')`,
  }[proof.secret];
  const start = proof.isKeyed ? `createHmac(${quote(proof.hash)}, ${key})` : `createHash(${quote(proof.hash)}).update(${key})`;
  return `${start}.update(signed).digest(${quote(proof.encoding)})`;
}

function keyExpression({ proof }: SnippetRecipe): string {
  switch (proof.kind) {
    case 'ed25519': {
      const bytes = proof.key === 'hex' ? `Buffer.from(secret, 'hex')` : `Buffer.from(secret.replace(/^whpk_/, ''), 'base64')`;
      return `createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: ${bytes}.toString('base64url') }, format: 'jwk' })`;
    }
    case 'ecdsa-p256':
      return `createPublicKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'spki' })`;
    case 'rsa-certificate':
      return `new X509Certificate(secret).publicKey`;
    case 'mac':
    case 'token':
      return 'secret';
  }
}

function helpers(recipe: SnippetRecipe): Lines {
  const isComparing = recipe.proof.kind === 'mac' || recipe.proof.kind === 'token';
  return [
    when(
      isComparing,
      '',
      `/** Compares without telling by its duration where two texts differ. */`,
      `function isSame(left, right) {`,
      `  const [one, other] = [Buffer.from(left), Buffer.from(right)];`,
      `  return one.length === other.length && timingSafeEqual(one, other);`,
      `}`,
    ),
    when(
      signs(recipe, 'fields'),
      '',
      `/** Each name of the form with each of its values, names and values sorted and each once. */`,
      `function sortedFields(body) {`,
      `  const fields = new URLSearchParams(body.toString());`,
      `  const names = [...new Set(fields.keys())].sort();`,
      `  return names.flatMap((name) => [...new Set(fields.getAll(name))].sort().map((value) => name + value)).join('');`,
      `}`,
    ),
    when(
      recipe.time?.place === 'json',
      '',
      `/** The object in the body, or an empty one. */`,
      `function objectIn(body) {`,
      `  try {`,
      `    return JSON.parse(body.toString()) ?? {};`,
      `  } catch {`,
      `    return {};`,
      `  }`,
      `}`,
    ),
  ];
}

/** How a request is handed to the function, given how the framework calls its parts. */
function argument(recipe: SnippetRecipe, target: string, body: string): string {
  const method = signs(recipe, 'method') ? 'method: request.method, ' : '';
  return `{ ${method}${needsTarget(recipe) ? `target: ${target}, ` : ''}headers: request.headers, ${body} }`;
}

function server(recipe: SnippetRecipe): Lines {
  return [
    `if (process.argv[1] === import.meta.filename) {`,
    `  const server = createServer(async (request, response) => {`,
    `    try {`,
    `      const chunks = [];`,
    `      for await (const chunk of request) chunks.push(chunk);`,
    `      const body = Buffer.concat(chunks);`,
    `      const refusal = await refusalOf(${argument(recipe, 'request.url', 'body')}, secrets);`,
    `      if (refusal !== null) console.error(\`Refused: \${refusal}.\`);`,
    `      // Handle a genuine event here; answer soon, and do long work later.`,
    `      response.writeHead(refusal === null ? 204 : 401).end();`,
    `    } catch (error) {`,
    `      console.error(error);`,
    `      response.writeHead(400).end();`,
    `    }`,
    `  });`,
    `  server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => console.log(\`Listening on port \${server.address().port}\`));`,
    `}`,
  ];
}

function express(recipe: SnippetRecipe) {
  return {
    name: 'Express',
    dependencies: ['express'],
    filename: 'express.mjs',
    code: code([
      `import express from 'express';`,
      `import { refusalOf, secrets } from './receiver.mjs';`,
      '',
      `const app = express();`,
      `// The route reads raw bytes. Register it before app.use(express.json()), which would read the body first.`,
      `app.post('/webhooks', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {`,
      `  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);`,
      `  const refusal = await refusalOf(${argument(recipe, 'request.originalUrl', 'body')}, secrets);`,
      `  response.sendStatus(refusal === null ? 204 : 401);`,
      `});`,
      `const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => console.log(\`Listening on port \${server.address().port}\`));`,
    ]),
  };
}

function fastify(recipe: SnippetRecipe) {
  return {
    name: 'Fastify',
    dependencies: ['fastify'],
    filename: 'fastify.mjs',
    code: code([
      `import Fastify from 'fastify';`,
      `import { refusalOf, secrets } from './receiver.mjs';`,
      '',
      `const app = Fastify();`,
      `// In a plugin of its own, so that other routes keep their parsers: here every body stays a Buffer.`,
      `app.register(async (webhooks) => {`,
      `  webhooks.removeAllContentTypeParsers();`,
      `  webhooks.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));`,
      `  webhooks.post('/webhooks', async (request, reply) => {`,
      `    const body = request.body ?? Buffer.alloc(0);`,
      `    const refusal = await refusalOf(${argument(recipe, 'request.url', 'body')}, secrets);`,
      `    return reply.code(refusal === null ? 204 : 401).send();`,
      `  });`,
      `});`,
      `await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });`,
      `console.log(\`Listening on port \${app.server.address().port}\`);`,
    ]),
  };
}
