import { hash } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import { createBodyDoc, type BodyDoc } from './body-doc.ts';
import { jsonSteps, restyle } from './body-json.ts';
import { packingSteps } from './body-packing.ts';
import type { BodyStep } from './body-steps.ts';
import { textSteps } from './body-text.ts';
import { costOf, type Cause } from './cause.ts';
import type { SearchShare } from './problem.ts';

/** A body as it may have been signed. */
export interface BodyVariant {
  readonly bytes: Uint8Array;
  readonly causes: readonly Cause[];
  readonly cost: number;
}

/** Variants of one body, made as they are asked for; no two of them have the same bytes. */
export interface BodyVariants {
  /** The body as it was received. */
  readonly received: BodyVariant;
  /** One change each, cheapest first. */
  readonly singles: () => Generator<BodyVariant, void, void>;
  /** Two changes each, cheapest first, every so many of them. Bytes that one change gives already are left out. */
  readonly pairs: (share: Pick<SearchShare, 'index' | 'of'>) => Generator<BodyVariant, void, void>;
}

/** Two changes of a body above this would cost more time than they are worth. */
const pairLimitBytes = 262_144;

/** Two changes that are each far-fetched are not tried together. */
const pairCostLimit = 2.4;

export function createBodyVariants(body: Uint8Array, headers: readonly HeaderField[]): BodyVariants {
  const doc = createBodyDoc(body);
  const received: BodyVariant = { bytes: body, causes: [], cost: 0 };
  const seen = new Set<string>([hash('sha256', body)]);
  const isNew = (bytes: Uint8Array): boolean => {
    const digest = hash('sha256', bytes);
    if (seen.has(digest)) return false;
    seen.add(digest);
    return true;
  };
  const steps = stepsOf(doc, headers);
  const firsts: { readonly step: BodyStep; readonly doc: BodyDoc }[] = [];

  function* singles(): Generator<BodyVariant, void, void> {
    for (const step of byCost(steps)) {
      const bytes = step.apply(doc);
      if (bytes === null) continue;
      // Another step to the same bytes is no variant, but it may be the half of a pair that the first one is not.
      const isVariant = isNew(bytes);
      if (isVariant) firsts.push({ step, doc: createBodyDoc(bytes) });
      if (isVariant) yield { bytes, causes: [step.cause], cost: step.cause.cost };
    }
  }

  function* pairs({ index, of }: Pick<SearchShare, 'index' | 'of'>): Generator<BodyVariant, void, void> {
    if (body.byteLength > pairLimitBytes) return;
    const jobs = firsts
      .flatMap((first) =>
        secondsOf(first, doc.json() === null && first.step.stage < 3 ? stepsOf(first.doc, headers) : steps).map((second) => ({
          first,
          second,
          cost: costOf([first.step.cause, second.cause]),
        })),
      )
      .filter(({ cost }) => cost <= pairCostLimit)
      .toSorted((left, right) => left.cost - right.cost)
      .filter((_, at) => at % of === index);
    for (const { first, second, cost } of jobs) {
      if (first.doc.bytes.byteLength > pairLimitBytes) continue;
      const bytes = both(doc, first, second);
      if (bytes !== null && isNew(bytes)) yield { bytes, causes: [first.step.cause, second.cause], cost };
    }
  }

  return { received, singles, pairs };
}

function stepsOf(doc: BodyDoc, headers: readonly HeaderField[]): readonly BodyStep[] {
  return [...textSteps, ...packingSteps(headers, doc.bytes.byteLength), ...jsonSteps(doc)];
}

function byCost(steps: readonly BodyStep[]): readonly BodyStep[] {
  return steps.toSorted((left, right) => left.cause.cost - right.cause.cost);
}

interface First {
  readonly step: BodyStep;
  readonly doc: BodyDoc;
}

/** The steps that may follow a first one; what is lost stays lost. */
function secondsOf(first: First, steps: readonly BodyStep[]): readonly BodyStep[] {
  if (first.step.family === 'lost') return [];
  return steps.filter(
    (second) =>
      second.family !== 'lost' &&
      second.family !== first.step.family &&
      (second.stage > first.step.stage || (second.stage === first.step.stage && second.family > first.step.family)) &&
      !(first.step.family === 'serialiser' && second.stage === 3) &&
      !(second.family === 'serialiser' && first.step.stage === 3),
  );
}

/** Two steps one after the other; two styles of JSON are written in one go. */
function both(doc: BodyDoc, first: First, second: BodyStep): Uint8Array | null {
  const { style } = first.step;
  if (style !== undefined && second.style !== undefined) return restyle(doc, { ...style, ...second.style });
  return second.apply(first.doc);
}
