import { indent, when, type Lines } from '../code-text.ts';
import type { Dialect } from '../dialect.ts';
import { signs, type RequestPart, type SnippetRecipe } from '../recipe.ts';

/** Text in single quotes, or in double ones where it has line breaks. */
export function quote(text: string): string {
  return /[\n\r\t]/.test(text) ? JSON.stringify(text).replaceAll('$', '\\$') : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'string $method',
  target: 'string $target',
  headers: 'callable $headers',
  body: 'string $body',
};

const block = (condition: string, ...lines: readonly string[]): Lines => [`if (${condition}) {`, indent('    ', lines), '}'];
const refuse = (sentence: string) => `return ${quote(sentence)};`;
const refuseIf = (condition: string, sentence: string) => block(condition, refuse(sentence));
const header = (name: string) => `$headers(${quote(name)})`;
const isLate = (sentence: string) => refuseIf('abs($ageSeconds) > TOLERANCE_SECONDS', sentence);

/** How PHP says the steps of verifying, with its own hash, OpenSSL and sodium extensions. */
export const phpDialect: Dialect = {
  step: '    ',
  open: (parts) => [`function refusal_of(${[...parts.map((part) => parameterTypes[part]), 'array $secrets'].join(', ')}): ?string`, '{'],
  close: '}',
  quote,
  expressions: {
    id: '$id',
    timestamp: '$timestamp',
    token: '$token',
    method: '$method',
    url: '$url',
    'decoded-url': '$decodedUrl',
    path: '$target',
    target: '$target',
    'target-path': `explode('?', $target, 2)[0]`,
    'target-query': `'?' . (explode('?', $target, 2)[1] ?? '')`,
    'origin-scheme': `explode('://', getenv('WEBHOOK_ORIGIN'))[0]`,
    authority: `explode('://', getenv('WEBHOOK_ORIGIN'))[1]`,
    fields: 'sorted_fields($body)',
    crc32: `sprintf('%u', crc32($body))`,
    'webhook-id': `getenv('WEBHOOK_ID')`,
    'listed-names': '$listed',
    'listed-values': '$listedValues',
    'listed-lines': '$listedLines',
    digest: '$digest',
    parameters: '$parameters',
    'unsigned-token': '$unsigned',
    body: '$body',
  },
  field: (name) => `trim(${header(name)})`,
  refuse,

  readHeaders: (headers, sentence) => [
    headers.map(({ variable, name }) => `$${variable} = ${header(name)};`),
    refuseIf(headers.map(({ variable }) => `$${variable} === ''`).join(' || '), sentence),
  ],
  requireValue: (name, value, sentence) => refuseIf(`${header(name)} !== ${quote(value)}`, sentence),
  readAlternatives: (names) => `$signatures = [${names.map(header).join(', ')}];`,
  takeOne: '$signatures = [$signature];',
  readEntries: ({ separator, lead, timeLabel, listLabel }) => {
    const assign = (label: string | null, variable: string): Lines =>
      label === null
        ? []
        : block(`$${variable} === '' && str_starts_with($entry, ${quote(label)})`, `$${variable} = substr($entry, ${label.length});`);
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
  },
  readObject: (object, sentence) => [
    `$fields = json_decode($body, true)[${quote(object)}] ?? null;`,
    refuseIf('!is_array($fields)', sentence),
    `$timestamp = (string) ($fields['timestamp'] ?? '');`,
    `$token = (string) ($fields['token'] ?? '');`,
    `$signatures = [(string) ($fields['signature'] ?? '')];`,
  ],
  readBodyTime: (field) => `$timestamp = (string) (json_decode($body, true)[${quote(field)}] ?? '');`,
  readToken: ({ algorithm, digestClaim }, claim, { shape, ...refusals }) => [
    `$parts = explode('.', $token);`,
    refuseIf('count($parts) !== 3', shape),
    '[$head, $claims, $signature] = $parts;',
    '// Before any key is used: a token may not choose how it is checked.',
    refuseIf(`(json_decode(decoded($head), true)['alg'] ?? '') !== ${quote(algorithm)}`, refusals.algorithm),
    '$content = json_decode(decoded($claims), true);',
    `$timestamp = (string) ($content[${quote(claim)}] ?? '');`,
    refuseIf(`($content[${quote(digestClaim)}] ?? '') !== hash('sha256', $body)`, refusals.digest),
    `$unsigned = "$head.$claims";`,
    '$signatures = [$signature];',
  ],
  readMessage: (inputPattern, signaturePattern, sentence) => [
    refuseIf(`!preg_match('/${inputPattern}/', $input, $found) || !preg_match('/${signaturePattern}/', $signature, $made)`, sentence),
    '[, $parameters, $timestamp] = $found;',
    '$signatures = [$made[1]];',
  ],
  checkItems: ({ list, wrapper, signature, fields, separator }, recipe, { none, mismatch }) => {
    const textAt = (path: readonly string[]) => `text_of($item${path.map((name) => `[${quote(name)}]`).join('')} ?? '')`;
    return [
      `$items = json_decode($body, true)[${quote(list)}] ?? null;`,
      refuseIf('!is_array($items) || $items === []', none),
      '// Each is signed by itself, so one that is not genuine spoils them all.',
      'foreach ($items as $entry) {',
      indent('    ', [
        `$item = $entry[${quote(wrapper)}] ?? [];`,
        `$signature = ${textAt(signature)};`,
        '$fields = [',
        fields.map((path) => `    ${textAt(path)},`),
        '];',
        `$signed = implode(${quote(separator)}, $fields);`,
        `$isGenuine = fn ($secret) => hash_equals(${macExpression(recipe)}, $signature);`,
        refuseIf('array_filter($secrets, $isGenuine) === []', mismatch),
      ]),
      '}',
      'return null;',
    ];
  },

  checkNumber: (unit, { form, late }) => [
    refuseIf(`preg_match('/\\A[0-9]{1,15}\\z/', $timestamp) !== 1`, form),
    `$ageSeconds = ${unit === 's' ? 'time() - (int) $timestamp' : 'microtime(true) - (int) $timestamp / 1000'};`,
    isLate(late),
  ],
  checkDate: ({ form, late }) => [
    'try {',
    `    $ageSeconds = microtime(true) - (float) (new DateTimeImmutable($timestamp))->format('U.u');`,
    '} catch (Exception) {',
    `    ${refuse(form)}`,
    '}',
    isLate(late),
  ],

  url: [
    '// What the sender calls, not what a proxy hands on: https://example.com, without a path.',
    `$url = getenv('WEBHOOK_ORIGIN') . $target;`,
  ],
  decodedUrl: `$decodedUrl = preg_replace_callback('/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/i', fn ($match) => rawurldecode($match[0]), $url);`,
  checksum: [],
  checkParameter: (name, sentence) => [
    `parse_str((string) parse_url($url, PHP_URL_QUERY), $query);`,
    `$digest = $query[${quote(name)}] ?? '';`,
    refuseIf(`!is_string($digest) || !hash_equals(hash('sha256', $body), $digest)`, sentence),
  ],
  checkDigest: ({ label, hash }, sentence) =>
    refuseIf(`$digest !== '${label}=:' . base64_encode(hash('${hash}', $body, true)) . ':'`, sentence),
  refuseQuery: (sentence) => refuseIf(`strpbrk($target, '?%') !== false`, sentence),
  listedValues: `$listedValues = implode('.', array_map($headers, explode(' ', $listed)));`,
  listedNames: [`$names = array_map('trim', explode(',', strtolower($listed)));`, 'sort($names, SORT_STRING);'],
  requireListed: (name, sentence) => refuseIf(`!in_array(${quote(name)}, $names, true)`, sentence),
  listedLines: `$listedLines = implode(';', array_map(fn ($name) => $name . ':' . trim($headers($name)), $names));`,

  join: (runs) => `$signed = ${runs.flatMap((run) => (run.kind === 'body' ? ['$body'] : run.expressions)).join(' . ')};`,
  compareToken: (sentence) => [
    'foreach ($secrets as $secret) {',
    indent('    ', block('hash_equals($secret, $signature)', 'return null;')),
    '}',
    refuse(sentence),
  ],
  compare: (recipe, lead, sentence) => [
    'foreach ($secrets as $secret) {',
    indent('    ', recipe.proof.kind === 'mac' ? compareMac(recipe, lead) : compareKey(recipe, lead)),
    '}',
    refuse(sentence),
  ],
};

