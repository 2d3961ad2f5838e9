import { headerLiteral, textLiteral } from '#shared/request-code/literals.ts';
import { code, indent, inWords, when, type Lines } from '../code-text.ts';
import { macExpression, quote } from '../languages/node-proofs.ts';
import { nodeDialect } from '../languages/node-dialect.ts';
import { isUrlSigned, type TestPlan } from './plan.ts';
import { signedSteps } from './signing-steps.ts';
import { bodyLiteral, needsSettings, repeatedHeaders, testHeading, valuesIn, type TestWriter } from './test-writer.ts';

/** A module for Vitest. */
export const vitest: TestWriter = {
  filename: (words) => `${words.join('-')}.test.mjs`,
  write: (plan, filename) =>
    program(plan, `npx vitest run ${filename}`, {
      crypto: (names) => `import { ${names} } from 'node:crypto';`,
      framework: [`import { expect, test } from 'vitest';`],
    }),
  notes: notesOn,
};

/** A CommonJS module for Jest, which runs those without a transform. */
export const jest: TestWriter = {
  filename: (words) => `${words.join('-')}.test.js`,
  write: (plan, filename) =>
    program(plan, `npx jest ${filename}`, { crypto: (names) => `const { ${names} } = require('node:crypto');`, framework: [] }),
  notes: (plan) => [
    'The file is a CommonJS module: in a package whose type is module, give it the ending .cjs and have testMatch find it.',
    ...notesOn(plan),
  ],
};

const values = valuesIn({
  language: 'javascript',
  joint: ' + ',
  timestamp: 'timestamp',
  signature: 'signature',
  secret: 'secret',
  setting: (variable) => `setting("${variable}")`,
});

const now = { s: 'String(Math.floor(Date.now() / 1000))', ms: 'String(Date.now())', rfc3339: 'new Date().toISOString()' } as const;

interface Modules {
  readonly crypto: (names: string) => string;
  readonly framework: Lines;
}

function program(plan: TestPlan, command: string, modules: Modules): string {
  const { fresh, method, headers, status, secretVariable } = plan;
  const { isText, literal } = bodyLiteral(plan.body, 'javascript');
  const hash = fresh?.recipe.proof.kind === 'mac' ? [fresh.recipe.proof.isKeyed ? 'createHmac' : 'createHash'] : [];
  const sentHeaders = fresh === null ? 'headers' : `[...headers, ...signatureHeaders(setting("${secretVariable}"))]`;
  return code([
    testHeading('//', plan, command),
    hash.map(modules.crypto),
    modules.framework,
    '',
    `const webhookUrl = process.env.WEBHOOK_URL ?? ${textLiteral(plan.defaultUrl, 'javascript')};`,
    `const body = Buffer.from(${literal}${isText ? '' : `, 'base64'`});`,
    'const headers = [',
    headers.map((header) => `  [${headerLiteral(header.name, 'javascript')}, ${values.captured(header)}],`),
    '];',
    '',
    `test(${quote(`the receiver answers ${status} to ${plan.subject}`)}, async () => {`,
    '  const response = await fetch(webhookUrl, {',
    `    method: ${quote(method)},`,
    `    headers: ${sentHeaders},`,
    when(!isBodyless(method), '    body,'),
    `    redirect: 'manual',`,
    '  });',
    `  expect(response.status).toBe(${status});`,
    '});',
    signer(plan),
    when(
      needsSettings(plan),
      '',
      'function setting(name) {',
      '  const value = process.env[name];',
      '  if (!value) throw new Error(`Set ${name}.`);',
      '  return value;',
      '}',
    ),
  ]);
}

function signer({ fresh }: TestPlan): Lines {
  if (fresh === null) return [];
  const { recipe, timeUnit, headers } = fresh;
  return [
    '',
    'function signatureHeaders(secret) {',
    indent('  ', [
      timeUnit === null ? [] : `const timestamp = ${now[timeUnit]};`,
      when(
        isUrlSigned(fresh),
        'const parsed = new URL(webhookUrl);',
        'const origin = process.env.WEBHOOK_ORIGIN ?? parsed.origin;',
        'const target = parsed.pathname + parsed.search;',
      ),
      signedSteps(nodeDialect, fresh, 'javascript'),
      when(recipe.proof.kind === 'mac', `const signature = ${macExpression(recipe)};`),
      'return [',
      headers.map((header) => `  [${headerLiteral(header.name, 'javascript')}, ${values.fresh(header)}],`),
      '];',
    ]),
    '}',
  ];
}

function isBodyless(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function notesOn(plan: TestPlan): readonly string[] {
  const repeated = repeatedHeaders(plan);
  return [
    'fetch adds headers of its own, such as accept and accept-encoding, where the request has none.',
    ...(repeated.length === 0
      ? []
      : [`fetch sends headers of the same name as one, with commas between the values: ${inWords(repeated, 'and')}.`]),
    ...(isBodyless(plan.method) && plan.body.byteLength > 0 ? [`fetch sends no body with ${plan.method}, so the body is left out.`] : []),
  ];
}
