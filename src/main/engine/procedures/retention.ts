import type { ClockWitness } from '../retention/clock-witness.ts';
import type { Procedures } from '../base/procedures.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Keeper } from '../retention/keeper.ts';
import { assertNothingGoes, limitsOf, withLimits } from '../retention/limits.ts';

/** What is stored, and removing what is beyond the limits. */
export function createRetentionHandlers(
  os: Procedures,
  { keeper, settings, witness }: { readonly keeper: Keeper; readonly settings: SettingsBook; readonly witness: ClockWitness },
) {
  return {
    stored: os.retention.stored.handler(async () => ({ ...(await keeper.stored()), clockNotice: witness.notice() })),
    trustClock: os.retention.trustClock.handler(async () => {
      await witness.trust();
      return { ...(await keeper.stored()), clockNotice: witness.notice() };
    }),
    preview: os.retention.preview.handler(({ input }) => keeper.preview(withLimits(limitsOf(settings.get()), input))),
    lastCleanUp: os.retention.lastCleanUp.handler(() => ({ cleanUp: keeper.current() })),
    cleanUp: os.retention.cleanUp.handler(async ({ input }) => {
      if (!input.confirm) {
        const { wouldGo, deletedCaptures } = await keeper.stored();
        assertNothingGoes(wouldGo, [], input.withDeleted ? deletedCaptures : 0);
      }
      return keeper.cleanUp(input);
    }),
    cancel: os.retention.cancel.handler(() => keeper.cancel()),
  };
}
