import { curlCommand } from '#shared/curl-command.ts';
import { readInput, writeLargeAnswer } from './large-json.ts';
import { searchInBackground } from '../store/search-task.ts';
import { checkInBackground, renderInBackground } from '../templates/render-task.ts';
import { buildInBackground } from '../request/build-task.ts';
import { makeCaseInBackground } from '../verifying/case-file/case-task.ts';
import { verifyCaptured, verifyNamed, verifyUnnamed } from '../signing/verify-task.ts';

/**
 * Work that what comes from outside can make long: reading and rendering templates, verifying large requests,
 * searching in bodies, reading and writing large JSON, making case files, signing large bodies. It runs in a thread of its own kind, so what it takes and answers crosses over to it: plain data, and bytes in arrays of their own.
 */
export const tasks = {
  checkTemplate: checkInBackground,
  render: renderInBackground,
  verifyCaptured,
  verifyNamed,
  verifyUnnamed,
  search: searchInBackground,
  readInput,
  writeLargeAnswer,
  makeCaseFile: makeCaseInBackground,
  build: buildInBackground,
  curl: curlCommand,
} as const satisfies Record<string, (input: never) => unknown>;

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
export type TaskInput<N extends TaskName> = Parameters<Tasks[N]>[0];
export type TaskOutput<N extends TaskName> = Awaited<ReturnType<Tasks[N]>>;

/** Runs one of them by its name. */
export function runTask(name: TaskName, input: unknown): unknown {
  // Each name came with its own input; that they belong together is the type of `Background.run`.
  return (tasks[name] as (input: unknown) => unknown)(input);
}
