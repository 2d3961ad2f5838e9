import { doubleQuoted as quote, when, type Lines } from '../code-text.ts';
import { readsJson, signs, type SnippetRecipe } from '../recipe.ts';

/** Lines that check whether a candidate is the MAC of `signed` by the key `secret`. */
export function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)}`,
    'if any(hmac.compare_digest(candidate.encode(), expected.encode()) for candidate in signatures):',
    '    return None',
  ];
}

/** Lines that check whether a candidate verifies over `signed` with the public key `secret`. */
export function compareKey(recipe: SnippetRecipe, lead: string): Lines {
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

/** The MAC of `signed` by `secret`, as text in the encoding of the scheme. */
export function macExpression({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  const key = {
    text: 'secret.encode()',
    // b64decode needs the padding, which some leave out; extra padding does no harm.
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
      return `Ed25519PublicKey.from_public_bytes(${{ hex: 'bytes.fromhex(secret)', base64: 'base64.b64decode(secret)', whpk: 'base64.b64decode(secret.removeprefix("whpk_"))' }[proof.key]})`;
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

/** What is imported from `cryptography`. */
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
