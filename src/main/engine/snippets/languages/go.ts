import type { HashName } from '../../signing/signature-form.ts';
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

/** Receivers for Go 1.18 and later, on net/http. */
export const go: SnippetWriter = {
  language: 'go',
  title: 'Go',
  filename: 'receiver.go',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: library === null ? [] : [library.dependency] }),
  frameworks: () => [],
};

const hashes: Readonly<Record<HashName, { readonly package: string; readonly create: string }>> = {
  sha1: { package: 'crypto/sha1', create: 'sha1.New' },
  sha256: { package: 'crypto/sha256', create: 'sha256.New' },
  sha384: { package: 'crypto/sha512', create: 'sha512.New384' },
  sha512: { package: 'crypto/sha512', create: 'sha512.New' },
};

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'method string',
  target: 'target string',
  headers: 'headers http.Header',
  body: 'body []byte',
};

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    heading('//', recipe, library?.remark == null ? [] : [library.remark]),
    `// ${startLine(recipe, 'go run receiver.go')}`,
    'package main',
    '',
    imports(recipe, library),
    '',
    when(
      needsUrl(recipe),
      '// What the sender calls, not what a proxy hands on: https://example.com, without a path.',
      'var origin = os.Getenv("WEBHOOK_ORIGIN")',
      '',
    ),
    when(signs(recipe, 'webhook-id'), 'var webhookID = os.Getenv("WEBHOOK_ID")', ''),
    when(toleranceSeconds !== null, `const toleranceSeconds = ${toleranceSeconds ?? 0}`, ''),
    '// secrets holds the key and, while it is being rotated, the one from before.',
    'func secrets() []string {',
    '\tvar found []string',
    `\tfor _, name := range []string{"${key.name}", "${key.name}_PREVIOUS"} {`,
    '\t\tif value := os.Getenv(name); value != "" {',
    '\t\t\tfound = append(found, value)',
    '\t\t}',
    '\t}',
    '\treturn found',
    '}',
    '',
    '// verify says why a request is refused, or nil for a genuine one. body holds the bytes as they were received.',
    library === null ? verifier(recipe) : libraryVerifier(recipe, library),
    helpers(recipe, library),
    '',
    server(recipe),
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const { proof, time, signature } = recipe;
  const names = new Set(['errors', 'io', 'log', 'net/http', 'os']);
  if (library === null) {
    if (proof.kind === 'mac') {
      names.add('crypto/hmac').add(hashes[proof.hash].package);
      if (['whsec', 'base64'].includes(proof.secret) || proof.encoding !== 'hex') names.add('encoding/base64');
      if (proof.secret === 'hex' || proof.encoding === 'hex') names.add('encoding/hex');
      if (proof.secret === 'whsec') names.add('strings');
    } else if (proof.kind === 'token') names.add('crypto/subtle');
    else {
      names.add(proof.encoding === 'hex' ? 'encoding/hex' : 'encoding/base64');
      if (proof.kind === 'ed25519') names.add('crypto/ed25519');
      else names.add('crypto/sha256').add('crypto/x509');
      if (proof.kind === 'ecdsa-p256') names.add('crypto/ecdsa');
      if (proof.kind === 'rsa-certificate') for (const name of ['crypto', 'crypto/rsa', 'encoding/pem']) names.add(name);
      if (leadOf(recipe) !== '' || (proof.kind === 'ed25519' && proof.key === 'whpk')) names.add('strings');
    }
    if (signature.kind === 'entries') names.add('strings');
    if (time !== null && time.toleranceSeconds !== null) {
      names.add('time');
      if (time.unit !== 'rfc3339') names.add('strconv');
    }
    if (time?.place === 'json') names.add('encoding/json');
    if (signs(recipe, 'decoded-url')) for (const name of ['regexp', 'net/url']) names.add(name);
    if (signs(recipe, 'fields')) for (const name of ['net/url', 'sort', 'strings']) names.add(name);
    if (signs(recipe, 'listed-values', 'path')) names.add('strings');
    if (signs(recipe, 'listed-lines')) for (const name of ['sort', 'strings']) names.add(name);
    if (signs(recipe, 'crc32')) names.add('hash/crc32').add('strconv');
    if (recipe.digestParameter !== null) for (const name of ['net/url', 'crypto/sha256', 'encoding/hex']) names.add(name);
  }
  const own = library?.imports ?? [];
  return ['import (', [...names].toSorted().map((name) => `\t"${name}"`), when(own.length > 0, '', ...own.map((line) => `\t${line}`)), ')'];
}

const definition = (parts: readonly RequestPart[]) =>
  `func verify(${[...parts.map((part) => parameterTypes[part]), 'secrets []string'].join(', ')}) error {`;
