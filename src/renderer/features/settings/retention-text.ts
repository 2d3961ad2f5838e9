import type { CleanUp, Removed, Stored } from '#shared/contract/retention.ts';
import { goingText } from '#shared/going-text.ts';
import { bytesText, countText } from '../../base/size-format.ts';

/** Parts of a sentence that are not zero, with commas; the word for none otherwise. */
function listOf(parts: readonly (readonly [number, string, string])[], none: string): string {
  const some = parts.filter(([count]) => count > 0).map(([count, one, many]) => countText(count, one, many));
  return some.length === 0 ? none : some.join(', ');
}

/** What the limits would remove, as a sentence. */
export function wouldGoText({ wouldGo, heldBack }: Stored): string {
  const going = goingText(wouldGo) ?? 'nothing';
  const held =
    heldBack === 0 ? '' : ` ${countText(heldBack, 'older message stays', 'older messages stay')}, because they are still needed.`;
  return `Beyond the limits: ${going}.${held}`;
}

/** What was deleted and still takes up room, as a sentence; null where nothing was. */
export function deletedText({ deletedCaptures }: Stored): string | null {
  if (deletedCaptures === 0) return null;
  const [can, take] = deletedCaptures === 1 ? ['it can', 'takes'] : ['they can', 'take'];
  return `${countText(deletedCaptures, 'more capture was', 'more captures were')} deleted within the last 10 minutes: ${can} still be restored, and ${take} up space.`;
}

/** What a clean-up will do that takes what was deleted along, to be agreed to. */
export function deletedConsequence({ wouldGo, deletedCaptures }: Stored): string {
  const beyond = goingText(wouldGo);
  const deleted = countText(deletedCaptures, 'deleted capture', 'deleted captures');
  return `${deleted} will be removed for good and can no longer be restored.${beyond === null ? '' : ` So will ${beyond} beyond the limits.`}`;
}

function removedText({ messages, deliveries, attempts, captures, bodies }: Removed): string {
  return listOf(
    [
      [messages, 'message', 'messages'],
      [deliveries, 'delivery', 'deliveries'],
      [attempts, 'attempt', 'attempts'],
      [captures, 'capture', 'captures'],
      [bodies, 'body', 'bodies'],
    ],
    'nothing',
  );
}

const phases = {
  removing: 'Removing',
  looking_for_bodies: 'Looking for bodies that nothing needs',
  removing_bodies: 'Removing bodies',
  returning_space: 'Returning space to the disk',
} as const;

/** The progress or result of a clean-up, as a sentence. */
export function cleanUpText({ status, phase, removed, returnedBytes, problem }: CleanUp): string {
  const done = `${removedText(removed)} removed, ${bytesText(returnedBytes)} returned to the disk`;
  switch (status) {
    case 'running':
      return `${phases[phase ?? 'removing']}; so far ${done}.`;
    case 'completed':
      return `Cleaned up: ${done}.`;
    case 'cancelled':
      return `Cancelled: ${done}.`;
    case 'failed':
      return `${problem ?? 'The clean-up failed.'} Until then: ${done}.`;
  }
}
