import { indent, when } from '../code-text.ts';
import { namedPieces, type Dialect } from '../dialect.ts';
import { quote, compareMac, compareKey, macExpression } from './ruby-proofs.ts';

const refuse = (sentence: string) => `return ${quote(sentence)}`;
const header = (name: string) => `headers.call(${quote(name)})`;
const isLate = (sentence: string) => `${refuse(sentence)} if age_seconds.abs > TOLERANCE_SECONDS`;

/** The steps of verifying in Ruby, with the OpenSSL of its standard library. */
export const rubyDialect: Dialect = {
  step: '  ',
  open: (parts) => `def refusal_of(${[...parts, 'secrets'].map((part) => `${part}:`).join(', ')})`,
  close: 'end',
  quote,
  expressions: {
    ...namedPieces,
    url: 'url',
    'decoded-url': 'decoded_url',
    'target-path': `target.partition('?').first`,
    'target-query': `'?' + target.partition('?').last`,
    'origin-scheme': `ORIGIN.partition('://').first`,
    authority: `ORIGIN.partition('://').last`,
    fields: 'sorted_fields(body)',
    crc32: 'Zlib.crc32(body).to_s',
    'webhook-id': 'WEBHOOK_ID',
    'listed-values': 'listed_values',
    'listed-lines': 'listed_lines',
    parameters: 'parameters',
    'unsigned-token': 'unsigned',
  },
  field: (name) => `${header(name)}.to_s.strip`,
  refuse,

  readHeaders: (headers, sentence) => [
    headers.map(({ variable, name }) => `${variable} = ${header(name)}`),
    `${refuse(sentence)} if [${headers.map(({ variable }) => variable).join(', ')}].any? { |value| value.nil? || value.empty? }`,
  ],
  requireValue: (name, value, sentence) => `${refuse(sentence)} unless ${header(name)} == ${quote(value)}`,
  readAlternatives: (names) => `signatures = [${names.map(header).join(', ')}].compact`,
  takeOne: 'signatures = [signature]',
  readEntries: ({ separator, lead, timeLabel, listLabel }) => {
    const entry = (label: string) => `entries.find { |entry| entry.start_with?(${quote(label)}) }.to_s.delete_prefix(${quote(label)})`;
    return [
      `entries = signature.split(${quote(separator)})`,
      timeLabel === null ? null : `timestamp = ${entry(timeLabel)}`,
      listLabel === null ? null : `listed = ${entry(listLabel)}`,
      '# While a secret is being rotated there may be several.',
      `signatures = entries.select { |entry| entry.start_with?(${quote(lead)}) }`,
    ];
  },
  readObject: (object, sentence) => [
    `fields = object_in(body)[${quote(object)}]`,
    `${refuse(sentence)} unless fields.is_a?(Hash)`,
    `timestamp, token = fields['timestamp'].to_s, fields['token'].to_s`,
    `signatures = [fields['signature'].to_s]`,
  ],
  readBodyTime: (field) => `timestamp = object_in(body)[${quote(field)}].to_s`,
  readToken: ({ algorithm, digestClaim }, claim, { shape, ...refusals }) => [
    `head, claims, signature, *more = token.split('.', -1)`,
    `${refuse(shape)} if signature.nil? || more.any?`,
    '# Before any key is used: a token may not choose how it is checked.',
    `${refuse(refusals.algorithm)} unless object_in(decoded(head))['alg'] == ${quote(algorithm)}`,
    'content = object_in(decoded(claims))',
    when(claim !== null, `timestamp = content[${quote(claim ?? '')}].to_s`),
    `${refuse(refusals.digest)} unless content[${quote(digestClaim)}] == OpenSSL::Digest.hexdigest('SHA256', body)`,
    'unsigned = "#{head}.#{claims}"',
    'signatures = [signature]',
  ],
  readMessage: (inputPattern, signaturePattern, sentence) => [
    `parameters, timestamp = input.match(/${inputPattern}/)&.captures`,
    `bytes = signature[/${signaturePattern}/, 1]`,
    `${refuse(sentence)} if parameters.nil? || bytes.nil?`,
    'signatures = [bytes]',
  ],
  checkItems: ({ list, wrapper, signature, fields, separator }, recipe, { none, mismatch }) => [
    `items = object_in(body)[${quote(list)}]`,
    `${refuse(none)} unless items.is_a?(Array) && items.any?`,
    '# Each is signed by itself, so one that is not genuine spoils them all.',
    'items.each do |entry|',
    indent('  ', [
      `item = value_at(entry, ${quote(wrapper)})`,
      `signature = value_at(item, ${signature.map(quote).join(', ')}).to_s`,
      'fields = [',
      fields.map((path) => `  value_at(item, ${path.map(quote).join(', ')}),`),
      ']',
      `signed = fields.map(&:to_s).join(${quote(separator)}).b`,
      'is_genuine = secrets.any? do |secret|',
      `  OpenSSL.secure_compare(signature, ${macExpression(recipe)})`,
      'end',
      `${refuse(mismatch)} unless is_genuine`,
    ]),
    'end',
    'nil',
  ],

  checkNumber: (unit, { form, late }) => [
    `${refuse(form)} unless timestamp.match?(/\\A[0-9]{1,15}\\z/)`,
    `age_seconds = ${unit === 's' ? 'Time.now.to_i - timestamp.to_i' : 'Time.now.to_f - timestamp.to_i / 1000.0'}`,
    isLate(late),
  ],
  checkDate: ({ form, late }) => [
    'begin',
    '  age_seconds = Time.now - Time.iso8601(timestamp)',
    'rescue ArgumentError',
    `  ${refuse(form)}`,
    'end',
    isLate(late),
  ],

  url: 'url = ORIGIN + target',
  decodedUrl: 'decoded_url = url.gsub(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/i) { Regexp.last_match(1).hex.chr }',
  checksum: [],
  checkParameter: (name, sentence) => [
    `digest = URI.decode_www_form(URI(url).query.to_s).to_h[${quote(name)}].to_s`,
    `${refuse(sentence)} unless OpenSSL.secure_compare(digest, OpenSSL::Digest.hexdigest('SHA256', body))`,
  ],
  checkDigest: ({ label, hash }, sentence) =>
    `${refuse(sentence)} unless digest == "${label}=:#{[OpenSSL::Digest.digest('${hash.toUpperCase()}', body)].pack('m0')}:"`,
  refuseQuery: (sentence) => `${refuse(sentence)} if target.match?(/[?%]/)`,
  listedValues: `listed_values = listed.split(' ').map { |name| headers.call(name).to_s }.join('.')`,
  listedNames: `names = listed.downcase.split(',').map(&:strip).sort`,
  requireListed: (name, sentence) => `${refuse(sentence)} unless names.include?(${quote(name)})`,
  listedLines: `listed_lines = names.map { |name| "#{name}:#{headers.call(name).to_s.strip}" }.join(';')`,

  join: (runs) => {
    const parts = runs.flatMap((run) => (run.kind === 'body' ? ['body'] : run.expressions));
    // Texts in different encodings do not join where either holds bytes beyond ASCII, so each becomes bytes first.
    return `signed = ${parts.length === 1 ? `${parts[0] ?? ''}.b` : `[${parts.join(', ')}].map(&:b).join`}`;
  },
  compareToken: (sentence) => ['return nil if secrets.any? { |secret| OpenSSL.secure_compare(signature, secret) }', quote(sentence)],
  compare: (recipe, lead, sentence) => [
    'secrets.each do |secret|',
    indent('  ', recipe.proof.kind === 'mac' ? compareMac(recipe, lead) : compareKey(recipe, lead)),
    'end',
    quote(sentence),
  ],
};
