import { Autocomplete, Button, Checkbox, Group, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { allPages } from '#shared/all-pages.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import type { Client } from '../../base/client.ts';
import { useCatalogue, useClient } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { useRead } from '../../stores/use-read.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './checks-view.module.css';

interface NewCheckProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onStarted: (id: string) => void;
}

/** Asks what is to be checked, and starts it. */
export function NewCheck({ isOpen, onClose, onStarted }: NewCheckProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Check a receiver" size={560} closeButtonProps={{ 'aria-label': 'Close' }}>
      <NewCheckForm onStarted={onStarted} />
    </Modal>
  );
}

function readEndpoints(client: Client, signal: AbortSignal): Promise<readonly Endpoint[]> {
  return allPages((from) => client.endpoints.list({ limit: 200, ...from }, { signal }));
}

function NewCheckForm({ onStarted }: Pick<NewCheckProps, 'onStarted'>) {
  const client = useClient();
  const { eventTypes } = useCatalogue();
  const endpoints = useRead(readEndpoints);
  const act = useAct();
  const [chosen, setChosen] = useState<string | null>(null);
  const [eventType, setEventType] = useState('');
  const [isWhole, setWhole] = useState(false);
  const items = endpoints ?? [];
  const endpoint = items.find(({ id }) => id === chosen) ?? items[0];
  const listened = eventTypes.map(({ name }) => name).filter((name) => endpoint !== undefined && matchesEvent(endpoint.events, name));
  const start = async () => {
    if (endpoint === undefined) return;
    const type = eventType.trim();
    const { id } = await client.checks.start({ endpointId: endpoint.id, isWhole, ...(type === '' ? {} : { eventType: type }) });
    onStarted(id);
  };
  const issueOf = (path: string) => act.problem?.issues.find((issue) => issue.path === path)?.message;
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void act.run(start, 'Check started');
      }}
    >
      <Select
        data-autofocus
        label="Endpoint"
        description="Its URL, profile and secret are used. Failures in a check do not count against it."
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        openOnFocus={false}
        placeholder={endpoints === null ? '' : 'There is no endpoint yet'}
        data={items.map(({ id, name }) => ({ value: id, label: name }))}
        value={endpoint?.id ?? null}
        allowDeselect={false}
        searchable
        error={issueOf('endpointId')}
        onChange={setChosen}
      />
      <Autocomplete
        label="Event type"
        description="Variants are made of it where the catalogue has its JSON Schema."
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        placeholder="The first of its profile, or else of the catalogue"
        classNames={{ input: 'mono' }}
        data={listened}
        limit={20}
        openOnFocus={false}
        value={eventType}
        error={issueOf('eventType')}
        onChange={(value) => {
          act.clear();
          setEventType(value);
        }}
      />
      <Checkbox
        size="xs"
        label="Go on when the genuine request is refused"
        checked={isWhole}
        onChange={(event) => setWhole(event.currentTarget.checked)}
      />
      {issueOf('endpointId') === undefined && issueOf('eventType') === undefined && (
        <ErrorNotice problem={act.problem} rest={act.problem?.issues ?? []} />
      )}
      <Group justify="flex-end">
        <Button type="submit" loading={act.isBusy} disabled={endpoint === undefined}>
          Start check
        </Button>
      </Group>
    </form>
  );
}
