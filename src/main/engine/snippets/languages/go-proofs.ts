import type { HashName } from '../../signing/signature-form.ts';
import { doubleQuoted as quote, indent, when, type Lines } from '../code-text.ts';
import { leadOf, readsJson, signs, type SnippetProof, type SnippetRecipe } from '../recipe.ts';

const hashes: Readonly<Record<HashName, { readonly package: string; readonly create: string }>> = {
  sha1: { package: 'crypto/sha1', create: 'sha1.New' },
  sha256: { package: 'crypto/sha256', create: 'sha256.New' },
  sha384: { package: 'crypto/sha512', create: 'sha512.New384' },
  sha512: { package: 'crypto/sha512', create: 'sha512.New' },
};

/** An if of Go. */
export const block = (condition: string, ...lines: Lines): Lines => [`if ${condition} {`, indent('\t', lines), '}'];

/** Lines that check whether a candidate is the MAC of `signed` by the key `secret`. */
export function compareMac(recipe: SnippetRecipe, lead: string): Lines {
  return [
    macLines(recipe, 'signed'),
    `expected := ${lead === '' ? '' : `${quote(lead)} + `}${encodedMac(recipe)}`,
    'for _, candidate := range signatures {',
    indent('\t', block('hmac.Equal([]byte(candidate), []byte(expected))', 'return nil')),
    '}',
  ];
}

/** Lines that compute the MAC of what `signed` names by the key `secret`. */
export function macLines({ proof }: SnippetRecipe, signed: string): Lines {
  if (proof.kind !== 'mac') return [];
  const { create } = hashes[proof.hash];
  const decoded = {
    text: null,
    whsec: 'base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))',
    base64: 'base64.StdEncoding.DecodeString(secret)',
    hex: 'hex.DecodeString(secret)',
  }[proof.secret];
  const key = decoded === null ? '[]byte(secret)' : 'key';
  return [
    decoded === null ? null : [`key, err := ${decoded}`, block('err != nil', 'return err')],
    proof.isKeyed ? `mac := hmac.New(${create}, ${key})` : [`mac := ${create}()`, `mac.Write(${key})`],
    `mac.Write(${signed})`,
  ];
}

/** What `macLines` computed, as text in the encoding of the scheme. */
export function encodedMac({ proof }: SnippetRecipe): string {
  if (proof.kind !== 'mac') return '';
  return {
    hex: 'hex.EncodeToString(mac.Sum(nil))',
    base64: 'base64.StdEncoding.EncodeToString(mac.Sum(nil))',
    base64url: 'base64.RawURLEncoding.EncodeToString(mac.Sum(nil))',
  }[proof.encoding];
}

/** Lines that check whether a candidate verifies over `signed` with the public key `secret`. */
export function compareKey({ proof }: SnippetRecipe, lead: string): Lines {
  if (proof.kind === 'mac' || proof.kind === 'token') return [];
  const digits = lead === '' ? 'candidate' : `strings.TrimPrefix(candidate, ${quote(lead)})`;
  const decode = {
    hex: `hex.DecodeString(${digits})`,
    base64: `base64.StdEncoding.DecodeString(${digits})`,
    base64url: `base64.RawURLEncoding.DecodeString(${digits})`,
  }[proof.encoding];
  const { key, check } = keyParts(proof);
  return [
    key,
    'for _, candidate := range signatures {',
    `\tdecoded, err := ${decode}`,
    indent('\t', block(`err == nil && ${check}`, 'return nil')),
    '}',
  ];
}

type KeyProof = Exclude<SnippetProof, { readonly kind: 'mac' | 'token' }>;

const failed = block('err != nil', 'return err');
const fromPem = (what: string): Lines => [
  'first, _ := pem.Decode([]byte(secret))',
  block('first == nil', `return errors.New("the ${what} is not PEM")`),
];
const asKey = (source: string, type: string, what: string): Lines => [
  `key, ok := ${source}.(${type})`,
  block('!ok', `return errors.New("the ${what}")`),
];

