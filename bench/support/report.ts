import type { Figure, Ratio, Summary } from './figures.ts';
import type { Machine } from './machine.ts';

export type BenchName =
  | 'dispatch'
  | 'capture'
  | 'comparisons'
  | 'relay'
  | 'connections'
  | 'log'
  | 'log-sizes'
  | 'due'
  | 'isolation'
  | 'failures'
  | 'followers'
  | 'memory'
  | 'solver'
  | 'hostile'
  | 'preview'
  | 'window';

/** Sizes that a run was asked for; null stands for the benchmark's own. */
export interface Sizes {
  readonly rounds: number | null;
  readonly messages: number | null;
  /** Only what has this text in its name, for the benchmarks that have such a choice; null for everything. */
  readonly only: string | null;
}

/** What a benchmark found: for programs as figures and ratios, for people as a table of the same. */
export interface Findings {
  /** How it was measured, a sentence each. */
  readonly method: readonly string[];
  readonly sizes: Readonly<Record<string, number>>;
  readonly figures: readonly Figure[];
  readonly ratios: readonly Ratio[];
  readonly table: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
    /** How many columns from the left hold text; the first one by default. */
    readonly textColumns?: number;
  };
}

/** The one document that `--json` prints. */
export interface Report extends Findings {
  readonly bench: BenchName;
  readonly command: string;
  readonly takenAt: string;
  readonly machine: Machine;
}

/** The report as Markdown, which reads well in a terminal too. */
export function toMarkdown(report: Report): string {
  const { machine, table } = report;
  const facts = `${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}`;
  const disk = `4 KiB written and synced to the temporary folder in ${machine.syncMs.toFixed(2)} ms (median); load average before the run ${machine.loadBefore.toFixed(1)}`;
  return [
    `\`${report.command}\`, ${report.takenAt.slice(0, 10)}. ${facts}; ${disk}.`,
    '',
    ...report.method.map((sentence) => `- ${sentence}`),
    '',
    ...tableLines(table.columns, table.rows, table.textColumns ?? 1),
    '',
  ].join('\n');
}

function tableLines(columns: readonly string[], rows: readonly (readonly string[])[], textColumns: number): readonly string[] {
  const widths = columns.map((column, at) => Math.max(3, column.length, ...rows.map((row) => row[at]?.length ?? 0)));
  // Text stands at the left, numbers at the right.
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (at < textColumns ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at < textColumns ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(columns), rule, ...rows.map(line)];
}

/** Figures and their ratios, a row each. */
export function tableOf(figures: readonly Figure[], ratios: readonly Ratio[]): Findings['table'] {
  const row = (label: string, { median, min, max }: Summary) => [label, shown(median), shown(min), shown(max)];
  return {
    columns: ['', 'median', 'min', 'max'],
    rows: [
      ...figures.map((figure) => row(`${figure.name}, ${figure.unit}`, figure)),
      ...ratios.map((ratio) => row(`${ratio.name}, as a ratio to ${ratio.of}`, ratio)),
    ],
  };
}

/** A number with its meaningful digits. */
export function shown(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return value.toFixed(value >= 10 ? 1 : 2);
}
