import { code, heading, indent, inWords, runsOf, when, type Lines } from '../code-text.ts';
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

/** Receivers for Ruby 3 and later, as an application of Rack. Verifying takes the standard library alone. */
export const ruby: SnippetWriter = {
  language: 'ruby',
  title: 'Ruby',
  filename: 'config.ru',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: library === null ? [] : [library.dependency] }),
  frameworks: (recipe) => [rails(recipe)],
};

/** Text in single quotes, in which Ruby reads two escapes only. */
function quote(text: string): string {
  return /[\n\r\t]/.test(text) ? JSON.stringify(text).replaceAll('#', '\\#') : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function program(recipe: SnippetRecipe, library: LibraryCall | null): string {
  const key = keyVariable(recipe);
  const toleranceSeconds = recipe.time?.toleranceSeconds ?? null;
  return code([
    heading('#', recipe, library?.remark == null ? [] : [library.remark]),
    `# gem install rackup puma; ${startLine(recipe, 'rackup -p 3000')}`,
    imports(recipe, library),
    '',
    '# While a key is being rotated the one from before still counts.',
    `SECRETS = [ENV['${key.name}'], ENV['${key.name}_PREVIOUS']].reject { |value| value.nil? || value.empty? }`,
    `abort 'Set ${key.name}.' if SECRETS.empty?`,
    when(
      needsUrl(recipe),
      '# What the sender calls, not what a proxy hands on: https://example.com, without a path.',
      `ORIGIN = ENV.fetch('WEBHOOK_ORIGIN')`,
    ),
    when(signs(recipe, 'webhook-id'), `WEBHOOK_ID = ENV.fetch('WEBHOOK_ID')`),
    when(toleranceSeconds !== null, `TOLERANCE_SECONDS = ${toleranceSeconds ?? 0}`),
    '',
    '# Why a request is refused, or nil for a genuine one. `body` holds the bytes as they were received.',
    library === null ? verifier(recipe) : libraryVerifier(recipe, library),
    '',
    server(recipe),
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const { time } = recipe;
  if (library !== null) return [...library.imports];
  const names = [
    ...(time?.place === 'json' ? ['json'] : []),
    'openssl',
    ...(time !== null && time.unit === 'rfc3339' && time.toleranceSeconds !== null ? ['time'] : []),
    ...(signs(recipe, 'fields') || recipe.digestParameter !== null ? ['uri'] : []),
    ...(signs(recipe, 'crc32') ? ['zlib'] : []),
  ];
  return names.map((name) => `require '${name}'`);
}

const definition = (parts: readonly string[]) => `def refusal_of(${[...parts, 'secrets'].map((part) => `${part}:`).join(', ')})`;

function libraryVerifier(recipe: SnippetRecipe, { call, answers }: LibraryCall): Lines {
  const parts = new Set<RequestPart>([...partsOf(recipe), 'headers', 'body']);
  return [
    definition([...parts]),
    when(needsUrl(recipe), '  url = ORIGIN + target'),
    '  secrets.each do |secret|',
    answers === 'boolean' ? `    return nil if ${call}` : [`    ${call}`, '    return nil'],
    '  rescue StandardError',
    '    # Not made with this secret, or too old; perhaps the other one fits.',
    '  end',
    `  'the signature does not match'`,
    'end',
  ];
}

function verifier(recipe: SnippetRecipe): Lines {
  const required = readHeadersOf(recipe);
  const optional = optionalHeadersOf(recipe);
  const missing = inWords(
    required.map(({ name }) => name),
    'or',
  );
  return [
    definition(partsOf(recipe)),
    indent('  ', [
      required.map(({ variable, name }) => `${variable} = headers.call(${quote(name)})`),
      when(
        required.length > 0,
        `return ${quote(`${missing} is missing`)} if [${required.map(({ variable }) => variable).join(', ')}].any? { |value| value.nil? || value.empty? }`,
      ),
      fixed(recipe),
      when(optional.length > 0, `signatures = [${optional.map((name) => `headers.call(${quote(name)})`).join(', ')}].compact`),
      readSignatures(recipe),
      checkTime(recipe),
      recipe.proof.kind === 'token'
        ? ['return nil if secrets.any? { |secret| OpenSSL.secure_compare(signature, secret) }', `'the token is not the secret'`]
        : compare(recipe),
    ]),
    'end',
    helpers(recipe),
  ];
}

function fixed({ fixedHeader }: SnippetRecipe): Lines {
  if (fixedHeader === null) return [];
  const [name, value] = fixedHeader;
  return [`return ${quote(`${name} is not ${value}`)} unless headers.call(${quote(name)}) == ${quote(value)}`];
}

function readSignatures(recipe: SnippetRecipe): Lines {
  const { signature, time, proof } = recipe;
  if (signature.kind === 'json') {
    return [
      `fields = object_in(body)[${quote(signature.object)}]`,
      `return 'the body carries no signature' unless fields.is_a?(Hash)`,
      `timestamp, token = fields['timestamp'].to_s, fields['token'].to_s`,
      `signatures = [fields['signature'].to_s]`,
    ];
  }
  if (signature.kind === 'headers') {
    return [
      when(signature.names.length === 1 && proof.kind !== 'token', 'signatures = [signature]'),
      when(time?.place === 'json', `timestamp = object_in(body)[${quote(time?.name ?? '')}].to_s`),
    ];
  }
  const { separator, lead, timeLabel, listLabel } = signature;
  const entry = (label: string) => `entries.find { |entry| entry.start_with?(${quote(label)}) }.to_s.delete_prefix(${quote(label)})`;
  return [
    `entries = signature.split(${quote(separator)})`,
    when(timeLabel !== null, `timestamp = ${entry(timeLabel ?? '')}`),
    when(listLabel !== null, `listed = ${entry(listLabel ?? '')}`),
    '# While a secret is being rotated there may be several.',
    `signatures = entries.select { |entry| entry.start_with?(${quote(lead)}) }`,
  ];
}

function checkTime({ time }: SnippetRecipe): Lines {
  if (time === null || time.toleranceSeconds === null) return [];
  const late = `return 'the timestamp is too old or too far in the future' if age_seconds.abs > TOLERANCE_SECONDS`;
  if (time.unit === 'rfc3339') {
    return [
      'begin',
      '  age_seconds = Time.now - Time.iso8601(timestamp)',
      'rescue ArgumentError',
      `  return 'the timestamp is not a date and time'`,
      'end',
      late,
    ];
  }
  const age = time.unit === 's' ? 'Time.now.to_i - timestamp.to_i' : 'Time.now.to_f - timestamp.to_i / 1000.0';
  return [`return 'the timestamp is not a whole number' unless timestamp.match?(/\\A[0-9]{1,15}\\z/)`, `age_seconds = ${age}`, late];
}

function expressionOf(piece: SnippetPiece): string {
  switch (piece.kind) {
    case 'literal':
      return quote(piece.text);
    case 'decoded-url':
      return 'decoded_url';
    case 'url':
      return 'url';
    case 'path':
      return 'target';
    case 'fields':
      return 'sorted_fields(body)';
    case 'crc32':
      return 'Zlib.crc32(body).to_s';
    case 'webhook-id':
      return 'WEBHOOK_ID';
    case 'listed-names':
      return 'listed';
    case 'listed-values':
      return 'listed_values';
    case 'listed-lines':
      return 'listed_lines';
    case 'id':
    case 'timestamp':
    case 'token':
    case 'method':
    case 'body':
      return piece.kind;
  }
}

function signedBytes({ signed }: SnippetRecipe): string {
  const parts = runsOf(signed, expressionOf).flatMap((run) => (run.kind === 'body' ? ['body'] : run.expressions));
  // Texts in different encodings do not join where either holds bytes beyond ASCII, so each becomes bytes first.
  return parts.length === 1 ? `${parts[0] ?? ''}.b` : `[${parts.join(', ')}].map(&:b).join`;
}

/** What must be known before the signed bytes can be put together. */
function preparation(recipe: SnippetRecipe): Lines {
  const { digestParameter } = recipe;
  const covered = readHeadersOf(recipe).filter(({ variable }) => variable !== 'signature');
  return [
    when(needsUrl(recipe), 'url = ORIGIN + target'),
    when(
      signs(recipe, 'decoded-url'),
      'decoded_url = url.gsub(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/i) { Regexp.last_match(1).hex.chr }',
    ),
    when(
      digestParameter !== null,
      `digest = URI.decode_www_form(URI(url).query.to_s).to_h[${quote(digestParameter ?? '')}].to_s`,
      `return ${quote(`${digestParameter ?? ''} in the URL is not the hash of the body`)} unless OpenSSL.secure_compare(digest, OpenSSL::Digest.hexdigest('SHA256', body))`,
    ),
    when(signs(recipe, 'path'), `return 'the webhook is registered with a query' if target.match?(/[?%]/)`),
    when(signs(recipe, 'listed-values'), `listed_values = listed.split(' ').map { |name| headers.call(name).to_s }.join('.')`),
    when(
      signs(recipe, 'listed-lines'),
      `names = listed.downcase.split(',').map(&:strip).sort`,
      ...covered.map(({ name }) => `return ${quote(`${name} is not signed`)} unless names.include?(${quote(name.toLowerCase())})`),
      `listed_lines = names.map { |name| "#{name}:#{headers.call(name).to_s.strip}" }.join(';')`,
    ),
  ];
}

function compare(recipe: SnippetRecipe): Lines {
  const { proof } = recipe;
  const lead = leadOf(recipe);
  const digits = lead === '' ? 'candidate' : `candidate.delete_prefix(${quote(lead)})`;
  const found: Lines =
    proof.kind === 'mac'
      ? [
          `  expected = ${lead === '' ? '' : `${quote(lead)} + `}${macExpression(recipe)}`,
          '  return nil if signatures.any? { |candidate| OpenSSL.secure_compare(candidate, expected) }',
        ]
      : [
          `  key = ${keyExpression(recipe)}`,
          '  signatures.each do |candidate|',
          `    return nil if key.verify(${proof.kind === 'ed25519' ? 'nil' : `'SHA256'`}, ${decoded(recipe, digits)}, signed)`,
          '  rescue ArgumentError, OpenSSL::PKey::PKeyError',
          '    # No signature of this kind; perhaps another entry is.',
          '  end',
        ];
  return [
    preparation(recipe),
    `signed = ${signedBytes(recipe)}`,
    'secrets.each do |secret|',
    found,
    'end',
    `'the signature does not match'`,
  ];
}

/** Base64 without the gem of that name, which newer Rubies no longer bring along. */
function decoded({ proof }: SnippetRecipe, text: string): string {
  return proof.kind !== 'token' && proof.encoding === 'hex' ? `[${text}].pack('H*')` : `${text}.unpack1('m0')`;
}

function macExpression({ proof }: SnippetRecipe): string {
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
      const bytes = proof.key === 'hex' ? `[secret].pack('H*')` : `secret.delete_prefix('whpk_').unpack1('m')`;
      // What stands before the 32 bytes makes the form that OpenSSL reads (RFC 8410).
      return `OpenSSL::PKey.read(['302a300506032b6570032100'].pack('H*') + ${bytes})`;
    }
    case 'ecdsa-p256':
      return `OpenSSL::PKey.read(secret.unpack1('m'))`;
    case 'rsa-certificate':
      return 'OpenSSL::X509::Certificate.new(secret).public_key';
    case 'mac':
    case 'token':
      return 'secret';
  }
}

function helpers(recipe: SnippetRecipe): Lines {
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
      recipe.time?.place === 'json',
      '',
      '# The object in the body, or an empty one.',
      'def object_in(body)',
      '  value = JSON.parse(body)',
      '  value.is_a?(Hash) ? value : {}',
      'rescue JSON::ParserError',
      '  {}',
      'end',
    ),
  ];
}

