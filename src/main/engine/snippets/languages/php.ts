import { code, heading, indent, inWords, runsOf, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import {
  keyVariable,
  leadOf,
  needsUrl,
  optionalHeadersOf,
  partsOf,
  readHeadersOf,
  signs,
  startLine,
  type RequestPart,
  type SnippetPiece,
  type SnippetRecipe,
} from '../recipe.ts';

/** Receivers for PHP 8 and later, as a plain script. */
export const php: SnippetWriter = {
  language: 'php',
  title: 'PHP',
  filename: 'receiver.php',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: library === null ? [] : [library.dependency] }),
  frameworks: (recipe) => [laravel(recipe)],
};

/** Text in single quotes, or in double ones where it has line breaks. */
function quote(text: string): string {
  return /[\n\r\t]/.test(text) ? JSON.stringify(text).replaceAll('$', '\\$') : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'string $method',
  target: 'string $target',
  headers: 'callable $headers',
  body: 'string $body',
};

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    '<?php',
    // A closing tag ends PHP even in a comment.
    heading('//', recipe, library?.remark == null ? [] : [library.remark]).map((line) => line.replaceAll('?>', '? >')),
    `// ${startLine(recipe, 'php -S 127.0.0.1:3000 receiver.php')}`,
    'declare(strict_types=1);',
    when(library !== null, '', `require __DIR__ . '/vendor/autoload.php';`, ...(library?.imports ?? [])),
    '',
    when(toleranceSeconds !== null, `const TOLERANCE_SECONDS = ${toleranceSeconds ?? 0};`, ''),
    '/** Why a request is refused, or null for a genuine one. $body holds the bytes as they were received. */',
    library === null ? verifier(recipe) : libraryVerifier(recipe, library),
    helpers(recipe, library),
    '',
    server(recipe, key.name),
  ]);
}

const definition = (parts: readonly RequestPart[]) =>
  `function refusal_of(${[...parts.map((part) => parameterTypes[part]), 'array $secrets'].join(', ')}): ?string`;

function libraryVerifier(recipe: SnippetRecipe, { call, answers }: LibraryCall): Lines {
  const parts = new Set<RequestPart>([...partsOf(recipe), 'headers', 'body']);
  return [
    definition([...parts]),
    '{',
    when(needsUrl(recipe), `    $url = getenv('WEBHOOK_ORIGIN') . $target;`),
    '    foreach ($secrets as $secret) {',
    '        try {',
    answers === 'boolean'
      ? [`            if (${call}) {`, '                return null;', '            }']
      : [`            ${call};`, '            return null;'],
    '        } catch (Throwable) {',
    '            // Not made with this secret, or too old; perhaps the other one fits.',
    '        }',
    '    }',
    `    return 'the signature does not match';`,
    '}',
  ];
}

const block = (condition: string, ...lines: readonly string[]): Lines => [`if (${condition}) {`, indent('    ', lines), '}'];
const refuse = (text: string) => `return ${quote(text)};`;

function verifier(recipe: SnippetRecipe): Lines {
  const required = readHeadersOf(recipe);
  const optional = optionalHeadersOf(recipe);
  const missing = inWords(
    required.map(({ name }) => name),
    'or',
  );
  return [
    definition(partsOf(recipe)),
    '{',
    indent('    ', [
      required.map(({ variable, name }) => `$${variable} = $headers(${quote(name)});`),
      when(required.length > 0, block(required.map(({ variable }) => `$${variable} === ''`).join(' || '), refuse(`${missing} is missing`))),
      fixed(recipe),
      when(optional.length > 0, `$signatures = [${optional.map((name) => `$headers(${quote(name)})`).join(', ')}];`),
      readSignatures(recipe),
      checkTime(recipe),
      recipe.proof.kind === 'token'
        ? [
            'foreach ($secrets as $secret) {',
            indent('    ', block('hash_equals($secret, $signature)', 'return null;')),
            '}',
            refuse('the token is not the secret'),
          ]
        : compare(recipe),
    ]),
    '}',
  ];
}

