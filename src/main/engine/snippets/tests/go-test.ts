import { textLiteral } from '#shared/request-code/literals.ts';
import { code, doubleQuoted as quote, indent, when, type Lines } from '../code-text.ts';
import { goDialect } from '../languages/go-dialect.ts';
import { block, encodedMac, macImports, macLines } from '../languages/go-proofs.ts';
import { isUrlSigned, type TestHeader, type TestPlan } from './plan.ts';
import { signedSteps } from './signing-steps.ts';
import { bodyLiteral, needsSettings, pascalCase, testHeading, valuesIn, type TestWriter } from './test-writer.ts';

/** A test of Go's own package, in a package of its own. */
export const goTest: TestWriter = {
  // A name that ends in _windows or _arm64 would be left out by Go on other systems.
  filename: (words) => `${words.join('_')}_webhook_test.go`,
  write: (plan, filename) => program(plan, `go test ${filename}`),
  notes: () => [
    'Its package is called webhooks_test: beside other files, call it as their package with _test behind.',
    'Go sends the headers in alphabetical order.',
  ],
};

const values = valuesIn({
  language: 'go',
  joint: ' + ',
  timestamp: 'timestamp',
  signature: 'signature',
  secret: 'secret',
  setting: (variable) => `setting(t, "${variable}")`,
});

const now = {
  s: 'strconv.FormatInt(time.Now().Unix(), 10)',
  ms: 'strconv.FormatInt(time.Now().UnixMilli(), 10)',
  rfc3339: 'time.Now().UTC().Format("2006-01-02T15:04:05.000Z")',
} as const;

function program(plan: TestPlan, command: string): string {
  const { fresh, method, headers, status, secretVariable, words } = plan;
  const { isText, literal } = bodyLiteral(plan.body, 'go');
  return code([
    testHeading('//', plan, command),
    'package webhooks_test',
    '',
    'import (',
    importsOf(plan, isText).map((name) => `\t"${name}"`),
    ')',
    '',
    `func Test${pascalCase(words)}(t *testing.T) {`,
    indent('\t', [
      isText ? `body := []byte(${literal})` : [`body, err := base64.StdEncoding.DecodeString(${literal})`, failing],
      `request, err := http.NewRequest(${quote(method)}, webhookURL(), bytes.NewReader(body))`,
      failing,
      headerLines(headers),
      fresh === null ? [] : block(`err := sign(request.Header, body, setting(t, "${secretVariable}")); err != nil`, 't.Fatal(err)'),
      'client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}',
      'response, err := client.Do(request)',
      failing,
      'defer response.Body.Close()',
      block(`response.StatusCode != ${status}`, `t.Errorf("the receiver answered %d in place of ${status}", response.StatusCode)`),
    ]),
    '}',
    signer(plan),
    '',
    'func webhookURL() string {',
    indent('\t', [block('value := os.Getenv("WEBHOOK_URL"); value != ""', 'return value'), `return ${textLiteral(plan.defaultUrl, 'go')}`]),
    '}',
    when(
      needsSettings(plan),
      '',
      'func setting(t *testing.T, name string) string {',
      '\tt.Helper()',
      '\tvalue := os.Getenv(name)',
      '\tif value == "" {',
      '\t\tt.Fatalf("Set %s.", name)',
      '\t}',
      '\treturn value',
      '}',
    ),
  ]);
}

const failing = block('err != nil', 't.Fatal(err)');

/** Assigned by name, since the methods of a header change the case of names. An empty user agent keeps Go from sending its own. */
function headerLines(headers: readonly TestHeader[]): Lines {
  const hasAgent = headers.some(({ name }) => name.toLowerCase() === 'user-agent');
  const named = headers.map((header) => (header.name.toLowerCase() === 'user-agent' ? { ...header, name: 'User-Agent' } : header));
  return [
    [...Map.groupBy(named, ({ name }) => name)].map(
      ([name, fields]) => `request.Header[${quote(name)}] = []string{${fields.map(values.captured).join(', ')}}`,
    ),
    hasAgent ? [] : 'request.Header["User-Agent"] = []string{""}',
  ];
}

function importsOf(plan: TestPlan, isText: boolean): readonly string[] {
  const { fresh } = plan;
  const isDecoded = fresh?.recipe.signed.some(({ kind }) => kind === 'decoded-url') === true;
  const unit = fresh?.timeUnit ?? null;
  return [
    ...new Set([
      'bytes',
      'net/http',
      'os',
      'testing',
      ...(isText ? [] : ['encoding/base64']),
      ...(fresh === null ? [] : macImports(fresh.recipe)),
      ...(unit === null ? [] : ['time']),
      ...(unit === 's' || unit === 'ms' ? ['strconv'] : []),
      ...(isUrlSigned(fresh) ? ['net/url'] : []),
      ...(isDecoded ? ['regexp'] : []),
    ]),
  ].toSorted();
}

function signer({ fresh }: TestPlan): Lines {
  if (fresh === null) return [];
  const { recipe, timeUnit, headers } = fresh;
  return [
    '',
    '// sign puts the signature into the headers.',
    'func sign(headers http.Header, body []byte, secret string) error {',
    indent('\t', [
      timeUnit === null ? [] : `timestamp := ${now[timeUnit]}`,
      when(
        isUrlSigned(fresh),
        'parsed, err := url.Parse(webhookURL())',
        block('err != nil', 'return err'),
        'target := parsed.RequestURI()',
        'origin := os.Getenv("WEBHOOK_ORIGIN")',
        block('origin == ""', 'origin = parsed.Scheme + "://" + parsed.Host'),
      ),
      signedSteps(goDialect, fresh, 'go'),
      recipe.proof.kind === 'mac' ? [macLines(recipe, 'signed'), `signature := ${encodedMac(recipe)}`] : [],
      headers.map((header) => `headers[${quote(header.name)}] = []string{${values.fresh(header)}}`),
      'return nil',
    ]),
    '}',
  ];
}
