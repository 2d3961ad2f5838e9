import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { outcomeCode } from '#shared/contract/outcome.ts';
import { schemes } from '#engine/signing/registry.ts';
import { version } from '#engine/version.ts';

it('the version that the engine tells is that of the package', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ version });
});

it('the page of schemes lists every scheme as the registry has it', () => {
  const rows = readFileSync('docs/guide/schemes.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const expected = schemes.map(
    ({ id, info }) => `| \`${id}\` | ${info.title} | ${info.algorithm} | ${info.headers.join(', ')} | ${info.checked} |`,
  );
  expect(rows).toEqual(expected);
});

it('the page of outcomes lists every code once', () => {
  const [codes = ''] = readFileSync('docs/guide/outcomes.md', 'utf8').split('## Redirects');
  expect([...codes.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code).toSorted()).toEqual(outcomeCode.options.toSorted());
});