const mismatch = '\treturn errors.New("the signature does not match")';

function libraryVerifier(recipe: SnippetRecipe, { call, answers }: LibraryCall): Lines {
  const parts = new Set<RequestPart>([...partsOf(recipe), 'headers', 'body']);
  return [
    definition([...parts]),
    when(needsUrl(recipe), '\turl := origin + target'),
    '\tfor _, secret := range secrets {',
    answers === 'boolean' ? `\t\tif ${call} {` : `\t\tif err := ${call}; err == nil {`,
    '\t\t\treturn nil',
    '\t\t}',
    '\t}',
    mismatch,
    '}',
  ];
}

const refuse = (text: string) => `return errors.New(${quote(text)})`;
const block = (condition: string, ...lines: readonly string[]): Lines => [`if ${condition} {`, indent('\t', lines), '}'];

function verifier(recipe: SnippetRecipe): Lines {
  const required = readHeadersOf(recipe);
  const optional = optionalHeadersOf(recipe);
  const missing = inWords(
    required.map(({ name }) => name),
    'or',
  );
  return [
    definition(partsOf(recipe)),
    indent('\t', [
      required.map(({ variable, name }) => `${variable} := headers.Get(${quote(name)})`),
      when(required.length > 0, block(required.map(({ variable }) => `${variable} == ""`).join(' || '), refuse(`${missing} is missing`))),
      fixed(recipe),
      when(optional.length > 0, `signatures := []string{${optional.map((name) => `headers.Get(${quote(name)})`).join(', ')}}`),
      readSignatures(recipe),
      checkTime(recipe),
      recipe.proof.kind === 'token'
        ? [
            'for _, secret := range secrets {',
            indent('\t', block('subtle.ConstantTimeCompare([]byte(signature), []byte(secret)) == 1', 'return nil')),
            '}',
            refuse('the token is not the secret'),
          ]
        : compare(recipe),
    ]),
    '}',
  ];
}

function fixed({ fixedHeader }: SnippetRecipe): Lines {
  if (fixedHeader === null) return [];
  const [name, value] = fixedHeader;
  return block(`headers.Get(${quote(name)}) != ${quote(value)}`, refuse(`${name} is not ${value}`));
}

function readSignatures(recipe: SnippetRecipe): Lines {
  const { signature, time, proof } = recipe;
  if (signature.kind === 'json') {
    return [
      'var content struct {',
      '\tSignature struct {',
      '\t\tTimestamp string `json:"timestamp"`',
      '\t\tToken     string `json:"token"`',
      '\t\tSignature string `json:"signature"`',
      `\t} \`json:${quote(signature.object)}\``,
      '}',
      block('err := json.Unmarshal(body, &content); err != nil', refuse('the body carries no signature')),
      'timestamp, token := content.Signature.Timestamp, content.Signature.Token',
      'signatures := []string{content.Signature.Signature}',
    ];
  }
  if (signature.kind === 'headers') {
    return [
      when(signature.names.length === 1 && proof.kind !== 'token', 'signatures := []string{signature}'),
      when(
        time?.place === 'json',
        'var content struct {',
        `\tTimestamp json.Number \`json:${quote(time?.name ?? '')}\``,
        '}',
        block('err := json.Unmarshal(body, &content); err != nil', refuse('the body carries no timestamp')),
        'timestamp := content.Timestamp.String()',
      ),
    ];
  }
  const { separator, lead, timeLabel, listLabel } = signature;
  const assign = (label: string | null, variable: string) =>
    when(
      label !== null,
      `if ${variable} == "" && strings.HasPrefix(entry, ${quote(label ?? '')}) {`,
      `\t${variable} = entry[${(label ?? '').length}:]`,
      '}',
    );
  return [
    '// While a secret is being rotated there may be several.',
    'var signatures []string',
    when(timeLabel !== null, 'timestamp := ""'),
    when(listLabel !== null, 'listed := ""'),
    `for _, entry := range strings.Split(signature, ${quote(separator)}) {`,
    indent('\t', [
      assign(timeLabel, 'timestamp'),
      assign(listLabel, 'listed'),
      block(`strings.HasPrefix(entry, ${quote(lead)})`, 'signatures = append(signatures, entry)'),
    ]),
    '}',
  ];
}

