import { Autocomplete, Button, Group, Modal, NumberInput, SegmentedControl, Textarea } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFlask, IconSend } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { ReceiverTestKind } from '#shared/contract/receiver-tests.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { useCatalogue, useChanges, useClient, useSession } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import { DurationInput } from '../../ui/duration-input.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { isNumbered, readReceiverTest, type ReceiverTestDraft, type ReceiverTestProblems } from './receiver-test-draft.ts';
import { ReceiverTestSends } from './receiver-test-sends.tsx';
import { createReceiverTestStore, standingOf, type ReceiverTestInput } from './receiver-test-store.ts';
import { useSample } from './use-sample.ts';
import styles from './receiver-test.module.css';

const kinds = [
  { value: 'duplicates', label: 'Duplicates' },
  { value: 'outOfOrder', label: 'Out of order' },
  { value: 'late', label: 'Late' },
  { value: 'burst', label: 'Burst' },
] as const;

const kindNotes: Readonly<Record<ReceiverTestKind, string>> = {
  duplicates: 'One message is delivered more than once with the same id. A receiver should act on it once and accept every copy.',
  outOfOrder: 'Numbered messages are sent in a different order. A receiver should not take an older state for the newer one.',
  late: 'A message arrives long after it was made. With its original timestamp, a receiver that checks the age should refuse it.',
  burst: 'Numbered messages are sent at once, as many at a time as the settings allow. A receiver should answer each in time.',
};

/** The button of an endpoint that opens the test of its receiver. */
export function ReceiverTestButton({ endpoint }: { readonly endpoint: Endpoint }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconFlask size={14} />} disabled={!endpoint.isActive} onClick={() => setOpen(true)}>
        Test your receiver…
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={`Test the receiver of ${endpoint.name}`}
        size={680}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ReceiverTestForm endpoint={endpoint} />
      </Modal>
    </>
  );
}

/** How long typing pauses before the plan is drawn again. */
const typingPauseMs = 200;

function ReceiverTestForm({ endpoint }: { readonly endpoint: Endpoint }) {
  const client = useClient();
  const { announce } = useSession();
  const { eventTypes } = useCatalogue();
  const [store] = useState(() => createReceiverTestStore(client));
  const state = useStore(store);
  const listened = eventTypes.map(({ name }) => name).filter((name) => matchesEvent(endpoint.events, name));
  const [draft, setDraft] = useState<ReceiverTestDraft>(() => ({
    kind: 'duplicates',
    count: 10,
    copies: 3,
    gap: '0 s',
    delay: '10 m',
    timestamp: 'original',
    type: '',
    data: null,
  }));
  const type = draft.type === '' ? (listened[0] ?? 'test.event') : draft.type;
  const sample = useSample(type);
  const dataText = draft.data ?? sample;
  const { input, problems } = readReceiverTest({ ...draft, type }, dataText, endpoint.id);
  usePlan(store.plan, input);
  useChanges(['deliveries'], (ids) => void store.refresh(ids));
  const change = (part: Partial<ReceiverTestDraft>) => setDraft({ ...draft, ...part });
  const send = async () => {
    if (input === null) return;
    await store.run(input);
    announce('Receiver test sent');
  };
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        // The dialog stands inside the endpoint's own form, which must not be submitted by it.
        event.stopPropagation();
        void send();
      }}
    >
      <SegmentedControl
        aria-label="Kind of test"
        fullWidth
        data={[...kinds]}
        value={draft.kind}
        onChange={(kind) => change({ kind: kind as ReceiverTestKind, gap: kind === 'outOfOrder' ? '250 ms' : '0 s' })}
      />
      <p className={styles['note']}>{kindNotes[draft.kind]}</p>
      <Group gap={12} grow align="flex-start">
        <Autocomplete size="xs" label="Event type" data={listened} value={type} onChange={(value) => change({ type: value, data: null })} />
        <KindFields draft={draft} onChange={change} problems={problems} />
      </Group>
      <Textarea
        label="Data"
        description={isNumbered(draft.kind) ? 'Each message gets its number in the field "number".' : undefined}
        styles={{ input: { fontFamily: 'var(--hy-mono)', fontSize: 'var(--hy-mono-size)' } }}
        autosize
        minRows={2}
        maxRows={5}
        spellCheck={false}
        value={dataText}
        onChange={(event) => change({ data: event.currentTarget.value })}
        error={problems.data}
      />
      <ReceiverTestSends state={state} />
      <ErrorNotice problem={state.problem} />
      <Group justify="flex-end" gap={8}>
        <span className={`${styles['note']} ${styles['standing']}`} aria-live="polite">
          {state.isSent ? `Sent ${countText(state.sends.length, 'request', 'requests')}: ${standingOf(state)}.` : ''}
        </span>
        {draft.kind === 'outOfOrder' && (
          <Button variant="default" disabled={input === null} onClick={() => void store.plan(input, true)}>
            Shuffle again
          </Button>
        )}
        <Button type="submit" loading={state.isBusy} disabled={input === null} leftSection={<IconSend size={14} />}>
          {state.isSent ? 'Send again' : `Send ${countText(Math.max(1, state.sends.length), 'request', 'requests')}`}
        </Button>
      </Group>
    </form>
  );
}

interface KindFieldsProps {
  readonly draft: ReceiverTestDraft;
  readonly onChange: (part: Partial<ReceiverTestDraft>) => void;
  readonly problems: ReceiverTestProblems;
}

function KindFields({ draft, onChange, problems }: KindFieldsProps) {
  const gap = (
    <DurationInput
      key="gap"
      size="xs"
      label="Time between messages"
      value={draft.gap}
      onChange={(text) => onChange({ gap: text })}
      error={problems.gap}
    />
  );
  const count = (
    <NumberInput
      key="count"
      size="xs"
      label="Messages"
      min={2}
      max={500}
      value={draft.count}
      onChange={(value) => onChange({ count: value })}
      error={problems.count}
    />
  );
  switch (draft.kind) {
    case 'duplicates':
      return (
        <>
          <NumberInput
            size="xs"
            label="Copies"
            min={2}
            max={100}
            value={draft.copies}
            onChange={(copies) => onChange({ copies })}
            error={problems.copies}
          />
          {gap}
        </>
      );
    case 'outOfOrder':
      return (
        <>
          {count}
          {gap}
        </>
      );
    case 'late':
      return (
        <>
          <DurationInput size="xs" label="How late" value={draft.delay} onChange={(delay) => onChange({ delay })} error={problems.delay} />
          <div>
            <span className={styles['label']} id="late-timestamp">
              Timestamp
            </span>
            <SegmentedControl
              aria-labelledby="late-timestamp"
              size="xs"
              fullWidth
              data={[
                { value: 'original', label: 'Original' },
                { value: 'now', label: 'When sent' },
              ]}
              value={draft.timestamp}
              onChange={(timestamp) => onChange({ timestamp: timestamp as RedeliveryTimestamp })}
            />
          </div>
        </>
      );
    case 'burst':
      return count;
  }
}

/** Draws the plan again whenever the test changed and typing paused. */
function usePlan(plan: (input: ReceiverTestInput | null) => Promise<void>, input: ReceiverTestInput | null) {
  const key = JSON.stringify(input);
  const replan = useDebouncedCallback(() => void plan(input), typingPauseMs);
  const latest = useRef(replan);
  useEffect(() => {
    latest.current = replan;
  });
  useEffect(() => latest.current(), [key]);
}
