import { doubleQuoted as quote, indent, when, type Lines } from '../code-text.ts';
import type { Dialect } from '../dialect.ts';
import { comparesText, readsJson, signs, type RequestPart, type SnippetRecipe } from '../recipe.ts';

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

/** How C# says the steps of verifying, with .NET alone but for Ed25519 and CRC-32. */
export const csharpDialect: Dialect = {
  step: '    ',
  open: (parts) => [
    `public static string? RefusalOf(${[...parts.map((part) => parameterTypes[part]), 'string[] secrets'].join(', ')})`,
    '{',
  ],
  close: '}',
  quote,
  expressions: {
    id: 'id',
    timestamp: 'timestamp',
    token: 'token',
    method: 'method',
    url: 'url',
    'decoded-url': 'decodedUrl',
    path: 'target',
    target: 'target',
    'target-path': `target.Split('?')[0]`,
    'target-query': `"?" + target.Substring(Math.Min(target.Length, target.Split('?')[0].Length + 1))`,
    'origin-scheme': 'new Uri(Origin + target).Scheme',
    authority: 'new Uri(Origin + target).Authority',
    fields: 'SortedFields(body)',
    crc32: 'Crc32.HashToUInt32(body).ToString()',
    'webhook-id': 'WebhookId',
    'listed-names': 'listed',
    'listed-values': 'listedValues',
    'listed-lines': 'listedLines',
    digest: 'digest',
    parameters: 'found.Groups[1].Value',
    'unsigned-token': 'parts[0] + "." + parts[1]',
    body: 'body',
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
      `var entries = signature.Split('${separator}');`,
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
    `var timestamp = claims?[${quote(claim)}]?.ToString() ?? "";`,
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

function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `var expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)};`,
    'if (signatures.Any(candidate => IsSame(candidate, expected))) return null;',
  ];
}

function compareKey(recipe: SnippetRecipe, lead: string): Lines {
  const digits = lead === '' ? 'candidate' : `candidate.Substring(${lead.length})`;
  return [
    keyLine(recipe),
    'foreach (var candidate in signatures)',
    '{',
    '    try',
    '    {',
    `        if (${verifyExpression(recipe, digits)}) return null;`,
    '    }',
    '    catch (FormatException)',
    '    {',
    '        // No signature of this kind; perhaps another entry is.',
    '    }',
    '}',
  ];
}

