import type { RetryPolicy } from '#shared/contract/retry.ts';
import { isNamedPolicy, resolveRetryPolicy, type RetryPolicyChoice } from '#shared/contract/retry-choice.ts';
import { invalid, notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { allPolicies, type StoredPolicy } from './store.ts';

/** Named policies in memory, so that an attempt does not read them. */
export interface PolicyBook {
  /** A policy that exists now, or undefined. */
  readonly find: (id: string) => StoredPolicy | undefined;
  /** A policy that exists now. Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => StoredPolicy;
  /** A policy that exists now, by its name in any letter case. */
  readonly findNamed: (name: string) => StoredPolicy | undefined;
  readonly put: (policy: StoredPolicy) => void;
  /** The current policy for an endpoint's choice; for a deleted one its last version. */
  readonly resolve: (choice: RetryPolicyChoice) => RetryPolicy;
}

export function createPolicyBook(database: Database): PolicyBook {
  const known = new Map(allPolicies(database).map((policy) => [policy.id, policy]));
  const find = (id: string) => {
    const policy = known.get(id);
    return policy?.isDeleted === true ? undefined : policy;
  };
  return {
    find,
    get: (id) => {
      const policy = find(id);
      if (policy === undefined) throw notFound('retry policy', id);
      return policy;
    },
    findNamed: (name) => [...known.values()].find((policy) => !policy.isDeleted && policy.name.toLowerCase() === name.toLowerCase()),
    put: (policy) => known.set(policy.id, policy),
    resolve: (choice) => (isNamedPolicy(choice) ? (known.get(choice.policyId)?.policy ?? { kind: 'none' }) : resolveRetryPolicy(choice)),
  };
}

/** Refuses a reference to a policy that does not exist; `path` is the field with the reference. */
export function assertKnownPolicy(policies: Pick<PolicyBook, 'find'>, choice: RetryPolicyChoice, path: string): void {
  if (!isNamedPolicy(choice) || policies.find(choice.policyId) !== undefined) return;
  throw invalid(
    `${path}.policyId`,
    `There is no named retry policy ${choice.policyId}; take the id of one that GET /api/policies lists, or a preset.`,
  );
}
