import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeSchemeIds, providerSchemeIds, schemeFacts } from '#shared/contract/scheme-facts.ts';
import { providers } from '#shared/providers/index.ts';
import type { Provider, SchemeFacts } from '#shared/providers/shapes/provider.ts';

const folder = 'src/shared/providers';
/** What its whole requests look like, in a file of the same kind. */
const profileFolder = 'src/shared/profiles';
/** How a bin answers each system that asks for a handshake, which names the schemes that this is right for. */
const handshakeFile = 'src/shared/handshakes/answers.ts';
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join('src', name).replaceAll('\\', '/'));

/** The files beside the provider's own, the index and the signing code that name it: its id in quotes, or the header of its signature. */
function strayFiles(names: readonly string[], files: readonly (readonly [path: string, text: string])[]): readonly string[] {
  const pattern = new RegExp(`['"\`](?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})['"\`]`, 'i');
  return files.filter(([, text]) => pattern.test(text)).map(([path]) => path);
}

/** Words of the language, and names that mean more than the sender: a default, a kind of delay. */
const ordinaryWords = new Set([
  'standard-webhooks',
  'line',
  'box',
  'meta',
  'linear',
  'resend',
  'x',
  'signature',
  'authorization',
  'webhook-signature',
  'x-signature',
]);

describe('what is known of a provider', () => {
  const texts = sources.map((path) => [path, readFileSync(path, 'utf8')] as const);
  const elsewhere = texts.filter(([path]) => !path.startsWith(folder) && !path.startsWith(profileFolder) && path !== handshakeFile);
  const dataAlone = providerSchemeIds.filter((id) => !codeSchemeIds.some((code) => code === id));

  it('has a file of its own, named in the index', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
    expect(files.map((name) => name.replace(/\.ts$/, '')).toSorted()).toEqual(Object.keys(providers).toSorted());
  });

  it('is said in that file and nowhere else, where it is data alone', () => {
    for (const id of dataAlone) {
      const { kind, ...facts }: SchemeFacts = schemeFacts[id];
      const headers = kind === 'mac' && 'layouts' in facts ? facts.layouts.map(({ signatureHeader }) => signatureHeader) : [];
      const names = [id, ...headers].filter((name) => !ordinaryWords.has(name.toLowerCase()));
      if (names.length > 0) expect(strayFiles(names, elsewhere), id).toEqual(known[id] ?? []);
      const own = Object.entries<Provider>(providers).find(([, { schemes }]) => Object.hasOwn(schemes, id))?.[0] ?? '';
      const inFolder = texts.filter(
        ([path]) =>
          path.startsWith(`${folder}/`) &&
          !path.startsWith(`${folder}/shapes/`) &&
          path !== `${folder}/index.ts` &&
          path !== `${folder}/${own}.ts`,
      );
      // Clerk and Resend sign by the headers of Svix, whose layout is named by its prefix.
      if (!ordinaryWords.has(id) && id !== 'svix') expect(strayFiles([id], inFolder), id).toEqual([]);
    }
  });

  it('is missed nowhere: a copy of an id or of a header in another file is found', () => {
    const copy = ['src/renderer/features/verify/copy.ts', `if (scheme === "slack") return;`] as const;
    const header = ['src/shared/copy.ts', `const names = ['x-slack-signature'];`] as const;
    const other = ['src/shared/other.ts', `const slackness = 1; // slack`] as const;
    expect(strayFiles(['slack', 'X-Slack-Signature'], [copy, header, other])).toEqual([copy[0], header[0]]);
  });

  it('says where it was read, on which day, and what goes wrong with it', () => {
    for (const [id, { source, asOf, pitfall, documentation }] of Object.entries<SchemeFacts>(schemeFacts)) {
      expect(URL.canParse(source) && (documentation === null || URL.canParse(documentation)), id).toBe(true);
      expect(asOf, id).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(pitfall, id).toMatch(/^\w.*\.$/s);
    }
  });
});

/** Where a provider that is data is named all the same: rules beside its data, and a mark of what gets lost on the way. */
const known: Readonly<Record<string, readonly string[]>> = {
  axcelerate: ['src/main/engine/signing/axcelerate.ts'],
  stripe: ['src/main/engine/verifying/solver/marks-of-loss.ts'],
};