function keyParts(proof: KeyProof): { readonly key: Lines; readonly check: string } {
  switch (proof.kind) {
    case 'ed25519':
      return { key: ed25519Key(proof.key), check: 'ed25519.Verify(key, signed, decoded)' };
    case 'ecdsa-p256':
      return {
        key: [ecdsaKey(proof.key), 'sum := sha256.Sum256(signed)'],
        check: proof.form === 'pair' ? 'isPairOf(key, sum[:], decoded)' : 'ecdsa.VerifyASN1(key, sum[:], decoded)',
      };
    case 'rsa-certificate':
      return {
        key: [
          fromPem('certificate'),
          'certificate, err := x509.ParseCertificate(first.Bytes)',
          failed,
          asKey('certificate.PublicKey', '*rsa.PublicKey', 'certificate is not one of RSA'),
          'sum := sha256.Sum256(signed)',
        ],
        check: 'rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], decoded) == nil',
      };
  }
}

function ed25519Key(form: 'hex' | 'base64' | 'whpk' | 'pem'): Lines {
  const foreign = 'public key is not one of Ed25519';
  if (form === 'pem') {
    return [
      fromPem('public key'),
      'parsed, err := x509.ParsePKIXPublicKey(first.Bytes)',
      failed,
      asKey('parsed', 'ed25519.PublicKey', foreign),
    ];
  }
  const decode = {
    hex: 'hex.DecodeString(secret)',
    base64: 'base64.StdEncoding.DecodeString(secret)',
    whpk: 'base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whpk_"))',
  }[form];
  return [`key, err := ${decode}`, block('err != nil || len(key) != ed25519.PublicKeySize', `return errors.New("the ${foreign}")`)];
}

function ecdsaKey(form: 'spki' | 'pem' | 'jwk'): Lines {
  if (form === 'jwk') return ['key, err := keyOf(secret)', failed];
  return [
    form === 'pem' ? fromPem('public key') : ['der, err := base64.StdEncoding.DecodeString(secret)', failed],
    `parsed, err := x509.ParsePKIXPublicKey(${form === 'pem' ? 'first.Bytes' : 'der'})`,
    failed,
    asKey('parsed', '*ecdsa.PublicKey', 'public key is not one of ECDSA'),
  ];
}

/** What the steps take from the standard library. */
export function goImports(recipe: SnippetRecipe): readonly string[] {
  const { proof, time, signature, contentDigest } = recipe;
  return [
    ...proofImports(recipe),
    ...(signature.kind === 'entries' ? ['strings'] : []),
    ...(signature.kind === 'message' ? ['regexp'] : []),
    ...(signature.kind === 'jwt' ? ['crypto/sha256', 'encoding/hex', 'strings'] : []),
    ...(signature.kind === 'items' ? ['bytes', 'strings', 'fmt'] : []),
    ...(time !== null && time.toleranceSeconds !== null ? ['time', ...(time.unit === 'rfc3339' ? [] : ['strconv'])] : []),
    ...(readsJson(recipe) ? ['encoding/json'] : []),
    ...(contentDigest === null ? [] : [`crypto/${contentDigest.hash}`, 'encoding/base64']),
    ...(signs(recipe, 'decoded-url') ? ['regexp', 'net/url'] : []),
    ...(signs(recipe, 'fields') ? ['net/url', 'sort', 'strings'] : []),
    ...(signs(recipe, 'listed-values', 'path', 'field', 'target-path', 'target-query', 'origin-scheme', 'authority') ? ['strings'] : []),
    ...(signs(recipe, 'listed-lines') ? ['sort', 'strings'] : []),
    ...(signs(recipe, 'crc32') ? ['hash/crc32', 'strconv'] : []),
    ...(recipe.digestParameter === null ? [] : ['net/url', 'crypto/sha256', 'encoding/hex']),
    ...(proof.kind === 'ecdsa-p256' && proof.form === 'pair' ? ['math/big'] : []),
  ];
}

function proofImports(recipe: SnippetRecipe): readonly string[] {
  const { proof } = recipe;
  switch (proof.kind) {
    case 'mac':
      // Comparing takes hmac, even where the MAC is a plain hash.
      return ['crypto/hmac', ...macImports(recipe)];
    case 'token':
      return ['crypto/subtle'];
    case 'ed25519':
      return [
        'crypto/ed25519',
        `encoding/${proof.encoding}`,
        ...(proof.key === 'pem' ? ['crypto/x509', 'encoding/pem'] : []),
        ...(leadOf(recipe) !== '' || proof.key === 'whpk' ? ['strings'] : []),
      ];
    case 'ecdsa-p256':
      return [
        'crypto/ecdsa',
        'crypto/sha256',
        'encoding/base64',
        ...(proof.key === 'jwk' ? ['crypto/elliptic'] : ['crypto/x509']),
        ...(proof.key === 'pem' ? ['encoding/pem'] : []),
      ];
    case 'rsa-certificate':
      return ['crypto', 'crypto/rsa', 'crypto/sha256', 'crypto/x509', 'encoding/base64', 'encoding/pem'];
  }
}

