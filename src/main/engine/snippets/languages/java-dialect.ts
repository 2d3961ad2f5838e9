import type { HashName } from '../../signing/signature-form.ts';
import { doubleQuoted as quote, indent, when, type Lines } from '../code-text.ts';
import type { Dialect } from '../dialect.ts';
import { comparesText, optionalHeadersOf, readsJson, signs, type RequestPart, type SnippetRecipe } from '../recipe.ts';

const macNames: Readonly<Record<HashName, string>> = { sha1: 'HmacSHA1', sha256: 'HmacSHA256', sha384: 'HmacSHA384', sha512: 'HmacSHA512' };
const hashNames: Readonly<Record<HashName, string>> = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'String method',
  target: 'String target',
  headers: 'UnaryOperator<String> headers',
  body: 'byte[] body',
};

const refuse = (sentence: string) => `return ${quote(sentence)};`;
const header = (name: string) => `headers.apply(${quote(name)})`;
const isLate = (sentence: string) => `if (Math.abs(ageMs) > TOLERANCE_SECONDS * 1000) ${refuse(sentence)}`;
const at = (node: string, path: readonly string[]) => `${node}${path.map((name) => `.path(${quote(name)})`).join('')}.asText()`;

/** How Java says the steps of verifying, with the JDK alone but for JSON, which Jackson reads. */
export const javaDialect: Dialect = {
  step: '    ',
  open: (parts) =>
    `static String refusalOf(${[...parts.map((part) => parameterTypes[part]), 'List<String> secrets'].join(', ')}) throws Exception {`,
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
    'target-path': 'target.split("[?]", 2)[0]',
    'target-query': '"?" + target.replaceFirst("^[^?]*[?]?", "")',
    'origin-scheme': 'ORIGIN.split("://")[0]',
    authority: 'ORIGIN.split("://")[1]',
    fields: 'sortedFields(body)',
    crc32: 'Long.toString(checksum.getValue())',
    'webhook-id': 'WEBHOOK_ID',
    'listed-names': 'listed',
    'listed-values': 'listedValues',
    'listed-lines': 'listedLines',
    digest: 'digest',
    parameters: 'found.group(1)',
    'unsigned-token': 'parts[0] + "." + parts[1]',
    body: 'body',
  },
  field: (name) => `Objects.requireNonNullElse(${header(name)}, "").trim()`,
  refuse,

  readHeaders: (headers, sentence) => [
    headers.map(({ variable, name }) => `var ${variable} = ${header(name)};`),
    `if (${headers.map(({ variable }) => `${variable} == null || ${variable}.isEmpty()`).join(' || ')}) {`,
    `    ${refuse(sentence)}`,
    '}',
  ],
  requireValue: (name, value, sentence) => `if (!${quote(value)}.equals(${header(name)})) ${refuse(sentence)}`,
  readAlternatives: (names) => `var signatures = Stream.of(${names.map(quote).join(', ')}).map(headers).filter(Objects::nonNull).toList();`,
  takeOne: 'var signatures = List.of(signature);',
  readEntries: ({ separator, lead, timeLabel, listLabel }) => {
    const entry = (label: string) =>
      `entries.stream().filter(entry -> entry.startsWith(${quote(label)})).findFirst().map(entry -> entry.substring(${label.length})).orElse("");`;
    return [
      `var entries = Arrays.asList(signature.split(${quote(separator)}));`,
      timeLabel === null ? null : `var timestamp = ${entry(timeLabel)}`,
      listLabel === null ? null : `var listed = ${entry(listLabel)}`,
      '// While a secret is being rotated there may be several.',
      `var signatures = entries.stream().filter(entry -> entry.startsWith(${quote(lead)})).toList();`,
    ];
  },
  readObject: (object) => [
    `JsonNode fields = new ObjectMapper().readTree(body).path(${quote(object)});`,
    'var timestamp = fields.path("timestamp").asText();',
    'var token = fields.path("token").asText();',
    'var signatures = List.of(fields.path("signature").asText());',
  ],
  readBodyTime: (field) => [
    'JsonNode fields = new ObjectMapper().readTree(body);',
    `var timestamp = fields.path(${quote(field)}).asText();`,
  ],
  readToken: ({ algorithm, digestClaim }, claim, { shape, ...refusals }) => [
    'var parts = token.split("[.]", -1);',
    `if (parts.length != 3) ${refuse(shape)}`,
    'JsonNode head;',
    'JsonNode claims;',
    'try {',
    '    head = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[0]));',
    '    claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));',
    '} catch (IOException | IllegalArgumentException error) {',
    `    ${refuse(shape)}`,
    '}',
    '// Before any key is used: a token may not choose how it is checked.',
    `if (!head.path("alg").asText().equals(${quote(algorithm)})) ${refuse(refusals.algorithm)}`,
    `var timestamp = ${at('claims', [claim])};`,
    'var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));',
    `if (!${at('claims', [digestClaim])}.equals(hash)) ${refuse(refusals.digest)}`,
    'var signatures = List.of(parts[2]);',
  ],
  readMessage: (inputPattern, signaturePattern, sentence) => [
    `var found = Pattern.compile(${quote(inputPattern)}).matcher(input);`,
    `var made = Pattern.compile(${quote(signaturePattern)}).matcher(signature);`,
    `if (!found.find() || !made.find()) ${refuse(sentence)}`,
    'var timestamp = found.group(2);',
    'var signatures = List.of(made.group(1));',
  ],
  checkItems: ({ list, wrapper, signature, fields, separator }, recipe, { none, mismatch }) => [
    'JsonNode items;',
    'try {',
    `    items = new ObjectMapper().readTree(body).path(${quote(list)});`,
    '} catch (IOException error) {',
    `    ${refuse(none)}`,
    '}',
    `if (items.isEmpty()) ${refuse(none)}`,
    '// Each is signed by itself, so one that is not genuine spoils them all.',
    'for (var entry : items) {',
    indent('    ', [
      `var item = entry.path(${quote(wrapper)});`,
      `var signed = String.join(${quote(separator)},`,
      fields.map(
        (path, index) => `        ${at('item', path)}${index === fields.length - 1 ? ').getBytes(StandardCharsets.UTF_8);' : ','}`,
      ),
      'var isGenuine = false;',
      'for (var secret : secrets) {',
      indent('    ', [macLines(recipe, 'signed'), `if (isSame(${at('item', signature)}, ${encodedMac(recipe)})) isGenuine = true;`]),
      '}',
      `if (!isGenuine) ${refuse(mismatch)}`,
    ]),
    '}',
    'return null;',
  ],

  checkNumber: (unit, { form, late }) => [
    `if (!timestamp.matches("[0-9]{1,15}")) ${refuse(form)}`,
    `long ageMs = ${unit === 's' ? '(System.currentTimeMillis() / 1000 - Long.parseLong(timestamp)) * 1000' : 'System.currentTimeMillis() - Long.parseLong(timestamp)'};`,
    isLate(late),
  ],
  checkDate: ({ form, late }) => [
    'long ageMs;',
    'try {',
    '    ageMs = Duration.between(OffsetDateTime.parse(timestamp).toInstant(), Instant.now()).toMillis();',
    '} catch (DateTimeParseException error) {',
    `    ${refuse(form)}`,
    '}',
    isLate(late),
  ],

  url: 'var url = ORIGIN + target;',
  decodedUrl: [
    'var decodedUrl = Pattern.compile("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", Pattern.CASE_INSENSITIVE).matcher(url)',
    '        .replaceAll(match -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 16))));',
  ],
  checksum: ['var checksum = new CRC32();', 'checksum.update(body);'],
  checkParameter: (name, sentence) => [
    `var digest = Stream.of(url.replaceFirst("^[^?]*[?]?", "").split("&")).filter(pair -> pair.startsWith(${quote(`${name}=`)}))`,
    `        .findFirst().map(pair -> pair.substring(${name.length + 1})).orElse("");`,
    'var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));',
    `if (!isSame(digest, hash)) ${refuse(sentence)}`,
  ],
  checkDigest: ({ label, hash }, sentence) => [
    `var hash = Base64.getEncoder().encodeToString(MessageDigest.getInstance("${hashNames[hash]}").digest(body));`,
    `if (!digest.equals("${label}=:" + hash + ":")) ${refuse(sentence)}`,
  ],
  refuseQuery: (sentence) => `if (target.matches(".*[?%].*")) ${refuse(sentence)}`,
  listedValues: [
    'var listedValues = Arrays.stream(listed.split(" ")).map(name -> Objects.requireNonNullElse(headers.apply(name), ""))',
    '        .collect(Collectors.joining("."));',
  ],
  listedNames: 'var names = Arrays.stream(listed.toLowerCase().split(",")).map(String::trim).sorted().toList();',
  requireListed: (name, sentence) => `if (!names.contains(${quote(name)})) ${refuse(sentence)}`,
  listedLines: [
    'var listedLines = names.stream().map(name -> name + ":" + Objects.requireNonNullElse(headers.apply(name), "").trim())',
    '        .collect(Collectors.joining(";"));',
  ],

  join: (runs) => [
    'var signed = new ByteArrayOutputStream();',
    runs.map((run) => {
      if (run.kind === 'body') return 'signed.write(body);';
      const text = run.expressions.join(' + ');
      return `signed.write(${run.expressions.length === 1 && !text.includes(' + ') ? text : `(${text})`}.getBytes(StandardCharsets.UTF_8));`;
    }),
  ],
  compareToken: (sentence) => ['for (var secret : secrets) {', '    if (isSame(signature, secret)) return null;', '}', refuse(sentence)],
  compare: (recipe, lead, sentence) => [
    'for (var secret : secrets) {',
    indent('    ', recipe.proof.kind === 'mac' ? compareMac(recipe, lead) : compareKey(recipe, lead)),
    '}',
    refuse(sentence),
  ],
};

function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    macLines(recipe, 'signed.toByteArray()'),
    `var expected = ${lead === '' ? '' : `${quote(lead)} + `}${encodedMac(recipe)};`,
    'for (var candidate : signatures) {',
    '    if (isSame(candidate, expected)) return null;',
    '}',
  ];
}

function compareKey(recipe: SnippetRecipe, lead: string): Lines {
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

function macLines({ proof }: SnippetRecipe, signed: string): Lines {
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

function encodedMac({ proof }: SnippetRecipe): string {
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

function proofImports({ proof }: SnippetRecipe): readonly string[] {
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
