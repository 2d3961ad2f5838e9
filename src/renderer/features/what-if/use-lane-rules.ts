import { useCallback, useMemo } from 'react';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { isNamedPolicy, type RetryPolicyChoice } from '#shared/contract/retry-choice.ts';
import type { RetryPolicy } from '#shared/contract/retry.ts';
import type { WhatIfRules } from '#shared/contract/what-if.ts';
import { builtInProfile } from '#shared/profiles/index.ts';
import { endpointRules, policyName, policyRules, profileRules, resolveKnown, type LaneRules } from '#shared/what-if/rules.ts';
import type { Client } from '../../base/client.ts';
import { useCatalogue } from '../../stores/session.tsx';
import type { KnownPolicy } from '../../stores/catalogue-store.ts';
import { useRead } from '../../stores/use-read.ts';
import { keyOf } from '../../base/what-if-address.ts';

/** The rules of each lane with their key, as far as they are known by now; what does not exist any more is left out. */
export function useLaneRules(chosen: readonly WhatIfRules[]): readonly { readonly key: string; readonly rules: LaneRules }[] {
  const { policies } = useCatalogue();
  const endpoints = useEndpoints(chosen.flatMap((each) => (each.kind === 'endpoint' ? [each.id] : [])));
  return useMemo(
    () =>
      chosen.flatMap((each) => {
        const rules = rulesOf(each, policies, endpoints);
        return rules === null ? [] : [{ key: keyOf(each), rules }];
      }),
    [chosen, policies, endpoints],
  );
}

function rulesOf(chosen: WhatIfRules, policies: readonly KnownPolicy[], endpoints: ReadonlyMap<string, Endpoint>): LaneRules | null {
  const resolve = (choice: RetryPolicyChoice): RetryPolicy => namedOf(choice, policies)?.policy ?? resolveKnown(choice);
  switch (chosen.kind) {
    case 'profile': {
      const profile = builtInProfile(chosen.id);
      return profile === undefined ? null : profileRules(profile, resolve);
    }
    case 'policy': {
      const { policy } = chosen;
      const named = namedOf(policy, policies);
      if (isNamedPolicy(policy) && named === undefined) return null;
      return policyRules(policy, named?.name ?? policyName(policy), resolve(policy));
    }
    case 'endpoint': {
      const endpoint = endpoints.get(chosen.id);
      return endpoint === undefined ? null : endpointRules({ ...endpoint, policy: resolve(endpoint.retryPolicy) });
    }
  }
}

function namedOf(choice: RetryPolicyChoice, policies: readonly KnownPolicy[]): KnownPolicy | undefined {
  return isNamedPolicy(choice) ? policies.find(({ id }) => id === choice.policyId) : undefined;
}

const noEndpoints: ReadonlyMap<string, Endpoint> = new Map();

/** Endpoints read by their ids; one that cannot be read is missing. */
function useEndpoints(ids: readonly string[]): ReadonlyMap<string, Endpoint> {
  const wanted = ids.join(',');
  const read = useCallback(
    async (client: Client, signal: AbortSignal): Promise<ReadonlyMap<string, Endpoint>> => {
      const wantedIds = wanted === '' ? [] : wanted.split(',');
      const found = await Promise.all(wantedIds.map((id) => client.endpoints.get({ id }, { signal }).catch(() => null)));
      return new Map(found.flatMap((each) => (each === null ? [] : [[each.id, each]])));
    },
    [wanted],
  );
  return useRead(read) ?? noEndpoints;
}
