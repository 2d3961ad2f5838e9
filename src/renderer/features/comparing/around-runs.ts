import type { BodyComparison } from '#shared/contract/comparing.ts';

type Around = NonNullable<BodyComparison['firstDifference']>['before'];

/** Bytes one after the other that all differ from the other side, or all do not. */
export interface AroundRun {
  readonly differs: boolean;
  readonly text: string;
  /** Two digits for each byte, with spaces between them. */
  readonly hex: string;
}

/** The bytes of one side around the first difference, by whether the other side has the same at the same place. */
export function aroundRuns({ hex, text }: Around, other: Around): readonly AroundRun[] {
  const [own, others] = [bytesOf(hex), bytesOf(other.hex)];
  const differs = (at: number) => own[at] !== others[at];
  const runs: AroundRun[] = [];
  for (let from = 0; from < own.length;) {
    let to = from + 1;
    while (to < own.length && differs(to) === differs(from)) to += 1;
    runs.push({ differs: differs(from), text: text.slice(from, to), hex: hex.slice(from * 3, to * 3 - 1) });
    from = to;
  }
  return own.length < others.length ? [...runs, { differs: true, text: 'end of the body', hex: '' }] : runs;
}

function bytesOf(hex: string): readonly string[] {
  return hex === '' ? [] : hex.split(' ');
}
