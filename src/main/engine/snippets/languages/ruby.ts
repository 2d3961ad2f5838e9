import { code, heading, when, type Lines } from '../code-text.ts';
import type { LibraryCall, SnippetWriter } from '../language.ts';
import {
  keyVariable,
  needsOrigin,
  needsUrl,
  partsOf,
  readsJson,
  signs,
  startLine,
  type RequestPart,
  type SnippetRecipe,
} from '../recipe.ts';
import { verifierOf } from '../verifier.ts';
import { rubyDialect } from './ruby-dialect.ts';
import { rubyHelpers } from './ruby-proofs.ts';

/** Receivers for Ruby 3 and later, as a Rack application. Verifying needs only the standard library. */
export const ruby: SnippetWriter = {
  language: 'ruby',
  title: 'Ruby',
  filename: 'config.ru',
  write: (recipe, library) => ({ code: program(recipe, library), dependencies: library === null ? [] : [library.dependency] }),
  frameworks: (recipe) => [sinatra(recipe), rails(recipe)],
};

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
      needsOrigin(recipe),
      '# What the sender calls, not what a proxy hands on: https://example.com, without a path.',
      `ORIGIN = ENV.fetch('WEBHOOK_ORIGIN')`,
    ),
    when(signs(recipe, 'webhook-id'), `WEBHOOK_ID = ENV.fetch('WEBHOOK_ID')`),
    when(toleranceSeconds !== null, `TOLERANCE_SECONDS = ${toleranceSeconds ?? 0}`),
    '',
    '# Why a request is refused, or nil for a genuine one. `body` holds the bytes as they were received.',
    library === null ? [verifierOf(rubyDialect, recipe), rubyHelpers(recipe)] : libraryVerifier(recipe, library),
    '',
    server(recipe),
  ]);
}

function imports(recipe: SnippetRecipe, library: LibraryCall | null): Lines {
  const { time } = recipe;
  if (library !== null) return [...library.imports];
  const names = [
    ...(readsJson(recipe) ? ['json'] : []),
    'openssl',
    ...(time !== null && time.unit === 'rfc3339' && time.toleranceSeconds !== null ? ['time'] : []),
    ...(signs(recipe, 'fields') || recipe.digestParameter !== null ? ['uri'] : []),
    ...(signs(recipe, 'crc32') ? ['zlib'] : []),
  ];
  return names.map((name) => `require '${name}'`);
}

function libraryVerifier(recipe: SnippetRecipe, { call, answers, helpers = [] }: LibraryCall): Lines {
  return [
    rubyDialect.open(partsOf(recipe)),
    when(needsUrl(recipe), '  url = ORIGIN + target'),
    '  secrets.each do |secret|',
    answers === 'boolean' ? `    return nil if ${call}` : [`    ${call}`, '    return nil'],
    '  rescue StandardError',
    '    # Not made with this secret, or too old; perhaps the other one fits.',
    '  end',
    `  'the signature does not match'`,
    'end',
    when(helpers.length > 0, '', helpers),
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
    '  # Rack puts HTTP_ before the names of all headers but these two.',
    `  headers = ${rackHeaders}`,
    `  # The bytes as they were received: params would have read and parsed them.`,
    `  body = request.body&.read.to_s`,
    `  refusal = ${callOf(recipe, names)}`,
    '  warn "Refused: #{refusal}." if refusal',
    '  # Handle a genuine event here; answer soon, and do long work later.',
    '  [refusal ? 401 : 200, {}, []]',
    'end)',
  ];
}

/** Rack's names of headers: with HTTP_ before all but these two. */
const rackHeaders = `->(name) { request.env[name.upcase.tr('-', '_').sub(/\\A(?!CONTENT_(?:TYPE|LENGTH)\\z)/, 'HTTP_')] }`;

function sinatra(recipe: SnippetRecipe) {
  const names = { method: 'request.request_method', target: 'request.fullpath', headers: 'fields', body: 'body' };
  return {
    name: 'Sinatra',
    dependencies: ['sinatra'],
    filename: 'app.rb',
    code: code([
      '# With SECRETS and refusal_of in receiver.rb, which is config.ru without its last lines from run on.',
      `require 'sinatra'`,
      `require_relative 'receiver'`,
      '',
      `post '/webhooks' do`,
      '  # The bytes as they were received, even if params have been parsed from them.',
      '  request.body.rewind if request.body.respond_to?(:rewind)',
      '  body = request.body.read',
      `  fields = ${rackHeaders}`,
      `  refusal = ${callOf(recipe, names)}`,
      '  halt(refusal ? 401 : 200)',
      'end',
    ]),
  };
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
      '    head(refusal ? :unauthorized : :ok)',
      '  end',
      'end',
    ]),
  };
}
