import { Buffer } from 'node:buffer';
import type { TestFile, TestFramework } from '#shared/contract/test-files.ts';
import { task } from '../../background/background.ts';
import { ownBytes } from '../../base/own-bytes.ts';
import { goTest } from './go-test.ts';
import { jest, vitest } from './javascript.ts';
import { junit } from './junit.ts';
import { phpunit } from './phpunit.ts';
import { planTest, type TestedRequest } from './plan.ts';
import { pytest } from './pytest.ts';
import { rspec } from './rspec.ts';
import type { TestWriter } from './test-writer.ts';

const writers: Readonly<Record<TestFramework, TestWriter>> = { vitest, jest, pytest, go: goTest, rspec, phpunit, junit };

/** What a test is written of. */
export interface TestOrder {
  readonly framework: TestFramework;
  readonly request: TestedRequest;
  /** The status that the receiver is to answer. */
  readonly status: number;
}

/** Writes a test that sends a captured request to a receiver. */
export function writeTest({ framework, request, status }: TestOrder): TestFile {
  const plan = planTest(request, status);
  const writer = writers[framework];
  const filename = writer.filename(plan.words);
  return {
    framework,
    filename,
    code: writer.write(plan, filename),
    isSigned: plan.fresh !== null,
    environment: [...plan.environment],
    notes: [...plan.heading.slice(1), ...writer.notes(plan)],
  };
}

/** Writes a test in a thread; its text is in UTF-8, so that it can be transferred without copying. */
export const writeTestTask = task('writeTest', (order: TestOrder) => {
  const { code, ...file } = writeTest(order);
  return { ...file, code: ownBytes(Buffer.from(code, 'utf8')) };
});
