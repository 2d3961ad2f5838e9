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

/** Fields that are runs of their own: a run costs far more than a field, and nobody reads a million of them. */
const shownFields = 1000;

/**
 * The fields of a form as they are signed: names sorted, equal values once, values of a name sorted. Each is a run by itself, and those
 * after the first thousand are one run together.
 */
export function formRuns(body: Uint8Array): readonly Run[] {
  const fields = signedFields(body);
  const runs: Run[] = fields
    .slice(0, shownFields)
    .map(({ name, value }) => ({ name: `field ${shortName(name)}`, bytes: utf8(name + value) }));
  const others = fields.slice(shownFields);
  if (others.length > 0)
    runs.push({
      name: `${others.length.toLocaleString('en')} more field${others.length === 1 ? '' : 's'}`,
      bytes: utf8(others.map(({ name, value }) => name + value).join('')),
    });
  return runs;
}

/** Characters of a field's name that are shown. A body that is no form is one field, whose name is all of it. */
const shownCharacters = 100;

function shortName(name: string): string {
  return name.length > shownCharacters ? `${name.slice(0, shownCharacters)}…` : name;
}

function signedFields(body: Uint8Array): readonly { readonly name: string; readonly value: string }[] {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    const known = values.get(name);
    if (known === undefined) values.set(name, new Set([value]));
    else known.add(value);
  }
  return [...values]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, all]) => (all.size === 1 ? [...all] : [...all].toSorted()).map((value) => ({ name, value })));
}
