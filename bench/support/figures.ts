/** What was seen over several runs of one thing. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly p99: number;
  /** How many runs it summarises. */
  readonly samples: number;
}

/** A summary with what it is of. */
export interface Figure extends Summary {
  readonly name: string;
  readonly unit: 'per second' | 'ms' | 'µs' | 'MiB' | 'bytes per delivery';
}

/** Ratio of two figures of the same rounds; `of` names the one that counts as 1. */
export interface Ratio extends Summary {
  readonly name: string;
  readonly of: string;
}

/** Median, extremes and 99th percentile (nearest rank). Throws when there is nothing to summarise. */
export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number) => sorted[Math.min(sorted.length - 1, Math.max(0, place))];
  const middle = sorted.length / 2;
  const [min, max, below, above, p99] = [
    at(0),
    at(sorted.length - 1),
    at(Math.ceil(middle) - 1),
    at(Math.floor(middle)),
    at(Math.ceil(sorted.length * 0.99) - 1),
  ];
  if (min === undefined || max === undefined || below === undefined || above === undefined || p99 === undefined)
    throw new Error('There are no values to summarise.');
  return { median: (below + above) / 2, min, max, p99, samples: sorted.length };
}

/** Values of the same rounds divided pair by pair. */
export function divide(values: readonly number[], by: readonly number[]): readonly number[] {
  return values.map((value, round) => value / (by[round] ?? Number.NaN));
}
