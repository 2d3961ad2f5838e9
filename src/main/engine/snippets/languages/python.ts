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

/** Receivers for Python 3.11 and later, on the HTTP server of its library. */
export const python: SnippetWriter = {
  language: 'python',
  title: 'Python',
  filename: 'receiver.py',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: dependenciesOf(recipe, library) }),
  frameworks: (recipe) => [flask(recipe), fastapi(recipe)],
};

/** Python's library checks no signatures of key pairs. */
function dependenciesOf({ proof }: SnippetRecipe, library: LibraryCall | null): readonly string[] {
  if (library !== null) return [library.dependency];
  return proof.kind === 'mac' || proof.kind === 'token' ? [] : ['cryptography'];
}

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    heading('#', recipe, library?.remark == null ? [] : [library.remark]),
    `# ${startLine(recipe, 'python3 receiver.py')}`,
    imports(recipe, library),
    '',
    '# While a key is being rotated the one from before still counts.',
    `SECRETS = [value for value in (os.environ.get("${key.name}"), os.environ.get("${key.name}_PREVIOUS")) if value]`,
    'if not SECRETS:',
    `    raise SystemExit("Set ${key.name}.")`,
    when(
      needsUrl(recipe),
      '# What the sender calls, not what a proxy hands on: https://example.com, without a path.',
      'ORIGIN = os.environ["WEBHOOK_ORIGIN"]',
    ),
    when(signs(recipe, 'webhook-id'), 'WEBHOOK_ID = os.environ["WEBHOOK_ID"]'),
    when(toleranceSeconds !== null, `TOLERANCE_SECONDS = ${toleranceSeconds ?? 0}`),
    '',
    '',
    library === null ? verifier(recipe) : libraryVerifier(recipe, library),
    '',
    '',
    server(recipe),
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const { proof, time } = recipe;
  const names = new Set(['os']);
  if (library === null) {
    const usesBase64 =
      proof.kind !== 'token' && (proof.encoding !== 'hex' || (proof.kind === 'mac' && ['whsec', 'base64'].includes(proof.secret)));
    if (usesBase64) names.add('base64');
    if (proof.kind === 'mac') names.add('hashlib').add('hmac');
    if (proof.kind === 'token') names.add('hmac');
    if (recipe.digestParameter !== null) names.add('hashlib');
    if (time?.place === 'json' || recipe.signature.kind === 'json') names.add('json');
    if (time !== null && time.toleranceSeconds !== null) {
      names.add('time');
      if (time.unit !== 'rfc3339') names.add('re');
    }
    if (signs(recipe, 'decoded-url')) names.add('re');
    if (signs(recipe, 'crc32')) names.add('zlib');
  }
  const isDated = library === null && time?.unit === 'rfc3339' && time.toleranceSeconds !== null;
  const parsing = [...(signs(recipe, 'fields') ? ['parse_qsl'] : []), ...(recipe.digestParameter === null ? [] : ['parse_qs', 'urlsplit'])];
  return [
    [...names].toSorted().map((name) => `import ${name}`),
    when(isDated, 'from datetime import datetime'),
    'from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer',
    when(library === null && parsing.length > 0, `from urllib.parse import ${parsing.join(', ')}`),
    when(library === null && keyImports(recipe).length > 0, '', keyImports(recipe)),
    when(library !== null, '', ...(library?.imports ?? [])),
  ];
}

function keyImports({ proof }: SnippetRecipe): readonly string[] {
  const refusal = 'from cryptography.exceptions import InvalidSignature';
  switch (proof.kind) {
    case 'ed25519':
      return [refusal, 'from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey'];
    case 'ecdsa-p256':
      return [
        refusal,
        'from cryptography.hazmat.primitives.asymmetric.ec import ECDSA',
        'from cryptography.hazmat.primitives.hashes import SHA256',
        'from cryptography.hazmat.primitives.serialization import load_der_public_key',
      ];
    case 'rsa-certificate':
      return [
        refusal,
        'from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15',
        'from cryptography.hazmat.primitives.hashes import SHA256',
        'from cryptography.x509 import load_pem_x509_certificate',
      ];
    case 'mac':
    case 'token':
      return [];
  }
}

const definition = (parts: readonly string[]) => `def refusal_of(*, ${[...parts, 'secrets'].join(', ')}):`;
const documentation = '"""Why a request is refused, or None for a genuine one. `body` holds the bytes as they were received."""';