function checkTime({ time }: SnippetRecipe): Lines {
  if (time === null || time.toleranceSeconds === null) return [];
  const isLate = 'age > toleranceSeconds*time.Second || age < -toleranceSeconds*time.Second';
  const late = block(isLate, refuse('the timestamp is too old or too far in the future'));
  if (time.unit === 'rfc3339') {
    return [
      'sentAt, err := time.Parse(time.RFC3339, timestamp)',
      block('err != nil', refuse('the timestamp is not a date and time')),
      'age := time.Since(sentAt)',
      late,
    ];
  }
  return [
    // 50 bits hold every real date in either unit, so that no sum below overflows.
    'sentAt, err := strconv.ParseUint(timestamp, 10, 50)',
    block('err != nil', refuse('the timestamp is not a whole number')),
    time.unit === 's'
      ? 'age := time.Since(time.Unix(int64(sentAt), 0)).Truncate(time.Second)'
      : 'age := time.Since(time.UnixMilli(int64(sentAt)))',
    late,
  ];
}

function expressionOf(piece: SnippetPiece): string {
  switch (piece.kind) {
    case 'literal':
      return quote(piece.text);
    case 'decoded-url':
      return 'decodedURL';
    case 'url':
      return 'origin + target';
    case 'path':
      return 'target';
    case 'fields':
      return 'sortedFields(body)';
    case 'crc32':
      return 'strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10)';
    case 'webhook-id':
      return 'webhookID';
    case 'listed-names':
      return 'listed';
    case 'listed-values':
      return 'strings.Join(values, ".")';
    case 'listed-lines':
      return 'strings.Join(lines, ";")';
    case 'id':
    case 'timestamp':
    case 'token':
    case 'method':
    case 'body':
      return piece.kind;
  }
}

function signedBytes({ signed }: SnippetRecipe): Lines {
  const runs = runsOf(signed, expressionOf);
  const [first, ...others] = runs;
  if (first?.kind === 'body' && others.length === 0) return ['signed := body'];
  return [
    first?.kind === 'text' ? `signed := []byte(${first.expressions.join(' + ')})` : 'signed := append([]byte{}, body...)',
    others.map((run) => `signed = append(signed, ${run.kind === 'body' ? 'body' : `(${run.expressions.join(' + ')})`}...)`),
  ];
}

/** What must be known before the signed bytes can be put together. */
function preparation(recipe: SnippetRecipe): Lines {
  const { digestParameter } = recipe;
  const covered = readHeadersOf(recipe).filter(({ variable }) => variable !== 'signature');
  return [
    when(
      signs(recipe, 'decoded-url'),
      'escapes := regexp.MustCompile(`(?i)%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)`)',
      'decodedURL := escapes.ReplaceAllStringFunc(origin+target, func(escape string) string {',
      '\ttext, _ := url.PathUnescape(escape)',
      '\treturn text',
      '})',
    ),
    when(
      digestParameter !== null,
      'parsed, err := url.Parse(origin + target)',
      block('err != nil', refuse('the URL cannot be read')),
      'sum := sha256.Sum256(body)',
      block(
        `!hmac.Equal([]byte(parsed.Query().Get(${quote(digestParameter ?? '')})), []byte(hex.EncodeToString(sum[:])))`,
        refuse(`${digestParameter ?? ''} in the URL is not the hash of the body`),
      ),
    ),
    when(signs(recipe, 'path'), block('strings.ContainsAny(target, "?%")', refuse('the webhook is registered with a query'))),
    when(
      signs(recipe, 'listed-values'),
      'var values []string',
      'for _, name := range strings.Split(listed, " ") {',
      '\tvalues = append(values, headers.Get(name))',
      '}',
    ),
    when(
      signs(recipe, 'listed-lines'),
      'names := strings.Split(strings.ToLower(listed), ",")',
      'for index, name := range names {',
      '\tnames[index] = strings.TrimSpace(name)',
      '}',
      'sort.Strings(names)',
      'all := "," + strings.Join(names, ",") + ","',
      ...covered.map(({ name }) => block(`!strings.Contains(all, ${quote(`,${name.toLowerCase()},`)})`, refuse(`${name} is not signed`))),
      'var lines []string',
      'for _, name := range names {',
      '\tlines = append(lines, name+":"+strings.TrimSpace(headers.Get(name)))',
      '}',
    ),
  ];
}

function compare(recipe: SnippetRecipe): Lines {
  const lead = leadOf(recipe);
  return [
    preparation(recipe),
    signedBytes(recipe),
    'for _, secret := range secrets {',
    indent('\t', recipe.proof.kind === 'mac' ? macLines(recipe, lead) : keyLines(recipe, lead)),
    '}',
    refuse('the signature does not match'),
  ];
}

