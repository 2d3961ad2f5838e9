import { Buffer } from 'node:buffer';
import { costOf, type Cause } from '../cause.ts';
import { nameOfParts, type StringPart } from '../signed-parts.ts';
import { stringCause, type RequestFacts, type StringStep } from './string-steps.ts';
import { timeStep, unknownMillisecondSteps } from './string-times.ts';
import { templateSteps } from './string-templates.ts';
import { urlPairs, urlSteps } from './string-urls.ts';
import { timeInHeaderSteps } from './times-in-headers.ts';

/** A signed string as the sender may have built it. */
export interface StringVariant {
  readonly parts: readonly StringPart[];
  readonly causes: readonly Cause[];
  readonly cost: number;
  /** Whether it is worth trying together with a change of something else. */
  readonly isUsual: boolean;
}

export interface StringVariants {
  readonly singles: readonly StringVariant[];
  readonly pairs: readonly StringVariant[];
  /** Two changes each that are both unusual. */
  readonly farFetched: () => readonly StringVariant[];
}

/** Two far-fetched changes to the string are tried together only when everything else has been tried. */
const pairCostLimit = 2.2;
const usualCost = 1.05;

function isUsual({ family, cause }: StringStep): boolean {
  return family !== 'template' && family !== 'part-order' && cause.cost <= usualCost;
}

/** Every other way to build a signed string, cheapest first. Parts named in `missing` were not in the request. */
export function stringVariants(parts: readonly StringPart[], missing: ReadonlySet<string>, facts: RequestFacts): StringVariants {
  const seen = new Set<string>(missing.size === 0 ? [nameOfParts(parts)] : []);
  const isNew = (some: readonly StringPart[]) => {
    const name = nameOfParts(some);
    return seen.has(name) ? false : seen.add(name) !== null;
  };
  const usable = (some: readonly StringPart[] | null, supplied?: string): some is readonly StringPart[] =>
    some !== null && some.length > 0 && !some.some(({ name }) => missing.has(name) && name !== supplied);
  const steps = [
    timeStep,
    timeInHeaderSteps(missing, facts),
    dropSteps(parts),
    separatorSteps(parts),
    orderSteps(parts),
    urlSteps(facts),
  ].flatMap((each) => (typeof each === 'function' ? each(parts) : each));
  const templates = templateSteps(parts, missing, facts);
  const singles = [...steps, ...templates]
    .toSorted((left, right) => left.cause.cost - right.cause.cost)
    .flatMap((step): readonly StringVariant[] => {
      const changed = step.apply(parts);
      if (!usable(changed, step.supplies) || !isNew(changed)) return [];
      return [{ parts: changed, causes: [step.cause], cost: step.cause.cost, isUsual: isUsual(step) }];
    });
  const pairsOf = (isWanted: (cost: number) => boolean) =>
    steps
      .flatMap((first) => steps.filter((second) => second.family > first.family).map((second) => [first, second] as const))
      .flatMap(([first, second]): readonly StringVariant[] => {
        const causes = [first.cause, second.cause];
        const cost = costOf(causes);
        if (!isWanted(cost)) return [];
        const once = first.apply(parts);
        const twice = once === null ? null : second.apply(once);
        return usable(twice, first.supplies ?? second.supplies) && isNew(twice) ? [{ parts: twice, causes, cost, isUsual: false }] : [];
      })
      .toSorted((left, right) => left.cost - right.cost);
  const ofUrls = urlPairs(facts, parts).flatMap(({ parts: changed, causes }): readonly StringVariant[] =>
    usable(changed) && isNew(changed) ? [{ parts: changed, causes, cost: costOf(causes), isUsual: false }] : [],
  );
  const pairs = pairsOf((cost) => cost <= pairCostLimit);
  const late = unknownMillisecondSteps(parts).flatMap(({ cause, apply }): readonly StringVariant[] => {
    const changed = apply(parts);
    return usable(changed) && isNew(changed) ? [{ parts: changed, causes: [cause], cost: cause.cost, isUsual: false }] : [];
  });
  return {
    singles,
    pairs: [...pairs, ...ofUrls, ...late].toSorted((left, right) => left.cost - right.cost),
    farFetched: () => pairsOf((cost) => cost > pairCostLimit),
  };
}

