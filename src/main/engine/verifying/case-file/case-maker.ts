import type { Background } from '../../background/background.ts';
import { ownBytes } from '../../base/own-bytes.ts';
import { inTime, isSmall } from '../../signing/verifier.ts';
import type { CaseFile } from './case-file.ts';
import { makeCaseInBackground, makeCaseTask, type CaseOrder } from './case-task.ts';

/** Makes a case file. The body belongs to it from then on. Rejects with a Refusal. */
export type CaseMaker = (order: CaseOrder) => Promise<CaseFile>;

/** For use where nobody else waits, such as in a command. */
export const directCaseMaker: CaseMaker = makeCaseInBackground;

/** Makes those of small requests at once, others in a thread. */
export function createCaseMaker(background: Background): CaseMaker {
  return async (order) => {
    if (isSmall(order.input)) return makeCaseInBackground(order);
    // Its memory is given away: copying a large body would take as long as other calls may wait.
    const body = ownBytes(order.input.body);
    return inTime(background.run('requests', makeCaseTask, { ...order, input: { ...order.input, body } }, [body.buffer]));
  };
}
