import { doubleQuoted as quote, indent, when, type Lines } from '../code-text.ts';
import { namedPieces, type Dialect } from '../dialect.ts';
import type { RequestPart } from '../recipe.ts';
import { block, compareMac, macLines, encodedMac, compareKey } from './go-proofs.ts';

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'method string',
  target: 'target string',
  headers: 'headers http.Header',
  body: 'body []byte',
};

const refuse = (sentence: string) => `return errors.New(${quote(sentence)})`;
const refuseIf = (condition: string, sentence: string) => block(condition, refuse(sentence));
const header = (name: string) => `headers.Get(${quote(name)})`;
const isLate = (sentence: string) => refuseIf('age > toleranceSeconds*time.Second || age < -toleranceSeconds*time.Second', sentence);
const sum = (hash: 'sha256' | 'sha512') => (hash === 'sha256' ? 'sha256.Sum256(body)' : 'sha512.Sum512(body)');

/** The steps of verifying in Go, with its standard library alone. */
export const goDialect: Dialect = {
  step: '\t',
  open: (parts) => `func verify(${[...parts.map((part) => parameterTypes[part]), 'secrets []string'].join(', ')}) error {`,
  close: '}',
  quote,
  expressions: {
    ...namedPieces,
    url: 'origin + target',
    'decoded-url': 'decodedURL',
    'target-path': 'strings.Split(target, "?")[0]',
    'target-query': '"?" + strings.TrimPrefix(target, strings.Split(target, "?")[0]+"?")',
    'origin-scheme': 'strings.Split(origin, "://")[0]',
    authority: 'strings.TrimPrefix(strings.TrimPrefix(origin, "https://"), "http://")',
    fields: 'sortedFields(body)',
    crc32: 'strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10)',
    'webhook-id': 'webhookID',
    'listed-values': 'strings.Join(values, ".")',
    'listed-lines': 'strings.Join(lines, ";")',
    parameters: 'found[1]',
    'unsigned-token': 'parts[0] + "." + parts[1]',
  },
  field: (name) => `strings.TrimSpace(${header(name)})`,
  refuse,

  readHeaders: (headers, sentence) => [
    headers.map(({ variable, name }) => `${variable} := ${header(name)}`),
    refuseIf(headers.map(({ variable }) => `${variable} == ""`).join(' || '), sentence),
  ],
  requireValue: (name, value, sentence) => refuseIf(`${header(name)} != ${quote(value)}`, sentence),
  readAlternatives: (names) => `signatures := []string{${names.map(header).join(', ')}}`,
  takeOne: 'signatures := []string{signature}',
  readEntries: ({ separator, lead, timeLabel, listLabel }) => {
    const assign = (label: string | null, variable: string): Lines =>
      label === null
        ? []
        : block(`${variable} == "" && strings.HasPrefix(entry, ${quote(label)})`, `${variable} = entry[${label.length}:]`);
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
  },
  readObject: (object, sentence) => [
    'var content struct {',
    '\tSignature struct {',
    '\t\tTimestamp string `json:"timestamp"`',
    '\t\tToken     string `json:"token"`',
    '\t\tSignature string `json:"signature"`',
    `\t} \`json:${quote(object)}\``,
    '}',
    refuseIf('err := json.Unmarshal(body, &content); err != nil', sentence),
    'timestamp, token := content.Signature.Timestamp, content.Signature.Token',
    'signatures := []string{content.Signature.Signature}',
  ],
  readBodyTime: (field, sentence) => [
    'var content struct {',
    `\tTimestamp json.Number \`json:${quote(field)}\``,
    '}',
    refuseIf('err := json.Unmarshal(body, &content); err != nil', sentence),
    'timestamp := content.Timestamp.String()',
  ],
  readToken: ({ algorithm, digestClaim }, claim, { shape, ...refusals }) => [
    'parts := strings.Split(token, ".")',
    refuseIf('len(parts) != 3', shape),
    'var head struct {',
    '\tAlg string `json:"alg"`',
    '}',
    '// Before any key is used: a token may not choose how it is checked.',
    refuseIf(`err := decodePart(parts[0], &head); err != nil || head.Alg != ${quote(algorithm)}`, refusals.algorithm),
    'var claims struct {',
    when(claim !== null, `\tTime   json.Number \`json:${quote(claim ?? '')}\``),
    claim === null ? `\tDigest string \`json:${quote(digestClaim)}\`` : `\tDigest string      \`json:${quote(digestClaim)}\``,
    '}',
    refuseIf('err := decodePart(parts[1], &claims); err != nil', shape),
    when(claim !== null, 'timestamp := claims.Time.String()'),
    'hash := sha256.Sum256(body)',
    refuseIf('claims.Digest != hex.EncodeToString(hash[:])', refusals.digest),
    'signatures := []string{parts[2]}',
  ],
  readMessage: (inputPattern, signaturePattern, sentence) => [
    `found := regexp.MustCompile(\`${inputPattern}\`).FindStringSubmatch(input)`,
    `made := regexp.MustCompile(\`${signaturePattern}\`).FindStringSubmatch(signature)`,
    refuseIf('found == nil || made == nil', sentence),
    'timestamp := found[2]',
    'signatures := []string{made[1]}',
  ],
  checkItems: ({ list, wrapper, signature, fields, separator }, recipe, { none, mismatch }) => [
    'var content struct {',
    '\tItems []struct {',
    `\t\tItem map[string]any \`json:${quote(wrapper)}\``,
    `\t} \`json:${quote(list)}\``,
    '}',
    '// Numbers stay as they were sent.',
    'decoder := json.NewDecoder(bytes.NewReader(body))',
    'decoder.UseNumber()',
    refuseIf('err := decoder.Decode(&content); err != nil || len(content.Items) == 0', none),
    '// Each is signed by itself, so one that is not genuine spoils them all.',
    'for _, entry := range content.Items {',
    indent('\t', [
      'item := entry.Item',
      'signed := strings.Join([]string{',
      fields.map((path) => `\ttextAt(item, ${path.map(quote).join(', ')}),`),
      `}, ${quote(separator)})`,
      'isGenuine := false',
      'for _, secret := range secrets {',
      indent('\t', [
        macLines(recipe, '[]byte(signed)'),
        `isGenuine = isGenuine || hmac.Equal([]byte(textAt(item, ${signature.map(quote).join(', ')})), []byte(${encodedMac(recipe)}))`,
      ]),
      '}',
      refuseIf('!isGenuine', mismatch),
    ]),
    '}',
    'return nil',
  ],

  checkNumber: (unit, { form, late }) => [
    // 50 bits are enough for every real date in either unit, so no sum below overflows.
    'sentAt, err := strconv.ParseUint(timestamp, 10, 50)',
    refuseIf('err != nil', form),
    unit === 's'
      ? 'age := time.Since(time.Unix(int64(sentAt), 0)).Truncate(time.Second)'
      : 'age := time.Since(time.UnixMilli(int64(sentAt)))',
    isLate(late),
  ],
  checkDate: ({ form, late }) => [
    'sentAt, err := time.Parse(time.RFC3339, timestamp)',
    refuseIf('err != nil', form),
    'age := time.Since(sentAt)',
    isLate(late),
  ],

  url: [],
  decodedUrl: [
    'escapes := regexp.MustCompile(`(?i)%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)`)',
    'decodedURL := escapes.ReplaceAllStringFunc(origin+target, func(escape string) string {',
    '\ttext, _ := url.PathUnescape(escape)',
    '\treturn text',
    '})',
  ],
  checksum: [],
  checkParameter: (name, sentence) => [
    'parsed, err := url.Parse(origin + target)',
    refuseIf('err != nil', 'the URL cannot be read'),
    'sum := sha256.Sum256(body)',
    refuseIf(`!hmac.Equal([]byte(parsed.Query().Get(${quote(name)})), []byte(hex.EncodeToString(sum[:])))`, sentence),
  ],
  checkDigest: ({ label, hash }, sentence) => [
    `hash := ${sum(hash)}`,
    refuseIf(`digest != "${label}=:"+base64.StdEncoding.EncodeToString(hash[:])+":"`, sentence),
  ],
  refuseQuery: (sentence) => refuseIf('strings.ContainsAny(target, "?%")', sentence),
  listedValues: [
    'var values []string',
    'for _, name := range strings.Split(listed, " ") {',
    '\tvalues = append(values, headers.Get(name))',
    '}',
  ],
  listedNames: [
    'names := strings.Split(strings.ToLower(listed), ",")',
    'for index, name := range names {',
    '\tnames[index] = strings.TrimSpace(name)',
    '}',
    'sort.Strings(names)',
    'all := "," + strings.Join(names, ",") + ","',
  ],
  requireListed: (name, sentence) => refuseIf(`!strings.Contains(all, ${quote(`,${name},`)})`, sentence),
  listedLines: [
    'var lines []string',
    'for _, name := range names {',
    '\tlines = append(lines, name+":"+strings.TrimSpace(headers.Get(name)))',
    '}',
  ],

  join: ([first, ...others]) => {
    if (first?.kind === 'body' && others.length === 0) return 'signed := body';
    return [
      first?.kind === 'text' ? `signed := []byte(${first.expressions.join(' + ')})` : 'signed := append([]byte{}, body...)',
      others.map((run) => `signed = append(signed, ${run.kind === 'body' ? 'body' : `(${run.expressions.join(' + ')})`}...)`),
    ];
  },
  compareToken: (sentence) => [
    'for _, secret := range secrets {',
    indent('\t', block('subtle.ConstantTimeCompare([]byte(signature), []byte(secret)) == 1', 'return nil')),
    '}',
    refuse(sentence),
  ],
  compare: (recipe, lead, sentence) => [
    'for _, secret := range secrets {',
    indent('\t', recipe.proof.kind === 'mac' ? compareMac(recipe, lead) : compareKey(recipe, lead)),
    '}',
    refuse(sentence),
  ],
};
