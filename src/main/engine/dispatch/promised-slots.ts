/** Slots of deliveries that are being written as claimed. They are not taken yet, but nobody else may have them. */
export interface PromisedSlots {
  /** Promises one; the returned function ends that. */
  readonly add: (endpointId: string) => () => void;
  readonly countTo: (endpointId: string) => number;
  readonly count: () => number;
  /** Settles once all that are promised now have ended. */
  readonly settled: () => Promise<void>;
}

export function createPromisedSlots(): PromisedSlots {
  const byEndpoint = new Map<string, number>();
  const open = new Set<Promise<void>>();
  const countTo = (endpointId: string) => byEndpoint.get(endpointId) ?? 0;
  return {
    add: (endpointId) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      open.add(promise);
      byEndpoint.set(endpointId, countTo(endpointId) + 1);
      return () => {
        open.delete(promise);
        const left = countTo(endpointId) - 1;
        if (left > 0) byEndpoint.set(endpointId, left);
        else byEndpoint.delete(endpointId);
        resolve();
      };
    },
    countTo,
    count: () => open.size,
    settled: async () => void (await Promise.all(open)),
  };
}