function macExpression({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  const key = {
    text: 'Encoding.UTF8.GetBytes(secret)',
    whsec: 'Convert.FromBase64String(secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret.Substring(6) : secret)',
    base64: 'Convert.FromBase64String(secret)',
    hex: 'Convert.FromHexString(secret)',
  }[proof.secret];
  const hash = proof.hash.toUpperCase();
  const mac = proof.isKeyed ? `HMAC${hash}.HashData(${key}, signed)` : `${hash}.HashData(${key}.Concat(signed).ToArray())`;
  switch (proof.encoding) {
    case 'hex':
      return `Convert.ToHexString(${mac}).ToLowerInvariant()`;
    case 'base64':
      return `Convert.ToBase64String(${mac})`;
    case 'base64url':
      return `Convert.ToBase64String(${mac}).TrimEnd('=').Replace('+', '-').Replace('/', '_')`;
  }
}

function keyLine({ proof }: SnippetRecipe): Lines {
  switch (proof.kind) {
    case 'ed25519': {
      const [bytes, form] = {
        hex: ['Convert.FromHexString(secret)', 'RawPublicKey'],
        whpk: [
          'Convert.FromBase64String(secret.StartsWith("whpk_", StringComparison.Ordinal) ? secret.Substring(5) : secret)',
          'RawPublicKey',
        ],
        pem: ['Encoding.UTF8.GetBytes(secret)', 'PkixPublicKeyText'],
      }[proof.key];
      return [`var key = PublicKey.Import(SignatureAlgorithm.Ed25519, ${bytes}, KeyBlobFormat.${form});`];
    }
    case 'ecdsa-p256':
      return {
        spki: ['using var key = ECDsa.Create(); key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(secret), out _);'],
        pem: ['using var key = ECDsa.Create();', 'key.ImportFromPem(secret);'],
        jwk: ['using var key = ECDsa.Create(KeyOf(ObjectIn(Encoding.UTF8.GetBytes(secret))));'],
      }[proof.key];
    case 'rsa-certificate':
      return ['using var key = X509Certificate2.CreateFromPem(secret).GetRSAPublicKey()!;'];
    case 'mac':
    case 'token':
      return [];
  }
}

function verifyExpression({ proof }: SnippetRecipe, digits: string): string {
  if (proof.kind === 'mac' || proof.kind === 'token') return '';
  const bytes = {
    hex: `Convert.FromHexString(${digits})`,
    base64: `Convert.FromBase64String(${digits})`,
    base64url: `Decoded(${digits})`,
  }[proof.encoding];
  switch (proof.kind) {
    case 'ed25519':
      return `SignatureAlgorithm.Ed25519.Verify(key, signed, ${bytes})`;
    case 'ecdsa-p256': {
      const form = proof.form === 'pair' ? 'IeeeP1363FixedFieldConcatenation' : 'Rfc3279DerSequence';
      return `key.VerifyData(signed, ${bytes}, HashAlgorithmName.SHA256, DSASignatureFormat.${form})`;
    }
    case 'rsa-certificate':
      return `key.VerifyData(signed, ${bytes}, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)`;
  }
}

/** Namespaces that the steps use beside those that a project of ASP.NET Core uses without saying so. */
export function csharpImports(recipe: SnippetRecipe): readonly string[] {
  const { proof, time, signature } = recipe;
  const isHashing = recipe.digestParameter !== null || recipe.contentDigest !== null || signature.kind === 'jwt';
  return [
    'System.Text',
    ...(proof.kind === 'ed25519' ? ['NSec.Cryptography'] : []),
    ...(proof.kind !== 'ed25519' || isHashing ? ['System.Security.Cryptography'] : []),
    ...(proof.kind === 'rsa-certificate' ? ['System.Security.Cryptography.X509Certificates'] : []),
    ...(readsJson(recipe) ? ['System.Text.Json', 'System.Text.Json.Nodes'] : []),
    ...(time !== null && time.toleranceSeconds !== null ? ['System.Globalization'] : []),
    ...(signs(recipe, 'decoded-url') || signature.kind === 'message' ? ['System.Text.RegularExpressions'] : []),
    ...(signs(recipe, 'crc32') ? ['System.IO.Hashing'] : []),
    ...(signs(recipe, 'fields') || recipe.digestParameter !== null ? ['Microsoft.AspNetCore.WebUtilities'] : []),
  ];
}

/** Functions that the steps call. */
export function csharpHelpers(recipe: SnippetRecipe): Lines {
  const { proof, signature } = recipe;
  return [
    when(
      comparesText(recipe),
      '',
      '/// <summary>Compares without telling by its duration where two texts differ.</summary>',
      'private static bool IsSame(string left, string right) =>',
      '    CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));',
    ),
    when(
      readsJson(recipe),
      '',
      '/// <summary>The object in these bytes, or null.</summary>',
      'private static JsonObject? ObjectIn(byte[] content)',
      '{',
      '    try',
      '    {',
      '        return JsonNode.Parse(content) as JsonObject;',
      '    }',
      '    catch (JsonException)',
      '    {',
      '        return null;',
      '    }',
      '}',
    ),
    when(
      signature.kind === 'items',
      '',
      '/// <summary>A field as it is signed: nothing where it is missing.</summary>',
      'private static string TextAt(JsonNode? value, params string[] path)',
      '{',
      '    foreach (var name in path) value = (value as JsonObject)?[name];',
      '    return value?.ToString() ?? "";',
      '}',
    ),
    when(
      signature.kind === 'jwt',
      '',
      '/// <summary>Bytes of base64url, which a token has without padding; none where it is something else.</summary>',
      'private static byte[] Decoded(string text)',
      '{',
      '    try',
      '    {',
      "        var digits = text.Replace('-', '+').Replace('_', '/');",
      "        return Convert.FromBase64String(digits.PadRight(digits.Length + (4 - digits.Length % 4) % 4, '='));",
      '    }',
      '    catch (FormatException)',
      '    {',
      '        return new byte[0];',
      '    }',
      '}',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.key === 'jwk',
      '',
      '/// <summary>A P-256 key of its coordinates.</summary>',
      'private static ECParameters KeyOf(JsonObject? jwk) => new ECParameters',
      '{',
      '    Curve = ECCurve.NamedCurves.nistP256,',
      '    Q = new ECPoint { X = Decoded(jwk?["x"]?.ToString() ?? ""), Y = Decoded(jwk?["y"]?.ToString() ?? "") },',
      '};',
    ),
    when(
      signs(recipe, 'fields'),
      '',
      '/// <summary>Each name of the form with each of its values, names and values sorted and each once.</summary>',
      'private static string SortedFields(byte[] body) =>',
      '    string.Concat(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body))',
      '        .SelectMany(field => field.Value.Distinct().Select(value => (Name: field.Key, Value: value ?? "")))',
      '        .OrderBy(field => field.Name, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal)',
      '        .Select(field => field.Name + field.Value));',
    ),
  ];
}
