import { providers } from '../providers/index.ts';
import type { Provider } from '../providers/shapes/provider.ts';
import { hour, minute, second } from '../providers/shapes/time.ts';
import type { RetryPolicyInput } from './retry.ts';

/** A policy that can be chosen by its name, with where its figures come from. */
export interface RetryPreset {
  readonly title: string;
  /** The page or file that states the figures; null if they are not from a particular provider. */
  readonly source: string | null;
  /** The day the source was read, as `2026-11-21`. */
  readonly asOf: string | null;
  /** What the source leaves open and how it was filled in, or what else to know. */
  readonly note: string | null;
  /** Senders with this policy disable an endpoint once a delivery to it is exhausted. */
  readonly disablesEndpoint: boolean;
  readonly policy: RetryPolicyInput;
}

const own = { source: null, asOf: null, note: null, disablesEndpoint: false } as const;

/** Policies that are not from a particular provider. */
const plainPresets = {
  none: { ...own, title: 'No retries', policy: { kind: 'none' } },
  quick: {
    ...own,
    title: 'Quick: 1 s, 5 s, 30 s',
    policy: { kind: 'schedule', delaysMs: [second, 5 * second, 30 * second] },
  },
  'stepped-five': {
    ...own,
    title: 'Stepped: 5 attempts over 2 h 36 m, then disabled',
    note: 'A common in-house schedule of 1 m, 5 m, 30 m and 2 h; no public page is its source.',
    disablesEndpoint: true,
    policy: { kind: 'schedule', delaysMs: [minute, 5 * minute, 30 * minute, 2 * hour] },
  },
  'doubling-twenty': {
    ...own,
    title: 'Doubling from 1 s: 20 retries over 12 d',
    note: 'A common in-house schedule; no public page is its source.',
    policy: { kind: 'exponential', baseMs: second, factor: 2, maxDelayMs: 2 ** 19 * second, maxAttempts: 21 },
  },
} as const satisfies Record<string, RetryPreset>;

type Providers = typeof providers;
type PresetsOf<P> = P extends { readonly retryPresets: infer Presets } ? keyof Presets & string : never;
type ProviderPresetName = { [P in keyof Providers]: PresetsOf<Providers[P]> }[keyof Providers];

/** The policies of providers, as their files have them; `retry-choice.ts` parses each when it is loaded. */
const providerPresets = Object.fromEntries(
  Object.values<Provider>(providers).flatMap(({ retryPresets: presets = {} }) =>
    Object.entries(presets).map(([name, { policy, ...facts }]): [string, RetryPreset] => [
      name,
      { ...facts, disablesEndpoint: false, policy: policy as RetryPolicyInput },
    ]),
  ),
) as Readonly<Record<ProviderPresetName, RetryPreset>>;

/** Retry policies that endpoints may refer to by name. */
export const retryPresets: Readonly<Record<keyof typeof plainPresets | ProviderPresetName, RetryPreset>> = {
  ...plainPresets,
  ...providerPresets,
};
