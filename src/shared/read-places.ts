import { hasOutputs } from './contract/template-outputs.ts';

/**
 * Where something that a project reads goes, for people: hosts, and URLs with variables as what leads there. The hosts that such a URL leads to now
 * stand beside it, so that by itself it would read as one more place.
 */
export function readPlaces(hosts: readonly string[]): readonly string[] {
  return hosts
    .toSorted((one, other) => Number(hasOutputs(one)) - Number(hasOutputs(other)))
    .map((each) => (hasOutputs(each) ? `wherever ${each} leads` : each));
}