function libraryVerifier(recipe: SnippetRecipe, { call, answers }: LibraryCall): Lines {
  const parts = new Set<RequestPart>([...partsOf(recipe), 'headers', 'body']);
  return [
    definition([...parts]),
    indent('    ', [
      documentation,
      when(needsUrl(recipe), 'url = ORIGIN + target'),
      'for secret in secrets:',
      '    try:',
      answers === 'boolean' ? [`        if ${call}:`, '            return None'] : [`        ${call}`, '        return None'],
      '    except Exception:',
      '        # Not made with this secret, or too old; perhaps the other one fits.',
      '        continue',
      'return "the signature does not match"',
    ]),
  ];
}

function verifier(recipe: SnippetRecipe): Lines {
  const required = readHeadersOf(recipe);
  const optional = optionalHeadersOf(recipe);
  const isAllThere = required.map(({ variable }) => variable).join(' and ');
  const missing = inWords(
    required.map(({ name }) => name),
    'or',
  );
  return [
    definition(partsOf(recipe)),
    indent('    ', [
      documentation,
      required.map(({ variable, name }) => `${variable} = headers.get(${quote(name)})`),
      when(
        required.length > 0,
        `if not ${required.length > 1 ? `(${isAllThere})` : isAllThere}:`,
        `    return ${quote(`${missing} is missing`)}`,
      ),
      fixed(recipe),
      when(
        optional.length > 0,
        `signatures = [value for value in (${optional.map((name) => `headers.get(${quote(name)})`).join(', ')}) if value]`,
      ),
      readSignatures(recipe),
      checkTime(recipe),
      recipe.proof.kind === 'token' ? compareToken() : compare(recipe),
    ]),
    helpers(recipe),
  ];
}

function fixed({ fixedHeader }: SnippetRecipe): Lines {
  if (fixedHeader === null) return [];
  const [name, value] = fixedHeader;
  return [`if headers.get(${quote(name)}) != ${quote(value)}:`, `    return ${quote(`${name} is not ${value}`)}`];
}

function readSignatures(recipe: SnippetRecipe): Lines {
  const { signature, time, proof } = recipe;
  if (signature.kind === 'json') {
    return [
      `fields = object_in(body).get(${quote(signature.object)})`,
      'if not isinstance(fields, dict):',
      '    return "the body carries no signature"',
      'timestamp, token = str(fields.get("timestamp", "")), str(fields.get("token", ""))',
      'signatures = [str(fields.get("signature", ""))]',
    ];
  }
  if (signature.kind === 'headers') {
    return [
      when(signature.names.length === 1 && proof.kind !== 'token', 'signatures = [signature]'),
      when(time?.place === 'json', `timestamp = str(object_in(body).get(${quote(time?.name ?? '')}, ""))`),
    ];
  }
  const { separator, lead, timeLabel, listLabel } = signature;
  const entry = (label: string) =>
    `next((entry.removeprefix(${quote(label)}) for entry in entries if entry.startswith(${quote(label)})), "")`;
  return [
    `entries = signature.split(${quote(separator)})`,
    when(timeLabel !== null, `timestamp = ${entry(timeLabel ?? '')}`),
    when(listLabel !== null, `listed = ${entry(listLabel ?? '')}`),
    '# While a secret is being rotated there may be several.',
    `signatures = [entry for entry in entries if entry.startswith(${quote(lead)})]`,
  ];
}

function checkTime({ time }: SnippetRecipe): Lines {
  if (time === null || time.toleranceSeconds === null) return [];
  const late = '    return "the timestamp is too old or too far in the future"';
  const isLate = 'if abs(age_seconds) > TOLERANCE_SECONDS:';
  if (time.unit === 'rfc3339') {
    return [
      'try:',
      '    age_seconds = time.time() - datetime.fromisoformat(timestamp).timestamp()',
      'except ValueError:',
      '    return "the timestamp is not a date and time"',
      isLate,
      late,
    ];
  }
  return [
    'if not re.fullmatch(r"[0-9]{1,15}", timestamp):',
    '    return "the timestamp is not a whole number"',
    `age_seconds = ${time.unit === 's' ? 'int(time.time()) - int(timestamp)' : 'time.time() - int(timestamp) / 1000'}`,
    isLate,
    late,
  ];
}

function compareToken(): Lines {
  return [
    'if any(hmac.compare_digest(signature.encode(), secret.encode()) for secret in secrets):',
    '    return None',
    'return "the token is not the secret"',
  ];
}

