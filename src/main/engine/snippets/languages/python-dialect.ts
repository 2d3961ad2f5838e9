import { doubleQuoted as quote, indent, type Lines, when } from '../code-text.ts';
import { namedPieces, type Dialect } from '../dialect.ts';
import { compareMac, compareKey, macExpression } from './python-proofs.ts';

const refuse = (sentence: string) => `return ${quote(sentence)}`;
const refuseIf = (condition: string, sentence: string): Lines => [`if ${condition}:`, `    ${refuse(sentence)}`];
const header = (name: string) => `headers.get(${quote(name)})`;
const isLate = (sentence: string) => refuseIf('abs(age_seconds) > TOLERANCE_SECONDS', sentence);

/** The docstring of the function that verifies. */
export const documentation = '"""Why a request is refused, or None for a genuine one. `body` holds the bytes as they were received."""';

/** The steps of verifying in Python, with its own library for MACs and `cryptography` for key pairs. */
export const pythonDialect: Dialect = {
  step: '    ',
  open: (parts) => [`def refusal_of(*, ${[...parts, 'secrets'].join(', ')}):`, `    ${documentation}`],
  close: [],
  quote,
  expressions: {
    ...namedPieces,
    url: 'url',
    'decoded-url': 'decoded_url',
    'target-path': 'target.partition("?")[0]',
    'target-query': '"?" + target.partition("?")[2]',
    'origin-scheme': 'ORIGIN.partition("://")[0]',
    authority: 'ORIGIN.partition("://")[2]',
    fields: 'sorted_fields(body)',
    crc32: 'str(zlib.crc32(body))',
    'webhook-id': 'WEBHOOK_ID',
    'listed-values': 'listed_values',
    'listed-lines': 'listed_lines',
    parameters: 'parameters',
    'unsigned-token': 'unsigned',
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
    when(claim !== null, `timestamp = str(content.get(${quote(claim ?? '')}, ""))`),
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
