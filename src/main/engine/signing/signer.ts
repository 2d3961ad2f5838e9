import { task, TaskEnded, taskLimitMs, type Background } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { invalid } from '../base/refusal.ts';
import { schemeOf } from './registry.ts';
import type { Signed, SignInput } from './scheme.ts';

/** Signs a body by a scheme; a large one belongs to it from then on. Rejects with a Refusal. */
export type Signer = (input: SignInput) => Promise<Signed>;

/** Every scheme signs a body up to this size within some milliseconds, whatever its contents. */
const smallBodyBytes = 65_536;

function signHere(input: SignInput): Signed {
  return schemeOf(input.options.scheme).sign(input);
}

/** The same in its own memory, so that it can be transferred from a thread. */
function signInBackground(input: SignInput): Signed {
  const { signed, body, ...rest } = signHere(input);
  return { ...rest, signed: { ...signed, bytes: ownBytes(signed.bytes) }, ...(body === undefined ? {} : { body: ownBytes(body) }) };
}

export const signTask = task('sign', signInBackground);

/** For use where nobody else waits, such as in a command. */
export const directSigner: Signer = async (input) => signHere(input);

/** Signs small bodies at once, others in a thread, since some schemes parse what they sign. */
export function createSigner(background: Background): Signer {
  return async (input) => {
    if (input.body.byteLength <= smallBodyBytes) return signHere(input);
    try {
      const body = ownBytes(input.body);
      return await background.run('signing', signTask, { ...input, body }, [body.buffer]);
    } catch (error) {
      if (!(error instanceof TaskEnded)) throw error;
      throw invalid('request', `Signing takes more than ${taskLimitMs / 1000} seconds or too much memory: sign a smaller body.`);
    }
  };
}
