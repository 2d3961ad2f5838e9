import type { HashName } from '../../signing/signature-form.ts';
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

/** Receivers for Java 17 and later, on the HTTP server of the JDK. */
export const java: SnippetWriter = {
  language: 'java',
  title: 'Java',
  filename: 'Receiver.java',
  write: (recipe, library) => ({
    code: inAscii(program(recipe, library)),
    dependencies:
      library !== null ? [library.dependency] : recipe.time?.place === 'json' ? ['com.fasterxml.jackson.core:jackson-databind'] : [],
  }),
  frameworks: (recipe) => [spring(recipe)],
};

/** javac reads a source in the machine's own character set unless told otherwise, so everything else is written as an escape. */
function inAscii(source: string): string {
  return source.replaceAll('…', '...').replace(/[^\t\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const macNames: Readonly<Record<HashName, string>> = { sha1: 'HmacSHA1', sha256: 'HmacSHA256', sha384: 'HmacSHA384', sha512: 'HmacSHA512' };
const hashNames: Readonly<Record<HashName, string>> = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'String method',
  target: 'String target',
  headers: 'UnaryOperator<String> headers',
  body: 'byte[] body',
};

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    // A lone backslash before u would be read as an escape, even in a comment.
    heading('//', recipe, library?.remark == null ? [] : [library.remark]).map((line) => line.replaceAll('\\u', '\\\\u')),
    `// ${startLine(recipe, 'java Receiver.java')}`,
    imports(recipe, library),
    '',
    'public class Receiver {',
    indent('    ', [
      '// While a key is being rotated the one from before still counts.',
      `static final List<String> SECRETS = Stream.of("${key.name}", "${key.name}_PREVIOUS")`,
      '        .map(System::getenv).filter(value -> value != null && !value.isEmpty()).toList();',
      when(
        needsUrl(recipe),
        '// What the sender calls, not what a proxy hands on: https://example.com, without a path.',
        'static final String ORIGIN = System.getenv("WEBHOOK_ORIGIN");',
      ),
      when(signs(recipe, 'webhook-id'), 'static final String WEBHOOK_ID = System.getenv("WEBHOOK_ID");'),
      when(toleranceSeconds !== null, `static final long TOLERANCE_SECONDS = ${toleranceSeconds ?? 0};`),
      '',
      '/** Why a request is refused, or null for a genuine one. {@code body} holds the bytes as they were received. */',
      library === null ? verifier(recipe) : libraryVerifier(recipe, library),
      helpers(recipe, library),
      '',
      server(recipe),
    ]),
    '}',
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const { proof, time, signature } = recipe;
  const names = new Set([
    'com.sun.net.httpserver.HttpServer',
    'java.net.InetSocketAddress',
    'java.util.List',
    'java.util.stream.Stream',
    ...(partsOf(recipe).includes('headers') || library !== null ? ['java.util.function.UnaryOperator'] : []),
  ]);
  if (library === null) {
    names.add('java.nio.charset.StandardCharsets');
    if (proof.kind !== 'token') names.add('java.io.ByteArrayOutputStream');
    if (proof.kind === 'mac' || proof.kind === 'token') names.add('java.security.MessageDigest');
    if (proof.kind === 'mac' && proof.isKeyed) names.add('javax.crypto.Mac').add('javax.crypto.spec.SecretKeySpec');
    if (proof.kind !== 'mac' && proof.kind !== 'token')
      names.add('java.security.Signature').add('java.security.PublicKey').add('java.security.SignatureException');
    if (proof.kind === 'rsa-certificate') names.add('java.security.cert.CertificateFactory').add('java.io.ByteArrayInputStream');
    if (proof.kind === 'ed25519' || proof.kind === 'ecdsa-p256')
      names.add('java.security.KeyFactory').add('java.security.spec.X509EncodedKeySpec');
    if (proof.kind !== 'token' && (proof.encoding !== 'hex' || (proof.kind === 'mac' && ['whsec', 'base64'].includes(proof.secret))))
      names.add('java.util.Base64');
    const usesHex =
      (proof.kind === 'mac' && (proof.encoding === 'hex' || proof.secret === 'hex')) ||
      proof.kind === 'ed25519' ||
      recipe.digestParameter !== null;
    if (usesHex) names.add('java.util.HexFormat');
    if (signature.kind === 'entries' || optionalHeadersOf(recipe).length > 0) names.add('java.util.Arrays');
    if (optionalHeadersOf(recipe).length > 0) names.add('java.util.Objects');
    if (time?.unit === 'rfc3339' && time.toleranceSeconds !== null) {
      for (const name of ['Duration', 'Instant', 'OffsetDateTime', 'format.DateTimeParseException']) names.add(`java.time.${name}`);
    }
    if (signs(recipe, 'decoded-url')) names.add('java.util.regex.Matcher').add('java.util.regex.Pattern');
    if (signs(recipe, 'fields')) for (const name of ['java.net.URLDecoder', 'java.util.TreeMap', 'java.util.TreeSet']) names.add(name);
    if (signs(recipe, 'crc32')) names.add('java.util.zip.CRC32');
    if (signs(recipe, 'listed-values', 'listed-lines'))
      names.add('java.util.Arrays').add('java.util.stream.Collectors').add('java.util.Objects');
    if (time?.place === 'json') names.add('com.fasterxml.jackson.databind.JsonNode').add('com.fasterxml.jackson.databind.ObjectMapper');
  }
  return [[...names].toSorted().map((name) => `import ${name};`), ...(library?.imports ?? [])];
}

function definition(parts: readonly RequestPart[]): string {
  return `static String refusalOf(${[...parts.map((part) => parameterTypes[part]), 'List<String> secrets'].join(', ')}) throws Exception {`;
}

function libraryVerifier(recipe: SnippetRecipe, { call, answers }: LibraryCall): Lines {
  const parts = new Set<RequestPart>([...partsOf(recipe), 'headers', 'body']);
  return [
    definition([...parts]),
    indent('    ', [
      when(needsUrl(recipe), 'var url = ORIGIN + target;'),
      'for (var secret : secrets) {',
      '    try {',
      answers === 'boolean' ? `        if (${call}) return null;` : [`        ${call};`, '        return null;'],
      '    } catch (Exception error) {',
      '        // Not made with this secret, or too old; perhaps the other one fits.',
      '    }',
      '}',
      'return "the signature does not match";',
    ]),
    '}',
  ];
}

function verifier(recipe: SnippetRecipe): Lines {
  const required = readHeadersOf(recipe);
  const optional = optionalHeadersOf(recipe);
  const missing = inWords(
    required.map(({ name }) => name),
    'or',
  );
  return [
    definition(partsOf(recipe)),
    indent('    ', [
      required.map(({ variable, name }) => `var ${variable} = headers.apply(${quote(name)});`),
      when(
        required.length > 0,
        `if (${required.map(({ variable }) => `${variable} == null || ${variable}.isEmpty()`).join(' || ')}) {`,
        `    return ${quote(`${missing} is missing`)};`,
        '}',
      ),
      fixed(recipe),
      when(
        optional.length > 0,
        `var signatures = Stream.of(${optional.map(quote).join(', ')}).map(headers).filter(Objects::nonNull).toList();`,
      ),
      readSignatures(recipe),
      checkTime(recipe),
      recipe.proof.kind === 'token'
        ? ['for (var secret : secrets) {', '    if (isSame(signature, secret)) return null;', '}', 'return "the token is not the secret";']
        : compare(recipe),
    ]),
    '}',
  ];
}

function fixed({ fixedHeader }: SnippetRecipe): Lines {
  if (fixedHeader === null) return [];
  const [name, value] = fixedHeader;
  return [`if (!${quote(value)}.equals(headers.apply(${quote(name)}))) return ${quote(`${name} is not ${value}`)};`];
}

function readSignatures(recipe: SnippetRecipe): Lines {
  const { signature, time, proof } = recipe;
  if (signature.kind === 'json') {
    return [
      `JsonNode fields = new ObjectMapper().readTree(body).path(${quote(signature.object)});`,
      'var timestamp = fields.path("timestamp").asText();',
      'var token = fields.path("token").asText();',
      'var signatures = List.of(fields.path("signature").asText());',
    ];
  }
  if (signature.kind === 'headers') {
    return [
      when(signature.names.length === 1 && proof.kind !== 'token', 'var signatures = List.of(signature);'),
      when(
        time?.place === 'json',
        'JsonNode fields = new ObjectMapper().readTree(body);',
        `var timestamp = fields.path(${quote(time?.name ?? '')}).asText();`,
      ),
    ];
  }
  const { separator, lead, timeLabel, listLabel } = signature;
  const entry = (label: string) =>
    `entries.stream().filter(entry -> entry.startsWith(${quote(label)})).findFirst().map(entry -> entry.substring(${label.length})).orElse("");`;
  return [
    `var entries = Arrays.asList(signature.split(${quote(separator)}));`,
    when(timeLabel !== null, `var timestamp = ${entry(timeLabel ?? '')}`),
    when(listLabel !== null, `var listed = ${entry(listLabel ?? '')}`),
    '// While a secret is being rotated there may be several.',
    `var signatures = entries.stream().filter(entry -> entry.startsWith(${quote(lead)})).toList();`,
  ];
}

function checkTime({ time }: SnippetRecipe): Lines {
  if (time === null || time.toleranceSeconds === null) return [];
  const late = 'if (Math.abs(ageMs) > TOLERANCE_SECONDS * 1000) return "the timestamp is too old or too far in the future";';
  if (time.unit === 'rfc3339') {
    return [
      'long ageMs;',
      'try {',
      '    ageMs = Duration.between(OffsetDateTime.parse(timestamp).toInstant(), Instant.now()).toMillis();',
      '} catch (DateTimeParseException error) {',
      '    return "the timestamp is not a date and time";',
      '}',
      late,
    ];
  }
  const age =
    time.unit === 's'
      ? '(System.currentTimeMillis() / 1000 - Long.parseLong(timestamp)) * 1000'
      : 'System.currentTimeMillis() - Long.parseLong(timestamp)';
  return ['if (!timestamp.matches("[0-9]{1,15}")) return "the timestamp is not a whole number";', `long ageMs = ${age};`, late];
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
      return 'sortedFields(body)';
    case 'crc32':
      return 'Long.toString(checksum.getValue())';
    case 'webhook-id':
      return 'WEBHOOK_ID';
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

function signedBytes({ signed }: SnippetRecipe): Lines {
  return [
    'var signed = new ByteArrayOutputStream();',
    runsOf(signed, expressionOf).map((run) => {
      if (run.kind === 'body') return 'signed.write(body);';
      const text = run.expressions.join(' + ');
      return `signed.write(${run.expressions.length === 1 ? text : `(${text})`}.getBytes(StandardCharsets.UTF_8));`;
    }),
  ];
}

/** What must be known before the signed bytes can be put together. */
function preparation(recipe: SnippetRecipe): Lines {
  const { digestParameter } = recipe;
  const covered = readHeadersOf(recipe).filter(({ variable }) => variable !== 'signature');
  return [
    when(needsUrl(recipe), 'var url = ORIGIN + target;'),
    when(
      signs(recipe, 'decoded-url'),
      'var decodedUrl = Pattern.compile("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", Pattern.CASE_INSENSITIVE).matcher(url)',
      '        .replaceAll(match -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 16))));',
    ),
    when(
      digestParameter !== null,
      `var digest = Stream.of(url.replaceFirst("^[^?]*[?]?", "").split("&")).filter(pair -> pair.startsWith(${quote(`${digestParameter ?? ''}=`)}))`,
      `        .findFirst().map(pair -> pair.substring(${(digestParameter ?? '').length + 1})).orElse("");`,
      'var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));',
      `if (!isSame(digest, hash)) return ${quote(`${digestParameter ?? ''} in the URL is not the hash of the body`)};`,
    ),
    when(signs(recipe, 'crc32'), 'var checksum = new CRC32();', 'checksum.update(body);'),
    when(signs(recipe, 'path'), 'if (target.matches(".*[?%].*")) return "the webhook is registered with a query";'),
    when(
      signs(recipe, 'listed-values'),
      'var listedValues = Arrays.stream(listed.split(" ")).map(name -> Objects.requireNonNullElse(headers.apply(name), ""))',
      '        .collect(Collectors.joining("."));',
    ),
    when(
      signs(recipe, 'listed-lines'),
      'var names = Arrays.stream(listed.toLowerCase().split(",")).map(String::trim).sorted().toList();',
      ...covered.map(({ name }) => `if (!names.contains(${quote(name.toLowerCase())})) return ${quote(`${name} is not signed`)};`),
      'var listedLines = names.stream().map(name -> name + ":" + Objects.requireNonNullElse(headers.apply(name), "").trim())',
      '        .collect(Collectors.joining(";"));',
    ),
  ];
}

function compare(recipe: SnippetRecipe): Lines {
  const { proof } = recipe;
  const lead = leadOf(recipe);
  const isGenuine =
    proof.kind === 'mac'
      ? [
          indent('    ', macLines(recipe)),
          `    var expected = ${lead === '' ? '' : `${quote(lead)} + `}${encodedMac(recipe)};`,
          '    for (var candidate : signatures) {',
          '        if (isSame(candidate, expected)) return null;',
          '    }',
        ]
      : [
          `    PublicKey key = ${keyExpression(recipe)};`,
          '    for (var candidate : signatures) {',
          '        try {',
          `            var verifier = Signature.getInstance("${signatureName(recipe)}");`,
          '            verifier.initVerify(key);',
          '            verifier.update(signed.toByteArray());',
          `            if (verifier.verify(${decodedCandidate(recipe, lead)})) return null;`,
          '        } catch (SignatureException | IllegalArgumentException error) {',
          '            // No signature of this kind; perhaps another entry is.',
          '        }',
          '    }',
        ];
  return [
    preparation(recipe),
    signedBytes(recipe),
    'for (var secret : secrets) {',
    isGenuine,
    '}',
    'return "the signature does not match";',
  ];
}

function macLines({ proof }: SnippetRecipe): Lines {
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
        'var digits = mac.doFinal(signed.toByteArray());',
      ]
    : [
        `var hash = MessageDigest.getInstance("${hashNames[proof.hash]}");`,
        `hash.update(${key});`,
        'var digits = hash.digest(signed.toByteArray());',
      ];
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
  return proof.kind === 'ed25519' ? 'Ed25519' : proof.kind === 'ecdsa-p256' ? 'SHA256withECDSA' : 'SHA256withRSA';
}

function decodedCandidate({ proof }: SnippetRecipe, lead: string): string {
  const digits = lead === '' ? 'candidate' : `candidate.substring(${lead.length})`;
  return proof.kind !== 'token' && proof.encoding === 'hex'
    ? `HexFormat.of().parseHex(${digits})`
    : `Base64.getDecoder().decode(${digits})`;
}

function keyExpression({ proof }: SnippetRecipe): string {
  switch (proof.kind) {
    case 'ed25519':
      return `ed25519Key(${proof.key === 'hex' ? 'secret' : 'HexFormat.of().formatHex(Base64.getDecoder().decode(secret.replaceFirst("^whpk_", "")))'})`;
    case 'ecdsa-p256':
      return 'KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(secret)))';
    case 'rsa-certificate':
      return 'CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(secret.getBytes(StandardCharsets.UTF_8))).getPublicKey()';
    case 'mac':
    case 'token':
      return 'null';
  }
}

function helpers(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  if (library !== null) return [];
  return [
    when(
      recipe.proof.kind === 'mac' || recipe.proof.kind === 'token',
      '',
      '/** Compares without telling by its duration where two texts differ. */',
      'static boolean isSame(String left, String right) {',
      '    return MessageDigest.isEqual(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));',
      '}',
    ),
    when(
      recipe.proof.kind === 'ed25519',
      '',
      '/** A key of its 32 bytes in hex; what stands before them makes the form that Java reads (RFC 8410). */',
      'static PublicKey ed25519Key(String hex) throws Exception {',
      '    var encoded = HexFormat.of().parseHex("302a300506032b6570032100" + hex);',
      '    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));',
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

/** A call of the function, given how a server names the parts of a request. */
function callOf(recipe: SnippetRecipe, names: Readonly<Record<RequestPart, string>>, secrets: string): string {
  return `refusalOf(${[...partsOf(recipe).map((part) => names[part]), secrets].join(', ')})`;
}

function server(recipe: SnippetRecipe): Lines {
  const names = {
    method: 'exchange.getRequestMethod()',
    target: 'exchange.getRequestURI().toString()',
    headers: 'exchange.getRequestHeaders()::getFirst',
    body: 'body',
  };
  const key = keyVariable(recipe).name;
  return [
    'public static void main(String[] arguments) throws Exception {',
    indent('    ', [
      `if (SECRETS.isEmpty()) throw new IllegalStateException("Set ${key}.");`,
      'var port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));',
      'var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);',
      'server.createContext("/", exchange -> {',
      '    var status = 400;',
      '    try {',
      '        var body = exchange.getRequestBody().readAllBytes();',
      `        var refusal = ${callOf(recipe, names, 'SECRETS')};`,
      '        if (refusal != null) System.err.println("Refused: " + refusal + ".");',
      '        // Handle a genuine event here; answer soon, and do long work later.',
      '        status = refusal == null ? 204 : 401;',
      '    } catch (Exception error) {',
      '        System.err.println(error);',
      '    }',
      '    exchange.sendResponseHeaders(status, -1);',
      '    exchange.close();',
      '});',
      'server.start();',
      'System.out.println("Listening on port " + server.getAddress().getPort());',
    ]),
    '}',
  ];
}

function spring(recipe: SnippetRecipe) {
  const query = '(request.getQueryString() == null ? "" : "?" + request.getQueryString())';
  const names = {
    method: 'request.getMethod()',
    target: `request.getRequestURI() + ${query}`,
    headers: 'request::getHeader',
    body: 'body == null ? new byte[0] : body',
  };
  return {
    name: 'Spring',
    dependencies: ['org.springframework.boot:spring-boot-starter-web'],
    filename: 'WebhookController.java',
    code: code([
      'import jakarta.servlet.http.HttpServletRequest;',
      'import org.springframework.http.ResponseEntity;',
      'import org.springframework.web.bind.annotation.PostMapping;',
      'import org.springframework.web.bind.annotation.RequestBody;',
      'import org.springframework.web.bind.annotation.RestController;',
      '',
      '@RestController',
      'public class WebhookController {',
      '    // byte[] takes the bytes as they were received; a class or a String would have them parsed or decoded.',
      '    @PostMapping("/webhooks")',
      '    ResponseEntity<Void> receive(HttpServletRequest request, @RequestBody(required = false) byte[] body) throws Exception {',
      `        var refusal = Receiver.${callOf(recipe, names, 'Receiver.SECRETS')};`,
      '        return ResponseEntity.status(refusal == null ? 204 : 401).build();',
      '    }',
      '}',
    ]),
  };
}
