import { doubleQuoted as quote, indent, when, type Lines } from '../code-text.ts';
import type { Dialect } from '../dialect.ts';
import { readsJson, signs, type SnippetRecipe } from '../recipe.ts';

const refuse = (sentence: string) => `return ${quote(sentence)}`;
const refuseIf = (condition: string, sentence: string): Lines => [`if ${condition}:`, `    ${refuse(sentence)}`];
const header = (name: string) => `headers.get(${quote(name)})`;
const isLate = (sentence: string) => refuseIf('abs(age_seconds) > TOLERANCE_SECONDS', sentence);

/** The docstring of the function that verifies. */
export const documentation = '"""Why a request is refused, or None for a genuine one. `body` holds the bytes as they were received."""';

/** How Python says the steps of verifying, with its own library for MACs and `cryptography` for key pairs. */
export const pythonDialect: Dialect = {
  step: '    ',
  open: (parts) => [`def refusal_of(*, ${[...parts, 'secrets'].join(', ')}):`, `    ${documentation}`],
  close: [],
  quote,
  expressions: {
    id: 'id',
    timestamp: 'timestamp',
    token: 'token',
    method: 'method',
    url: 'url',
    'decoded-url': 'decoded_url',
    path: 'target',
    target: 'target',
    'target-path': 'target.partition("?")[0]',
    'target-query': '"?" + target.partition("?")[2]',
    'origin-scheme': 'ORIGIN.partition("://")[0]',
    authority: 'ORIGIN.partition("://")[2]',
    fields: 'sorted_fields(body)',
    crc32: 'str(zlib.crc32(body))',
    'webhook-id': 'WEBHOOK_ID',
    'listed-names': 'listed',
    'listed-values': 'listed_values',
    'listed-lines': 'listed_lines',
    digest: 'digest',
    parameters: 'parameters',
    'unsigned-token': 'unsigned',
    body: 'body',
  },
  field: (name) => `(${header(name)} or "").strip()`,
  refuse,

  readHeaders: (headers, sentence) => {
    const isAllThere = headers.map(({ variable }) => variable).join(' and ');
    return [
      headers.map(({ variable, name }) => `${variable} = ${header(name)}`),
      refuseIf(`not ${headers.length > 1 ? `(${isAllThere})` : isAllThere}`, sentence),
    ];
  },
  requireValue: (name, value, sentence) => refuseIf(`${header(name)} != ${quote(value)}`, sentence),
  readAlternatives: (names) => `signatures = [value for value in (${names.map(header).join(', ')}) if value]`,
  takeOne: 'signatures = [signature]',
  readEntries: ({ separator, lead, timeLabel, listLabel }) => {
    const entry = (label: string) =>
      `next((entry.removeprefix(${quote(label)}) for entry in entries if entry.startswith(${quote(label)})), "")`;
    return [
      `entries = signature.split(${quote(separator)})`,
      timeLabel === null ? null : `timestamp = ${entry(timeLabel)}`,
      listLabel === null ? null : `listed = ${entry(listLabel)}`,
      '# While a secret is being rotated there may be several.',
      `signatures = [entry for entry in entries if entry.startswith(${quote(lead)})]`,
    ];
  },
  readObject: (object, sentence) => [
    `fields = object_in(body).get(${quote(object)})`,
    refuseIf('not isinstance(fields, dict)', sentence),
    'timestamp, token = str(fields.get("timestamp", "")), str(fields.get("token", ""))',
    'signatures = [str(fields.get("signature", ""))]',
  ],
  readBodyTime: (field) => `timestamp = str(object_in(body).get(${quote(field)}, ""))`,
  readToken: ({ algorithm, digestClaim }, claim, { shape, ...refusals }) => [
    'unsigned, _, signature = token.rpartition(".")',
    'head, _, claims = unsigned.partition(".")',
    refuseIf('not signature or "." in claims', shape),
    '# Before any key is used: a token may not choose how it is checked.',
    refuseIf(`object_in(decoded(head)).get("alg") != ${quote(algorithm)}`, refusals.algorithm),
    'content = object_in(decoded(claims))',
    `timestamp = str(content.get(${quote(claim)}, ""))`,
    refuseIf(`content.get(${quote(digestClaim)}) != hashlib.sha256(body).hexdigest()`, refusals.digest),
    'signatures = [signature]',
  ],
  readMessage: (inputPattern, signaturePattern, sentence) => [
    `found = re.search(r'${inputPattern}', input)`,
    `made = re.search(r'${signaturePattern}', signature)`,
    refuseIf('not (found and made)', sentence),
    'parameters, timestamp = found.groups()',
    'signatures = [made[1]]',
  ],
  checkItems: ({ list, wrapper, signature, fields, separator }, recipe, { none, mismatch }) => [
    `items = object_in(body).get(${quote(list)})`,
    refuseIf('not isinstance(items, list) or not items', none),
    '# Each is signed by itself, so one that is not genuine spoils them all.',
    'for entry in items:',
    indent('    ', [
      `item = value_at(entry, ${quote(wrapper)})`,
      `signature = text_at(item, ${signature.map(quote).join(', ')})`,
      'fields = [',
      fields.map((path) => `    text_at(item, ${path.map(quote).join(', ')}),`),
      ']',
      `signed = ${quote(separator)}.join(fields).encode()`,
      `if not any(hmac.compare_digest(signature.encode(), ${macExpression(recipe)}.encode()) for secret in secrets):`,
      `    ${refuse(mismatch)}`,
    ]),
    'return None',
  ],

  checkNumber: (unit, { form, late }) => [
    refuseIf('not re.fullmatch(r"[0-9]{1,15}", timestamp)', form),
    `age_seconds = ${unit === 's' ? 'int(time.time()) - int(timestamp)' : 'time.time() - int(timestamp) / 1000'}`,
    isLate(late),
  ],
  checkDate: ({ form, late }) => [
    'try:',
    '    age_seconds = time.time() - datetime.fromisoformat(timestamp).timestamp()',
    'except ValueError:',
    `    ${refuse(form)}`,
    isLate(late),
  ],

  url: 'url = ORIGIN + target',
  decodedUrl: 'decoded_url = re.sub(r"(?i)%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", lambda match: chr(int(match[1], 16)), url)',
  checksum: [],
  checkParameter: (name, sentence) => [
    `digest = parse_qs(urlsplit(url).query).get(${quote(name)}, [""])[0]`,
    refuseIf('not hmac.compare_digest(digest.encode(), hashlib.sha256(body).hexdigest().encode())', sentence),
  ],
  checkDigest: ({ label, hash }, sentence) =>
    refuseIf(`digest != "${label}=:" + base64.b64encode(hashlib.${hash}(body).digest()).decode() + ":"`, sentence),
  refuseQuery: (sentence) => refuseIf('"?" in target or "%" in target', sentence),
  listedValues: 'listed_values = ".".join(headers.get(name) or "" for name in listed.split(" "))',
  listedNames: 'names = sorted(name.strip() for name in listed.lower().split(","))',
  requireListed: (name, sentence) => refuseIf(`${quote(name)} not in names`, sentence),
  listedLines: 'listed_lines = ";".join(f"{name}:{(headers.get(name) or \'\').strip()}" for name in names)',

  join: (runs) => {
    const parts = runs.map((run) => {
      if (run.kind === 'body') return 'body';
      const [only = '', ...others] = run.expressions;
      return others.length === 0 ? `${only}.encode()` : `(${run.expressions.join(' + ')}).encode()`;
    });
    return `signed = ${parts.join(' + ')}`;
  },
  compareToken: (sentence) => [
    'if any(hmac.compare_digest(signature.encode(), secret.encode()) for secret in secrets):',
    '    return None',
    refuse(sentence),
  ],
  compare: (recipe, lead, sentence) => [
    'for secret in secrets:',
    indent('    ', recipe.proof.kind === 'mac' ? compareMac(recipe, lead) : compareKey(recipe, lead)),
    refuse(sentence),
  ],
};

