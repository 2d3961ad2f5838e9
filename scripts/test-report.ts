import { z } from 'zod';

/** Numbers of tests by result. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One test that failed, or one file that could not be loaded: its file, its full name and the first line of its error. */
export interface Failure {
  readonly file: string;
  readonly test: string;
  readonly why: string;
}

/** The report of one runner. */
export interface Outcome {
  readonly counts: Counts;
  readonly failures: readonly Failure[];
}

/** The outcome of a runner that ended without a report: one failure, because silence is not success. */
export function noReport(runner: string): Outcome {
  return { counts: { passed: 0, failed: 1, skipped: 0 }, failures: [{ file: '', test: runner, why: 'It ended without a report.' }] };
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() })),
    }),
  ),
});

/** Reads Vitest's JSON report. A file that could not be loaded has no tests, and is a failure. */
export function readVitestReport(report: unknown): Outcome {
  const read = vitestReport.parse(report);
  const failures = read.testResults.flatMap(({ name: file, status, message, assertionResults }): Failure[] => {
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [{ file, test: '(the whole file)', why: firstLine(message) }];
    return failed.map(({ fullName, failureMessages }) => ({ file, test: fullName, why: firstLine(failureMessages?.[0] ?? '') }));
  });
  const failed = read.success ? 0 : Math.max(1, read.numFailedTests, failures.length);
  return { counts: { passed: read.numPassedTests, failed, skipped: read.numPendingTests + read.numTodoTests }, failures };
}

const playwrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  line: z.number(),
  ok: z.boolean(),
  tests: z.array(z.object({ results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })) })),
});

/** Playwright nests suites: a file holds those of its `describe` calls. */
interface PlaywrightSuite {
  readonly specs?: readonly z.infer<typeof playwrightSpec>[] | undefined;
  readonly suites?: readonly PlaywrightSuite[] | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  specs: z.array(playwrightSpec).optional(),
  get suites() {
    return z.array(playwrightSuite).optional();
  },
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.object({ message: z.string().default('') })),
  suites: z.array(playwrightSuite).default([]),
});

/** Reads Playwright's JSON report. */
export function readPlaywrightReport(report: unknown): Outcome {
  const { stats, errors, suites } = playwrightReport.parse(report);
  const failures = [
    ...suites.flatMap(failedSpecs),
    ...errors.map(({ message }): Failure => ({ file: '', test: '(outside the tests)', why: firstLine(message) })),
  ];
  return {
    counts: { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped },
    failures,
  };
}

function failedSpecs(suite: PlaywrightSuite): Failure[] {
  const own = (suite.specs ?? [])
    .filter((spec) => !spec.ok)
    .map(({ file, line, title, tests }): Failure => {
      const message = tests.flatMap(({ results }) => results).find(({ error }) => error?.message !== undefined)?.error?.message;
      return { file: `${file}:${line}`, test: title, why: firstLine(message ?? '') };
    });
  return [...own, ...(suite.suites ?? []).flatMap(failedSpecs)];
}

/** The files to run a second time: those of a few failures. Many failures, or one outside the test files, do not happen by chance. */
export function filesToRepeat(failures: readonly Failure[], most = 3): readonly string[] {
  const files = [...new Set(failures.map(({ file }) => file))];
  return files.length <= most && !files.includes('') ? files : [];
}

/** The sum of two counts. */
export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

function firstLine(message: string): string {
  return message.replace(colours, '').trim().split('\n', 1)[0] ?? '';
}
