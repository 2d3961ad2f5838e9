import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { outcomeCode } from '#shared/contract/outcome.ts';
import { resolveRetryPolicy, retryPresetNames } from '#shared/contract/retry-choice.ts';
import { retryPresets, type RetryPreset } from '#shared/contract/retry-presets.ts';
import { scheduleSummary } from '#shared/schedule-preview.ts';
import { schemes } from '#engine/signing/registry.ts';
import { version } from '#engine/base/version.ts';

it('the version that the engine reports is that of the package', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ version });
});

it('the page of schemes lists every scheme as the registry has it', () => {
  const rows = readFileSync('docs/guide/schemes.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const expected = schemes.map(
    ({ id, info }) =>
      `| \`${id}\` | ${info.title} | ${info.algorithm} | ${info.headers.join(', ')} | ${info.checked ?? 'as its options say'} |`,
  );
  expect(rows).toEqual(expected);
});

it('the page of outcomes lists every code once', () => {
  const [codes = ''] = readFileSync('docs/guide/outcomes.md', 'utf8').split('## Redirects');
  expect([...codes.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code).toSorted()).toEqual(outcomeCode.options.toSorted());
});

it('the page of retries lists every preset with its schedule and source', () => {
  const rows = readFileSync('docs/guide/retries.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `') && line.endsWith(' |') && line.split('|').length === 6);
  const expected = retryPresetNames.map((id) => {
    const { title, source, asOf }: RetryPreset = retryPresets[id];
    const read = source === null ? '' : `[${asOf}](${source})`;
    return `| \`${id}\` | ${title} | ${scheduleSummary(resolveRetryPolicy(id), 1)} | ${read} |`;
  });
  expect(rows).toEqual(expected);
});

it('the files that the pages name are there', () => {
  const files = globSync(['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}', 'bench/**/*.{ts,js}', 'scripts/**/*.{ts,js}', '*.ts']).map(
    (file) => `/${file.replaceAll('\\', '/')}`,
  );
  // A page may leave out the first folders of a path that it gives elsewhere.
  const named = globSync('docs/**/*.md').flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.tsx?)`|\b(test\/[\w./-]+\.test\.tsx?)\b/g)].map(
      ([, path, test]) => [page, path ?? test ?? ''] as const,
    ),
  );
  expect(named.length).toBeGreaterThan(300);
  expect(named.filter(([, path]) => !files.some((file) => file.endsWith(`/${path}`)))).toEqual([]);
});
