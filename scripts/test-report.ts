import { z } from 'zod';

/** How many tests ended in which way. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The counts of a run that has no test. */
export const noTests: Counts = { passed: 0, failed: 0, skipped: 0 };

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
});

/** Counts of Vitest's JSON report. A file that could not be loaded has no tests and still is a failure. */
export function readVitestReport(report: unknown): Counts {
  const read = vitestReport.parse(report);
  const failed = read.numFailedTests === 0 && !read.success ? 1 : read.numFailedTests;
  return { passed: read.numPassedTests, failed, skipped: read.numPendingTests + read.numTodoTests };
}

/** Counts of Playwright's JSON report. A test that passed only when repeated counts as failed. */
export function readPlaywrightReport(report: unknown): Counts {
  const { stats, errors } = playwrightReport.parse(report);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

/** The sum of two counts. */
export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}
