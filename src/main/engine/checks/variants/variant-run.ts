import { allOf } from '#shared/all-of.ts';
import type { Edge, EdgeGroup } from '../../events/variants/edge.ts';
import type { CombinedVariant, MadeVariants, VariantsResult } from '../../events/variants/variants-task.ts';
import type { VariantCase } from '../case.ts';
import { countText, createCaseLog, unsent, type CaseLog, type SteadyAnswer, type VariantOutcome } from './case-log.ts';
import { combinations } from './combine.ts';
import { findingId, findingOf, type Broken, type VariantAnswer } from './finding.ts';
import { smallestSet } from './shrink.ts';

/** What a run of variants takes from outside. */
export interface VariantPorts {
  readonly eventType: string;
  /** How many variants are made; what it takes to make a finding small comes on top. */
  readonly count: number;
  /** Variants for so many edges. */
  readonly make: (singles: number) => Promise<VariantsResult>;
  /** Data with sets of edges in it, of which those that do not fit are left out if it is partial. */
  readonly combine: (made: MadeVariants, sets: readonly (readonly Edge[])[], isPartial: boolean) => Promise<readonly CombinedVariant[]>;
  /** Sends an event with this data, and again where it breaks and not `isOnce`. */
  readonly send: (dataJson: string, isOnce: boolean) => Promise<SteadyAnswer>;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Runs the cases of variants of one check; what one of them found out holds for those after it. */
export interface VariantRun {
  readonly run: (one: VariantCase) => Promise<VariantOutcome>;
}

/** The part of all variants that differ in one place only. */
const singleShare = 2 / 3;
/** Findings of one check that are made small and repeated. */
const mostFindings = 20;
/** Requests that go into making one finding small, and into all of them for each variant. */
const mostForOne = 40;
const mostForEach = 2;

const noneOfGroup =
  'No variant of this kind was made: the schema allows none, or the variants that were asked for went to other places. Asking for more of them tells which.';

interface State {
  readonly made: MadeVariants;
  readonly base: VariantAnswer;
}

interface Found {
  readonly broken: Broken;
  readonly also: string[];
}

export function createVariantRun(ports: VariantPorts): VariantRun {
  let state: State | null = null;
  /** Why no more is sent. */
  let halted: string | null = null;
  /** What cases are then. */
  let haltedResult: 'skipped' | 'undecided' = 'skipped';
  let budgetLeft = ports.count * mostForEach;
  /** Edges that broke, by their keys. */
  const broken = new Set<string>();
  let breaks = 0;

  const run = async (one: VariantCase): Promise<VariantOutcome> => {
    const log = createCaseLog(ports);
    if (halted !== null) return unsent(haltedResult, halted);
    if (one.variants === 'base' || state === null) {
      const begun = await begin(log, one);
      if (begun !== null) return begun;
    }
    if (one.variants === 'base') return based(log);
    return one.variants === 'combined' ? await combined(log) : await singles(log, one.variants);
  };

  /** Makes the variants and sends what they are made from; gives the outcome where that was not taken. */
  const begin = async (log: CaseLog, one: VariantCase): Promise<VariantOutcome | null> => {
    const made = await ports.make(Math.ceil(ports.count * singleShare));
    if (made.kind === 'none') {
      halted = made.reason;
      return unsent(haltedResult, halted);
    }
    const base = await log.send(made.baseJson);
    if (base !== null && isLimited(base)) return log.outcome(haltedResult, halted ?? '');
    if (base === null || base.kind !== 'accepted') {
      halted = 'The event that variants are made from was not taken, so that their answers would say nothing.';
      const why = base === null ? log.whyNot() : base.exchange.outcome.message;
      return base === null || one.variants !== 'base'
        ? unsent('skipped', `${halted} ${why}`)
        : log.outcome('failed', [why, ...made.notes].join(' '));
    }
    state = { made, base };
    return null;
  };

  const based = (log: CaseLog): VariantOutcome => {
    const { singles: own, rest, notes } = stateNow().made;
    const more = rest.length === 0 ? '' : ` ${countText(rest.length, 'more edge')} can come in variants of several.`;
    const counts = `${countText(own.length, 'variant')} of it ${own.length === 1 ? 'differs' : 'differ'} in one place.${more}`;
    return log.outcome('passed', [`It was taken. ${counts}`, ...notes].join(' '));
  };

  const stateNow = (): State => {
    if (state === null) throw new Error('The variants were not made.');
    return state;
  };

  const singles = async (log: CaseLog, group: EdgeGroup): Promise<VariantOutcome> => {
    const own = stateNow().made.singles.filter(({ edge }) => edge.group === group);
    if (own.length === 0) return unsent('skipped', noneOfGroup);
    const found: Found[] = [];
    for (const { edge, dataJson } of own) {
      if (isOver()) break;
      await look(log, found, [edge], dataJson);
    }
    return told(log, found, own.length);
  };

  const combined = async (log: CaseLog): Promise<VariantOutcome> => {
    const { made } = stateNow();
    const tried = made.singles.map(({ edge }) => edge).filter((edge) => !broken.has(keyOf(edge)));
    const sets = combinations(tried, made.rest, ports.count - made.singles.length, ports.random);
    const variants = (await ports.combine(made, sets, true)).filter((each) => each !== null);
    if (variants.length === 0) return unsent('skipped', 'The schema leaves no two things to differ in at once.');
    const found: Found[] = [];
    for (const variant of variants) {
      // What broke is taken out, and the rest looked at again.
      let next = await withoutBroken(variant);
      while (next !== null && !isOver() && (await look(log, found, next.edges, next.dataJson))) next = await withoutBroken(next);
    }
    const sent = new Set(variants.flatMap(({ edges }) => edges.map(keyOf)));
    const left = made.rest.filter((edge) => !sent.has(keyOf(edge))).length;
    return told(
      log,
      found,
      variants.length,
      left === 0 ? [] : [`${countText(left, 'edge')} of the schema came in no variant: ask for more of them.`],
    );
  };

  const withoutBroken = async (variant: NonNullable<CombinedVariant>): Promise<CombinedVariant> => {
    const edges = variant.edges.filter((edge) => !broken.has(keyOf(edge)));
    if (edges.length === variant.edges.length) return variant;
    return edges.length === 0 ? null : ((await ports.combine(stateNow().made, [edges], true))[0] ?? null);
  };

  const isOver = () => halted !== null || ports.signal.aborted;

  /** Sends a variant, and finds out what about it is not taken. True where it was not, and something was learned from it. */
  const look = async (log: CaseLog, found: Found[], edges: readonly Edge[], dataJson: string): Promise<boolean> => {
    const answer = await log.send(dataJson);
    if (answer === null || ports.signal.aborted || answer.kind === 'accepted' || isLimited(answer)) return false;
    const [only] = edges;
    const same = edges.length === 1 && only !== undefined ? found.find((each) => isLike(each.broken, only, answer)) : undefined;
    if (same !== undefined && only !== undefined) {
      broken.add(keyOf(only));
      same.also.push(only.value.words);
      return true;
    }
    breaks += 1;
    const smallest = await shrunk(log, { edges, dataJson, answer });
    for (const edge of smallest.edges) broken.add(keyOf(originalOf(edges, edge)));
    found.push({ broken: smallest, also: [] });
    return true;
  };

  const isLimited = ({ kind }: VariantAnswer): boolean => {
    if (kind !== 'limited') return false;
    haltedResult = 'undecided';
    halted =
      'It was answered 429 (too many requests), or 503 with Retry-After, which says nothing about variants: raise the limit of the receiver for the check.';
    return true;
  };

  /** Makes a variant that broke as small as it gets, and sends it and the base once more. */
  const shrunk = async (log: CaseLog, first: Tried): Promise<Broken> => {
    const { made, base } = stateNow();
    let smallest = first;
    let budget = breaks > mostFindings ? 0 : Math.min(mostForOne, budgetLeft);
    const before = budget;
    let unfit = 0;
    const attempt: Attempt = async (edges) => {
      const [variant] = await ports.combine(made, [edges], false);
      if (variant === undefined || variant === null) {
        unfit += 1;
        return 'unfit';
      }
      if (budget <= 0 || isOver()) return null;
      budget -= 1;
      const answer = await log.send(variant.dataJson, true);
      if (answer === null || isLimited(answer)) return null;
      if (answer.kind !== 'accepted') smallest = { ...variant, answer };
      return answer;
    };
    const { isSmallest } = await smallestSet(first.edges, async (edges) => {
      const tried = await attempt(edges);
      // What does not fit the schema is not sent, and breaks nothing.
      return tried === null ? null : tried !== 'unfit' && tried.kind !== 'accepted';
    });
    const stillTaken = smallest.edges.length === 1 ? await nearestTaken(smallest.edges[0] as Edge, attempt) : null;
    budgetLeft -= before - budget;
    const isRepeated = !isOver() && breaks <= mostFindings;
    const second = isRepeated ? await log.send(smallest.dataJson, true) : null;
    const after = isRepeated ? await log.send(made.baseJson) : null;
    const isLasting = after !== null && after.kind !== 'accepted' && !isLimited(after) && !ports.signal.aborted;
    if (isLasting) halted = 'After a variant the receiver no longer took what it took before, so no more were sent.';
    return {
      ...smallest,
      base: isLasting ? after : base,
      stillTaken,
      isSmallest: isSmallest && unfit === 0,
      secondAnswer: second?.kind === 'accepted' ? second : null,
      isLasting,
    };
  };

  /** Goes from the nearest value of an edge to the farthest until one breaks; gives the last that is taken. */
  const nearestTaken = async (edge: Edge, attempt: Attempt): Promise<Broken['stillTaken']> => {
    let taken: Broken['stillTaken'] = null;
    for (const value of edge.smaller) {
      const tried = await attempt([{ ...edge, value, smaller: [] }]);
      if (tried === 'unfit') continue;
      if (tried?.kind !== 'accepted') break;
      taken = { words: value.words, answer: tried };
    }
    // Texts of an unusual kind are no steps towards each other.
    return edge.kind === 'unusual' ? null : taken;
  };

  const told = (log: CaseLog, found: readonly Found[], made: number, more: readonly string[] = []): VariantOutcome => {
    const findings = found.map(({ broken: one, also }) => findingOf(one, also, ports.eventType));
    const notes = [...(halted === null ? more : [halted]), log.whyNot()].filter((note) => note !== '');
    if (findings.length > 0) {
      const result = findings.some(({ level }) => level === 'must') ? 'failed' : 'advice';
      return log.outcome(result, [...findings.map(({ message }) => message), ...notes].join(' '), findings);
    }
    const taken = made - log.unmadeCount();
    if (halted !== null) return log.outcome(haltedResult, notes.join(' '));
    if (taken === 0) return log.outcome('skipped', notes.join(' '));
    return log.outcome('passed', [takenText(taken, made), ...notes].join(' '));
  };

  return { run };
}

/** Sends the event with other edges: its answer, `unfit` where its schema does not allow it, or null where none can be known. */
type Attempt = (edges: readonly Edge[]) => Promise<VariantAnswer | 'unfit' | null>;

interface Tried {
  readonly edges: readonly Edge[];
  readonly dataJson: string;
  readonly answer: VariantAnswer;
}

/** Whether a variant of one edge breaks as a finding does: at the same place, in the same way, with the same answer. */
function isLike({ edges, answer }: Broken, edge: Edge, other: VariantAnswer): boolean {
  return (
    findingId(edges) === findingId([edge]) && answer.kind === other.kind && answer.exchange.answer?.status === other.exchange.answer?.status
  );
}

/** Identifies an edge, also one that came back from a thread. */
function keyOf({ path, kind, value }: Edge): string {
  return JSON.stringify([path, kind, value.source]);
}

/** The edge of a set that another one with a nearer value was made from. */
function originalOf(edges: readonly Edge[], edge: Edge): Edge {
  const isSamePlace = ({ path, kind }: Edge) => kind === edge.kind && path.join('\0') === edge.path.join('\0');
  return edges.find((each) => keyOf(each) === keyOf(edge)) ?? edges.find(isSamePlace) ?? edge;
}

function takenText(taken: number, made: number): string {
  if (taken < made) return `${taken} of ${made} variants ${taken === 1 ? 'was' : 'were'} taken.`;
  return `${allOf(made, 'variant was', 'variants were')} taken.`;
}
