import { useMemo } from 'react';
import { retryPresetNames } from '#shared/contract/retry-choice.ts';
import { retryPresets } from '#shared/contract/retry-presets.ts';
import type { WhatIfRules } from '#shared/contract/what-if.ts';
import { builtInProfiles } from '#shared/profiles/index.ts';
import { useCatalogue } from '../../stores/session.tsx';
import { keyOf } from '../../base/what-if-address.ts';

interface Offer {
  readonly rules: WhatIfRules;
  readonly label: string;
}

/** The rules that can be added, in groups, without those that are chosen already. */
export function useOffers(chosen: readonly WhatIfRules[]) {
  const { policies, endpoints } = useCatalogue();
  return useMemo(() => {
    const taken = new Set(chosen.map(keyOf));
    const groups: readonly (readonly [string, readonly Offer[]])[] = [
      [
        'Retry policies',
        policies.map(({ id, name }) => ({ rules: { kind: 'policy', policy: { kind: 'named', policyId: id } }, label: name })),
      ],
      ['Endpoints', endpoints.map(({ id, name }) => ({ rules: { kind: 'endpoint', id }, label: name }))],
      ['Providers', builtInProfiles().map(({ id, name }) => ({ rules: { kind: 'profile', id }, label: name }))],
      ['Presets', retryPresetNames.map((name) => ({ rules: { kind: 'policy', policy: name }, label: retryPresets[name].title }))],
    ];
    const offered = groups.map(([group, offers]) => [group, offers.filter(({ rules }) => !taken.has(keyOf(rules)))] as const);
    return {
      groups: offered
        .filter(([, offers]) => offers.length > 0)
        .map(([group, offers]) => ({ group, items: offers.map(({ rules, label }) => ({ value: keyOf(rules), label })) })),
      rulesOf: new Map(offered.flatMap(([, offers]) => offers.map(({ rules }) => [keyOf(rules), rules] as const))),
    };
  }, [policies, endpoints, chosen]);
}

/** The endpoints whose log can be looked at. */
export function useEndpointChoices(): readonly { readonly value: string; readonly label: string }[] {
  const { endpoints } = useCatalogue();
  return useMemo(() => endpoints.map(({ id, name }) => ({ value: id, label: name })), [endpoints]);
}
