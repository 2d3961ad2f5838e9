import type { Task } from '../background/background.ts';
import type { ByName } from '../base/by-name.ts';

/**
 * Every task that the threads know, by its name. Each is defined where its work is known, and a thread reads only the modules of what it
 * is asked for: reading all of them takes three times as long as a thread takes to start.
 */
export const tasks: ByName<Task<never, unknown, unknown>> = {
  checkTemplate: async () => (await import('../templates/render-task.ts')).checkTemplateTask,
  render: async () => (await import('../templates/render-task.ts')).renderTask,
  renderBatch: async () => (await import('../templates/render-batch.ts')).renderBatchTask,
  traceTemplate: async () => (await import('../templates/trace.ts')).traceTask,
  styleBody: async () => (await import('../templates/style-body.ts')).styleTask,
  encodeEvent: async () => (await import('../templates/encode-event.ts')).encodeTask,
  checkBody: async () => (await import('../templates/well-formed.ts')).checkBodyTask,
  verifyCaptured: async () => (await import('../signing/verify-task.ts')).verifyCapturedTask,
  verifyNamed: async () => (await import('../signing/verify-task.ts')).verifyNamedTask,
  verifyUnnamed: async () => (await import('../signing/verify-task.ts')).verifyUnnamedTask,
  search: async () => (await import('./searches.ts')).searchTask,
  readInput: async () => (await import('../background/large-json.ts')).readInputTask,
  readFrame: async () => (await import('../background/large-json.ts')).readFrameTask,
  writeLargeAnswer: async () => (await import('../background/large-json.ts')).writeLargeAnswerTask,
  losesAsValue: async () => (await import('../background/loses-as-value.ts')).losesAsValueTask,
  makeCaseFile: async () => (await import('../verifying/case-file/case-task.ts')).makeCaseTask,
  build: async () => (await import('../request/build-task.ts')).buildTask,
  sign: async () => (await import('../signing/signer.ts')).signTask,
  requestCode: async () => (await import('../request/build-task.ts')).requestCodeTask,
  checkSchema: async () => (await import('../events/schema-task.ts')).checkSchemaTask,
  makeVariants: async () => (await import('../events/variants/variants-task.ts')).makeVariantsTask,
  combineVariants: async () => (await import('../events/variants/variants-task.ts')).combineVariantsTask,
  readDocuments: async () => (await import('../events/import/import-task.ts')).readDocumentsTask,
  readProject: async () => (await import('../project/read-project.ts')).readProjectTask,
  projectReads: async () => (await import('../project/reads.ts')).projectReadsTask,
  projectText: async () => (await import('../project/project-text.ts')).projectTextTask,
  documentNames: async () => (await import('../project/kept-parts.ts')).documentNamesTask,
  keepParts: async () => (await import('../project/kept-parts.ts')).keepPartsTask,
  answerValues: async () => (await import('../runs/answer-values.ts')).answerValuesTask,
  putRun: async () => (await import('../project/put-run.ts')).putRunTask,
  capturedJson: async () => (await import('../events/captured-json.ts')).capturedJsonTask,
  writeTest: async () => (await import('../snippets/tests/write-test.ts')).writeTestTask,
  match: async () => (await import('../capture/matching/match-all.ts')).matchTask,
  unmet: async () => (await import('../capture/matching/unmet.ts')).unmetTask,
  checkIdentity: async () => (await import('../auth/identity-task.ts')).checkIdentityTask,
  smeeEvent: async () => (await import('../streams/smee-form.ts')).smeeEventTask,
  readSmeeEvent: async () => (await import('../sources/smee-event.ts')).smeeReadTask,
  readExactHead: async () => (await import('../sources/exact-event.ts')).exactHeadTask,
  renderResponse: async () => (await import('../capture/answering/render.ts')).renderResponseTask,
};