function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `$expected = ${lead === '' ? '' : `${quote(lead)} . `}${macExpression(recipe)};`,
    'foreach ($signatures as $candidate) {',
    indent('    ', block('hash_equals($expected, $candidate)', 'return null;')),
    '}',
  ];
}

function compareKey(recipe: SnippetRecipe, lead: string): Lines {
  const digits = lead === '' ? '$candidate' : `substr($candidate, ${lead.length})`;
  return ['foreach ($signatures as $candidate) {', indent('    ', keyLines(recipe, digits)), '}'];
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
      const key = {
        hex: 'hex2bin($secret)',
        whpk: `base64_decode(preg_replace('/\\Awhpk_/', '', $secret))`,
        // The last 32 bytes of a PEM are the key itself (RFC 8410).
        pem: `substr(base64_decode(preg_replace('/-----[A-Z ]+-----/', '', $secret)), -32)`,
      }[proof.key];
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
    case 'ecdsa-p256': {
      const pem = {
        spki: `"-----BEGIN PUBLIC KEY-----\\n" . chunk_split($secret, 64, "\\n") . '-----END PUBLIC KEY-----'`,
        pem: '$secret',
        jwk: 'pem_of(json_decode($secret, true))',
      }[proof.key];
      const bytes = proof.encoding === 'base64url' ? `decoded(${digits})` : `(string) base64_decode(${digits}, true)`;
      return [`$key = ${pem};`, verifyLines(proof.form === 'pair' ? `as_der(${bytes})` : bytes)];
    }
    case 'rsa-certificate':
      return ['$key = $secret;', verifyLines(`(string) base64_decode(${digits}, true)`)];
    case 'mac':
    case 'token':
      return [];
  }
}

