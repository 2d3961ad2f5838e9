import { nearestName } from '#shared/names/nearest-name.ts';
import { invalid } from '../base/refusal.ts';
import type { ReadRun } from './read-project.ts';

/** The run of a project by its name. Throws a Refusal where there is none. */
export function runNamed(runs: readonly ReadRun[], name: string): ReadRun {
  const found = runs.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = runs.map((each) => each.name);
  const nearest = nearestName(name, names);
  if (names.length === 0) throw invalid('name', `The project has no runs, so none is called ${name}: "hookyard run save" makes one.`);
  const hint = nearest !== null ? `did you mean ${nearest}?` : `it has ${names.slice(0, 20).join(', ')}.`;
  throw invalid('name', `The project has no run ${name}; ${hint}`);
}
