import { code, doubleQuoted as quote, heading, indent, inWords, runsOf, when, type Lines } from '../code-text.ts';
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

/** Receivers for .NET 8 and later, as a minimal application of ASP.NET Core. */
export const csharp: SnippetWriter = {
  language: 'csharp',
  title: 'C#',
  filename: 'Program.cs',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: dependenciesOf(recipe, library) }),
  frameworks: (recipe) => [controller(recipe)],
};

/** What .NET does not bring along. */
function dependenciesOf(recipe: SnippetRecipe, library: LibraryCall | null): readonly string[] {
  if (library !== null) return [library.dependency];
  return [...(recipe.proof.kind === 'ed25519' ? ['NSec.Cryptography'] : []), ...(signs(recipe, 'crc32') ? ['System.IO.Hashing'] : [])];
}

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'string method',
  target: 'string target',
  headers: 'Func<string, string> headers',
  body: 'byte[] body',
};

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    heading('//', recipe, library?.remark == null ? [] : [library.remark]),
    `// ${startLine(recipe, 'dotnet run')}`,
    imports(recipe, library),
    '',
    server(recipe),
    '',
    'public static class Receiver',
    '{',
    indent('    ', [
      when(toleranceSeconds !== null, `private const double ToleranceSeconds = ${toleranceSeconds ?? 0};`),
      when(
        needsUrl(recipe),
        '// What the sender calls, not what a proxy hands on: https://example.com, without a path.',
        'private static readonly string? Origin = Environment.GetEnvironmentVariable("WEBHOOK_ORIGIN");',
      ),
      when(signs(recipe, 'webhook-id'), 'private static readonly string? WebhookId = Environment.GetEnvironmentVariable("WEBHOOK_ID");'),
      '',
      '/// <summary>The key and, while it is being rotated, the one from before.</summary>',
      `public static readonly string[] Secrets = new[] { "${keyVariable(recipe).name}", "${keyVariable(recipe).name}_PREVIOUS" }`,
      '    .Select(name => Environment.GetEnvironmentVariable(name) ?? "").Where(value => value != "").ToArray();',
      '',
      '/// <summary>Why a request is refused, or null for a genuine one. The body holds the bytes as they were received.</summary>',
      library === null ? verifier(recipe) : libraryVerifier(recipe, library),
      helpers(recipe, library),
    ]),
    '}',
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  if (library !== null) return [...library.imports];
  const { proof, time } = recipe;
  const names = new Set(['System.Text']);
  if (proof.kind !== 'ed25519') names.add('System.Security.Cryptography');
  else names.add('NSec.Cryptography');
  if (proof.kind === 'rsa-certificate') names.add('System.Security.Cryptography.X509Certificates');
  if (time?.place === 'json') names.add('System.Text.Json.Nodes');
  if (time !== null && time.toleranceSeconds !== null) names.add('System.Globalization');
  if (signs(recipe, 'decoded-url')) names.add('System.Text.RegularExpressions');
  if (signs(recipe, 'crc32')) names.add('System.IO.Hashing');
  if (signs(recipe, 'fields') || recipe.digestParameter !== null) names.add('Microsoft.AspNetCore.WebUtilities');
  return [...names].toSorted().map((name) => `using ${name};`);
}

const definition = (parts: readonly RequestPart[]) =>
  `public static string? RefusalOf(${[...parts.map((part) => parameterTypes[part]), 'string[] secrets'].join(', ')})`;

function libraryVerifier(recipe: SnippetRecipe, { call, answers }: LibraryCall): Lines {
  const parts = new Set<RequestPart>([...partsOf(recipe), 'headers', 'body']);
  return [
    definition([...parts]),
    '{',
    indent('    ', [
      when(needsUrl(recipe), 'var url = Origin + target;'),
      'foreach (var secret in secrets)',
      '{',
      '    try',
      '    {',
      answers === 'boolean' ? `        if (${call}) return null;` : [`        ${call};`, '        return null;'],
      '    }',
      '    catch (Exception)',
      '    {',
      '        // Not made with this secret, or too old; perhaps the other one fits.',
      '    }',
      '}',
      'return "the signature does not match";',
    ]),
    '}',
  ];
}

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
      required.map(({ variable, name }) => `var ${variable} = headers(${quote(name)});`),
      when(
        required.length > 0,
        `if (${required.map(({ variable }) => `${variable} == ""`).join(' || ')}) ${refuse(`${missing} is missing`)}`,
      ),
      fixed(recipe),
      when(optional.length > 0, `var signatures = new[] { ${optional.map((name) => `headers(${quote(name)})`).join(', ')} };`),
      readSignatures(recipe),
      checkTime(recipe),
      recipe.proof.kind === 'token'
        ? ['if (secrets.Any(secret => IsSame(signature, secret))) return null;', refuse('the token is not the secret')]
        : compare(recipe),
    ]),
    '}',
  ];
}

function fixed({ fixedHeader }: SnippetRecipe): Lines {
  if (fixedHeader === null) return [];
  const [name, value] = fixedHeader;
  return [`if (headers(${quote(name)}) != ${quote(value)}) ${refuse(`${name} is not ${value}`)}`];
}

