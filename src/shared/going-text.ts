import type { Going } from './contract/common.ts';

/** What would go in words: `1 message, 12,140 deliveries`; null when nothing would. */
export function goingText({ messages, deliveries, captures }: Going): string | null {
  const parts = [
    counted(messages, 'message', 'messages'),
    counted(deliveries, 'delivery', 'deliveries'),
    counted(captures, 'capture', 'captures'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