function fixed({ fixedHeader }: SnippetRecipe): Lines {
  if (fixedHeader === null) return [];
  const [name, value] = fixedHeader;
  return block(`$headers(${quote(name)}) !== ${quote(value)}`, refuse(`${name} is not ${value}`));
}

function readSignatures(recipe: SnippetRecipe): Lines {
  const { signature, time, proof } = recipe;
  if (signature.kind === 'json') {
    return [
      `$fields = json_decode($body, true)[${quote(signature.object)}] ?? null;`,
      block('!is_array($fields)', refuse('the body carries no signature')),
      `$timestamp = (string) ($fields['timestamp'] ?? '');`,
      `$token = (string) ($fields['token'] ?? '');`,
      `$signatures = [(string) ($fields['signature'] ?? '')];`,
    ];
  }
  if (signature.kind === 'headers') {
    return [
      when(signature.names.length === 1 && proof.kind !== 'token', '$signatures = [$signature];'),
      when(time?.place === 'json', `$timestamp = (string) (json_decode($body, true)[${quote(time?.name ?? '')}] ?? '');`),
    ];
  }
  const { separator, lead, timeLabel, listLabel } = signature;
  const assign = (label: string | null, variable: string) =>
    when(
      label !== null,
      `if ($${variable} === '' && str_starts_with($entry, ${quote(label ?? '')})) {`,
      `    $${variable} = substr($entry, ${(label ?? '').length});`,
      '}',
    );
  return [
    '// While a secret is being rotated there may be several.',
    '$signatures = [];',
    when(timeLabel !== null, `$timestamp = '';`),
    when(listLabel !== null, `$listed = '';`),
    `foreach (explode(${quote(separator)}, $signature) as $entry) {`,
    indent('    ', [
      assign(timeLabel, 'timestamp'),
      assign(listLabel, 'listed'),
      block(`str_starts_with($entry, ${quote(lead)})`, '$signatures[] = $entry;'),
    ]),
    '}',
  ];
}

function checkTime({ time }: SnippetRecipe): Lines {
  if (time === null || time.toleranceSeconds === null) return [];
  const late = block('abs($ageSeconds) > TOLERANCE_SECONDS', refuse('the timestamp is too old or too far in the future'));
  if (time.unit === 'rfc3339') {
    return [
      'try {',
      `    $ageSeconds = microtime(true) - (float) (new DateTimeImmutable($timestamp))->format('U.u');`,
      '} catch (Exception) {',
      `    ${refuse('the timestamp is not a date and time')}`,
      '}',
      late,
    ];
  }
  return [
    block(`preg_match('/\\A[0-9]{1,15}\\z/', $timestamp) !== 1`, refuse('the timestamp is not a whole number')),
    `$ageSeconds = ${time.unit === 's' ? 'time() - (int) $timestamp' : 'microtime(true) - (int) $timestamp / 1000'};`,
    late,
  ];
}

function expressionOf(piece: SnippetPiece): string {
  switch (piece.kind) {
    case 'literal':
      return quote(piece.text);
    case 'decoded-url':
      return '$decodedUrl';
    case 'path':
      return '$target';
    case 'fields':
      return 'sorted_fields($body)';
    case 'crc32':
      return `sprintf('%u', crc32($body))`;
    case 'webhook-id':
      return `getenv('WEBHOOK_ID')`;
    case 'listed-names':
      return '$listed';
    case 'listed-values':
      return '$listedValues';
    case 'listed-lines':
      return '$listedLines';
    case 'id':
    case 'timestamp':
    case 'token':
    case 'method':
    case 'url':
    case 'body':
      return `$${piece.kind}`;
  }
}

