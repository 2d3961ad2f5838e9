import { Select } from '@mantine/core';
import { memo } from 'react';
import { mostRules } from '#shared/contract/what-if.ts';
import { useEndpointChoices, useOffers } from './rules-data.ts';
import type { WhatIfState } from './what-if-state.ts';

interface AddRulesProps extends Pick<WhatIfState, 'rules' | 'logOf'> {
  readonly onChange: (change: (before: WhatIfState) => WhatIfState) => void;
  /** Takes the newest outage in the log of an endpoint, with its events. */
  readonly onTakeLog: (endpointId: string) => void;
}

/** Further lanes, and an outage of the log. Not drawn again while the outage is dragged. */
export const AddRules = memo(function AddRules({ rules: chosen, logOf, onChange, onTakeLog }: AddRulesProps) {
  const { groups, rulesOf } = useOffers(chosen);
  const endpoints = useEndpointChoices();
  const isFull = chosen.length >= mostRules;
  return (
    <>
      <Select
        size="xs"
        w={232}
        aria-label="Add rules"
        placeholder={isFull ? `At most ${mostRules} lanes` : 'Add a provider, policy or endpoint'}
        searchable
        disabled={isFull}
        data={groups}
        value={null}
        nothingFoundMessage="Nothing has this name."
        onChange={(key) => {
          const rules = key === null ? undefined : rulesOf.get(key);
          if (rules !== undefined) onChange((before) => ({ ...before, rules: [...before.rules, rules] }));
        }}
      />
      {endpoints.length > 0 && logOf === null && (
        <Select
          size="xs"
          w={180}
          aria-label="Take an outage from the log"
          placeholder="Outage from the log of"
          searchable
          data={[...endpoints]}
          value={null}
          onChange={(id) => id !== null && onTakeLog(id)}
        />
      )}
    </>
  );
});
