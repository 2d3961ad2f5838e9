import type { TestProject } from 'vitest/node';
import { buildMainIfStale } from '../../scripts/build.ts';

/** Builds the command line and the threads before the tests that run them as they ship, and again when a watched source changes. */
export async function setup(project: TestProject): Promise<void> {
  await buildMainIfStale();
  project.onTestsRerun(buildMainIfStale);
}