/** What must be known before the signed bytes can be put together. */
function preparation(recipe: SnippetRecipe): Lines {
  const { digestParameter } = recipe;
  const covered = readHeadersOf(recipe).filter(({ variable }) => variable !== 'signature');
  return [
    when(
      needsUrl(recipe),
      '// What the sender calls, not what a proxy hands on: https://example.com, without a path.',
      `$url = getenv('WEBHOOK_ORIGIN') . $target;`,
    ),
    when(
      signs(recipe, 'decoded-url'),
      `$decodedUrl = preg_replace_callback('/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/i', fn ($match) => rawurldecode($match[0]), $url);`,
    ),
    when(
      digestParameter !== null,
      `parse_str((string) parse_url($url, PHP_URL_QUERY), $query);`,
      `$digest = $query[${quote(digestParameter ?? '')}] ?? '';`,
      block(
        `!is_string($digest) || !hash_equals(hash('sha256', $body), $digest)`,
        refuse(`${digestParameter ?? ''} in the URL is not the hash of the body`),
      ),
    ),
    when(signs(recipe, 'path'), block(`strpbrk($target, '?%') !== false`, refuse('the webhook is registered with a query'))),
    when(signs(recipe, 'listed-values'), `$listedValues = implode('.', array_map($headers, explode(' ', $listed)));`),
    when(
      signs(recipe, 'listed-lines'),
      `$names = array_map('trim', explode(',', strtolower($listed)));`,
      'sort($names, SORT_STRING);',
      covered.map(({ name }) => block(`!in_array(${quote(name.toLowerCase())}, $names, true)`, refuse(`${name} is not signed`))),
      `$listedLines = implode(';', array_map(fn ($name) => $name . ':' . trim($headers($name)), $names));`,
    ),
  ];
}

function compare(recipe: SnippetRecipe): Lines {
  const { proof } = recipe;
  const lead = leadOf(recipe);
  const parts = runsOf(recipe.signed, expressionOf).flatMap((run) => (run.kind === 'body' ? ['$body'] : run.expressions));
  const digits = lead === '' ? '$candidate' : `substr($candidate, ${lead.length})`;
  const found: Lines =
    proof.kind === 'mac'
      ? [
          `$expected = ${lead === '' ? '' : `${quote(lead)} . `}${macExpression(recipe)};`,
          'foreach ($signatures as $candidate) {',
          indent('    ', block('hash_equals($expected, $candidate)', 'return null;')),
          '}',
        ]
      : ['foreach ($signatures as $candidate) {', indent('    ', keyLines(recipe, digits)), '}'];
  return [
    preparation(recipe),
    `$signed = ${parts.join(' . ')};`,
    'foreach ($secrets as $secret) {',
    indent('    ', found),
    '}',
    refuse('the signature does not match'),
  ];
}

