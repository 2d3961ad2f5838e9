import { durationText } from '#shared/duration-text.ts';
import { Command } from 'commander';
import type { Transit } from '#shared/contract/comparing.ts';
import { comparisonLines } from '../comparison-lines.ts';
import { addHostFlags, ask, type HostFlags } from '../listing.ts';

/** The `captures transit` command: what was sent beside what arrived, from either side. */
export function transitCommand(): Command {
  return addHostFlags(
    new Command('transit')
      .description('Compare what an attempt of Hookyard sent with what arrived, through whatever lies between')
      .argument('<id>', 'id of the capture, or of the attempt'),
  ).action(async (id: string, flags: HostFlags) => {
    if (id.startsWith('att_'))
      return await ask(
        flags,
        (client) => client.comparing.arrivals({ id }),
        ({ items, why }) => items.map(describeTransit).join('\n\n') || (why ?? ''),
      );
    return await ask(
      flags,
      (client) => client.comparing.transit({ id }),
      ({ transit, why }) => (transit === null ? (why ?? '') : describeTransit(transit)),
    );
  });
}

function describeTransit(transit: Transit): string {
  const { captureId, attemptId, attemptNumber, deliveryId, url, matchedBy, alsoMatching, elapsedMs, comparison } = transit;
  const others = alsoMatching === 0 ? '' : `, as are ${alsoMatching} before it`;
  return [
    comparison.summary,
    `Sent: attempt ${attemptNumber} (${attemptId}) of ${deliveryId} to ${url}`,
    `Arrived: ${captureId}, ${durationText(elapsedMs)} after the attempt began; known by its ${matchedBy}${others}`,
    '',
    ...comparisonLines(comparison, { before: 'sent', after: 'arrived', isSameRequest: true }),
  ].join('\n');
}
