import type { HashName } from '../../signing/signature-form.ts';
import { doubleQuoted as quote, when, type Lines } from '../code-text.ts';
import { comparesText, optionalHeadersOf, readsJson, signs, type SnippetRecipe } from '../recipe.ts';

const macNames: Readonly<Record<HashName, string>> = { sha1: 'HmacSHA1', sha256: 'HmacSHA256', sha384: 'HmacSHA384', sha512: 'HmacSHA512' };

/** Hash functions as the JDK names them. */
export const hashNames: Readonly<Record<HashName, string>> = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

/** Lines that check whether a candidate is the MAC of `signed` by the key `secret`. */
export function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    macLines(recipe, 'signed.toByteArray()'),
    `var expected = ${lead === '' ? '' : `${quote(lead)} + `}${encodedMac(recipe)};`,
    'for (var candidate : signatures) {',
    '    if (isSame(candidate, expected)) return null;',
    '}',
  ];
}

/** Lines that check whether a candidate verifies over `signed` with the public key `secret`. */
export function compareKey(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `PublicKey key = ${keyExpression(recipe)};`,
    'for (var candidate : signatures) {',
    '    try {',
    `        var verifier = Signature.getInstance("${signatureName(recipe)}");`,
    '        verifier.initVerify(key);',
    '        verifier.update(signed.toByteArray());',
    `        if (verifier.verify(${decodedCandidate(recipe, lead)})) return null;`,
    '    } catch (SignatureException | IllegalArgumentException error) {',
    '        // No signature of this kind; perhaps another entry is.',
    '    }',
    '}',
  ];
}

/** Lines that compute the MAC of what `signed` names by the key `secret`. */
export function macLines({ proof }: SnippetRecipe, signed: string): Lines {
  if (proof.kind !== 'mac') return [];
  const key = {
    text: 'secret.getBytes(StandardCharsets.UTF_8)',
    whsec: 'Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""))',
    base64: 'Base64.getDecoder().decode(secret)',
    hex: 'HexFormat.of().parseHex(secret)',
  }[proof.secret];
  return proof.isKeyed
    ? [
        `var mac = Mac.getInstance("${macNames[proof.hash]}");`,
        `mac.init(new SecretKeySpec(${key}, "${macNames[proof.hash]}"));`,
        `var digits = mac.doFinal(${signed});`,
      ]
    : [`var hash = MessageDigest.getInstance("${hashNames[proof.hash]}");`, `hash.update(${key});`, `var digits = hash.digest(${signed});`];
}