function callOf(recipe: SnippetRecipe, names: Readonly<Record<RequestPart, string>>): string {
  return `refusal_of(${[...partsOf(recipe).map((part) => `${part}: ${names[part]}`), 'secrets: SECRETS'].join(', ')})`;
}

function server(recipe: SnippetRecipe): Lines {
  const names = { method: 'request.request_method', target: 'request.fullpath', headers: 'headers', body: 'body' };
  return [
    'run(lambda do |env|',
    '  request = Rack::Request.new(env)',
    `  headers = ->(name) { env["HTTP_#{name.upcase.tr('-', '_')}"] }`,
    `  # The bytes as they were received: params would have read and parsed them.`,
    `  body = request.body&.read.to_s`,
    `  refusal = ${callOf(recipe, names)}`,
    '  warn "Refused: #{refusal}." if refusal',
    '  # Handle a genuine event here; answer soon, and do long work later.',
    '  [refusal ? 401 : 204, {}, []]',
    'end)',
  ];
}

function rails(recipe: SnippetRecipe) {
  const names = { method: 'request.request_method', target: 'request.fullpath', headers: 'headers', body: 'request.raw_post' };
  return {
    name: 'Rails',
    dependencies: ['rails'],
    filename: 'app/controllers/webhooks_controller.rb',
    code: code([
      '# With SECRETS and refusal_of in a file of their own, such as lib/receiver.rb, without its last lines from run on.',
      `require_relative '../../lib/receiver'`,
      '',
      'class WebhooksController < ActionController::API',
      '  def create',
      '    # raw_post gives the bytes as they were received; params would have parsed them.',
      '    headers = ->(name) { request.headers[name] }',
      `    refusal = ${callOf(recipe, names)}`,
      '    head(refusal ? :unauthorized : :no_content)',
      '  end',
      'end',
    ]),
  };
}
