import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { toMarkdown, type BenchName, type Report } from './report.ts';

/** Writes the report into the page of benchmarks; returns the page's path. */
export function writeToDocs(report: Report): string {
  const page = resolve(import.meta.dirname, '../../docs/benchmarks.md');
  writeFileSync(page, placeTable(readFileSync(page, 'utf8'), report.bench, toMarkdown(report)));
  return page;
}

/** The page with the text between the markers of a benchmark replaced. Throws when the markers are missing. */
export function placeTable(page: string, bench: BenchName, table: string): string {
  const [begin, end] = [`<!-- bench:${bench} -->`, `<!-- /bench:${bench} -->`];
  const [beginAt, endAt] = [page.indexOf(begin), page.indexOf(end)];
  if (beginAt < 0 || endAt < beginAt)
    throw new Error(`docs/benchmarks.md has no ${begin} followed by ${end}: put both lines back where the table belongs.`);
  return `${page.slice(0, beginAt + begin.length)}\n\n${table}\n${page.slice(endAt)}`;
}
