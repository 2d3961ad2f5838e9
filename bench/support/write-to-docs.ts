import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { toMarkdown, type Report } from './report.ts';

const page = resolve(import.meta.dirname, '../../docs/benchmarks.md');

/** Replaces what stands between the markers of this benchmark on the page; answers the page's path. Throws when they are missing. */
export function writeToDocs(report: Report): string {
  const [begin, end] = [`<!-- bench:${report.bench} -->`, `<!-- /bench:${report.bench} -->`];
  const text = readFileSync(page, 'utf8');
  const [beginAt, endAt] = [text.indexOf(begin), text.indexOf(end)];
  if (beginAt < 0 || endAt < beginAt)
    throw new Error(`${page} has no ${begin} followed by ${end}: put both lines back where the table belongs.`);
  writeFileSync(page, `${text.slice(0, beginAt + begin.length)}\n\n${toMarkdown(report)}\n${text.slice(endAt)}`);
  return page;
}
