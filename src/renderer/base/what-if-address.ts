import type { WhatIfRules } from '#shared/contract/what-if.ts';
import { usualRules } from '#shared/what-if/known-senders.ts';
import { formatRoute } from './router.ts';

/** The address of What if with these rules first and the usual senders beside them; `log` is an endpoint whose newest outage is taken. */
export function whatIfAddress(rules: WhatIfRules, log?: string): string {
  return formatRoute({ area: 'settings', id: 'what-if', query: { log, rules: rulesKey([rules, ...usualRules]) } });
}

/** Rules as an address has them. */
export function rulesKey(rules: readonly WhatIfRules[]): string {
  return rules.map(keyOf).join(',');
}

/** The same rules have the same key. */
export function keyOf(rules: WhatIfRules): string {
  if (rules.kind !== 'policy') return `${rules.kind}:${rules.id}`;
  const { policy } = rules;
  return typeof policy === 'string' ? `preset:${policy}` : policy.kind === 'named' ? `named:${policy.policyId}` : JSON.stringify(policy);
}
