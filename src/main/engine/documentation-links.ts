import { retryPresets } from '#shared/contract/retry-presets.ts';
import { schemes } from './signing/registry.ts';

/** Every external page that the window links to: where schemes and retry presets are documented. */
export function documentationLinks(): ReadonlySet<string> {
  const ofSchemes = schemes.flatMap(({ info: { source, documentation } }) => [source, documentation]);
  const ofPresets = Object.values(retryPresets).map(({ source }) => source);
  return new Set([...ofSchemes, ...ofPresets].filter((link) => link !== null).map((link) => new URL(link).href));
}