function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)}`,
    'if any(hmac.compare_digest(candidate.encode(), expected.encode()) for candidate in signatures):',
    '    return None',
  ];
}

function compareKey(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `key = ${keyExpression(recipe)}`,
    'for candidate in signatures:',
    '    try:',
    `        ${verifyExpression(recipe, lead === '' ? 'candidate' : `candidate.removeprefix(${quote(lead)})`)}`,
    '        return None',
    '    except (InvalidSignature, ValueError):',
    '        continue',
  ];
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
      if (proof.key === 'pem') return 'load_pem_public_key(secret.encode())';
      return `Ed25519PublicKey.from_public_bytes(${proof.key === 'hex' ? 'bytes.fromhex(secret)' : 'base64.b64decode(secret.removeprefix("whpk_"))'})`;
    case 'ecdsa-p256':
      return {
        spki: 'load_der_public_key(base64.b64decode(secret))',
        pem: 'load_pem_public_key(secret.encode())',
        jwk: 'key_of(json.loads(secret))',
      }[proof.key];
    case 'rsa-certificate':
      return 'load_pem_x509_certificate(secret.encode()).public_key()';
    case 'mac':
    case 'token':
      return 'secret';
  }
}

function verifyExpression({ proof }: SnippetRecipe, digits: string): string {
  if (proof.kind === 'mac' || proof.kind === 'token') return '';
  const bytes = {
    hex: `bytes.fromhex(${digits})`,
    base64: `base64.b64decode(${digits}, validate=True)`,
    base64url: `decoded(${digits})`,
  }[proof.encoding];
  const signature = proof.kind === 'ecdsa-p256' && proof.form === 'pair' ? `as_der(${bytes})` : bytes;
  const how = { ed25519: '', 'ecdsa-p256': ', ECDSA(SHA256())', 'rsa-certificate': ', PKCS1v15(), SHA256()' }[proof.kind];
  return `key.verify(${signature}, signed${how})`;
}

/** What is brought in from `cryptography`. */
export function keyImports({ proof }: SnippetRecipe): readonly string[] {
  const refusal = 'from cryptography.exceptions import InvalidSignature';
  const asymmetric = 'cryptography.hazmat.primitives.asymmetric';
  const loaderOf = (name: string) => `from cryptography.hazmat.primitives.serialization import ${name}`;
  switch (proof.kind) {
    case 'ed25519':
      return [refusal, proof.key === 'pem' ? loaderOf('load_pem_public_key') : `from ${asymmetric}.ed25519 import Ed25519PublicKey`];
    case 'ecdsa-p256': {
      const isJwk = proof.key === 'jwk';
      return [
        refusal,
        `from ${asymmetric}.ec import ECDSA${isJwk ? ', SECP256R1, EllipticCurvePublicNumbers' : ''}`,
        ...(proof.form === 'pair' ? [`from ${asymmetric}.utils import encode_dss_signature`] : []),
        'from cryptography.hazmat.primitives.hashes import SHA256',
        ...(isJwk ? [] : [loaderOf(proof.key === 'pem' ? 'load_pem_public_key' : 'load_der_public_key')]),
      ];
    }
    case 'rsa-certificate':
      return [
        refusal,
        `from ${asymmetric}.padding import PKCS1v15`,
        'from cryptography.hazmat.primitives.hashes import SHA256',
        'from cryptography.x509 import load_pem_x509_certificate',
      ];
    case 'mac':
    case 'token':
      return [];
  }
}

/** Functions that the steps call. */
export function pythonHelpers(recipe: SnippetRecipe): Lines {
  const { proof, signature } = recipe;
  const isPair = proof.kind === 'ecdsa-p256' && proof.form === 'pair';
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
      readsJson(recipe),
      '',
      '',
      'def object_in(content):',
      '    """The object in these bytes, or an empty one."""',
      '    try:',
      '        value = json.loads(content)',
      '    except ValueError:',
      '        return {}',
      '    return value if isinstance(value, dict) else {}',
    ),
    when(
      signature.kind === 'items',
      '',
      '',
      'def value_at(value, *path):',
      '    """What stands at a path of an object, or None."""',
      '    for name in path:',
      '        value = value.get(name) if isinstance(value, dict) else None',
      '    return value',
      '',
      '',
      'def text_at(item, *path):',
      '    """A field as it is signed: nothing where it is missing."""',
      '    value = value_at(item, *path)',
      '    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)',
    ),
    when(
      signature.kind === 'jwt',
      '',
      '',
      'def decoded(text):',
      '    """Bytes of base64url, which a token has without padding; none where it is something else."""',
      '    try:',
      '        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)',
      '    except ValueError:',
      '        return b""',
    ),
    when(
      isPair,
      '',
      '',
      'def as_der(signature):',
      '    """A signature of two numbers of 32 bytes in the form that cryptography reads."""',
      '    if len(signature) != 64:',
      '        raise ValueError("The signature has another length.")',
      '    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.key === 'jwk',
      '',
      '',
      'def key_of(jwk):',
      '    """A public key of its coordinates."""',
      '    x, y = (int.from_bytes(decoded(jwk[name]), "big") for name in ("x", "y"))',
      '    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()',
    ),
  ];
}