/** What `macLines` computed, as text in the encoding of the scheme. */
export function encodedMac({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  switch (proof.encoding) {
    case 'hex':
      return 'HexFormat.of().formatHex(digits)';
    case 'base64':
      return 'Base64.getEncoder().encodeToString(digits)';
    case 'base64url':
      return 'Base64.getUrlEncoder().withoutPadding().encodeToString(digits)';
  }
}

function signatureName({ proof }: SnippetRecipe): string {
  if (proof.kind === 'ed25519') return 'Ed25519';
  if (proof.kind !== 'ecdsa-p256') return 'SHA256withRSA';
  return proof.form === 'pair' ? 'SHA256withECDSAinP1363Format' : 'SHA256withECDSA';
}

function decodedCandidate({ proof }: SnippetRecipe, lead: string): string {
  const digits = lead === '' ? 'candidate' : `candidate.substring(${lead.length})`;
  if (proof.kind === 'token') return '';
  return {
    hex: `HexFormat.of().parseHex(${digits})`,
    base64: `Base64.getDecoder().decode(${digits})`,
    base64url: `Base64.getUrlDecoder().decode(${digits})`,
  }[proof.encoding];
}

function keyExpression({ proof }: SnippetRecipe): string {
  switch (proof.kind) {
    case 'ed25519':
      return {
        hex: 'ed25519Key(secret)',
        base64: 'ed25519Key(HexFormat.of().formatHex(Base64.getDecoder().decode(secret)))',
        whpk: 'ed25519Key(HexFormat.of().formatHex(Base64.getDecoder().decode(secret.replaceFirst("^whpk_", ""))))',
        pem: keyOfPem('Ed25519'),
      }[proof.key];
    case 'ecdsa-p256':
      return {
        spki: 'KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(secret)))',
        pem: keyOfPem('EC'),
        jwk: 'keyOf(new ObjectMapper().readTree(secret))',
      }[proof.key];
    case 'rsa-certificate':
      return 'CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(secret.getBytes(StandardCharsets.UTF_8))).getPublicKey()';
    case 'mac':
    case 'token':
      return 'null';
  }
}

function keyOfPem(algorithm: string): string {
  const der = 'Base64.getMimeDecoder().decode(secret.replaceAll("-----[A-Z ]+-----", ""))';
  return `KeyFactory.getInstance("${algorithm}").generatePublic(new X509EncodedKeySpec(${der}))`;
}

/** What the steps take from the JDK and from Jackson. */
export function javaImports(recipe: SnippetRecipe): readonly string[] {
  const { proof, time, signature, contentDigest } = recipe;
  const isHashing = recipe.digestParameter !== null || signature.kind === 'jwt';
  const isMap = signs(recipe, 'listed-values', 'listed-lines');
  const hasOptional = optionalHeadersOf(recipe).length > 0;
  return [
    'java.nio.charset.StandardCharsets',
    ...proofImports(recipe),
    ...(proof.kind === 'token' || signature.kind === 'items' ? [] : ['java.io.ByteArrayOutputStream']),
    ...(comparesText(recipe) || isHashing || contentDigest !== null ? ['java.security.MessageDigest'] : []),
    ...(isHashing ? ['java.util.HexFormat'] : []),
    ...(contentDigest === null ? [] : ['java.util.Base64']),
    ...(signature.kind === 'entries' || hasOptional || isMap ? ['java.util.Arrays'] : []),
    ...(hasOptional || isMap || signs(recipe, 'field') ? ['java.util.Objects'] : []),
    ...(time?.unit === 'rfc3339' && time.toleranceSeconds !== null
      ? ['java.time.Duration', 'java.time.Instant', 'java.time.OffsetDateTime', 'java.time.format.DateTimeParseException']
      : []),
    ...(signs(recipe, 'decoded-url') ? ['java.util.regex.Matcher', 'java.util.regex.Pattern'] : []),
    ...(signature.kind === 'message' ? ['java.util.regex.Pattern'] : []),
    ...(signs(recipe, 'fields') ? ['java.net.URLDecoder', 'java.util.TreeMap', 'java.util.TreeSet'] : []),
    ...(signs(recipe, 'crc32') ? ['java.util.zip.CRC32'] : []),
    ...(isMap ? ['java.util.stream.Collectors'] : []),
    ...(readsJson(recipe) ? ['com.fasterxml.jackson.databind.JsonNode', 'com.fasterxml.jackson.databind.ObjectMapper'] : []),
    ...(signature.kind === 'items' || signature.kind === 'jwt' ? ['java.io.IOException'] : []),
  ];
}

/** What checking or making a signature takes from the JDK. */
export function proofImports({ proof }: SnippetRecipe): readonly string[] {
  const signing = ['java.security.PublicKey', 'java.security.Signature', 'java.security.SignatureException'];
  const decoding = (encoding: 'hex' | 'base64' | 'base64url') => (encoding === 'hex' ? 'java.util.HexFormat' : 'java.util.Base64');
  switch (proof.kind) {
    case 'mac':
      return [
        ...(proof.isKeyed ? ['javax.crypto.Mac', 'javax.crypto.spec.SecretKeySpec'] : []),
        decoding(proof.encoding),
        ...(proof.secret === 'text' ? [] : [decoding(proof.secret === 'hex' ? 'hex' : 'base64')]),
      ];
    case 'token':
      return [];
    case 'ed25519':
      return [
        ...signing,
        'java.security.KeyFactory',
        'java.security.spec.X509EncodedKeySpec',
        decoding(proof.encoding),
        ...(proof.key === 'pem' ? [] : ['java.util.HexFormat']),
      ];
    case 'ecdsa-p256':
      return [...signing, 'java.security.KeyFactory', 'java.security.spec.X509EncodedKeySpec', 'java.util.Base64'];
    case 'rsa-certificate':
      return [...signing, 'java.io.ByteArrayInputStream', 'java.security.cert.CertificateFactory', decoding(proof.encoding)];
  }
}

/** Functions that the steps call. */
export function javaHelpers(recipe: SnippetRecipe): Lines {
  const { proof } = recipe;
  return [
    when(
      comparesText(recipe),
      '',
      '/** Compares without telling by its duration where two texts differ. */',
      'static boolean isSame(String left, String right) {',
      '    return MessageDigest.isEqual(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));',
      '}',
    ),
    when(
      proof.kind === 'ed25519' && proof.key !== 'pem',
      '',
      '/** A key of its 32 bytes in hex; what stands before them makes the form that Java reads (RFC 8410). */',
      'static PublicKey ed25519Key(String hex) throws Exception {',
      '    var encoded = HexFormat.of().parseHex("302a300506032b6570032100" + hex);',
      '    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));',
      '}',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.key === 'jwk',
      '',
      '/** A P-256 key of its coordinates: what stands before them makes the form that Java reads (RFC 5480). */',
      'static PublicKey keyOf(JsonNode jwk) throws Exception {',
      '    var encoded = new ByteArrayOutputStream();',
      '    encoded.write(HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"));',
      '    encoded.write(Base64.getUrlDecoder().decode(jwk.path("x").asText()));',
      '    encoded.write(Base64.getUrlDecoder().decode(jwk.path("y").asText()));',
      '    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));',
      '}',
    ),
    when(
      signs(recipe, 'fields'),
      '',
      '/** Each name of the form with each of its values, names and values sorted and each once. */',
      'static String sortedFields(byte[] body) {',
      '    var fields = new TreeMap<String, TreeSet<String>>();',
      '    for (var pair : new String(body, StandardCharsets.UTF_8).split("&")) {',
      '        if (pair.isEmpty()) continue;',
      '        var parts = pair.split("=", 2);',
      '        var value = parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);',
      '        fields.computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), name -> new TreeSet<>()).add(value);',
      '    }',
      '    var text = new StringBuilder();',
      '    fields.forEach((name, values) -> values.forEach(value -> text.append(name).append(value)));',
      '    return text.toString();',
      '}',
    ),
  ];
}
