/** What all of them send, so that their figures can be compared. */
export const connections = 64;
export const bodyBytes = 1000;
export const eventType = 'order.placed';
/** Bytes of an event's data that fill its body; the rest is the default envelope `{type, timestamp, data}`. */
export const dataBytes =
  bodyBytes - (Buffer.byteLength(JSON.stringify({ type: eventType, timestamp: new Date(0).toISOString(), data: '' })) - 2);

/** Rounds of each that do not count: these run for days, and it takes about this long until their code is fully compiled. */
export const warmUps = 3;

/** Settings with which Hookyard sends over as many connections: one endpoint gets at most half of all slots, as the others are reserved. */
export const allSlots = { maxConcurrency: 2 * connections, maxConcurrencyPerEndpoint: connections };

/** One round: a number of messages, numbered from `first` on. */
export interface RoundOrder {
  readonly first: number;
  readonly messages: number;
  /** All messages are accepted before the first is sent, instead of at the same time. */
  readonly isBacklog: boolean;
}

/** How fast something went. CPU is that of all processes of the contestant, which other programs' load touches less than the clock. */
export interface Pace {
  readonly perSecond: number;
  readonly cpuMicrosPerMessage: number;
}

/**
 * `accepted` runs from the first message handed over to the last accepted. `delivered` ends when the last attempt is
 * recorded, and begins with the first message handed over, or in a backlog when sending begins.
 */
export interface DurableRound {
  readonly accepted: Pace;
  readonly delivered: Pace;
}

/** A durable sender of webhooks that is measured. */
export interface Contestant {
  readonly run: (order: RoundOrder) => Promise<DurableRound>;
  /** Throws unless everything was delivered and recorded as it should be. */
  readonly check: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts the clock and the count of this process's CPU; each call of the returned function gives the pace so far. */
export function startTimer(): (messages: number) => Pace {
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  return (messages) => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return { perSecond: (messages * 1000) / (performance.now() - startedMs), cpuMicrosPerMessage: (user + system) / messages };
  };
}