function verifyLines(signature: string): Lines {
  return block(`openssl_verify($signed, ${signature}, $key, OPENSSL_ALGO_SHA256) === 1`, 'return null;');
}

/** Functions that the steps call. */
export function phpHelpers(recipe: SnippetRecipe): Lines {
  const { proof, signature } = recipe;
  return [
    when(
      signs(recipe, 'fields'),
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
    ),
    when(
      signature.kind === 'items',
      '',
      '/** A field as it is signed: nothing where it is missing. */',
      'function text_of(mixed $value): string',
      '{',
      `    return is_bool($value) ? ($value ? 'true' : 'false') : (is_scalar($value) ? (string) $value : '');`,
      '}',
    ),
    when(
      signature.kind === 'jwt',
      '',
      '/** Bytes of base64url, which a token has without padding; none where it is something else. */',
      'function decoded(string $text): string',
      '{',
      `    return (string) base64_decode(strtr($text, '-_', '+/'), true);`,
      '}',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.form === 'pair',
      '',
      '/** A signature of two numbers of 32 bytes in the form that OpenSSL reads. */',
      'function as_der(string $signature): string',
      '{',
      '    if (strlen($signature) !== 64) {',
      `        return '';`,
      '    }',
      `    $content = '';`,
      '    foreach (str_split($signature, 32) as $number) {',
      `        $digits = ltrim($number, "\\0");`,
      `        $digits = $digits === '' || ord($digits[0]) >= 0x80 ? "\\0" . $digits : $digits;`,
      `        $content .= "\\x02" . chr(strlen($digits)) . $digits;`,
      '    }',
      `    return "\\x30" . chr(strlen($content)) . $content;`,
      '}',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.key === 'jwk',
      '',
      '/** A P-256 key of its coordinates: what stands before them makes the form that OpenSSL reads (RFC 5480). */',
      'function pem_of(array $jwk): string',
      '{',
      `    $der = hex2bin('3059301306072a8648ce3d020106082a8648ce3d03010703420004') . decoded($jwk['x']) . decoded($jwk['y']);`,
      `    return "-----BEGIN PUBLIC KEY-----\\n" . chunk_split(base64_encode($der), 64, "\\n") . '-----END PUBLIC KEY-----';`,
      '}',
    ),
  ];
}
