import type { DeliveryHold } from '#shared/contract/health.ts';

/** What holds a delivery back, in a word for its row. */
export function holdWord({ by }: DeliveryHold): string {
  switch (by) {
    case 'disabled':
      return 'paused';
    case 'circuit':
      return 'circuit open';
    case 'rateLimit':
      return 'rate limit';
    case 'order':
      return 'its turn';
  }
}

/** The same as a sentence; its end is shown beside it. */
export function holdSentence({ by }: DeliveryHold): string {
  switch (by) {
    case 'disabled':
      return 'Its endpoint is disabled, so it waits until the endpoint is active again.';
    case 'circuit':
      return 'The circuit of its endpoint is open, so it waits for a probe. Jump to next attempt ignores the circuit.';
    case 'rateLimit':
      return 'It waits for the rate limit of its endpoint.';
    case 'order':
      return 'Its endpoint keeps the order, so it waits for those accepted before it.';
  }
}
