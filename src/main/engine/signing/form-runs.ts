import { Buffer } from 'node:buffer';
import { invalid } from '../base/refusal.ts';
import { utf8, type MacProofRecipe } from './verification/mac-proof.ts';
import { joinRuns, type Run } from './signed-string.ts';

/** Signs the URL and every field of the form, and puts the signature into a header. */
export function signUrlAndForm(header: string): MacProofRecipe['sign'] {
  return ({ url, body }, mac) => {
    if (url === '') throw invalid('request', 'Give the URL of the request, because the scheme signs it.');
    const signed = joinRuns([{ name: 'url', bytes: utf8(url) }, ...formRuns(body)]);
    return { headers: [[header, mac(signed)]], signed };
  };
}

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
