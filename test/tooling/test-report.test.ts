import { describe, expect, it } from 'vitest';
import { addCounts, readPlaywrightReport, readVitestReport } from '../../scripts/test-report.ts';

const vitest = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1, success: true };
const playwright = { stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 3 }, errors: [] };

describe('the total of the test command', () => {
  it('adds both runners up', () => {
    expect(addCounts(readVitestReport(vitest), readPlaywrightReport(playwright))).toEqual({ passed: 11, failed: 0, skipped: 6 });
  });

  it.each([
    ['a Vitest test that failed', readVitestReport({ ...vitest, numFailedTests: 2, success: false })],
    ['a Playwright test that failed twice over', readPlaywrightReport({ ...playwright, stats: { ...playwright.stats, unexpected: 2 } })],
    [
      'a Playwright test that failed and a hook that did',
      readPlaywrightReport({ stats: { ...playwright.stats, unexpected: 1 }, errors: [{}] }),
    ],
  ])('counts %s', (_what, counts) => {
    expect(counts.failed).toBe(2);
  });

  it('counts a test file that could not be loaded as a failure', () => {
    expect(readVitestReport({ ...vitest, success: false }).failed).toBe(1);
  });

  it('counts a test that passed only when repeated as a failure', () => {
    expect(readPlaywrightReport({ ...playwright, stats: { ...playwright.stats, flaky: 1 } }).failed).toBe(1);
  });

  it('refuses a report that it does not know', () => {
    expect(() => readVitestReport({ passed: 7 })).toThrow('numPassedTests');
  });
});
