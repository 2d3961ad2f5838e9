import { when, type Lines } from '../code-text.ts';
import { readsJson, signs, type SnippetRecipe } from '../recipe.ts';

/** Text in single quotes, in which Ruby knows only two escapes. */
export function quote(text: string): string {
  return /[\n\r\t]/.test(text) ? JSON.stringify(text).replaceAll('#', '\\#') : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Lines that check whether a candidate is the MAC of `signed` by the key `secret`. */
export function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)}`,
    'return nil if signatures.any? { |candidate| OpenSSL.secure_compare(candidate, expected) }',
  ];
}

/** Lines that check whether a candidate verifies over `signed` with the public key `secret`. */
export function compareKey(recipe: SnippetRecipe, lead: string): Lines {
  const { proof } = recipe;
  const digits = lead === '' ? 'candidate' : `candidate.delete_prefix(${quote(lead)})`;
  return [
    `key = ${keyExpression(recipe)}`,
    'signatures.each do |candidate|',
    `  return nil if key.verify(${proof.kind === 'ed25519' ? 'nil' : `'SHA256'`}, ${signatureBytes(recipe, digits)}, signed)`,
    'rescue ArgumentError, OpenSSL::PKey::PKeyError',
    '  # No signature of this kind; perhaps another entry is.',
    'end',
  ];
}

/** Base64 without the gem of that name, which newer Rubies no longer include. */
function signatureBytes({ proof }: SnippetRecipe, text: string): string {
  if (proof.kind === 'mac' || proof.kind === 'token') return '';
  const bytes = { hex: `[${text}].pack('H*')`, base64: `${text}.unpack1('m0')`, base64url: `decoded(${text})` }[proof.encoding];
  return proof.kind === 'ecdsa-p256' && proof.form === 'pair' ? `as_der(${bytes})` : bytes;
}

/** The MAC of `signed` by `secret`, as text in the encoding of the scheme. */
export function macExpression({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  const key = {
    text: 'secret',
    whsec: `secret.delete_prefix('whsec_').unpack1('m')`,
    base64: `secret.unpack1('m')`,
    hex: `[secret].pack('H*')`,
  }[proof.secret];
  const hash = proof.hash.toUpperCase();
  const digest = (how: 'digest' | 'hexdigest') =>
    proof.isKeyed ? `OpenSSL::HMAC.${how}('${hash}', ${key}, signed)` : `OpenSSL::Digest.${how}('${hash}', ${key}.b + signed)`;
  switch (proof.encoding) {
    case 'hex':
      return digest('hexdigest');
    case 'base64':
      return `[${digest('digest')}].pack('m0')`;
    case 'base64url':
      return `[${digest('digest')}].pack('m0').tr('+/', '-_').delete('=')`;
  }
}

function keyExpression({ proof }: SnippetRecipe): string {
  switch (proof.kind) {
    case 'ed25519': {
      if (proof.key === 'pem') return 'OpenSSL::PKey.read(secret)';
      const bytes = {
        hex: `[secret].pack('H*')`,
        base64: `secret.unpack1('m')`,
        whpk: `secret.delete_prefix('whpk_').unpack1('m')`,
      }[proof.key];
      // What stands before the 32 bytes makes the form that OpenSSL reads (RFC 8410).
      return `OpenSSL::PKey.read(['302a300506032b6570032100'].pack('H*') + ${bytes})`;
    }
    case 'ecdsa-p256':
      return { spki: `OpenSSL::PKey.read(secret.unpack1('m'))`, pem: 'OpenSSL::PKey.read(secret)', jwk: 'key_of(JSON.parse(secret))' }[
        proof.key
      ];
    case 'rsa-certificate':
      return 'OpenSSL::X509::Certificate.new(secret).public_key';
    case 'mac':
    case 'token':
      return 'secret';
  }
}

/** Functions that the steps call. */
export function rubyHelpers(recipe: SnippetRecipe): Lines {
  const { proof, signature } = recipe;
  return [
    when(
      signs(recipe, 'fields'),
      '',
      '# Each name of the form with each of its values, names and values sorted and each once.',
      'def sorted_fields(body)',
      '  URI.decode_www_form(body).uniq.sort.map(&:join).join',
      'end',
    ),
    when(
      readsJson(recipe),
      '',
      '# The object in these bytes, or an empty one.',
      'def object_in(content)',
      '  value = JSON.parse(content)',
      '  value.is_a?(Hash) ? value : {}',
      'rescue JSON::ParserError',
      '  {}',
      'end',
    ),
    when(
      signature.kind === 'items',
      '',
      '# What stands at a path of an object, or nil.',
      'def value_at(value, *path)',
      '  path.reduce(value) { |found, name| found.is_a?(Hash) ? found[name] : nil }',
      'end',
    ),
    when(
      signature.kind === 'jwt',
      '',
      '# Bytes of base64url, which a token has without padding; none where it is something else.',
      'def decoded(text)',
      `  (text.tr('-_', '+/') + '=' * (-text.length % 4)).unpack1('m0')`,
      'rescue ArgumentError',
      `  ''`,
      'end',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.form === 'pair',
      '',
      '# A signature of two numbers of 32 bytes in the form that OpenSSL reads.',
      'def as_der(signature)',
      `  raise ArgumentError, 'The signature has another length.' if signature.bytesize != 64`,
      '',
      `  numbers = signature.unpack('a32a32').map { |bytes| OpenSSL::ASN1::Integer(OpenSSL::BN.new(bytes, 2)) }`,
      '  OpenSSL::ASN1::Sequence(numbers).to_der',
      'end',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.key === 'jwk',
      '',
      '# A P-256 key of its coordinates: what stands before them makes the form that OpenSSL reads (RFC 5480).',
      'def key_of(jwk)',
      `  head = ['3059301306072a8648ce3d020106082a8648ce3d03010703420004'].pack('H*')`,
      `  OpenSSL::PKey.read(head + decoded(jwk['x']) + decoded(jwk['y']))`,
      'end',
    ),
  ];
}
