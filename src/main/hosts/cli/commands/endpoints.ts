import { Command } from 'commander';
import { addListFlags, ask, noteNext, pageOf, type ListFlags } from '../listing.ts';
import { table } from '../output.ts';

/** The `endpoints` commands. */
export function endpointsCommand(): Command {
  const list = addListFlags(new Command('list').description('List endpoints of the running Hookyard')).action(async (flags: ListFlags) => {
    await ask(
      flags,
      (client) => client.endpoints.list(pageOf(flags)),
      ({ items, next }) => {
        noteNext(next);
        return table(
          ['ID', 'NAME', 'HEALTH', 'EVENTS', 'URL'],
          items.map((endpoint) => [endpoint.id, endpoint.name, endpoint.health, endpoint.events.join(','), endpoint.url]),
        );
      },
    );
  });
  return new Command('endpoints').description('Look at endpoints').addCommand(list);
}
