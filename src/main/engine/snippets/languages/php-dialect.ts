import { indent, when, type Lines } from '../code-text.ts';
import type { Dialect } from '../dialect.ts';
import type { RequestPart } from '../recipe.ts';
import { quote, block, compareMac, compareKey, macExpression } from './php-proofs.ts';

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'string $method',
  target: 'string $target',
  headers: 'callable $headers',
  body: 'string $body',
};

const refuse = (sentence: string) => `return ${quote(sentence)};`;
const refuseIf = (condition: string, sentence: string) => block(condition, refuse(sentence));
const header = (name: string) => `$headers(${quote(name)})`;
const isLate = (sentence: string) => refuseIf('abs($ageSeconds) > TOLERANCE_SECONDS', sentence);

/** The steps of verifying in PHP, with its own hash, OpenSSL and sodium extensions. */
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
    when(claim !== null, `$timestamp = (string) ($content[${quote(claim ?? '')}] ?? '');`),
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
