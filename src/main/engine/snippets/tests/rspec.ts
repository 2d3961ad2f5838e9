import { headerLiteral, textLiteral } from '#shared/request-code/literals.ts';
import { code, indent, when, type Lines } from '../code-text.ts';
import { rubyDialect } from '../languages/ruby-dialect.ts';
import { macExpression, quote } from '../languages/ruby-proofs.ts';
import { isUrlSigned, type TestPlan } from './plan.ts';
import { signedSteps } from './signing-steps.ts';
import { bodyLiteral, needsSettings, testHeading, valuesIn, type TestWriter } from './test-writer.ts';

/** An example for RSpec, with the HTTP client of Ruby's own library. */
export const rspec: TestWriter = {
  filename: (words) => `${words.join('_')}_spec.rb`,
  write: (plan, filename) => program(plan, `rspec ${filename}`),
  notes: () => ['Net::HTTP writes the names of headers with capital letters, and adds Accept where the request has none.'],
};

const values = valuesIn({
  language: 'ruby',
  joint: ' + ',
  timestamp: 'timestamp',
  signature: 'signature',
  secret: 'secret',
  setting: (variable) => `setting('${variable}')`,
});

const now = { s: 'Time.now.to_i.to_s', ms: '(Time.now.to_f * 1000).to_i.to_s', rfc3339: 'Time.now.utc.iso8601(3)' } as const;

function program(plan: TestPlan, command: string): string {
  const { fresh, method, headers, status, subject, secretVariable } = plan;
  const { isText, literal } = bodyLiteral(plan.body, 'ruby');
  return code([
    testHeading('#', plan, command),
    `require 'net/http'`,
    when(fresh?.recipe.proof.kind === 'mac', `require 'openssl'`),
    when(fresh?.timeUnit === 'rfc3339', `require 'time'`),
    `require 'uri'`,
    '',
    `RSpec.describe 'The receiver' do`,
    indent('  ', [
      `let(:url) { URI(ENV.fetch('WEBHOOK_URL', ${textLiteral(plan.defaultUrl, 'ruby')})) }`,
      `let(:body) { ${isText ? `${literal}.b` : `${literal}.unpack1('m0')`} }`,
      '',
      `it ${quote(`answers ${status} to ${subject}`)} do`,
      indent('  ', [
        `request = Net::HTTPGenericRequest.new(${quote(method)}, true, true, url.request_uri)`,
        'request.body = body',
        headers.map((header) => `request.add_field(${headerLiteral(header.name, 'ruby')}, ${values.captured(header)})`),
        fresh === null ? [] : `signature_headers(body, setting('${secretVariable}')).each { |name, value| request[name] = value }`,
        `response = Net::HTTP.start(url.host, url.port, use_ssl: url.scheme == 'https') { |http| http.request(request) }`,
        `expect(response.code).to eq('${status}')`,
      ]),
      'end',
      signer(plan),
      when(
        needsSettings(plan),
        '',
        'def setting(name)',
        '  value = ENV[name].to_s',
        '  raise "Set #{name}." if value.empty?',
        '',
        '  value',
        'end',
      ),
    ]),
    'end',
  ]);
}

function signer({ fresh }: TestPlan): Lines {
  if (fresh === null) return [];
  const { recipe, timeUnit, headers } = fresh;
  const isUrl = isUrlSigned(fresh);
  const dialect = { ...rubyDialect, url: 'url = origin + target' };
  return [
    '',
    `def signature_headers(body, secret${isUrl ? ', target = url.request_uri, origin = own_origin' : ''})`,
    indent('  ', [
      timeUnit === null ? [] : `timestamp = ${now[timeUnit]}`,
      signedSteps(dialect, fresh, 'ruby'),
      when(recipe.proof.kind === 'mac', `signature = ${macExpression(recipe)}`),
      `{ ${headers.map((header) => `${headerLiteral(header.name, 'ruby')} => ${values.fresh(header)}`).join(', ')} }`,
    ]),
    'end',
    when(
      isUrl,
      '',
      'def own_origin',
      `  ENV.fetch('WEBHOOK_ORIGIN') { url.request_uri == '/' ? url.to_s.chomp('/') : url.to_s.delete_suffix(url.request_uri) }`,
      'end',
    ),
  ];
}
