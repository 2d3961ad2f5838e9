import { headerLiteral, textLiteral } from '#shared/request-code/literals.ts';
import { code, indent, when, type Lines } from '../code-text.ts';
import { phpDialect } from '../languages/php-dialect.ts';
import { macExpression, quote } from '../languages/php-proofs.ts';
import { isUrlSigned, type TestHeader, type TestPlan } from './plan.ts';
import { signedSteps } from './signing-steps.ts';
import { bodyLiteral, needsSettings, pascalCase, testHeading, valuesIn, type TestWriter } from './test-writer.ts';

/** A class for PHPUnit, with PHP's curl extension. */
export const phpunit: TestWriter = {
  filename: (words) => `${pascalCase(words)}Test.php`,
  write: (plan, filename) => program(plan, `vendor/bin/phpunit ${filename}`, filename.replace(/\.php$/, '')),
  notes: () => ['It needs the curl extension of PHP, which adds Accept where the request has none.'],
};

const values = valuesIn({
  language: 'php',
  joint: ' . ',
  timestamp: '$timestamp',
  signature: '$signature',
  secret: '$secret',
  setting: (variable) => `self::setting('${variable}')`,
});

const now = {
  s: '(string) time()',
  ms: '(string) (int) (microtime(true) * 1000)',
  rfc3339: `(new DateTimeImmutable('now', new DateTimeZone('UTC')))->format('Y-m-d\\TH:i:s.v\\Z')`,
} as const;

function program(plan: TestPlan, command: string, className: string): string {
  const { fresh, method, headers, status, secretVariable } = plan;
  const { isText, literal } = bodyLiteral(plan.body, 'php');
  const own = `self::signatureHeaders($body, self::setting('${secretVariable}'))`;
  return code([
    '<?php',
    // A closing tag ends PHP even in a comment.
    testHeading('//', plan, command).map((line) => line.replaceAll('?>', '? >')),
    'declare(strict_types=1);',
    '',
    'use PHPUnit\\Framework\\TestCase;',
    '',
    `final class ${className} extends TestCase`,
    '{',
    indent('    ', [
      `public function testTheReceiverAnswers${status}(): void`,
      '{',
      indent('    ', [
        `$body = ${isText ? literal : `base64_decode(${literal})`};`,
        '$headers = [',
        headers.map((header) => `    ${headerLine(header)},`),
        // Of its own curl would send Content-Type, and Expect with a large body.
        when(!headers.some(({ name }) => name.toLowerCase() === 'content-type'), `    'Content-Type:',`),
        `    'Expect:',`,
        '];',
        '$curl = curl_init(self::url());',
        'curl_setopt_array($curl, [',
        indent('    ', [
          `CURLOPT_CUSTOMREQUEST => ${quote(method)},`,
          'CURLOPT_POSTFIELDS => $body,',
          `CURLOPT_HTTPHEADER => ${fresh === null ? '$headers' : `[...$headers, ...${own}]`},`,
          'CURLOPT_RETURNTRANSFER => true,',
        ]),
        ']);',
        'self::assertNotFalse(curl_exec($curl), curl_error($curl));',
        `self::assertSame(${status}, curl_getinfo($curl, CURLINFO_RESPONSE_CODE));`,
      ]),
      '}',
      signer(plan),
      '',
      'private static function url(): string',
      '{',
      `    return getenv('WEBHOOK_URL') ?: ${textLiteral(plan.defaultUrl, 'php')};`,
      '}',
      when(
        needsSettings(plan),
        '',
        'private static function setting(string $name): string',
        '{',
        `    return getenv($name) ?: self::fail("Set $name.");`,
        '}',
      ),
    ]),
    '}',
  ]);
}

/** A header as curl takes it, for which an empty one has a semicolon in place of the colon. */
function headerLine(header: TestHeader): string {
  if (header.kind === 'variable') return `${headerLiteral(`${header.name}: `, 'php')} . ${values.captured(header)}`;
  return headerLiteral(header.value === '' ? `${header.name};` : `${header.name}: ${header.value}`, 'php');
}

function signer({ fresh }: TestPlan): Lines {
  if (fresh === null) return [];
  const { recipe, timeUnit, headers } = fresh;
  const dialect = { ...phpDialect, url: '$url = $origin . $target;' };
  return [
    '',
    'private static function signatureHeaders(string $body, string $secret): array',
    '{',
    indent('    ', [
      timeUnit === null ? [] : `$timestamp = ${now[timeUnit]};`,
      when(
        isUrlSigned(fresh),
        `preg_match('~\\A(https?://[^/?]+)(.*)\\z~', self::url(), $parts);`,
        `$origin = getenv('WEBHOOK_ORIGIN') ?: $parts[1];`,
        `$target = str_starts_with($parts[2], '/') ? $parts[2] : '/' . $parts[2];`,
      ),
      signedSteps(dialect, fresh, 'php'),
      when(recipe.proof.kind === 'mac', `$signature = ${macExpression(recipe)};`),
      'return [',
      headers.map((header) => `    ${headerLiteral(`${header.name}: `, 'php')} . ${values.fresh(header)},`),
      '];',
    ]),
    '}',
  ];
}
