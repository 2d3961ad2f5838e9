import { textLiteral } from '#shared/request-code/literals.ts';
import { code, doubleQuoted as quote, indent, when, type Lines } from '../code-text.ts';
import { pythonDialect } from '../languages/python-dialect.ts';
import { macExpression } from '../languages/python-proofs.ts';
import { isUrlSigned, type TestPlan } from './plan.ts';
import { signedSteps } from './signing-steps.ts';
import { bodyLiteral, needsSettings, testHeading, valuesIn, type TestWriter } from './test-writer.ts';

/** A function for pytest, with the HTTP client of Python's own library. */
export const pytest: TestWriter = {
  filename: (words) => `test_${words.join('_')}.py`,
  write: (plan, filename) => program(plan, `pytest ${filename}`),
  notes: () => [],
};

const values = valuesIn({
  language: 'python',
  joint: ' + ',
  timestamp: 'timestamp',
  signature: 'signature',
  secret: 'secret',
  setting: (variable) => `setting("${variable}")`,
});

const now = {
  s: 'str(int(time.time()))',
  ms: 'str(int(time.time() * 1000))',
  rfc3339: 'datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")',
} as const;

function program(plan: TestPlan, command: string): string {
  const { fresh, method, headers, status, secretVariable, words } = plan;
  const { isText, literal } = bodyLiteral(plan.body, 'python');
  const own = fresh === null ? 'headers()' : `headers() + signature_headers(BODY, setting("${secretVariable}"))`;
  return code([
    testHeading('#', plan, command),
    imports(plan, isText),
    '',
    `URL = os.environ.get("WEBHOOK_URL", ${textLiteral(plan.defaultUrl, 'python')})`,
    when(isUrlSigned(fresh), 'ORIGIN = os.environ.get("WEBHOOK_ORIGIN") or urlunsplit(urlsplit(URL)[:2] + ("", "", ""))'),
    `BODY = ${isText ? `${literal}.encode()` : `base64.b64decode(${literal})`}`,
    '',
    '',
    `def test_receiver_answers_${status}_to_${words.join('_')}():`,
    `    assert status_of(${own}) == ${status}`,
    '',
    '',
    'def headers():',
    '    return [',
    headers.map((header) => `        (${quote(header.name)}, ${values.captured(header)}),`),
    '    ]',
    signer(plan),
    '',
    '',
    'def target_of(url):',
    '    parts = urlsplit(url)',
    '    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")',
    '',
    '',
    'def status_of(headers):',
    '    parts = urlsplit(URL)',
    '    client = HTTPSConnection if parts.scheme == "https" else HTTPConnection',
    '    connection = client(parts.netloc, timeout=30)',
    `    connection.putrequest(${quote(method)}, target_of(URL), skip_accept_encoding=True)`,
    '    for name, value in headers:',
    '        connection.putheader(name, value)',
    '    connection.putheader("Content-Length", str(len(BODY)))',
    '    connection.endheaders(BODY)',
    '    status = connection.getresponse().status',
    '    connection.close()',
    '    return status',
    when(
      needsSettings(plan),
      '',
      '',
      'def setting(name):',
      '    if not os.environ.get(name):',
      '        raise RuntimeError(f"Set {name}.")',
      '    return os.environ[name]',
    ),
  ]);
}

function imports({ fresh }: TestPlan, isText: boolean): Lines {
  const names = new Set(['os', ...(isText ? [] : ['base64'])]);
  const { proof, signed } = fresh?.recipe ?? { proof: null, signed: [] };
  if (proof?.kind === 'mac') {
    names.add('hashlib');
    if (proof.isKeyed) names.add('hmac');
    if (proof.encoding !== 'hex' || proof.secret === 'whsec' || proof.secret === 'base64') names.add('base64');
  }
  const unit = fresh?.timeUnit ?? null;
  if (unit === 's' || unit === 'ms') names.add('time');
  if (signed.some(({ kind }) => kind === 'decoded-url')) names.add('re');
  return [
    [...names].toSorted().map((name) => `import ${name}`),
    when(unit === 'rfc3339', 'from datetime import datetime, timezone'),
    'from http.client import HTTPConnection, HTTPSConnection',
    `from urllib.parse import urlsplit${isUrlSigned(fresh) ? ', urlunsplit' : ''}`,
  ];
}

function signer({ fresh }: TestPlan): Lines {
  if (fresh === null) return [];
  const { recipe, timeUnit, headers } = fresh;
  return [
    '',
    '',
    'def signature_headers(body, secret):',
    indent('    ', [
      timeUnit === null ? [] : `timestamp = ${now[timeUnit]}`,
      when(isUrlSigned(fresh), 'target = target_of(URL)'),
      signedSteps(pythonDialect, fresh, 'python'),
      when(recipe.proof.kind === 'mac', `signature = ${macExpression(recipe)}`),
      'return [',
      headers.map((header) => `    (${quote(header.name)}, ${values.fresh(header)}),`),
      ']',
    ]),
  ];
}
