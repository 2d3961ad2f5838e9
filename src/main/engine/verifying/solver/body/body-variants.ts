import { hash } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import { createBodyDoc, type BodyDoc } from './body-doc.ts';
import { jsonSteps, restyle } from './body-json.ts';
import { packingSteps } from './body-packing.ts';
import type { BodyStep } from './body-steps.ts';
import { textSteps } from './body-text.ts';
import { charsetSteps } from './charset-steps.ts';
import { envelopeSteps, framingSteps } from './envelope.ts';
import { formLibrarySteps } from './form-library.ts';
import { formValueSteps } from './form-values.ts';
import { dumpSteps } from './json-dumps.ts';
import { keyOrders } from './key-order.ts';
import type { LateFamily } from './late-family.ts';
import { bodyLookalikes } from './lookalikes.ts';
import { printedSteps } from './printed.ts';
import { sentSteps } from './sent.ts';
import { digestSteps, memberSteps } from './signed-instead.ts';
import { wrappedLines, wrappedSteps } from './wrapped.ts';
import { costOf, type Cause } from '../cause.ts';
import type { BodyFamily } from '../families.ts';
import type { SearchShare, SentBody } from '../problem.ts';

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
  /** Two changes each, cheapest first, only this thread's share. Bytes that a single change already gives are left out. */
  readonly pairs: (share: Pick<SearchShare, 'index' | 'of'>) => Generator<BodyVariant, void, void>;
  /** Two changes each that are both unusual, made on demand; available once all `singles` were made. */
  readonly farFetched: () => readonly BodyPair[];
  /** One change each from very large families, only this thread's share; generated again at each call. */
  readonly late: (share: Pick<SearchShare, 'index' | 'of'>) => Generator<BodyVariant, void, void>;
  /** What is left out of those families for this body, in a sentence each. */
  readonly leftOut: () => readonly { readonly family: BodyFamily; readonly sentence: string }[];
  /** Whether pairs are left out because the body, or what one change makes of it, is too large for them; known with `farFetched`. */
  readonly isLimited: () => boolean;
}

/** Two changes that are not applied yet. */
export interface BodyPair {
  readonly cost: number;
  /** Null when they do not apply, or give bytes that occurred before. */
  readonly make: () => BodyVariant | null;
}

/** Two changes of a body above this would cost more time and memory than they are worth. */
export const pairLimitBytes = 262_144;

/** Two far-fetched changes are tried together only when everything else has been tried. */
const pairCostLimit = 2.4;

export function createBodyVariants(body: Uint8Array, headers: readonly HeaderField[], sent?: SentBody): BodyVariants {
  const doc = createBodyDoc(body);
  const received: BodyVariant = { bytes: body, causes: [], cost: 0 };
  const seen = new Set<string>([hash('sha256', body)]);
  const isNew = (bytes: Uint8Array): boolean => {
    const digest = hash('sha256', bytes);
    if (seen.has(digest)) return false;
    seen.add(digest);
    return true;
  };
  const steps = [...sentSteps(sent), ...stepsOf(doc, headers)];
  const firsts: { readonly step: BodyStep; readonly doc: BodyDoc }[] = [];

  function* singles(): Generator<BodyVariant, void, void> {
    for (const step of byCost(steps)) {
      const bytes = step.apply(doc);
      if (bytes === null) continue;
      // Another step to the same bytes is not a new variant, but it may be part of a pair that the first step cannot be.
      const isVariant = isNew(bytes);
      if (isVariant) firsts.push({ step, doc: createBodyDoc(bytes) });
      if (isVariant) yield { bytes, causes: [causeOf(step)], cost: step.cause.cost };
    }
  }

  let known: readonly BodyPair[] | null = null;
  const allPairs = (): readonly BodyPair[] => {
    if (body.byteLength > pairLimitBytes) return [];
    known ??= firsts
      .filter((first) => first.doc.bytes.byteLength <= pairLimitBytes)
      .flatMap((first) =>
        secondsOf(first, doc.json() === null && first.step.stage < 3 ? stepsOf(first.doc, headers) : steps).map((second): BodyPair => {
          const causes = [causeOf(first.step), causeOf(second)];
          const cost = costOf(causes);
          const make = () => {
            const bytes = both(doc, first, second);
            return bytes !== null && isNew(bytes) ? { bytes, causes, cost } : null;
          };
          return { cost, make };
        }),
      )
      .toSorted((left, right) => left.cost - right.cost);
    return known;
  };

  function* pairs({ index, of }: Pick<SearchShare, 'index' | 'of'>): Generator<BodyVariant, void, void> {
    const usual = allPairs().filter(({ cost }) => cost <= pairCostLimit);
    for (const { make } of usual.filter((_, at) => at % of === index)) {
      const variant = make();
      if (variant !== null) yield variant;
    }
  }

  function* late({ index, of }: Pick<SearchShare, 'index' | 'of'>): Generator<BodyVariant, void, void> {
    let at = 0;
    for (const { variants } of lateFamilies)
      for (const { causes, make } of variants(doc)) {
        at += 1;
        const bytes = at % of === index ? make() : null;
        const all = causes.map(causeOf);
        if (bytes !== null) yield { bytes, causes: all, cost: costOf(all) };
      }
  }

  return {
    received,
    singles,
    pairs,
    late,
    leftOut: () =>
      lateFamilies.flatMap(({ family, leftOut }) => {
        const sentence = leftOut(doc);
        return sentence === null ? [] : [{ family, sentence }];
      }),
    farFetched: () => allPairs().filter(({ cost }) => cost > pairCostLimit),
    isLimited: () => body.byteLength > pairLimitBytes || firsts.some((first) => first.doc.bytes.byteLength > pairLimitBytes),
  };
}

function stepsOf(doc: BodyDoc, headers: readonly HeaderField[]): readonly BodyStep[] {
  return [
    ...textSteps,
    ...charsetSteps,
    ...printedSteps,
    ...wrappedSteps,
    ...framingSteps(headers),
    ...packingSteps(headers, doc.bytes.byteLength),
    ...envelopeSteps(doc),
    ...formLibrarySteps,
    ...formValueSteps(doc),
    ...jsonSteps(doc),
    ...memberSteps(doc),
    ...dumpSteps,
    ...digestSteps,
  ];
}

const lateFamilies: readonly LateFamily[] = [keyOrders, wrappedLines, bodyLookalikes];

function causeOf({ cause, family }: Pick<BodyStep, 'cause' | 'family'>): Cause {
  return { ...cause, family };
}

function byCost(steps: readonly BodyStep[]): readonly BodyStep[] {
  return steps.toSorted((left, right) => left.cause.cost - right.cause.cost);
}

interface First {
  readonly step: BodyStep;
  readonly doc: BodyDoc;
}

/** The steps that may follow a first one; what was cut off stays cut off. */
function secondsOf(first: First, steps: readonly BodyStep[]): readonly BodyStep[] {
  if (first.step.family === 'lost' || first.step.isAlone === true) return [];
  return steps.filter(
    (second) =>
      second.family !== 'lost' &&
      second.isAlone !== true &&
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
