import type { Flat } from '../import/merge-schemas.ts';
import type { EdgeValue } from './edge.ts';
import type { EdgeDraft } from './text-edges.ts';

/** The first that 32 bits cannot hold, the first that a double rounds, and the last of 64 bits. */
const largeIntegers = ['2147483648', '9007199254740993', '9223372036854775807'];
const largeNumbers = ['2147483648.5', '123456789012345.67'];

/** Where a number may lie. */
interface Bounds {
  readonly least: number | null;
  readonly most: number | null;
}

/** The edges of a number, with all digits of large ones. `isWhole` for integers. */
export function numberEdges(flat: Flat, isWhole: boolean): readonly EdgeDraft[] {
  const { least, most } = boundsOf(flat, isWhole);
  const isWithin = (source: string) => (least === null || Number(source) >= least) && (most === null || Number(source) <= most);
  const limits: readonly (EdgeDraft | null)[] = [
    least === null ? null : { kind: 'minimum', value: numberIs(inside(least, isWhole)), isStated: true },
    most === null ? null : { kind: 'maximum', value: numberIs(inside(most, isWhole)), isStated: true },
    least === 0 || most === 0 || !isWithin('0') ? null : { kind: 'zero', value: numberIs('0'), isStated: least !== null },
    least !== null || !isWithin('-1') ? null : { kind: 'negative', value: numberIs('-1'), isStated: false },
    isWhole || !isWithin('0.1') ? null : { kind: 'fraction', value: numberIs('0.1'), isStated: true },
  ];
  return [...limits.filter((edge) => edge !== null), ...largeEdge(flat, isWhole, isWithin)];
}

function largeEdge(flat: Flat, isWhole: boolean, isWithin: (source: string) => boolean): readonly EdgeDraft[] {
  if (flat['format'] === 'int32') return [];
  const fitting = (isWhole ? largeIntegers : largeNumbers).filter(isWithin).map(numberIs);
  const value = fitting.at(-1);
  return value === undefined ? [] : [{ kind: 'large', value, smaller: fitting.slice(0, -1), isStated: flat['format'] === 'int64' }];
}

function boundsOf(flat: Flat, isWhole: boolean): Bounds {
  const step = typeof flat['multipleOf'] === 'number' ? flat['multipleOf'] : isWhole ? 1 : 0.01;
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = flat;
  const lows = [
    ...(typeof minimum === 'number' ? [above === true ? minimum + step : minimum] : []),
    ...(typeof above === 'number' ? [above + step] : []),
    ...(flat['format'] === 'int32' ? [-2_147_483_648] : []),
  ];
  const highs = [
    ...(typeof maximum === 'number' ? [below === true ? maximum - step : maximum] : []),
    ...(typeof below === 'number' ? [below - step] : []),
    ...(flat['format'] === 'int32' ? [2_147_483_647] : []),
  ];
  return {
    least: lows.length === 0 ? null : onStep(Math.max(...lows), step, isWhole, Math.ceil),
    most: highs.length === 0 ? null : onStep(Math.min(...highs), step, isWhole, Math.floor),
  };
}

function onStep(value: number, step: number, isWhole: boolean, round: (value: number) => number): number {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return value;
  // 0.29 is not a whole number of steps of 0.01 otherwise.
  return isWhole || step !== 0.01 ? Number((round(Number((value / step).toPrecision(12))) * step).toPrecision(15)) : value;
}

/** The digits of a limit. One that JavaScript has rounded may lie outside, so that one of the next doubles within is taken. */
function inside(limit: number, isWhole: boolean): string {
  if (!isWhole) return JSON.stringify(limit);
  if (Number.isSafeInteger(limit)) return String(limit);
  const towardsZero = limit * (1 - Number.EPSILON);
  return BigInt(Math.trunc(towardsZero)).toString();
}

function numberIs(source: string): EdgeValue {
  return { source, words: `is ${source}` };
}
