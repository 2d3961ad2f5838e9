import type { Going } from './contract/common.ts';

/**
 * What would be removed, in words: `1 message, 12,140 deliveries`; null when nothing would. Captures that were deleted, and that an undo
 * could still bring back, are named as such.
 */
export function goingText({ messages, deliveries, captures }: Going, deletedCaptures = 0): string | null {
  const parts = [
    counted(messages, 'message', 'messages'),
    counted(deliveries, 'delivery', 'deliveries'),
    counted(captures, 'capture', 'captures'),
    counted(deletedCaptures, 'deleted capture that can still be restored', 'deleted captures that can still be restored'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