function readSignatures(recipe: SnippetRecipe): Lines {
  const { signature, time, proof } = recipe;
  if (signature.kind === 'json') {
    return [
      `var fields = JsonNode.Parse(body)?[${quote(signature.object)}];`,
      'var timestamp = fields?["timestamp"]?.ToString() ?? "";',
      'var token = fields?["token"]?.ToString() ?? "";',
      'var signatures = new[] { fields?["signature"]?.ToString() ?? "" };',
    ];
  }
  if (signature.kind === 'headers') {
    return [
      when(signature.names.length === 1 && proof.kind !== 'token', 'var signatures = new[] { signature };'),
      when(time?.place === 'json', `var timestamp = JsonNode.Parse(body)?[${quote(time?.name ?? '')}]?.ToString() ?? "";`),
    ];
  }
  const { separator, lead, timeLabel, listLabel } = signature;
  const startsWith = (label: string) => `entry.StartsWith(${quote(label)}, StringComparison.Ordinal)`;
  const entry = (label: string) => `entries.FirstOrDefault(entry => ${startsWith(label)})?.Substring(${label.length}) ?? "";`;
  return [
    `var entries = signature.Split('${separator}');`,
    when(timeLabel !== null, `var timestamp = ${entry(timeLabel ?? '')}`),
    when(listLabel !== null, `var listed = ${entry(listLabel ?? '')}`),
    '// While a secret is being rotated there may be several.',
    `var signatures = entries.Where(entry => ${startsWith(lead)}).ToArray();`,
  ];
}

function checkTime({ time }: SnippetRecipe): Lines {
  if (time === null || time.toleranceSeconds === null) return [];
  const late = `if (Math.Abs(ageSeconds) > ToleranceSeconds) ${refuse('the timestamp is too old or too far in the future')}`;
  if (time.unit === 'rfc3339') {
    return [
      'if (!DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.None, out var sentAt))',
      `    ${refuse('the timestamp is not a date and time')}`,
      'var ageSeconds = (DateTimeOffset.UtcNow - sentAt).TotalSeconds;',
      late,
    ];
  }
  return [
    'if (timestamp.Length > 15 || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sentAt))',
    `    ${refuse('the timestamp is not a whole number')}`,
    time.unit === 's'
      ? 'var ageSeconds = (double)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sentAt);'
      : 'var ageSeconds = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - sentAt) / 1000.0;',
    late,
  ];
}

function expressionOf(piece: SnippetPiece): string {
  switch (piece.kind) {
    case 'literal':
      return quote(piece.text);
    case 'decoded-url':
      return 'decodedUrl';
    case 'path':
      return 'target';
    case 'fields':
      return 'SortedFields(body)';
    case 'crc32':
      return 'Crc32.HashToUInt32(body).ToString()';
    case 'webhook-id':
      return 'WebhookId';
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
    case 'url':
    case 'body':
      return piece.kind;
  }
}

function signedBytes({ signed }: SnippetRecipe): string {
  const runs = runsOf(signed, expressionOf).map((run) =>
    run.kind === 'body' ? 'body' : `Encoding.UTF8.GetBytes(${run.expressions.join(' + ')})`,
  );
  const [first = '', ...others] = runs;
  return others.length === 0 ? first : `${first}${others.map((run) => `.Concat(${run})`).join('')}.ToArray()`;
}

/** What must be known before the signed bytes can be put together. */
function preparation(recipe: SnippetRecipe): Lines {
  const { digestParameter } = recipe;
  const covered = readHeadersOf(recipe).filter(({ variable }) => variable !== 'signature');
  return [
    when(needsUrl(recipe), 'var url = Origin + target;'),
    when(
      signs(recipe, 'decoded-url'),
      'var decodedUrl = Regex.Replace(url, "%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", match => Uri.UnescapeDataString(match.Value), RegexOptions.IgnoreCase);',
    ),
    when(
      digestParameter !== null,
      `var digest = QueryHelpers.ParseQuery(new Uri(url).Query).GetValueOrDefault(${quote(digestParameter ?? '')}).ToString();`,
      `if (!IsSame(digest, Convert.ToHexString(SHA256.HashData(body)).ToLowerInvariant())) ${refuse(`${digestParameter ?? ''} in the URL is not the hash of the body`)}`,
    ),
    when(signs(recipe, 'path'), `if (target.IndexOfAny(new[] { '?', '%' }) >= 0) ${refuse('the webhook is registered with a query')}`),
    when(signs(recipe, 'listed-values'), `var listedValues = string.Join(".", listed.Split(' ').Select(headers));`),
    when(
      signs(recipe, 'listed-lines'),
      `var names = listed.ToLowerInvariant().Split(',').Select(name => name.Trim()).OrderBy(name => name, StringComparer.Ordinal).ToArray();`,
      ...covered.map(({ name }) => `if (!names.Contains(${quote(name.toLowerCase())})) ${refuse(`${name} is not signed`)}`),
      `var listedLines = string.Join(";", names.Select(name => name + ":" + headers(name).Trim()));`,
    ),
  ];
}

