import { Buffer } from 'node:buffer';
import { utf8 } from './mac-proof.ts';
import type { Run } from './signed-string.ts';

/** Each field of a form with its name and values as they are signed: names sorted, equal values once, values of a name sorted. */
export function formRuns(body: Uint8Array): readonly Run[] {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    const known = values.get(name);
    if (known === undefined) values.set(name, new Set([value]));
    else known.add(value);
  }
  return [...values]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, all]) => [...all].toSorted().map((value) => ({ name: `field ${name}`, bytes: utf8(name + value) })));
}
