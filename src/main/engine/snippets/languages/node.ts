import { code, heading, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import {
  comparesText,
  keyVariable,
  needsOrigin,
  needsTarget,
  needsUrl,
  partsOf,
  readsJson,
  signs,
  startLine,
  type SnippetRecipe,
} from '../recipe.ts';
import { verifierOf } from '../verifier.ts';
import { nodeDialect } from './node-dialect.ts';
import { nodeHelpers } from './node-proofs.ts';

/** Receivers for Node 22 and later, on its own HTTP server. */
export const node: SnippetWriter = {
  language: 'node',
  title: 'Node.js',
  filename: 'receiver.mjs',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: library === null ? [] : [library.dependency] }),
  frameworks: (recipe) => [express(recipe), fastify(recipe)],
};

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
    when(needsOrigin(recipe), `// What the sender calls, not what a proxy hands on: https://example.com, without a path.`),
    when(needsOrigin(recipe), `const origin = process.env.WEBHOOK_ORIGIN;`, `if (!origin) throw new Error('Set WEBHOOK_ORIGIN.');`),
    when(signs(recipe, 'webhook-id'), `const webhookId = process.env.WEBHOOK_ID;`, `if (!webhookId) throw new Error('Set WEBHOOK_ID.');`),
    when(tolerance(recipe) !== null, `const toleranceSeconds = ${tolerance(recipe) ?? 0};`),
    '',
    `/** Why a request is refused, or null for a genuine one. \`body\` is a Buffer of the bytes as they were received. */`,
    library === null
      ? [verifierOf(nodeDialect, recipe), nodeHelpers(recipe, signs(recipe, 'fields'), readsJson(recipe)), '']
      : libraryVerifier(recipe, library),
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
    const isHashing = recipe.digestParameter !== null || recipe.contentDigest !== null || recipe.signature.kind === 'jwt';
    if (proof.kind === 'mac') crypto.add(proof.isKeyed ? 'createHmac' : 'createHash');
    if (comparesText(recipe)) crypto.add('timingSafeEqual');
    else if (proof.kind === 'rsa-certificate') crypto.add('verify').add('X509Certificate');
    else crypto.add('createPublicKey').add('verify');
    if (isHashing) crypto.add('createHash');
  }
  return [
    when(crypto.size > 0, `import { ${[...crypto].join(', ')} } from 'node:crypto';`),
    `import { createServer } from 'node:http';`,
    when(library === null && signs(recipe, 'crc32'), `import { crc32 } from 'node:zlib';`),
    ...(library?.imports ?? []),
  ];
}

function libraryVerifier(recipe: SnippetRecipe, { call, answers, helpers = [] }: LibraryCall): Lines {
  const isAwaited = call.includes('await ');
  const parts = `{ ${partsOf(recipe).join(', ')} }`;
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
    when(helpers.length > 0, '', helpers),
    '',
  ];
}

/** The call of the function, with the framework's names for the parts of a request. */
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
    `      response.writeHead(refusal === null ? 200 : 401).end();`,
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
      `  response.sendStatus(refusal === null ? 200 : 401);`,
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
      `    return reply.code(refusal === null ? 200 : 401).send();`,
      `  });`,
      `});`,
      `await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });`,
      `console.log(\`Listening on port \${app.server.address().port}\`);`,
    ]),
  };
}
