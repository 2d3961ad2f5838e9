import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemeId } from '#shared/contract/signing.ts';
import { snippetLanguages, type Snippet } from '#shared/contract/snippets.ts';
import { schemes, parseOptions } from '#engine/signing/registry.ts';
import { writeSnippets } from '#engine/snippets/write.ts';
import { judgedOptions, judgedRequests } from './judged-requests.ts';
import { languageRuns, type LanguageRun, type Trial } from './language-runs.ts';

const covered = schemes.map(({ id }) => id);

/** Options that ask for what no provider does, and for text that is code in some language. */
const variants: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly scheme: SchemeId }>> = {
  'rfc9421 with Ed25519': { scheme: 'rfc9421', algorithm: 'ed25519', digest: 'sha-512' },
  'rfc9421 with ECDSA': {
    scheme: 'rfc9421',
    algorithm: 'ecdsa-p256-sha256',
    label: 'a*b.c-d_e',
    components: ['content-digest', '@authority', '@scheme', '@path', '@query', '@request-target', 'content-length', '@method'],
  },
  'rfc9421 without the body': { scheme: 'rfc9421', components: ['@target-uri'] },
  'custom with everything signed': {
    scheme: 'custom',
    header: 'X-Sig',
    prefix: `v1='"\\#{1}$x\`\${ y`,
    algorithm: 'sha384',
    encoding: 'base64url',
    signedContent: `{method}|{url}\n{id}'"\\#{1}$x\`\${y?>{timestamp}\\u0041é{body}`,
    timestampHeader: 'X-Time',
    timestampUnit: 'ms',
    idHeader: 'X-Id',
    secretEncoding: 'base64',
  },
  'custom with the time in the signature header': {
    scheme: 'custom',
    header: 'X-Sig',
    prefix: 'v1=',
    separator: ', ',
    timestampHeader: 'X-Sig',
    timestampPrefix: 't=',
    timestampUnit: 'ms',
    signedContent: '{timestamp}.{body}',
  },
  'custom with time and signature that nothing marks': {
    scheme: 'custom',
    header: 'X-Sig',
    separator: '.',
    timestampHeader: 'x-sig',
    signedContent: '{timestamp}.{body}',
  },
  'custom with a key in hex': { scheme: 'custom', algorithm: 'sha1', encoding: 'base64', secretEncoding: 'hex' },
};

/** The receiver without a provider's library: the last that is written of a language. */
function bareSnippet(options: Parameters<typeof writeSnippets>[0], language: Snippet['language']): Snippet {
  const snippet = writeSnippets(options, [language]).items.at(-1);
  if (snippet === undefined) throw new Error(`There is no receiver in ${language} for ${options.scheme}.`);
  return snippet;
}

function trialsFor(
  { language, packages }: LanguageRun,
  nowMs: number,
): { readonly run: readonly Trial[]; readonly skipped: readonly string[] } {
  const all = [
    ...covered.map((id): Trial => ({ name: id, snippet: bareSnippet(judgedOptions(id), language), requests: judgedRequests(id, nowMs) })),
    ...Object.entries(variants).map(([name, { scheme, ...options }]): Trial => ({
      name,
      snippet: bareSnippet(judgedOptions(scheme, options), language),
      requests: judgedRequests(scheme, nowMs, options),
    })),
  ];
  const isRunnable = ({ snippet }: Trial) => snippet.dependencies.every((name) => packages.includes(name));
  return {
    run: all.filter(isRunnable),
    skipped: all.filter((trial) => !isRunnable(trial)).map(({ name, snippet }) => `${name} (${snippet.dependencies.join(', ')})`),
  };
}

describe.each(languageRuns)('receivers in $language', (language) => {
  if (language.missing !== null) {
    it.skip(`are judged, but ${language.missing}`, () => undefined);
    return;
  }
  const nowMs = Date.now();
  const { run, skipped } = trialsFor(language, nowMs);
  const answers = new Map<string, string>();
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hookyard-snippets-'));
    const judged = await language.judge(folder, run);
    const names = run.flatMap(({ name, requests }) => requests.map((request) => `${name}: ${request.name}`));
    expect(judged).toHaveLength(names.length);
    for (const [index, name] of names.entries()) answers.set(name, judged[index] ?? '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('were all run', () => {
    expect(answers.size).toBeGreaterThan(250);
  });

  for (const { name, requests } of run) {
    it(`judge ${name} as the engine does`, () => {
      const said = requests.map((request) => [request.name, answers.get(`${name}: ${request.name}`)]);
      const expected = requests.map(({ name: request, isGenuine }) => [
        request,
        isGenuine
          ? 'genuine'
          : expect.stringMatching(/ is missing|does not match|too old or too far|is not|is signed|no signature|has no /),
      ]);
      expect(said).toEqual(expected);
    });
  }

  for (const reason of skipped) it.skip(`judge ${reason}: the package is not installed`, () => undefined);
});