function macLines({ proof }: SnippetRecipe, lead: string): Lines {
  if (proof.kind !== 'mac') return [];
  const { create } = hashes[proof.hash];
  const decoded = {
    text: null,
    whsec: 'base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))',
    base64: 'base64.StdEncoding.DecodeString(secret)',
    hex: 'hex.DecodeString(secret)',
  }[proof.secret];
  const key = decoded === null ? '[]byte(secret)' : 'key';
  const encoded = {
    hex: 'hex.EncodeToString(mac.Sum(nil))',
    base64: 'base64.StdEncoding.EncodeToString(mac.Sum(nil))',
    base64url: 'base64.RawURLEncoding.EncodeToString(mac.Sum(nil))',
  }[proof.encoding];
  return [
    when(decoded !== null, `key, err := ${decoded ?? ''}`, block('err != nil', 'return err')),
    proof.isKeyed ? `mac := hmac.New(${create}, ${key})` : [`mac := ${create}()`, `mac.Write(${key})`],
    'mac.Write(signed)',
    `expected := ${lead === '' ? '' : `${quote(lead)} + `}${encoded}`,
    'for _, candidate := range signatures {',
    indent('\t', block('hmac.Equal([]byte(candidate), []byte(expected))', 'return nil')),
    '}',
  ];
}

function keyLines(recipe: SnippetRecipe, lead: string): Lines {
  const { proof } = recipe;
  if (proof.kind === 'mac' || proof.kind === 'token') return [];
  const digits = lead === '' ? 'candidate' : `strings.TrimPrefix(candidate, ${quote(lead)})`;
  const decode = proof.encoding === 'hex' ? `hex.DecodeString(${digits})` : `base64.StdEncoding.DecodeString(${digits})`;
  const { key, check } = keyParts(proof);
  return [
    key,
    'for _, candidate := range signatures {',
    `\tdecoded, err := ${decode}`,
    `\tif err == nil && ${check} {`,
    '\t\treturn nil',
    '\t}',
    '}',
  ];
}

function keyParts(proof: Exclude<SnippetRecipe['proof'], { readonly kind: 'mac' | 'token' }>): {
  readonly key: Lines;
  readonly check: string;
} {
  const failed = block('err != nil', 'return err');
  switch (proof.kind) {
    case 'ed25519': {
      const decode =
        proof.key === 'hex' ? 'hex.DecodeString(secret)' : 'base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whpk_"))';
      return {
        key: [
          `key, err := ${decode}`,
          block('err != nil || len(key) != ed25519.PublicKeySize', 'return errors.New("the public key is not one of Ed25519")'),
        ],
        check: 'ed25519.Verify(key, signed, decoded)',
      };
    }
    case 'ecdsa-p256':
      return {
        key: [
          'der, err := base64.StdEncoding.DecodeString(secret)',
          failed,
          'parsed, err := x509.ParsePKIXPublicKey(der)',
          failed,
          'key, ok := parsed.(*ecdsa.PublicKey)',
          block('!ok', 'return errors.New("the public key is not one of ECDSA")'),
          'sum := sha256.Sum256(signed)',
        ],
        check: 'ecdsa.VerifyASN1(key, sum[:], decoded)',
      };
    case 'rsa-certificate':
      return {
        key: [
          'first, _ := pem.Decode([]byte(secret))',
          block('first == nil', 'return errors.New("the certificate is not PEM")'),
          'certificate, err := x509.ParseCertificate(first.Bytes)',
          failed,
          'key, ok := certificate.PublicKey.(*rsa.PublicKey)',
          block('!ok', 'return errors.New("the certificate is not one of RSA")'),
          'sum := sha256.Sum256(signed)',
        ],
        check: 'rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], decoded) == nil',
      };
  }
}

function helpers(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  return when(
    library === null && signs(recipe, 'fields'),
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
  );
}

function server(recipe: SnippetRecipe): Lines {
  const names = { method: 'request.Method', target: 'request.RequestURI', headers: 'request.Header', body: 'body' };
  const key = keyVariable(recipe).name;
  const call = `verify(${[...partsOf(recipe).map((part) => names[part]), 'keys'].join(', ')})`;
  return [
    'func main() {',
    indent('\t', [
      'keys := secrets()',
      block('len(keys) == 0', `log.Fatal("Set ${key}.")`),
      'port := os.Getenv("PORT")',
      block('port == ""', 'port = "3000"'),
      'http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {',
      indent('\t', [
        `${partsOf(recipe).includes('body') ? 'body' : '_'}, err := io.ReadAll(http.MaxBytesReader(response, request.Body, 1<<20))`,
        block('err != nil', 'http.Error(response, "the body cannot be read", http.StatusBadRequest)', 'return'),
        `if err := ${call}; err != nil {`,
        '\tlog.Printf("Refused: %v.", err)',
        '\tresponse.WriteHeader(http.StatusUnauthorized)',
        '\treturn',
        '}',
        '// Handle a genuine event here; answer soon, and do long work later.',
        'response.WriteHeader(http.StatusNoContent)',
      ]),
      '})',
      'log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))',
    ]),
    '}',
  ];
}
