import { indent, when, type Lines } from '../code-text.ts';
import { signs, type SnippetRecipe } from '../recipe.ts';

/** Text in single quotes, or in double ones where it has line breaks. */
export function quote(text: string): string {
  return /[\n\r\t]/.test(text) ? JSON.stringify(text).replaceAll('$', '\\$') : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** An if with its lines indented. */
export const block = (condition: string, ...lines: readonly string[]): Lines => [`if (${condition}) {`, indent('    ', lines), '}'];

/** Lines that check whether a candidate is the MAC of `signed` by the key `secret`. */
export function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    `$expected = ${lead === '' ? '' : `${quote(lead)} . `}${macExpression(recipe)};`,
    'foreach ($signatures as $candidate) {',
    indent('    ', block('hash_equals($expected, $candidate)', 'return null;')),
    '}',
  ];
}

/** Lines that check whether a candidate verifies over `signed` with the public key `secret`. */
export function compareKey(recipe: SnippetRecipe, lead: string): Lines {
  const digits = lead === '' ? '$candidate' : `substr($candidate, ${lead.length})`;
  return ['foreach ($signatures as $candidate) {', indent('    ', keyLines(recipe, digits)), '}'];
}

/** The MAC of `signed` by `secret`, as text in the encoding of the scheme. */
export function macExpression({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  const key = {
    text: '$secret',
    whsec: `base64_decode(preg_replace('/\\Awhsec_/', '', $secret))`,
    base64: 'base64_decode($secret)',
    hex: 'hex2bin($secret)',
  }[proof.secret];
  const mac = (isBinary: boolean) =>
    proof.isKeyed
      ? `hash_hmac('${proof.hash}', $signed, ${key}${isBinary ? ', true' : ''})`
      : `hash('${proof.hash}', ${key} . $signed${isBinary ? ', true' : ''})`;
  switch (proof.encoding) {
    case 'hex':
      return mac(false);
    case 'base64':
      return `base64_encode(${mac(true)})`;
    case 'base64url':
      return `rtrim(strtr(base64_encode(${mac(true)}), '+/', '-_'), '=')`;
  }
}

function keyLines({ proof }: SnippetRecipe, digits: string): Lines {
  switch (proof.kind) {
    case 'ed25519': {
      const key = {
        hex: 'hex2bin($secret)',
        base64: 'base64_decode($secret)',
        whpk: `base64_decode(preg_replace('/\\Awhpk_/', '', $secret))`,
        // The last 32 bytes of a PEM are the key itself (RFC 8410).
        pem: `substr(base64_decode(preg_replace('/-----[A-Z ]+-----/', '', $secret)), -32)`,
      }[proof.key];
      const signature =
        proof.encoding === 'hex'
          ? `preg_match('/\\A([0-9a-f]{2})+\\z/', ${digits}) === 1 ? hex2bin(${digits}) : ''`
          : `(string) base64_decode(${digits}, true)`;
      return [
        `$signature = ${signature};`,
        block(
          `strlen($signature) === SODIUM_CRYPTO_SIGN_BYTES && sodium_crypto_sign_verify_detached($signature, $signed, ${key})`,
          'return null;',
        ),
      ];
    }
    case 'ecdsa-p256': {
      const pem = {
        spki: `"-----BEGIN PUBLIC KEY-----\\n" . chunk_split($secret, 64, "\\n") . '-----END PUBLIC KEY-----'`,
        pem: '$secret',
        jwk: 'pem_of(json_decode($secret, true))',
      }[proof.key];
      const bytes = proof.encoding === 'base64url' ? `decoded(${digits})` : `(string) base64_decode(${digits}, true)`;
      return [`$key = ${pem};`, verifyLines(proof.form === 'pair' ? `as_der(${bytes})` : bytes)];
    }
    case 'rsa-certificate':
      return ['$key = $secret;', verifyLines(`(string) base64_decode(${digits}, true)`)];
    case 'mac':
    case 'token':
      return [];
  }
}

function verifyLines(signature: string): Lines {
  return block(`openssl_verify($signed, ${signature}, $key, OPENSSL_ALGO_SHA256) === 1`, 'return null;');
}

/** Functions that the steps call. */
export function phpHelpers(recipe: SnippetRecipe): Lines {
  const { proof, signature } = recipe;
  return [
    when(
      signs(recipe, 'fields'),
      '',
      '/** Each name of the form with each of its values, names and values sorted and each once. $_POST would have changed names. */',
      'function sorted_fields(string $body): string',
      '{',
      '    $fields = [];',
      `    foreach (array_filter(explode('&', $body), fn ($pair) => $pair !== '') as $pair) {`,
      `        [$name, $value] = array_map('urldecode', explode('=', $pair, 2) + [1 => '']);`,
      `        $fields[$name . "\\0" . $value] = $name . $value;`,
      '    }',
      '    ksort($fields, SORT_STRING);',
      `    return implode('', $fields);`,
      '}',
    ),
    when(
      signature.kind === 'items',
      '',
      '/** A field as it is signed: nothing where it is missing. */',
      'function text_of(mixed $value): string',
      '{',
      `    return is_bool($value) ? ($value ? 'true' : 'false') : (is_scalar($value) ? (string) $value : '');`,
      '}',
    ),
    when(
      signature.kind === 'jwt',
      '',
      '/** Bytes of base64url, which a token has without padding; none where it is something else. */',
      'function decoded(string $text): string',
      '{',
      `    return (string) base64_decode(strtr($text, '-_', '+/'), true);`,
      '}',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.form === 'pair',
      '',
      '/** A signature of two numbers of 32 bytes in the form that OpenSSL reads. */',
      'function as_der(string $signature): string',
      '{',
      '    if (strlen($signature) !== 64) {',
      `        return '';`,
      '    }',
      `    $content = '';`,
      '    foreach (str_split($signature, 32) as $number) {',
      `        $digits = ltrim($number, "\\0");`,
      `        $digits = $digits === '' || ord($digits[0]) >= 0x80 ? "\\0" . $digits : $digits;`,
      `        $content .= "\\x02" . chr(strlen($digits)) . $digits;`,
      '    }',
      `    return "\\x30" . chr(strlen($content)) . $content;`,
      '}',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.key === 'jwk',
      '',
      '/** A P-256 key of its coordinates: what stands before them makes the form that OpenSSL reads (RFC 5480). */',
      'function pem_of(array $jwk): string',
      '{',
      `    $der = hex2bin('3059301306072a8648ce3d020106082a8648ce3d03010703420004') . decoded($jwk['x']) . decoded($jwk['y']);`,
      `    return "-----BEGIN PUBLIC KEY-----\\n" . chunk_split(base64_encode($der), 64, "\\n") . '-----END PUBLIC KEY-----';`,
      '}',
    ),
  ];
}
