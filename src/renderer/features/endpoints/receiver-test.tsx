import { Autocomplete, Button, Group, Modal, NumberInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFlask, IconSend } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { ReceiverTestKind } from '#shared/contract/receiver-tests.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { formatRoute } from '../../router.ts';
import { useCatalogue, useChanges, useClient, useSession } from '../../session.tsx';
import { countText } from '../../size-format.ts';
import { durationText } from '../../time-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { badgeOf } from '../../ui/meaning.ts';
import {
  createReceiverTestStore,
  standingOf,
  type ReceiverTestInput,
  type ReceiverTestState,
  type TestSend,
} from './receiver-test-store.ts';
import styles from './receiver-test.module.css';

const kinds = [
  { value: 'duplicates', label: 'Duplicates' },
  { value: 'outOfOrder', label: 'Out of order' },
  { value: 'late', label: 'Late' },
  { value: 'burst', label: 'Burst' },
] as const;

const kindNotes: Readonly<Record<ReceiverTestKind, string>> = {
  duplicates: 'One message is delivered more than once with the same id. A receiver should act on it once and accept every copy.',
  outOfOrder: 'Numbered messages are sent in another order. A receiver should not take an older state for the newer one.',
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

/** What the fields hold. */
interface Draft {
  readonly kind: ReceiverTestKind;
  readonly count: number | string;
  readonly copies: number | string;
  readonly gap: string;
  readonly delay: string;
  readonly timestamp: RedeliveryTimestamp;
  readonly type: string;
  /** Null for the sample of the event type. */
  readonly data: string | null;
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
  const [draft, setDraft] = useState<Draft>(() => ({
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
  const { input, problems } = readDraft({ ...draft, type }, dataText, endpoint.id);
  usePlan(store.plan, input);
  useChanges(['deliveries'], (ids) => void store.refresh(ids));
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
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
        // The dialog stands inside the endpoint's own form, which must not be saved by it.
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
        data-autofocus
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
      <Sends state={state} />
      <ErrorNotice problem={state.problem} />
      <Group justify="flex-end" gap={8}>
        <span className={`${styles['note']} ${styles['standing']}`} aria-live="polite">
          {state.isSent ? `Sent ${countText(state.sends.length, 'request', 'requests')}: ${standingOf(state)}.` : ''}
        </span>
        {draft.kind === 'outOfOrder' && (
          <Button variant="default" disabled={input === null} onClick={() => void store.plan(input, true)}>
            Another order
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
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly problems: Problems;
}

function KindFields({ draft, onChange, problems }: KindFieldsProps) {
  const gap = (
    <TextInput
      key="gap"
      size="xs"
      label="Time between two"
      value={draft.gap}
      onChange={(event) => onChange({ gap: event.currentTarget.value })}
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
          <TextInput
            size="xs"
            label="How late"
            value={draft.delay}
            onChange={(event) => onChange({ delay: event.currentTarget.value })}
            error={problems.delay}
          />
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
                { value: 'now', label: 'Of sending' },
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

/** What will be sent, in the order of sending, and then how each was answered. */
function Sends({ state }: { readonly state: ReceiverTestState }) {
  if (state.sends.length === 0) return null;
  return (
    <section aria-label={state.isSent ? 'How the receiver answered' : 'What will be sent'}>
      <h3 className={styles['heading']}>
        {state.isSent ? 'How the receiver answered, in the order of sending' : 'What will be sent, in this order'}
      </h3>
      <ol className={styles['sends']}>
        {state.sends.map((send) => (
          <li key={send.position}>
            <Send send={send} delivery={send.deliveryId === null ? undefined : state.deliveries.get(send.deliveryId)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Send({ send, delivery }: { readonly send: TestSend; readonly delivery: DeliverySummary | undefined }) {
  const after = send.afterMs === 0 ? 'at once' : `+${formatDurationMs(send.afterMs)}`;
  const message = `Message ${send.number}`;
  if (send.deliveryId === null)
    return (
      <span
        className={styles['send']}
        title={`${message}, sent ${send.afterMs === 0 ? 'at once' : `after ${formatDurationMs(send.afterMs)}`}`}
      >
        <b>#{send.number}</b>
        <span>{after}</span>
      </span>
    );
  const badge = badgeOf(delivery === undefined ? 'pending' : delivery.isInFlight ? 'sending' : delivery.status);
  const outcome = delivery?.lastOutcome ?? null;
  const answer = outcome === null ? badge.word : String(outcome.status ?? outcome.code);
  const took = delivery?.lastDurationMs == null ? '' : ` in ${durationText(delivery.lastDurationMs)}`;
  const BadgeIcon = badge.icon;
  return (
    <a
      className={styles['send']}
      data-meaning={badge.meaning}
      href={formatRoute({ area: 'deliveries', id: send.deliveryId })}
      title={`${message}: ${badge.word}, ${answer}${took}. Open the delivery`}
    >
      <b>#{send.number}</b>
      <span>
        <BadgeIcon size={12} stroke={2.2} aria-hidden /> {answer}
        <span className="visually-hidden">{` ${badge.word}${took}`}</span>
      </span>
    </a>
  );
}

interface Problems {
  readonly count?: string;
  readonly copies?: string;
  readonly gap?: string;
  readonly delay?: string;
  readonly data?: string;
}

function isNumbered(kind: ReceiverTestKind): boolean {
  return kind === 'outOfOrder' || kind === 'burst';
}

/** The test that the fields say, or what is wrong at which field. */
function readDraft(
  draft: Draft,
  dataText: string,
  endpointId: string,
): { readonly input: ReceiverTestInput | null; readonly problems: Problems } {
  const gapMs = parseDurationMs(draft.gap);
  const delayMs = parseDurationMs(draft.delay);
  const data = parseJson(dataText);
  const problems: Problems = {
    ...(data === undefined ? { data: 'This is not JSON.' } : {}),
    ...(usesGap(draft.kind) && gapMs === null ? { gap: 'Write a length of time such as 250 ms.' } : {}),
    ...(draft.kind === 'late' && (delayMs === null || delayMs < 1) ? { delay: 'Write a length of time such as 10 m.' } : {}),
    ...(isNumbered(draft.kind) && typeof draft.count !== 'number' ? { count: 'Write a number from 2 to 500.' } : {}),
    ...(draft.kind === 'duplicates' && typeof draft.copies !== 'number' ? { copies: 'Write a number from 2 to 100.' } : {}),
  };
  if (Object.keys(problems).length > 0) return { input: null, problems };
  return { input: { endpointId, type: draft.type, data: data ?? {}, test: testOf(draft, gapMs ?? 0, delayMs ?? 1) }, problems };
}

function usesGap(kind: ReceiverTestKind): boolean {
  return kind === 'duplicates' || kind === 'outOfOrder';
}

function testOf(draft: Draft, gapMs: number, delayMs: number): ReceiverTestInput['test'] {
  switch (draft.kind) {
    case 'duplicates':
      return { kind: 'duplicates', copies: Number(draft.copies), gapMs };
    case 'outOfOrder':
      return { kind: 'outOfOrder', count: Number(draft.count), gapMs };
    case 'late':
      return { kind: 'late', delayMs, timestamp: draft.timestamp };
    case 'burst':
      return { kind: 'burst', count: Number(draft.count) };
  }
}

/** Undefined for what is not JSON. */
function parseJson(text: string): ReceiverTestInput['data'] {
  try {
    return JSON.parse(text) as ReceiverTestInput['data'];
  } catch {
    return undefined;
  }
}

/** The sample of an event type as text; `{}` for one without. */
function useSample(type: string): string {
  const client = useClient();
  const [sample, setSample] = useState<{ readonly type: string; readonly text: string } | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      try {
        const { items } = await client.eventTypes.list({ q: type, limit: 200 }, { signal: stop.signal });
        const found = items.find(({ name }) => name === type);
        if (!stop.signal.aborted) setSample({ type, text: JSON.stringify(found?.sample ?? {}, null, 2) });
      } catch {
        // Without a sample the data starts empty; sending says what is wrong with the engine.
      }
    };
    void read();
    return () => stop.abort();
  }, [client, type]);
  return sample?.type === type ? sample.text : '{}';
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
