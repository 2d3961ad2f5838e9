import { Command } from 'commander';
import { failuresLookedAt } from '#shared/contract/failure-groups.ts';
import { failureText } from '#shared/failure-words.ts';
import { wholeNumber } from '#hosts/shared/command-line.ts';
import { leftOutSentences } from '../left-out.ts';
import { addDeliveryFlags, readFilter, type DeliveryFlags } from '../delivery-flags.ts';
import type { EngineClient } from '../engine-client.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';
import { formatTime, printNote, table } from '../output.ts';

type FailureGroups = Awaited<ReturnType<EngineClient['deliveries']['failureGroups']>>;

/** So many groups are listed at most. */
const mostShown = 200;

/** The `deliveries groups` command: what failed, by its causes. */
export function deliveryGroupsCommand(): Command {
  return addDeliveryFlags(
    addHostFlags(
      new Command('groups').description('Group what failed by endpoint, outcome and normalised answer, and say how to replay each group'),
    ),
  )
    .option('--limit <n>', `groups to show, 1 to ${mostShown}`, wholeNumber(1, mostShown), 20)
    .action(
      async (flags: HostFlags & DeliveryFlags & { readonly limit: number }) =>
        await ask(
          flags,
          async (client) => await client.deliveries.failureGroups({ ...(await readFilter(client, flags)), limit: flags.limit }),
          (found) => describeGroups(found, flags),
        ),
    );
}

function describeGroups(found: FailureGroups, { test }: DeliveryFlags): string {
  const { failed, isCut, groups, moreGroups, moreDeliveries, isMoreGroupsLeast } = found;
  if (isCut)
    printNote(
      `Only the newest part of the log was looked at, with ${failed} failed deliveries (the limit is ${failuresLookedAt}): narrow it, such as with --since 2h.`,
    );
  if (moreDeliveries > 0)
    printNote(
      `${moreDeliveries} more failed in ${isMoreGroupsLeast ? 'more than ' : ''}${moreGroups} other ways: ${groups.length < mostShown ? `add --limit ${Math.min(mostShown, groups.length * 2)}` : 'narrow them, such as with --endpoint'}.`,
    );
  const leftOut = leftOutSentences(found, { isTest: test });
  for (const sentence of leftOut) printNote(sentence);
  const [first] = groups;
  if (first === undefined)
    return leftOut.length === 0 ? 'Nothing that matches failed.' : 'Nothing else that matches is failed or exhausted.';
  printNote(`Replay a group by its key: hookyard replay --group ${first.key}${test === true ? ' --test' : ''}`);
  return table(
    ['COUNT', 'KEY', 'ENDPOINT', 'FIRST', 'LAST', 'EXAMPLE', 'CAUSE'],
    groups.map((group) => [
      String(group.count),
      group.key,
      group.endpointName,
      formatTime(group.firstAtMs),
      formatTime(group.lastAtMs),
      group.exampleId,
      failureText(group),
    ]),
  );
}
