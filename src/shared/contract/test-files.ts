import { z } from 'zod';
import { deferrableText } from './deferred-text.ts';
import { snippetVariable } from './snippets.ts';

/** Test frameworks that a captured request can be saved for, in the order in which they are offered. */
export const testFramework = z.enum(['vitest', 'jest', 'pytest', 'go', 'rspec', 'phpunit', 'junit']);
export type TestFramework = z.infer<typeof testFramework>;

/** Test frameworks as they call themselves. */
export const testFrameworkNames: Readonly<Record<TestFramework, string>> = {
  vitest: 'Vitest',
  jest: 'Jest',
  pytest: 'pytest',
  go: 'Go testing',
  rspec: 'RSpec',
  phpunit: 'PHPUnit',
  junit: 'JUnit 5',
};

/** A test that posts a captured request to a receiver and expects a status. It holds no secret. */
export const testFile = z.strictObject({
  framework: testFramework,
  filename: z.string(),
  code: deferrableText,
  /** Whether the test signs at each run; otherwise the signature is sent as it was captured. */
  isSigned: z.boolean(),
  /** Environment variables that it reads. */
  environment: z.array(snippetVariable),
  /** What it sends otherwise than the request, and what to look out for, each a sentence. */
  notes: z.array(z.string()),
});
export type TestFile = z.infer<typeof testFile>;