function macExpression({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  const key = {
    text: '$secret',
    whsec: `base64_decode(preg_replace('/\\Awhsec_/', '', $secret))`,
    base64: 'base64_decode($secret)',
    hex: 'hex2bin($secret)',
  }[proof.secret];
  const mac = (isBinary: boolean) =>
    proof.isKeyed
      ? `hash_hmac('${proof.hash}', $signed, ${key}${isBinary ? ', true' : ''})`
      : `hash('${proof.hash}', ${key} . $signed${isBinary ? ', true' : ''})`;
  switch (proof.encoding) {
    case 'hex':
      return mac(false);
    case 'base64':
      return `base64_encode(${mac(true)})`;
    case 'base64url':
      return `rtrim(strtr(base64_encode(${mac(true)}), '+/', '-_'), '=')`;
  }
}

function keyLines({ proof }: SnippetRecipe, digits: string): Lines {
  switch (proof.kind) {
    case 'ed25519': {
      const key = proof.key === 'hex' ? 'hex2bin($secret)' : `base64_decode(preg_replace('/\\Awhpk_/', '', $secret))`;
      const signature =
        proof.encoding === 'hex'
          ? `preg_match('/\\A([0-9a-f]{2})+\\z/', ${digits}) === 1 ? hex2bin(${digits}) : ''`
          : `(string) base64_decode(${digits}, true)`;
      return [
        `$signature = ${signature};`,
        block(
          `strlen($signature) === SODIUM_CRYPTO_SIGN_BYTES && sodium_crypto_sign_verify_detached($signature, $signed, ${key})`,
          'return null;',
        ),
      ];
    }
    case 'ecdsa-p256':
    case 'rsa-certificate': {
      const pem =
        proof.kind === 'rsa-certificate'
          ? '$secret'
          : `"-----BEGIN PUBLIC KEY-----\\n" . chunk_split($secret, 64, "\\n") . '-----END PUBLIC KEY-----'`;
      return [
        `$key = ${pem};`,
        block(`openssl_verify($signed, (string) base64_decode(${digits}, true), $key, OPENSSL_ALGO_SHA256) === 1`, 'return null;'),
      ];
    }
    case 'mac':
    case 'token':
      return [];
  }
}

function helpers(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  return when(
    library === null && signs(recipe, 'fields'),
    '',
    '/** Each name of the form with each of its values, names and values sorted and each once. $_POST would have changed names. */',
    'function sorted_fields(string $body): string',
    '{',
    '    $fields = [];',
    `    foreach (array_filter(explode('&', $body), fn ($pair) => $pair !== '') as $pair) {`,
    `        [$name, $value] = array_map('urldecode', explode('=', $pair, 2) + [1 => '']);`,
    `        $fields[$name . "\\0" . $value] = $name . $value;`,
    '    }',
    '    ksort($fields, SORT_STRING);',
    `    return implode('', $fields);`,
    '}',
  );
}

function callOf(recipe: SnippetRecipe, names: Readonly<Record<RequestPart, string>>, secrets: string): string {
  return `refusal_of(${[...partsOf(recipe).map((part) => names[part]), secrets].join(', ')})`;
}

function server(recipe: SnippetRecipe, key: string): Lines {
  const names = { method: `$_SERVER['REQUEST_METHOD']`, target: `$_SERVER['REQUEST_URI']`, headers: '$headers', body: '$body' };
  return [
    '// While a key is being rotated the one from before still counts.',
    `$secrets = array_values(array_filter([getenv('${key}'), getenv('${key}_PREVIOUS')]));`,
    'if ($secrets === []) {',
    '    http_response_code(500);',
    `    exit('Set ${key}.');`,
    '}',
    `$headers = fn (string $name): string => $_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? '';`,
    '// The bytes as they were received; $_POST holds what was parsed from them.',
    `$body = file_get_contents('php://input');`,
    `$refusal = ${callOf(recipe, names, '$secrets')};`,
    'if ($refusal !== null) {',
    '    error_log("Refused: $refusal.");',
    '}',
    '// Handle a genuine event here; answer soon, and do long work later.',
    'http_response_code($refusal === null ? 204 : 401);',
  ];
}

function laravel(recipe: SnippetRecipe) {
  const names = {
    method: '$request->method()',
    target: '$request->getRequestUri()',
    headers: `fn ($name) => (string) $request->header($name, '')`,
    body: '$request->getContent()',
  };
  return {
    name: 'Laravel',
    dependencies: ['laravel/framework'],
    filename: 'routes/api.php',
    code: code([
      '<?php',
      '// With refusal_of in a file that composer loads, without the last lines of receiver.php; secrets in config/services.php.',
      'use Illuminate\\Http\\Request;',
      'use Illuminate\\Support\\Facades\\Route;',
      '',
      `Route::post('/webhooks', function (Request $request) {`,
      '    // getContent() gives the bytes as they were received; all() and json() parse them.',
      `    $refusal = ${callOf(recipe, names, `array_filter(config('services.webhooks.secrets'))`)};`,
      '    return response()->noContent($refusal === null ? 204 : 401);',
      '});',
    ]),
  };
}
