import { doubleQuoted as quote, indent, when } from '../code-text.ts';
import { namedPieces, type Dialect } from '../dialect.ts';
import type { RequestPart } from '../recipe.ts';
import { compareMac, compareKey, macExpression } from './csharp-proofs.ts';

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'string method',
  target: 'string target',
  headers: 'Func<string, string> headers',
  body: 'byte[] body',
};

const refuse = (sentence: string) => `return ${quote(sentence)};`;
const header = (name: string) => `headers(${quote(name)})`;
const isLate = (sentence: string) => `if (Math.Abs(ageSeconds) > ToleranceSeconds) ${refuse(sentence)}`;
const textAt = (path: readonly string[]) => `TextAt(item, ${path.map(quote).join(', ')})`;

/** The steps of verifying in C#, with .NET alone except for Ed25519 and CRC-32. */
export const csharpDialect: Dialect = {
  step: '    ',
  open: (parts) => [
    `public static string? RefusalOf(${[...parts.map((part) => parameterTypes[part]), 'string[] secrets'].join(', ')})`,
    '{',
  ],
  close: '}',
  quote,
  expressions: {
    ...namedPieces,
    url: 'url',
    'decoded-url': 'decodedUrl',
    'target-path': `target.Split('?')[0]`,
    'target-query': `"?" + target.Substring(Math.Min(target.Length, target.Split('?')[0].Length + 1))`,
    'origin-scheme': 'new Uri(Origin + target).Scheme',
    authority: 'new Uri(Origin + target).Authority',
    fields: 'SortedFields(body)',
    crc32: 'Crc32.HashToUInt32(body).ToString()',
    'webhook-id': 'WebhookId',
    'listed-values': 'listedValues',
    'listed-lines': 'listedLines',
    parameters: 'found.Groups[1].Value',
    'unsigned-token': 'parts[0] + "." + parts[1]',
  },
  field: (name) => `${header(name)}.Trim()`,
  refuse,

  readHeaders: (headers, sentence) => [
    headers.map(({ variable, name }) => `var ${variable} = ${header(name)};`),
    `if (${headers.map(({ variable }) => `${variable} == ""`).join(' || ')}) ${refuse(sentence)}`,
  ],
  requireValue: (name, value, sentence) => `if (${header(name)} != ${quote(value)}) ${refuse(sentence)}`,
  readAlternatives: (names) => `var signatures = new[] { ${names.map(header).join(', ')} };`,
  takeOne: 'var signatures = new[] { signature };',
  readEntries: ({ separator, lead, timeLabel, listLabel }) => {
    const startsWith = (label: string) => `entry.StartsWith(${quote(label)}, StringComparison.Ordinal)`;
    const entry = (label: string) => `entries.FirstOrDefault(entry => ${startsWith(label)})?.Substring(${label.length}) ?? "";`;
    return [
      `var entries = signature.Split(${quote(separator)});`,
      timeLabel === null ? null : `var timestamp = ${entry(timeLabel)}`,
      listLabel === null ? null : `var listed = ${entry(listLabel)}`,
      '// While a secret is being rotated there may be several.',
      `var signatures = entries.Where(entry => ${startsWith(lead)}).ToArray();`,
    ];
  },
  readObject: (object, sentence) => [
    `var fields = ObjectIn(body)?[${quote(object)}] as JsonObject;`,
    `if (fields == null) ${refuse(sentence)}`,
    'var timestamp = fields["timestamp"]?.ToString() ?? "";',
    'var token = fields["token"]?.ToString() ?? "";',
    'var signatures = new[] { fields["signature"]?.ToString() ?? "" };',
  ],
  readBodyTime: (field) => `var timestamp = ObjectIn(body)?[${quote(field)}]?.ToString() ?? "";`,
  readToken: ({ algorithm, digestClaim }, claim, { shape, ...refusals }) => [
    `var parts = token.Split('.');`,
    `if (parts.Length != 3) ${refuse(shape)}`,
    '// Before any key is used: a token may not choose how it is checked.',
    `if (ObjectIn(Decoded(parts[0]))?["alg"]?.ToString() != ${quote(algorithm)}) ${refuse(refusals.algorithm)}`,
    'var claims = ObjectIn(Decoded(parts[1]));',
    when(claim !== null, `var timestamp = claims?[${quote(claim ?? '')}]?.ToString() ?? "";`),
    `if (claims?[${quote(digestClaim)}]?.ToString() != Convert.ToHexString(SHA256.HashData(body)).ToLowerInvariant())`,
    `    ${refuse(refusals.digest)}`,
    'var signatures = new[] { parts[2] };',
  ],
  readMessage: (inputPattern, signaturePattern, sentence) => [
    `var found = Regex.Match(input, ${quote(inputPattern)});`,
    `var made = Regex.Match(signature, ${quote(signaturePattern)});`,
    `if (!found.Success || !made.Success) ${refuse(sentence)}`,
    'var timestamp = found.Groups[2].Value;',
    'var signatures = new[] { made.Groups[1].Value };',
  ],
  checkItems: ({ list, wrapper, signature, fields, separator }, recipe, { none, mismatch }) => [
    `var items = ObjectIn(body)?[${quote(list)}] as JsonArray;`,
    `if (items == null || items.Count == 0) ${refuse(none)}`,
    '// Each is signed by itself, so one that is not genuine spoils them all.',
    'foreach (var entry in items)',
    '{',
    indent('    ', [
      `var item = (entry as JsonObject)?[${quote(wrapper)}];`,
      'var fields = new[]',
      '{',
      fields.map((path) => `    ${textAt(path)},`),
      '};',
      `var signed = Encoding.UTF8.GetBytes(string.Join(${quote(separator)}, fields));`,
      `var signature = ${textAt(signature)};`,
      `if (!secrets.Any(secret => IsSame(signature, ${macExpression(recipe)})))`,
      `    ${refuse(mismatch)}`,
    ]),
    '}',
    'return null;',
  ],

  checkNumber: (unit, { form, late }) => [
    'if (timestamp.Length > 15 || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sentAt))',
    `    ${refuse(form)}`,
    unit === 's'
      ? 'var ageSeconds = (double)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sentAt);'
      : 'var ageSeconds = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - sentAt) / 1000.0;',
    isLate(late),
  ],
  checkDate: ({ form, late }) => [
    'if (!DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.None, out var sentAt))',
    `    ${refuse(form)}`,
    'var ageSeconds = (DateTimeOffset.UtcNow - sentAt).TotalSeconds;',
    isLate(late),
  ],

  url: 'var url = Origin + target;',
  decodedUrl:
    'var decodedUrl = Regex.Replace(url, "%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", match => Uri.UnescapeDataString(match.Value), RegexOptions.IgnoreCase);',
  checksum: [],
  checkParameter: (name, sentence) => [
    `var digest = QueryHelpers.ParseQuery(new Uri(url).Query).GetValueOrDefault(${quote(name)}).ToString();`,
    `if (!IsSame(digest, Convert.ToHexString(SHA256.HashData(body)).ToLowerInvariant())) ${refuse(sentence)}`,
  ],
  checkDigest: ({ label, hash }, sentence) =>
    `if (digest != "${label}=:" + Convert.ToBase64String(${hash.toUpperCase()}.HashData(body)) + ":") ${refuse(sentence)}`,
  refuseQuery: (sentence) => `if (target.IndexOfAny(new[] { '?', '%' }) >= 0) ${refuse(sentence)}`,
  listedValues: `var listedValues = string.Join(".", listed.Split(' ').Select(headers));`,
  listedNames: `var names = listed.ToLowerInvariant().Split(',').Select(name => name.Trim()).OrderBy(name => name, StringComparer.Ordinal).ToArray();`,
  requireListed: (name, sentence) => `if (!names.Contains(${quote(name)})) ${refuse(sentence)}`,
  listedLines: `var listedLines = string.Join(";", names.Select(name => name + ":" + headers(name).Trim()));`,

  join: (runs) => {
    const [first = '', ...others] = runs.map((run) =>
      run.kind === 'body' ? 'body' : `Encoding.UTF8.GetBytes(${run.expressions.join(' + ')})`,
    );
    return `byte[] signed = ${others.length === 0 ? first : `${first}${others.map((run) => `.Concat(${run})`).join('')}.ToArray()`};`;
  },
  compareToken: (sentence) => ['if (secrets.Any(secret => IsSame(signature, secret))) return null;', refuse(sentence)],
  compare: (recipe, lead, sentence) => [
    'foreach (var secret in secrets)',
    '{',
    indent('    ', recipe.proof.kind === 'mac' ? compareMac(recipe, lead) : compareKey(recipe, lead)),
    '}',
    refuse(sentence),
  ],
};
