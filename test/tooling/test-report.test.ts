import { describe, expect, it } from 'vitest';
import { addCounts, filesToRepeat, readPlaywrightReport, readVitestReport } from '../../scripts/test-report.ts';

const failedTest = { fullName: 'an engine starts', status: 'failed', failureMessages: ['Error: no port\n    at start'] };
const file = { name: '/work/a.test.ts', status: 'passed', message: '', assertionResults: [] };
const vitest = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1, success: true, testResults: [file] };
const playwright = { stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 3 }, errors: [], suites: [] };

describe('the total of the test command', () => {
  it('adds both runners up', () => {
    const total = addCounts(readVitestReport(vitest).counts, readPlaywrightReport(playwright).counts);
    expect(total).toEqual({ passed: 11, failed: 0, skipped: 6 });
  });

  it.each([
    ['a Vitest test that failed', readVitestReport({ ...vitest, numFailedTests: 2, success: false })],
    ['a Playwright test that failed twice over', readPlaywrightReport({ ...playwright, stats: { ...playwright.stats, unexpected: 2 } })],
    [
      'a Playwright test that failed and a hook that did',
      readPlaywrightReport({ ...playwright, stats: { ...playwright.stats, unexpected: 1 }, errors: [{}] }),
    ],
  ])('counts %s', (_what, { counts }) => {
    expect(counts.failed).toBe(2);
  });

  it('counts a test file that could not be loaded as a failure', () => {
    const broken = { ...file, status: 'failed', message: 'SyntaxError: Unexpected token' };
    const { counts, failures } = readVitestReport({ ...vitest, success: false, testResults: [broken] });
    expect(counts.failed).toBe(1);
    expect(failures).toEqual([{ file: file.name, test: '(the whole file)', why: 'SyntaxError: Unexpected token' }]);
  });

  it('counts a test that Playwright itself repeated as a failure', () => {
    expect(readPlaywrightReport({ ...playwright, stats: { ...playwright.stats, flaky: 1 } }).counts.failed).toBe(1);
  });

  it('refuses a report that it does not know', () => {
    expect(() => readVitestReport({ passed: 7 })).toThrow('numPassedTests');
  });
});

describe('the tests that failed', () => {
  it('are named with the first line of their error', () => {
    const failed = { ...file, status: 'failed', assertionResults: [{ ...failedTest, status: 'passed' }, failedTest] };
    expect(readVitestReport({ ...vitest, numFailedTests: 1, success: false, testResults: [failed] }).failures).toEqual([
      { file: '/work/a.test.ts', test: 'an engine starts', why: 'Error: no port' },
    ]);
  });

  it('are found in nested suites of Playwright', () => {
    const spec = (ok: boolean) => ({
      title: `opens ${ok}`,
      file: 'window.spec.ts',
      line: 5,
      ok,
      tests: [{ results: [{ error: { message: '\u001b[31mTimeout\u001b[39m\nmore' } }] }],
    });
    const suites = [{ specs: [spec(true)], suites: [{ specs: [spec(false)] }] }];
    expect(readPlaywrightReport({ ...playwright, suites }).failures).toEqual([
      { file: 'window.spec.ts:5', test: 'opens false', why: 'Timeout' },
    ]);
  });

  it('are run again when they are few and in files', () => {
    const failure = (name: string) => ({ file: name, test: 'x', why: '' });
    expect(filesToRepeat(['a', 'b', 'a'].map(failure))).toEqual(['a', 'b']);
    expect(filesToRepeat(['a', 'b', 'c', 'd'].map(failure))).toEqual([]);
    expect(filesToRepeat(['a', ''].map(failure))).toEqual([]);
    expect(filesToRepeat([])).toEqual([]);
  });
});