describe('receivers with the library of a provider', () => {
  // The second holds libraries that the checks against vendors install, where those have been run.
  const homes = ['../../../node_modules', '../../vendors/libraries/node_modules'].map((path) => join(import.meta.dirname, path));
  const all = covered.flatMap((id) =>
    writeSnippets(judgedOptions(id), ['node'])
      .items.filter(({ variant }) => variant === 'library')
      .map((snippet) => ({ name: id, snippet, dependency: snippet.dependencies[0] ?? '' })),
  );
  const homeOf = ({ dependency }: (typeof all)[number]) => homes.find((home) => existsSync(join(home, dependency)));
  // A minute ahead, which every library here takes, since that of Paddle allows five seconds of the past and a machine may be slow.
  const nowMs = Date.now() + 60_000;
  // Libraries differ in what they refuse beside the signature, which is told in the code: text and a limit of the past are judged alike.
  const alike: ReadonlySet<string> = new Set([
    'as it was sent',
    'signed with the previous secret',
    'signed with a secret of someone else',
    'with one byte of the body changed',
  ]);
  const trials = all.map((one) => ({
    ...one,
    home: homeOf(one),
    requests: judgedRequests(one.name, nowMs).filter(({ name }) => alike.has(name)),
  }));
  const answers = new Map<string, string>();
  const folders: string[] = [];

  beforeAll(async () => {
    for (const home of homes) {
      const own = trials.filter((trial) => trial.home === home);
      if (own.length === 0) continue;
      const folder = mkdtempSync(join(tmpdir(), 'hookyard-libraries-'));
      folders.push(folder);
      symlinkSync(home, join(folder, 'node_modules'));
      const judged = await languageRuns.find(({ language }) => language === 'node')?.judge(folder, own);
      const names = own.flatMap((trial) => trial.requests.map((request) => `${trial.name}: ${request.name}`));
      for (const [index, name] of names.entries()) answers.set(name, judged?.[index] ?? '');
    }
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  for (const { name, requests, snippet } of trials.filter(({ home }) => home !== undefined)) {
    it(`judge ${name} as the engine does, with ${snippet.dependencies.join()}`, () => {
      const said = requests.map((request) => [request.name, answers.get(`${name}: ${request.name}`)]);
      expect(said).toEqual(
        requests.map(({ name: request, isGenuine }) => [request, isGenuine ? 'genuine' : 'the signature does not match']),
      );
    });
  }

  for (const { name, dependency } of all.filter((one) => homeOf(one) === undefined)) {
    it.skip(`judge ${name} as the engine does, with ${dependency}, which is not installed`, () => undefined);
  }
});

describe('the list of receivers', () => {
  it('has code in every language for every scheme', () => {
    expect(schemes.flatMap(({ id }) => writeSnippets(parseOptions(id), snippetLanguages).unavailable)).toEqual([]);
  });

  it('has none for components that no receiver here puts together, and says so', () => {
    const options = parseOptions('rfc9421', { components: ['@query-param;name="id"'] });
    const { items, unavailable } = writeSnippets(options, ['go']);
    expect(items).toEqual([]);
    expect(unavailable).toEqual([{ language: 'go', reason: expect.stringContaining('@query-param') as string }]);
  });

  it('has none that would refuse what it is made for', () => {
    const options = parseOptions('rfc9421', { components: ['@method'], requiredComponents: ['content-digest'] });
    expect(writeSnippets(options, ['go']).unavailable).toEqual([
      { language: 'go', reason: expect.stringContaining('content-digest') as string },
    ]);
  });

  it('is run in every language, or skipped with a reason', () => {
    expect(languageRuns.map(({ language }) => language).toSorted()).toEqual(snippetLanguages.toSorted());
  });
});
