import { code, heading, indent, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import {
  comparesText,
  keyVariable,
  needsOrigin,
  needsUrl,
  partsOf,
  readsJson,
  signs,
  startLine,
  type RequestPart,
  type SnippetRecipe,
} from '../recipe.ts';
import { verifierOf } from '../verifier.ts';
import { documentation, pythonDialect } from './python-dialect.ts';
import { keyImports, pythonHelpers } from './python-proofs.ts';

/** Receivers for Python 3.11 and later, on the HTTP server of its library. */
export const python: SnippetWriter = {
  language: 'python',
  title: 'Python',
  filename: 'receiver.py',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: dependenciesOf(recipe, library) }),
  frameworks: (recipe) => [flask(recipe), fastapi(recipe)],
};

/** Python's library cannot verify public-key signatures, so `cryptography` does. */
function dependenciesOf(recipe: SnippetRecipe, library: LibraryCall | null): readonly string[] {
  if (library !== null) return [library.dependency];
  return comparesText(recipe) ? [] : ['cryptography'];
}

/** Says where a package is needed and why. */
function remarkOf(recipe: SnippetRecipe, library: LibraryCall | null): readonly string[] {
  if (library !== null) return library.remark === null ? [] : [library.remark];
  return comparesText(recipe) ? [] : ["Python's own library checks no signatures of key pairs: pip install cryptography."];
}

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    heading('#', recipe, remarkOf(recipe, library)),
    `# ${startLine(recipe, 'python3 receiver.py')}`,
    imports(recipe, library),
    '',
    '# While a key is being rotated the one from before still counts.',
    `SECRETS = [value for value in (os.environ.get("${key.name}"), os.environ.get("${key.name}_PREVIOUS")) if value]`,
    'if not SECRETS:',
    `    raise SystemExit("Set ${key.name}.")`,
    when(
      needsOrigin(recipe),
      '# What the sender calls, not what a proxy hands on: https://example.com, without a path.',
      'ORIGIN = os.environ["WEBHOOK_ORIGIN"]',
    ),
    when(signs(recipe, 'webhook-id'), 'WEBHOOK_ID = os.environ["WEBHOOK_ID"]'),
    when(toleranceSeconds !== null, `TOLERANCE_SECONDS = ${toleranceSeconds ?? 0}`),
    '',
    '',
    library === null ? [verifierOf(pythonDialect, recipe), pythonHelpers(recipe)] : libraryVerifier(recipe, library),
    '',
    '',
    server(recipe),
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const { proof, time } = recipe;
  const names = new Set(['os']);
  if (library === null) {
    const isBase64 =
      proof.kind !== 'token' && (proof.encoding !== 'hex' || (proof.kind === 'mac' && ['whsec', 'base64'].includes(proof.secret)));
    const isHashing = recipe.digestParameter !== null || recipe.contentDigest !== null || recipe.signature.kind === 'jwt';
    if (isBase64 || recipe.contentDigest !== null) names.add('base64');
    if (proof.kind === 'mac' || isHashing) names.add('hashlib');
    if (comparesText(recipe)) names.add('hmac');
    if (readsJson(recipe)) names.add('json');
    if (time !== null && time.toleranceSeconds !== null) {
      names.add('time');
      if (time.unit !== 'rfc3339') names.add('re');
    }
    if (signs(recipe, 'decoded-url') || recipe.signature.kind === 'message') names.add('re');
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

function libraryVerifier(recipe: SnippetRecipe, { call, answers, helpers = [] }: LibraryCall): Lines {
  return [
    `def refusal_of(*, ${[...partsOf(recipe), 'secrets'].join(', ')}):`,
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
    when(helpers.length > 0, '', '', helpers),
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
    '        self.send_response(200 if refusal is None else 401)',
    '        self.send_header("Content-Length", "0")',
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
  // As in the request line, if the server provides it; path is decoded.
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
      '    return "", 200 if refusal is None else 401',
    ]),
  };
}

function fastapi(recipe: SnippetRecipe) {
  // As in the request line; url.path is decoded.
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
      '    return Response(status_code=200 if refusal is None else 401)',
    ]),
  };
}