/** What computing a MAC takes from the standard library. */
export function macImports({ proof }: SnippetRecipe): readonly string[] {
  if (proof.kind !== 'mac') return [];
  return [
    ...(proof.isKeyed ? ['crypto/hmac'] : []),
    hashes[proof.hash].package,
    ...(['whsec', 'base64'].includes(proof.secret) || proof.encoding !== 'hex' ? ['encoding/base64'] : []),
    ...(proof.secret === 'hex' || proof.encoding === 'hex' ? ['encoding/hex'] : []),
    ...(proof.secret === 'whsec' ? ['strings'] : []),
  ];
}

/** Functions that the steps call. */
export function goHelpers(recipe: SnippetRecipe): Lines {
  const { proof, signature } = recipe;
  return [
    when(
      signs(recipe, 'fields'),
      '',
      '// sortedFields gives each name of the form with each of its values, names and values sorted and each once.',
      'func sortedFields(body []byte) string {',
      '\tfields, err := url.ParseQuery(string(body))',
      '\tif err != nil {',
      '\t\treturn ""',
      '\t}',
      '\tvar names []string',
      '\tfor name := range fields {',
      '\t\tnames = append(names, name)',
      '\t}',
      '\tsort.Strings(names)',
      '\tvar text strings.Builder',
      '\tfor _, name := range names {',
      '\t\tvalues := fields[name]',
      '\t\tsort.Strings(values)',
      '\t\tfor index, value := range values {',
      '\t\t\tif index == 0 || values[index-1] != value {',
      '\t\t\t\ttext.WriteString(name + value)',
      '\t\t\t}',
      '\t\t}',
      '\t}',
      '\treturn text.String()',
      '}',
    ),
    when(
      signature.kind === 'items',
      '',
      '// textAt gives a field as it is signed: nothing where it is missing.',
      'func textAt(item map[string]any, path ...string) string {',
      '\tvar value any = item',
      '\tfor _, name := range path {',
      '\t\tfields, _ := value.(map[string]any)',
      '\t\tvalue = fields[name]',
      '\t}',
      '\tif value == nil {',
      '\t\treturn ""',
      '\t}',
      '\treturn fmt.Sprint(value)',
      '}',
    ),
    when(
      signature.kind === 'jwt',
      '',
      '// decodePart reads one part of a token, which is JSON in base64url.',
      'func decodePart(part string, into any) error {',
      '\tdecoded, err := base64.RawURLEncoding.DecodeString(part)',
      '\tif err != nil {',
      '\t\treturn err',
      '\t}',
      '\treturn json.Unmarshal(decoded, into)',
      '}',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.form === 'pair',
      '',
      '// isPairOf judges a signature of two numbers of 32 bytes.',
      'func isPairOf(key *ecdsa.PublicKey, sum, signature []byte) bool {',
      '\tif len(signature) != 64 {',
      '\t\treturn false',
      '\t}',
      '\treturn ecdsa.Verify(key, sum, new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))',
      '}',
    ),
    when(
      proof.kind === 'ecdsa-p256' && proof.key === 'jwk',
      '',
      '// keyOf makes a public key of its coordinates.',
      'func keyOf(jwk string) (*ecdsa.PublicKey, error) {',
      '\tvar point struct {',
      '\t\tX string `json:"x"`',
      '\t\tY string `json:"y"`',
      '\t}',
      '\tif err := json.Unmarshal([]byte(jwk), &point); err != nil {',
      '\t\treturn nil, err',
      '\t}',
      '\tx, err := base64.RawURLEncoding.DecodeString(point.X)',
      '\tif err != nil {',
      '\t\treturn nil, err',
      '\t}',
      '\ty, err := base64.RawURLEncoding.DecodeString(point.Y)',
      '\tif err != nil {',
      '\t\treturn nil, err',
      '\t}',
      '\tkey := &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(x), Y: new(big.Int).SetBytes(y)}',
      '\tif !key.Curve.IsOnCurve(key.X, key.Y) {',
      '\t\treturn nil, errors.New("the public key is not one of P-256")',
      '\t}',
      '\treturn key, nil',
      '}',
    ),
  ];
}