const isJoint = ({ name }: StringPart) => name === 'separator' || name === 'literal';

/** Leaves one value out, with the separator beside it; or everything but the body. */
function dropSteps(parts: readonly StringPart[]): readonly StringStep[] {
  const values = [...new Set(parts.filter((part) => !isJoint(part) && part.bytes !== null).map(({ name }) => name))];
  const ofEach = values.slice(0, 8).map((name): StringStep => ({
    cause: stringCause('parts', `without-${name}`, 1, `the ${name} is left out of the signed string`),
    family: 'parts',
    apply: (some) => without(some, name),
  }));
  const bodyOnly: StringStep = {
    cause: stringCause('parts', 'body-only', 1, 'the body alone is signed'),
    family: 'parts',
    apply: (some) => some.filter(({ bytes }) => bytes === null),
  };
  const noLiteral: StringStep = {
    cause: stringCause('parts', 'without-literal', 1.1, 'the fixed text is left out of the signed string'),
    family: 'parts',
    apply: (some) => (some.some(({ name }) => name === 'literal') ? some.filter(({ name }) => name !== 'literal') : null),
  };
  return [...ofEach, bodyOnly, noLiteral];
}

function without(parts: readonly StringPart[], name: string): readonly StringPart[] | null {
  const at = parts.findIndex((part) => part.name === name);
  if (at === -1) return null;
  // The separator after a value is left out with it; for the last value, the one before it.
  const joint = parts[at + 1]?.name === 'separator' ? at + 1 : parts[at - 1]?.name === 'separator' ? at - 1 : -1;
  return parts.filter((_, index) => index !== at && index !== joint);
}

const separators = [
  ['', 'nothing'],
  ['.', 'a dot'],
  [':', 'a colon'],
  ['\n', 'a line break'],
  [',', 'a comma'],
  ['|', 'a bar'],
  ['-', 'a hyphen'],
  [';', 'a semicolon'],
  [' ', 'a space'],
  ['_', 'an underscore'],
  ['&', 'an ampersand'],
  ['+', 'a plus'],
] as const;

function separatorSteps(parts: readonly StringPart[]): readonly StringStep[] {
  if (parts.filter((part) => !isJoint(part)).length < 2) return [];
  return separators.map(([text, words], index): StringStep => {
    const bytes = Buffer.from(text);
    return {
      cause: stringCause('separator', 'separator', 1 + index / 50, `${words} stands between the parts of the signed string`),
      family: 'separator',
      apply: (some) =>
        some.some(({ name }) => name === 'separator')
          ? some.map((part) => (part.name === 'separator' ? { ...part, bytes } : part))
          : some.flatMap((part, at) => (at === 0 ? [part] : [{ name: 'separator', bytes }, part])),
    };
  });
}

/** The values in every other order, with the separators unchanged. */
function orderSteps(parts: readonly StringPart[]): readonly StringStep[] {
  const values = parts.filter((part) => !isJoint(part));
  if (values.length < 2 || values.length > 4) return [];
  return permutations(values).map((order): StringStep => ({
    cause: stringCause('part-order', 'order', 1.1, `the parts are signed in the order ${order.map(({ name }) => name).join(', ')}`),
    family: 'part-order',
    apply: (some) => {
      const byName = new Map(some.filter((part) => !isJoint(part)).map((part) => [part.name, part]));
      const queue = order.flatMap(({ name }) => byName.get(name) ?? []);
      if (queue.length !== byName.size) return null;
      return some.map((part) => (isJoint(part) ? part : (queue.shift() ?? part)));
    },
  }));
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