function compare(recipe: SnippetRecipe): Lines {
  const { proof } = recipe;
  const lead = leadOf(recipe);
  const digits = lead === '' ? 'candidate' : `candidate.Substring(${lead.length})`;
  const found: Lines =
    proof.kind === 'mac'
      ? [
          `    var expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)};`,
          '    if (signatures.Any(candidate => IsSame(candidate, expected))) return null;',
        ]
      : [
          `    ${keyLine(recipe)}`,
          '    foreach (var candidate in signatures)',
          '    {',
          '        try',
          '        {',
          `            if (${verifyExpression(recipe, digits)}) return null;`,
          '        }',
          '        catch (FormatException)',
          '        {',
          '            // No signature of this kind; perhaps another entry is.',
          '        }',
          '    }',
        ];
  return [
    preparation(recipe),
    `byte[] signed = ${signedBytes(recipe)};`,
    'foreach (var secret in secrets)',
    '{',
    found,
    '}',
    refuse('the signature does not match'),
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

function keyLine({ proof }: SnippetRecipe): string {
  switch (proof.kind) {
    case 'ed25519': {
      const bytes =
        proof.key === 'hex'
          ? 'Convert.FromHexString(secret)'
          : 'Convert.FromBase64String(secret.StartsWith("whpk_", StringComparison.Ordinal) ? secret.Substring(5) : secret)';
      return `var key = PublicKey.Import(SignatureAlgorithm.Ed25519, ${bytes}, KeyBlobFormat.RawPublicKey);`;
    }
    case 'ecdsa-p256':
      return 'using var key = ECDsa.Create(); key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(secret), out _);';
    case 'rsa-certificate':
      return 'using var key = X509Certificate2.CreateFromPem(secret).GetRSAPublicKey()!;';
    case 'mac':
    case 'token':
      return '';
  }
}

function verifyExpression({ proof }: SnippetRecipe, digits: string): string {
  if (proof.kind === 'mac' || proof.kind === 'token') return '';
  const bytes = `Convert.From${proof.encoding === 'hex' ? 'Hex' : 'Base64'}String(${digits})`;
  switch (proof.kind) {
    case 'ed25519':
      return `SignatureAlgorithm.Ed25519.Verify(key, signed, ${bytes})`;
    case 'ecdsa-p256':
      return `key.VerifyData(signed, ${bytes}, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)`;
    case 'rsa-certificate':
      return `key.VerifyData(signed, ${bytes}, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)`;
  }
}

function helpers(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  if (library !== null) return [];
  return [
    when(
      recipe.proof.kind === 'mac' || recipe.proof.kind === 'token',
      '',
      '/// <summary>Compares without telling by its duration where two texts differ.</summary>',
      'private static bool IsSame(string left, string right) =>',
      '    CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));',
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

function callOf(recipe: SnippetRecipe): string {
  const names = {
    method: 'request.Method',
    // As it stands in the request line; Path has been decoded.
    target: 'request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget',
    headers: 'name => request.Headers[name].ToString()',
    body: 'content.ToArray()',
  };
  return `Receiver.RefusalOf(${[...partsOf(recipe).map((part) => names[part]), 'Receiver.Secrets'].join(', ')})`;
}

function server(recipe: SnippetRecipe): Lines {
  return [
    'var app = WebApplication.CreateBuilder(args).Build();',
    `if (Receiver.Secrets.Length == 0) throw new InvalidOperationException("Set ${keyVariable(recipe).name}.");`,
    'app.MapPost("/{**path}", async (HttpRequest request) =>',
    '{',
    '    using var content = new MemoryStream();',
    '    await request.Body.CopyToAsync(content);',
    `    var refusal = ${callOf(recipe)};`,
    '    if (refusal is not null) app.Logger.LogWarning("Refused: {Refusal}.", refusal);',
    '    // Handle a genuine event here; answer soon, and do long work later.',
    '    return Results.StatusCode(refusal is null ? 204 : 401);',
    '});',
    'app.Run($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "3000"}");',
  ];
}

function controller(recipe: SnippetRecipe) {
  return {
    name: 'ASP.NET Core controllers',
    dependencies: [],
    filename: 'SignedWebhookMiddleware.cs',
    code: code([
      '// In Program.cs: app.Use(SignedWebhooks.Check); before app.MapControllers();',
      'public static class SignedWebhooks',
      '{',
      '    public static async Task Check(HttpContext context, RequestDelegate next)',
      '    {',
      '        var request = context.Request;',
      '        if (!request.Path.StartsWithSegments("/webhooks")) { await next(context); return; }',
      '        // Keeps the bytes, so that they can be verified first and bound to a model after.',
      '        request.EnableBuffering();',
      '        using var content = new MemoryStream();',
      '        await request.Body.CopyToAsync(content);',
      '        request.Body.Position = 0;',
      `        if (${callOf(recipe)} is null) await next(context);`,
      '        else context.Response.StatusCode = StatusCodes.Status401Unauthorized;',
      '    }',
      '}',
    ]),
  };
}
