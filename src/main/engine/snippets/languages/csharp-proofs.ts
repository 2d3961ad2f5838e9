import { doubleQuoted as quote, when, type Lines } from '../code-text.ts';
import { comparesText, readsJson, signs, type SnippetRecipe } from '../recipe.ts';

/** Lines that check whether a candidate is the MAC of `signed` by the key `secret`. */
export function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `var expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)};`,
    'if (signatures.Any(candidate => IsSame(candidate, expected))) return null;',
  ];
}

/** Lines that check whether a candidate verifies over `signed` with the public key `secret`. */
export function compareKey(recipe: SnippetRecipe, lead: string): Lines {
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

/** The MAC of `signed` by `secret`, as text in the encoding of the scheme. */
export function macExpression({ proof }: SnippetRecipe): string {
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
        base64: ['Convert.FromBase64String(secret)', 'RawPublicKey'],
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

/** Namespaces that the steps use besides the implicit ones of an ASP.NET Core project. */
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
