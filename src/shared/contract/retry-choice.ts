import { z } from 'zod';
import { retryPolicy, type RetryPolicy } from './retry.ts';
import { retryPresets } from './retry-presets.ts';

/** The name of a preset. */
export type RetryPresetName = keyof typeof retryPresets;
/** The names of all presets, in the order in which they are offered. */
export const retryPresetNames = Object.keys(retryPresets) as readonly RetryPresetName[];

/** Presets with their defaults, filled in when they are first asked for: most commands and pages need none. */
const presetPolicies = new Map<RetryPresetName, RetryPolicy>();

/** A policy of the workspace by its id: its current content applies to each attempt when it is scheduled. */
export const namedPolicyRef = z.strictObject({ kind: z.literal('named'), policyId: z.string().max(200) });
export type NamedPolicyRef = z.infer<typeof namedPolicyRef>;

/** A preset's name, a policy written out, or a named policy of the workspace. */
export const retryPolicyChoice = z.union([
  z.enum(retryPresetNames as [RetryPresetName, ...RetryPresetName[]]),
  z.discriminatedUnion('kind', [...retryPolicy.options, namedPolicyRef]),
]);
export type RetryPolicyChoice = z.infer<typeof retryPolicyChoice>;

/** Whether a choice is a reference to a named policy. */
export function isNamedPolicy(choice: RetryPolicyChoice): choice is NamedPolicyRef {
  return typeof choice === 'object' && choice.kind === 'named';
}

/** The policy of a choice that is not a reference; the engine's policy book resolves references. */
export function resolveRetryPolicy(choice: RetryPresetName | RetryPolicy): RetryPolicy {
  return typeof choice === 'string' ? presetPolicy(choice) : choice;
}

function presetPolicy(name: RetryPresetName): RetryPolicy {
  const known = presetPolicies.get(name);
  if (known !== undefined) return known;
  const policy = Object.hasOwn(retryPresets, name) ? retryPolicy.parse(retryPresets[name].policy) : ({ kind: 'none' } as const);
  presetPolicies.set(name, policy);
  return policy;
}
