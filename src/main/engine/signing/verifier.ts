import type { HeaderField } from '#shared/contract/common.ts';
import type { VerifyAnswer, Verification } from '#shared/contract/verifying.ts';
import { TaskEnded, taskLimitMs, type Background, type Task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { Refusal } from '../base/refusal.ts';
import type { VerifyInput } from './scheme.ts';
import { verifyRecognised, type UnnamedInput } from './verify-recognised.ts';
import {
  arrived,
  verifyCaptured,
  verifyCapturedTask,
  verifyNamedTask,
  verifyUnnamedTask,
  type CapturedInput,
  type CapturedVerdict,
} from './verify-task.ts';
import { verifyRequest } from './verify.ts';

/** Verifies requests: small ones at once, others in a thread, so that no large body or header blocks everything else. */
export interface Verifier {
  /** A large body belongs to the verifier from then on, as does that of the next. */
  readonly named: (input: VerifyInput) => Promise<Verification>;
  readonly unnamed: (input: UnnamedInput, options: Readonly<Record<string, unknown>> | undefined) => Promise<VerifyAnswer>;
  /** Rejects with an Error when there is no verdict in time. */
  readonly captured: (input: CapturedInput) => Promise<CapturedVerdict>;
}

/** For use where nobody else waits, such as in a command. */
export const directVerifier: Pick<Verifier, 'named' | 'unnamed'> = {
  named: async (input) => verifyRequest(input),
  unnamed: async (input, options) => verifyRecognised(input, options),
};

/** Every scheme verifies a request up to this size in a few milliseconds, whatever its contents. */
const smallBodyBytes = 65_536;
const smallHeaderCharacters = 16_384;
const fewSecrets = 10;

export function createVerifier(background: Background): Verifier {
  /** Gives the memory of the body away: copying a large one would take as long as other calls may wait. */
  const inThread = <I, O>(task: Task<I, O>, given: Uint8Array, inputOf: (body: Uint8Array) => I) => {
    const body = ownBytes(given);
    return background.run('requests', task, inputOf(body), [body.buffer]);
  };
  return {
    named: async (input) =>
      isSmall(input) ? verifyRequest(input) : arrived(await inTime(inThread(verifyNamedTask, input.body, (body) => ({ ...input, body })))),
    unnamed: async (input, options) =>
      isSmall(input)
        ? verifyRecognised(input, options)
        : arrived(await inTime(inThread(verifyUnnamedTask, input.body, (body) => ({ input: { ...input, body }, options })))),
    captured: async (input) => {
      const { body } = input;
      if (!(body instanceof Uint8Array)) return background.run('requests', verifyCapturedTask, input);
      return isSmall({ ...input, body })
        ? verifyCaptured(input)
        : background.run('requests', verifyCapturedTask, { ...input, body: ownBytes(body) });
    },
  };
}

/** Whether every scheme verifies a request in a few milliseconds. */
export function isSmall({ body, headers, secrets }: Pick<VerifyInput, 'body' | 'headers' | 'secrets'>): boolean {
  return body.byteLength <= smallBodyBytes && secrets.length <= fewSecrets && charactersIn(headers) <= smallHeaderCharacters;
}

function charactersIn(headers: readonly HeaderField[]): number {
  let characters = 0;
  for (const [name, value] of headers) characters += name.length + value.length;
  return characters;
}

/** The verdict, or a refusal that says why there is none in time. */
export async function inTime<T>(verdict: Promise<T>): Promise<T> {
  try {
    return await verdict;
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    const message = `No verdict was reached within ${taskLimitMs / 1000} seconds: verify a smaller request of the same sender, or with fewer secrets.`;
    throw new Refusal('INPUT_INVALID', message, { issues: [{ path: 'request', message }] });
  }
}
