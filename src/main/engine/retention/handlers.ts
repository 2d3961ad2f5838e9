import type { Procedures } from '../procedures.ts';
import type { Keeper } from './keeper.ts';

/** What is stored, and taking out what is beyond the limits. */
export function createRetentionHandlers(os: Procedures, keeper: Keeper) {
  return {
    stored: os.retention.stored.handler(() => keeper.stored()),
    lastCleanUp: os.retention.lastCleanUp.handler(() => ({ cleanUp: keeper.current() })),
    cleanUp: os.retention.cleanUp.handler(() => keeper.cleanUp()),
    cancel: os.retention.cancel.handler(() => keeper.cancel()),
  };
}
