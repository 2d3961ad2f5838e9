import { textLiteral } from '#shared/request-code/literals.ts';
import { code, doubleQuoted as quote, indent, when, type Lines } from '../code-text.ts';
import { inAscii } from '../languages/java.ts';
import { javaDialect } from '../languages/java-dialect.ts';
import { encodedMac, macLines, proofImports } from '../languages/java-proofs.ts';
import { isUrlSigned, type TestPlan } from './plan.ts';
import { signedSteps } from './signing-steps.ts';
import { bodyLiteral, needsSettings, pascalCase, testHeading, valuesIn, type TestWriter } from './test-writer.ts';

/** A class for JUnit 5, with the HTTP client of the JDK. */
export const junit: TestWriter = {
  filename: (words) => `${pascalCase(words)}Test.java`,
  write: (plan, filename) => {
    const name = filename.replace(/\.java$/, '');
    return inAscii(program(plan, `mvn -Dtest=${name} test`, name));
  },
  notes: () => ["Java's HTTP client adds User-Agent where the request has none."],
};

const values = valuesIn({
  language: 'java',
  joint: ' + ',
  timestamp: 'timestamp',
  signature: 'signature',
  secret: 'secret',
  setting: (variable) => `setting("${variable}")`,
});

const now = {
  s: 'Long.toString(System.currentTimeMillis() / 1000)',
  ms: 'Long.toString(System.currentTimeMillis())',
  rfc3339: 'Instant.now().truncatedTo(ChronoUnit.MILLIS).toString()',
} as const;

/** Characters of one literal: the compiler takes 65,535 bytes, of which a character is up to three. */
const literalCharacters = 20_000;

function program(plan: TestPlan, command: string, className: string): string {
  const { fresh, method, headers, status, secretVariable } = plan;
  return code([
    // A lone backslash before u would be read as an escape, even in a comment.
    testHeading('//', plan, command).map((line) => line.replaceAll('\\u', '\\\\u')),
    importsOf(plan).map((name) => `import ${name};`),
    '',
    `class ${className} {`,
    indent('    ', [
      '@Test',
      `void theReceiverAnswers${status}() throws Exception {`,
      indent('    ', [
        bodyLines(plan),
        '// Of its own the client would ask for HTTP/2, with headers for that.',
        'var request = HttpRequest.newBuilder(URI.create(url())).version(HttpClient.Version.HTTP_1_1)',
        `        .method(${quote(method)}, HttpRequest.BodyPublishers.ofByteArray(body));`,
        headers.map((header) => `request.header(${quote(header.name)}, ${values.captured(header)});`),
        fresh === null ? [] : `sign(request, body, setting("${secretVariable}"));`,
        'var response = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.discarding());',
        `assertEquals(${status}, response.statusCode());`,
      ]),
      '}',
      signer(plan),
      '',
      'private static String url() {',
      `    return System.getenv().getOrDefault("WEBHOOK_URL", ${textLiteral(plan.defaultUrl, 'java')});`,
      '}',
      when(
        needsSettings(plan),
        '',
        'private static String setting(String name) {',
        '    var value = System.getenv(name);',
        '    if (value == null || value.isEmpty()) throw new IllegalStateException("Set " + name + ".");',
        '    return value;',
        '}',
      ),
    ]),
    '}',
  ]);
}

function bodyLines({ body }: TestPlan): Lines {
  const { isText, literal } = bodyLiteral(body, 'java');
  const made = (text: string) => (isText ? `${text}.getBytes(StandardCharsets.UTF_8)` : `Base64.getDecoder().decode(${text})`);
  if (literal.length <= literalCharacters) return [`var body = ${made(literal)};`];
  const parts = partsOf(literal.slice(1, -1));
  return [
    'var text = String.join("",',
    parts.map((part, index) => `        "${part}"${index === parts.length - 1 ? ');' : ','}`),
    `var body = ${made('text')};`,
  ];
}

/** The content of a literal in parts, none of which ends within an escape. */
function partsOf(content: string): readonly string[] {
  const escapes = /\\(?:u[0-9a-f]{4}|[0-7]{3}|.)|[^\\]/gs;
  const parts: string[] = [];
  let from = 0;
  for (const { index, 0: unit } of content.matchAll(escapes)) {
    const end = index + unit.length;
    if (end - from < literalCharacters) continue;
    parts.push(content.slice(from, end));
    from = end;
  }
  return [...parts, content.slice(from)];
}

function importsOf({ fresh, body }: TestPlan): readonly string[] {
  const { isText } = bodyLiteral(body, 'java');
  const proof = fresh?.recipe.proof;
  const isMac = proof?.kind === 'mac';
  const isDecoded = fresh?.recipe.signed.some(({ kind }) => kind === 'decoded-url') === true;
  const names = new Set([
    'java.net.URI',
    'java.net.http.HttpClient',
    'java.net.http.HttpRequest',
    'java.net.http.HttpResponse',
    'org.junit.jupiter.api.Test',
    ...(isText || isMac ? ['java.nio.charset.StandardCharsets'] : []),
    ...(isText ? [] : ['java.util.Base64']),
    ...(fresh === null ? [] : proofImports(fresh.recipe)),
    ...(isMac ? ['java.io.ByteArrayOutputStream'] : []),
    ...(isMac && !proof.isKeyed ? ['java.security.MessageDigest'] : []),
    ...(fresh?.timeUnit === 'rfc3339' ? ['java.time.Instant', 'java.time.temporal.ChronoUnit'] : []),
    ...(isDecoded ? ['java.util.regex.Matcher', 'java.util.regex.Pattern'] : []),
  ]);
  return ['static org.junit.jupiter.api.Assertions.assertEquals', ...[...names].toSorted()];
}

function signer({ fresh }: TestPlan): Lines {
  if (fresh === null) return [];
  const { recipe, timeUnit, headers } = fresh;
  const dialect = { ...javaDialect, url: 'var url = origin + target;' };
  return [
    '',
    'private static void sign(HttpRequest.Builder request, byte[] body, String secret) throws Exception {',
    indent('    ', [
      timeUnit === null ? [] : `var timestamp = ${now[timeUnit]};`,
      when(
        isUrlSigned(fresh),
        'var parsed = URI.create(url());',
        'var path = parsed.getRawPath().isEmpty() ? "/" : parsed.getRawPath();',
        'var target = parsed.getRawQuery() == null ? path : path + "?" + parsed.getRawQuery();',
        'var origin = System.getenv().getOrDefault("WEBHOOK_ORIGIN", parsed.getScheme() + "://" + parsed.getRawAuthority());',
      ),
      signedSteps(dialect, fresh, 'java'),
      recipe.proof.kind === 'mac' ? [macLines(recipe, 'signed.toByteArray()'), `var signature = ${encodedMac(recipe)};`] : [],
      headers.map((header) => `request.header(${quote(header.name)}, ${values.fresh(header)});`),
    ]),
    '}',
  ];
}
