import { Command } from 'commander';
import type { EngineClient } from '../engine-client.ts';
import { addHostFlags, addListFlags, ask, noteNext, pageOf, type HostFlags, type ListFlags } from '../listing.ts';
import { formatTime, table } from '../output.ts';
import { describeReplay, sourceText } from './replay.ts';

/** The `replays` commands. */
export function replaysCommand(): Command {
  const list = addListFlags(new Command('list').description('List replays, newest first')).action(
    async (flags: ListFlags) =>
      await ask(
        flags,
        (client) => client.replays.list(pageOf(flags)),
        ({ items, next }) => {
          noteNext(next);
          return table(
            ['ID', 'STARTED', 'STATUS', 'DONE', 'SKIPPED', 'FOUND', 'WHAT'],
            items.map((replay) => [
              replay.id,
              formatTime(replay.createdAtMs),
              replay.status,
              String(replay.replayed),
              String(replay.skipped.reduce((sum, { count }) => sum + count, 0)),
              String(replay.total),
              sourceText(replay),
            ]),
          );
        },
      ),
  );
  const one = (name: 'get' | 'pause' | 'resume' | 'cancel', verb: string, description: string) =>
    addHostFlags(new Command(verb).description(description).argument('<id>', 'replay id')).action(
      async (id: string, flags: HostFlags) => await ask(flags, (client: EngineClient) => client.replays[name]({ id }), describeReplay),
    );
  return new Command('replays')
    .description('Look at replays, pause, resume and cancel them')
    .addCommand(list)
    .addCommand(one('get', 'show', 'Show a replay and how its deliveries stand'))
    .addCommand(one('pause', 'pause', 'Pause a replay'))
    .addCommand(one('resume', 'resume', 'Go on with a paused replay'))
    .addCommand(one('cancel', 'cancel', 'End a replay; what it scheduled already is sent'));
}
