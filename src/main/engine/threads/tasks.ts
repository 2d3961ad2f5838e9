import type { Task } from '../background/background.ts';
import { readFrameTask, readInputTask, writeLargeAnswerTask } from '../background/large-json.ts';
import { losesAsValueTask } from '../background/loses-as-value.ts';
import { byName } from '../base/by-name.ts';
import { threadUrl } from '../base/thread-url.ts';
import { renderResponseTask } from '../capture/answering/render.ts';
import { matchTask } from '../capture/matching/match-all.ts';
import { unmetTask } from '../capture/matching/unmet.ts';
import { checkIdentityTask } from '../auth/identity-task.ts';
import { readDocumentsTask } from '../events/import/import-task.ts';
import { capturedJsonTask } from '../events/captured-json.ts';
import { checkSchemaTask } from '../events/schema-task.ts';
import { combineVariantsTask, makeVariantsTask } from '../events/variants/variants-task.ts';
import { projectTextTask } from '../project/project-text.ts';
import { projectReadsTask } from '../project/reads.ts';
import { readProjectTask } from '../project/read-project.ts';
import { buildTask, requestCodeTask } from '../request/build-task.ts';
import { documentNamesTask, keepPartsTask } from '../project/kept-parts.ts';
import { putRunTask } from '../project/put-run.ts';
import { signTask } from '../signing/signer.ts';
import { writeTestTask } from '../snippets/tests/write-test.ts';
import { exactHeadTask } from '../sources/exact-event.ts';
import { smeeReadTask } from '../sources/smee-event.ts';
import { smeeEventTask } from '../streams/smee-form.ts';
import { verifyCapturedTask, verifyNamedTask, verifyUnnamedTask } from '../signing/verify-task.ts';
import { renderBatchTask } from '../templates/render-batch.ts';
import { checkTemplateTask, renderTask } from '../templates/render-task.ts';
import { traceTask } from '../templates/trace.ts';
import { encodeTask } from '../templates/encode-event.ts';
import { styleTask } from '../templates/style-body.ts';
import { checkBodyTask } from '../templates/well-formed.ts';
import { makeCaseTask } from '../verifying/case-file/case-task.ts';
import { searchTask } from './searches.ts';

/** Every task that the threads know. Each is defined where its work is known. */
const tasks: readonly Task<never, unknown, unknown>[] = [
  checkTemplateTask,
  renderTask,
  renderBatchTask,
  traceTask,
  styleTask,
  encodeTask,
  checkBodyTask,
  verifyCapturedTask,
  verifyNamedTask,
  verifyUnnamedTask,
  searchTask,
  readInputTask,
  readFrameTask,
  writeLargeAnswerTask,
  losesAsValueTask,
  makeCaseTask,
  buildTask,
  signTask,
  requestCodeTask,
  checkSchemaTask,
  makeVariantsTask,
  combineVariantsTask,
  readDocumentsTask,
  readProjectTask,
  projectReadsTask,
  projectTextTask,
  documentNamesTask,
  keepPartsTask,
  putRunTask,
  capturedJsonTask,
  writeTestTask,
  matchTask,
  unmetTask,
  checkIdentityTask,
  smeeEventTask,
  smeeReadTask,
  exactHeadTask,
  renderResponseTask,
];

const taskOf = byName(tasks, 'threads/tasks.ts');

/** Runs a task by its name. The type of `Background.run` ensures that name and input belong together. */
export function runTask(name: string, input: unknown, report: (progress: unknown) => void): unknown {
  return taskOf(name).run(input as never, report);
}

/** The module of the threads that run them. */
export const backgroundThread = threadUrl(import.meta.url, 'background-thread.ts', 'background-thread');