function expressionOf(piece: SnippetPiece): string {
  switch (piece.kind) {
    case 'literal':
      return quote(piece.text);
    case 'decoded-url':
      return 'decoded_url';
    case 'path':
      return 'target';
    case 'fields':
      return 'sorted_fields(body)';
    case 'crc32':
      return 'str(zlib.crc32(body))';
    case 'webhook-id':
      return 'WEBHOOK_ID';
    case 'listed-names':
      return 'listed';
    case 'listed-values':
      return 'listed_values';
    case 'listed-lines':
      return 'listed_lines';
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
  return runsOf(signed, expressionOf)
    .map((run) => {
      if (run.kind === 'body') return 'body';
      const [only, ...others] = run.expressions;
      return others.length === 0 ? `${only ?? ''}.encode()` : `(${run.expressions.join(' + ')}).encode()`;
    })
    .join(' + ');
}

/** What must be known before the signed bytes can be put together. */
function preparation(recipe: SnippetRecipe): Lines {
  const { digestParameter } = recipe;
  const covered = readHeadersOf(recipe).filter(({ variable }) => variable !== 'signature');
  return [
    when(needsUrl(recipe), 'url = ORIGIN + target'),
    when(
      signs(recipe, 'decoded-url'),
      'decoded_url = re.sub(r"(?i)%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", lambda match: chr(int(match[1], 16)), url)',
    ),
    when(
      digestParameter !== null,
      `digest = parse_qs(urlsplit(url).query).get(${quote(digestParameter ?? '')}, [""])[0]`,
      'if not hmac.compare_digest(digest.encode(), hashlib.sha256(body).hexdigest().encode()):',
      `    return ${quote(`${digestParameter ?? ''} in the URL is not the hash of the body`)}`,
    ),
    when(signs(recipe, 'path'), 'if "?" in target or "%" in target:', '    return "the webhook is registered with a query"'),
    when(signs(recipe, 'listed-values'), 'listed_values = ".".join(headers.get(name) or "" for name in listed.split(" "))'),
    when(
      signs(recipe, 'listed-lines'),
      'names = sorted(name.strip() for name in listed.lower().split(","))',
      ...covered.map(({ name }) => [`if ${quote(name.toLowerCase())} not in names:`, `    return ${quote(`${name} is not signed`)}`]),
      'listed_lines = ";".join(f"{name}:{(headers.get(name) or \'\').strip()}" for name in names)',
    ),
  ];
}

function compare(recipe: SnippetRecipe): Lines {
  const { proof } = recipe;
  const lead = leadOf(recipe);
  const found =
    proof.kind === 'mac'
      ? [
          `    expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)}`,
          '    if any(hmac.compare_digest(candidate.encode(), expected.encode()) for candidate in signatures):',
          '        return None',
        ]
      : [
          `    key = ${keyExpression(recipe)}`,
          '    for candidate in signatures:',
          '        try:',
          `            ${verifyExpression(recipe, lead === '' ? 'candidate' : `candidate.removeprefix(${quote(lead)})`)}`,
          '            return None',
          '        except (InvalidSignature, ValueError):',
          '            continue',
        ];
  return [preparation(recipe), `signed = ${signedBytes(recipe)}`, 'for secret in secrets:', found, 'return "the signature does not match"'];
}

function macExpression({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  const key = {
    text: 'secret.encode()',
    // b64decode wants the padding, which some leave off; more of it than needed does no harm.
    whsec: 'base64.b64decode(secret.removeprefix("whsec_") + "==")',
    base64: 'base64.b64decode(secret + "==")',
    hex: 'bytes.fromhex(secret)',
  }[proof.secret];
  const mac = proof.isKeyed ? `hmac.new(${key}, signed, hashlib.${proof.hash})` : `hashlib.${proof.hash}(${key} + signed)`;
  switch (proof.encoding) {
    case 'hex':
      return `${mac}.hexdigest()`;
    case 'base64':
      return `base64.b64encode(${mac}.digest()).decode()`;
    case 'base64url':
      return `base64.urlsafe_b64encode(${mac}.digest()).decode().rstrip("=")`;
  }
}

function keyExpression({ proof }: SnippetRecipe): string {
  switch (proof.kind) {
    case 'ed25519':
      return `Ed25519PublicKey.from_public_bytes(${proof.key === 'hex' ? 'bytes.fromhex(secret)' : 'base64.b64decode(secret.removeprefix("whpk_"))'})`;
    case 'ecdsa-p256':
      return 'load_der_public_key(base64.b64decode(secret))';
    case 'rsa-certificate':
      return 'load_pem_x509_certificate(secret.encode()).public_key()';
    case 'mac':
    case 'token':
      return 'secret';
  }
}

function verifyExpression({ proof }: SnippetRecipe, digits: string): string {
  if (proof.kind === 'mac' || proof.kind === 'token') return '';
  const bytes = proof.encoding === 'hex' ? `bytes.fromhex(${digits})` : `base64.b64decode(${digits}, validate=True)`;
  const how = { ed25519: '', 'ecdsa-p256': ', ECDSA(SHA256())', 'rsa-certificate': ', PKCS1v15(), SHA256()' }[proof.kind];
  return `key.verify(${bytes}, signed${how})`;
}

function helpers(recipe: SnippetRecipe): Lines {
  return [
    when(
      signs(recipe, 'fields'),
      '',
      '',
      'def sorted_fields(body):',
      '    """Each name of the form with each of its values, names and values sorted and each once."""',
      '    return "".join(name + value for name, value in sorted(set(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))))',
    ),
    when(
      recipe.time?.place === 'json',
      '',
      '',
      'def object_in(body):',
      '    """The object in the body, or an empty one."""',
      '    try:',
      '        value = json.loads(body)',
      '    except ValueError:',
      '        return {}',
      '    return value if isinstance(value, dict) else {}',
    ),
  ];
}

/** The arguments of a call, given how a framework names the parts of a request. */
function callOf(recipe: SnippetRecipe, names: Readonly<Record<RequestPart, string>>, secrets: string): string {
  return `refusal_of(${partsOf(recipe)
    .map((part) => `${part}=${names[part]}, `)
    .join('')}secrets=${secrets})`;
}

function server(recipe: SnippetRecipe): Lines {
  return [
    'class Receiver(BaseHTTPRequestHandler):',
    '    def do_POST(self):',
    '        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))',
    `        refusal = ${callOf(recipe, { method: 'self.command', target: 'self.path', headers: 'self.headers', body: 'body' }, 'SECRETS')}`,
    '        if refusal is not None:',
    '            self.log_error("Refused: %s.", refusal)',
    '        # Handle a genuine event here; answer soon, and do long work later.',
    '        self.send_response(204 if refusal is None else 401)',
    '        self.end_headers()',
    '',
    '',
    'if __name__ == "__main__":',
    '    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)',
    '    print(f"Listening on port {server.server_port}", flush=True)',
    '    server.serve_forever()',
  ];
}

function flask(recipe: SnippetRecipe) {
  // As it stands in the request line, where the server tells; path has been decoded.
  const target = 'request.environ.get("RAW_URI") or request.full_path.rstrip("?")';
  return {
    name: 'Flask',
    dependencies: ['flask'],
    filename: 'app.py',
    code: code([
      'from flask import Flask, request',
      'from receiver import SECRETS, refusal_of',
      '',
      'app = Flask(__name__)',
      '',
      '',
      '@app.post("/webhooks")',
      'def webhooks():',
      '    # get_data() gives the bytes as they were received; request.json and request.form do not.',
      '    body = request.get_data(cache=False)',
      `    refusal = ${callOf(recipe, { method: 'request.method', target, headers: 'request.headers', body: 'body' }, 'SECRETS')}`,
      '    return "", 204 if refusal is None else 401',
    ]),
  };
}

function fastapi(recipe: SnippetRecipe) {
  // As it stands in the request line; url.path has been decoded.
  const query = 'request.scope["query_string"].decode()';
  const target = `request.scope["raw_path"].decode() + (f"?{${query.replaceAll('"', "'")}}" if ${query} else "")`;
  return {
    name: 'FastAPI',
    dependencies: ['fastapi', 'uvicorn'],
    filename: 'app.py',
    code: code([
      'from fastapi import FastAPI, Request, Response',
      'from receiver import SECRETS, refusal_of',
      '',
      'app = FastAPI()',
      '',
      '',
      '@app.post("/webhooks")',
      'async def webhooks(request: Request):',
      '    # A parameter with a model would parse the body; body() gives the bytes as they were received.',
      '    body = await request.body()',
      `    refusal = ${callOf(recipe, { method: 'request.method', target, headers: 'request.headers', body: 'body' }, 'SECRETS')}`,
      '    return Response(status_code=204 if refusal is None else 401)',
    ]),
  };
}
