import { entry, lateLimitBytes, ofCauses, own, usualCost, type Candidate, type SharedBodies } from './candidates.ts';
import type { BodyVariant } from './body/body-variants.ts';
import type { CauseKind } from './families.ts';
import type { MacFrame } from './frame.ts';
import type { StringVariant } from './string/string-variants.ts';

/** A rare combination of two changes; the candidate is made on demand. */
export interface FarFetched<T> {
  readonly kinds: readonly [CauseKind, CauseKind];
  readonly cost: number;
  /** Null when the two cannot be combined. */
  readonly make: () => T | null;
}

type Pair = FarFetched<Candidate>;

/** Every two changes of a frame that the usual pairs leave out, in no order. All single changes of the body have to be known. */
export function farFetchedOf(frame: MacFrame, bodies: SharedBodies): readonly Pair[] {
  const all = [...bodies.singles()];
  return [...ofBodies(frame, bodies), ...ofBodyAndOther(frame, all), ...ofStrings(frame, bodies), ...ofStringAndBody(frame, all)];
}

function ofBodies(frame: MacFrame, bodies: SharedBodies): readonly Pair[] {
  if (frame.parts === null) return [];
  const unchanged = unchangedOf(frame);
  return bodies.farFetched().map(({ cost, make }): Pair => ({
    kinds: ['body', 'body'],
    cost,
    make: () => {
      const body = make();
      const parts = body === null ? null : frame.partsWith(body.bytes);
      return body === null || parts === null ? null : entry(body, own(parts), unchanged.keys, unchanged.algorithms);
    },
  }));
}

function ofBodyAndOther(frame: MacFrame, all: readonly BodyVariant[]): readonly Pair[] {
  if (frame.parts === null) return [];
  const unchanged = unchangedOf(frame);
  const pairOf = (body: BodyVariant, kind: CauseKind, { keys, algorithms }: Pick<Candidate, 'keys' | 'algorithms'>): Pair => ({
    kinds: ['body', kind],
    cost: body.cost + (keys[0]?.cost ?? 0) + (algorithms[0]?.cost ?? 0),
    make: () => {
      const parts = frame.partsWith(body.bytes);
      return parts === null ? null : entry(body, own(parts), keys, algorithms);
    },
  });
  return all
    .filter(({ cost }) => cost > usualCost)
    .flatMap((body) => [
      ...otherKeys(frame).map((keys) => pairOf(body, 'secret', { ...unchanged, keys })),
      ...otherAlgorithms(frame).map((algorithms) => pairOf(body, 'algorithm', { ...unchanged, algorithms })),
    ]);
}

function ofStrings(frame: MacFrame, { received }: SharedBodies): readonly Pair[] {
  const unchanged = unchangedOf(frame);
  const pairOf = (
    string: StringVariant,
    kinds: Pair['kinds'],
    { keys, algorithms }: Pick<Candidate, 'keys' | 'algorithms'> = unchanged,
  ): Pair => {
    const candidate = entry(received, string, keys, algorithms);
    return { kinds, cost: candidate.cost, make: () => candidate };
  };
  // For small bodies these were among the usual pairs.
  const late = received.bytes.byteLength > lateLimitBytes ? ofCauses(frame.strings.pairs, 1) : [];
  return [
    ...[...late, ...frame.strings.farFetched()].map((string) => pairOf(string, ['string', 'string'])),
    ...frame.strings.singles
      .filter((string) => !string.isUsual)
      .flatMap((string) => [
        ...otherKeys(frame).map((keys) => pairOf(string, ['string', 'secret'], { ...unchanged, keys })),
        ...otherAlgorithms(frame).map((algorithms) => pairOf(string, ['string', 'algorithm'], { ...unchanged, algorithms })),
      ]),
  ];
}

function ofStringAndBody(frame: MacFrame, all: readonly BodyVariant[]): readonly Pair[] {
  const { keys, algorithms } = unchangedOf(frame);
  return frame.strings.singles
    .filter(({ parts }) => parts.some(({ bytes }) => bytes === null))
    .flatMap((string) =>
      all
        .filter(({ cost }) => !string.isUsual || cost > usualCost)
        .map((body): Pair => {
          const candidate = entry(body, string, keys, algorithms);
          return { kinds: ['string', 'body'], cost: candidate.cost, make: () => candidate };
        }),
    );
}

function unchangedOf(frame: MacFrame): Pick<Candidate, 'keys' | 'algorithms'> {
  return { keys: ofCauses(frame.keys, 0), algorithms: ofCauses(frame.algorithms, 0) };
}

/** Keys with one change, grouped by cost: thousands of secrets make no more pairs than one. */
function otherKeys(frame: MacFrame): readonly MacFrame['keys'][] {
  return [...Map.groupBy(ofCauses(frame.keys, 1), ({ cost }) => cost).values()];
}

function otherAlgorithms(frame: MacFrame): readonly MacFrame['algorithms'][] {
  return [...Map.groupBy(ofCauses(frame.algorithms, 1), ({ cost }) => cost).values()];
}
