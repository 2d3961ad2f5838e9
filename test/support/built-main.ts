import type { TestProject } from 'vitest/node';
import { build, buildMainIfStale, isBuildMissing } from '../../scripts/build.ts';

/**
 * Builds the command line and the threads before the tests that run them as they ship, and again when a watched source changes; the
 * window too where it was never built, since a test that starts the product would build all anew beside the others.
 */
export async function setup(project: TestProject): Promise<void> {
  if (isBuildMissing() && !build()) throw new Error('The build failed.');
  await buildMainIfStale();
  project.onTestsRerun(buildMainIfStale);
}
