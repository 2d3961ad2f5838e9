import type { Profile } from '#shared/contract/profiles.ts';
import { isNamedPolicy } from '#shared/contract/retry-choice.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids } from '../base/ports.ts';
import { invalid, nameTaken } from '../base/refusal.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { PolicyBook } from '../policies/book.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { insertPolicy, type StoredPolicy } from '../policies/store.ts';
import type { Database } from '../store/database.ts';

export interface PlanDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Pick<Changes, 'publish'>;
  readonly policies: Pick<PolicyBook, 'findNamed' | 'put'>;
}

/** What the named retry policy of a plan is called. */
function planPolicyName({ name }: Pick<Profile, 'name'>, plan: string): string {
  return `${name}: ${plan}`;
}

/** A plan of a profile by its name, whatever its letter case. Throws a Refusal at `field` for one that the profile does not have. */
export function planOf(profile: Profile, wanted: string, field = 'plan'): Profile['plans'][number] {
  const plan = profile.plans.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (plan !== undefined) return plan;
  const names = profile.plans.map(({ name }) => name).join(', ');
  throw invalid(field, names === '' ? `${profile.name} has no plans.` : `${profile.name} has no plan ${wanted}: choose one of ${names}.`);
}

/**
 * The named retry policy of a plan, saved where it is not there yet. One that somebody changed stays as it is. Rejects with a Refusal for a
 * plan that the profile does not have.
 */
export async function planPolicy(deps: PlanDeps, profile: Profile, wanted: string): Promise<StoredPolicy> {
  const plan = planOf(profile, wanted);
  const name = planPolicyName(profile, plan.name);
  const known = deps.policies.findNamed(name);
  if (known !== undefined) return known;
  const nowMs = deps.clock.now();
  const { description, policy } = plan;
  const saved: StoredPolicy = {
    id: deps.ids.next('pol'),
    name,
    description,
    policy,
    isDeleted: false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  // Somebody may have saved one of this name meanwhile.
  if (!(await deps.database.write((writer) => insertPolicy(deps.database, writer, saved))))
    return deps.policies.findNamed(name) ?? taken(name);
  deps.policies.put(saved);
  deps.changes.publish('policies', [saved.id]);
  return saved;
}

function taken(name: string): never {
  throw nameTaken('retry policy', name);
}

/** Whether an endpoint has the retry policy of one of its profile's plans. */
export function hasPlan(
  { profiles, policies }: { readonly profiles: Pick<ProfileBook, 'find'>; readonly policies: Pick<PolicyBook, 'find'> },
  { profile: id, retryPolicy }: Pick<EndpointConfig, 'profile' | 'retryPolicy'>,
): boolean {
  const profile = id === null ? undefined : profiles.find(id);
  if (profile === undefined || !isNamedPolicy(retryPolicy)) return false;
  const name = policies.find(retryPolicy.policyId)?.name;
  return profile.plans.some((plan) => planPolicyName(profile, plan.name) === name);
}
