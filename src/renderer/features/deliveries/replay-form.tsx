import { Button, Checkbox, Group, NumberInput, SegmentedControl, Select } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Replay, ReplayPreview, ReplaySource } from '#shared/contract/replays.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import { parseDurationMs } from '#shared/duration-text.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useCatalogue, useClient, useSettings } from '../../stores/session.tsx';
import { countText, numberText } from '../../base/size-format.ts';
import { DurationInput } from '../../ui/duration-input.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { DeliveryFilter } from './filter.ts';
import { namedBy, previewSentence, sourceWords } from './replay-words.ts';
import type { DryRunStore } from './replays-store.ts';
import styles from './replays.module.css';

type Kind = Exclude<ReplaySource['kind'], 'captures'>;

interface ReplayFormProps {
  readonly dryRun: DryRunStore;
  /** Filter of the log at the moment. */
  readonly filter: DeliveryFilter;
  /** How the failure group of the filter fails, in words; null without one, or where that is not known. */
  readonly cause: string | null;
  /** Where it begins: what matches, or one endpoint's failures or misses. */
  readonly initialKind: Kind;
  readonly initialEndpointId: string | null;
  readonly onStarted: (replay: Replay) => void;
  readonly onClose: () => void;
}

const kinds = [
  { value: 'redeliver', label: 'What matches' },
  { value: 'recover', label: 'What failed' },
  { value: 'missing', label: 'What is missing' },
] as const;

const kindNotes: Readonly<Record<Kind, string>> = {
  redeliver: 'Every delivery that the filter of the log finds is sent again, oldest first.',
  recover: 'Deliveries to one endpoint that failed or are exhausted are sent again, oldest first.',
  missing: 'Messages that the endpoint listens to and never got, such as those from before it was created, are delivered to it.',
};

const groupNote = 'Each delivery of this group is sent again, oldest first, unless it no longer fails in this way when its turn comes.';

/** How long typing must pause before it is counted again. */
const typingPauseMs = 250;

/** What to replay and how, with a live dry run. */
export function ReplayForm({ dryRun, filter, cause, initialKind, initialEndpointId, onStarted, onClose }: ReplayFormProps) {
  const client = useClient();
  const { endpoints } = useCatalogue();
  const isUtc = useSettings()?.isUtc ?? false;
  const [kind, setKind] = useState<Kind>(initialKind);
  const [endpointId, setEndpointId] = useState<string | null>(initialEndpointId ?? filter.endpointId ?? null);
  const [since, setSince] = useState('24 h');
  const [timestamp, setTimestamp] = useState<RedeliveryTimestamp>('now');
  const [rate, setRate] = useState<number | string>(10);
  const [isUnlimited, setUnlimited] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isStarting, setStarting] = useState(false);
  const sinceMs = parseDurationMs(since);
  const source = sourceOf({ kind, filter, endpointId, sinceMs });
  const ratePerSecond = isUnlimited ? null : typeof rate === 'number' ? rate : Number.NaN;
  const { preview, isCounting, problem: countProblem } = useStore(dryRun);
  useCounting(dryRun, source);

  const start = async () => {
    if (source === null) return;
    setStarting(true);
    try {
      onStarted(await client.replays.start({ source, timestamp, ratePerSecond }));
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setStarting(false);
    }
  };
  const count = preview?.replayable ?? 0;
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <SegmentedControl aria-label="What to replay" data={[...kinds]} value={kind} onChange={(value) => setKind(value as Kind)} fullWidth />
      <p className={styles['note']}>{kind === 'redeliver' && filter.failureGroup !== undefined ? groupNote : kindNotes[kind]}</p>
      {kind === 'redeliver' ? (
        <div className={styles['what']}>
          {sourceWords({ kind, filter }, (key) => (key === filter.failureGroup ? cause : null) ?? namedBy(endpoints)(key), isUtc)}
        </div>
      ) : (
        <Group gap={12} grow align="flex-start">
          <Select
            label="Endpoint"
            placeholder="Choose an endpoint"
            data={endpoints.map(({ id, name }) => ({ value: id, label: name }))}
            value={endpointId}
            onChange={setEndpointId}
            searchable
          />
          <DurationInput
            label="Created in the last"
            description="Such as 30 m, 24 h or 7 d"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={since}
            onChange={setSince}
            error={sinceMs === null ? 'Write a length of time such as 24 h.' : null}
          />
        </Group>
      )}
      <Group gap={12} grow align="flex-start">
        <div>
          <span className={styles['label']} id="replay-timestamp">
            Timestamp
          </span>
          <SegmentedControl
            aria-labelledby="replay-timestamp"
            size="xs"
            fullWidth
            data={[
              { value: 'now', label: 'Now' },
              { value: 'original', label: 'Original' },
            ]}
            value={timestamp}
            onChange={(value) => setTimestamp(value as RedeliveryTimestamp)}
          />
          <span className={styles['hint']}>
            {timestamp === 'now'
              ? 'Signed again with the current time, as a retry is.'
              : 'The same request again; a receiver that checks its age may refuse it.'}
          </span>
        </div>
        <div>
          <NumberInput
            label="Deliveries per second"
            size="xs"
            min={0.1}
            max={10_000}
            disabled={isUnlimited}
            value={rate}
            onChange={setRate}
            error={Number.isNaN(ratePerSecond) ? 'Write a number from 0.1 to 10,000.' : null}
          />
          <Checkbox
            size="xs"
            mt={8}
            label="No limit"
            checked={isUnlimited}
            onChange={(event) => setUnlimited(event.currentTarget.checked)}
          />
        </div>
      </Group>
      <section className={styles['dryRun']} aria-label="Dry run" aria-busy={isCounting}>
        <ProgressBar isActive={isCounting} />
        <ErrorNotice problem={countProblem} />
        {source === null && <p className={styles['note']}>Choose an endpoint to see what would be sent.</p>}
        {source !== null && preview !== null && <DryRunResult preview={preview} ratePerSecond={ratePerSecond} />}
      </section>
      <ErrorNotice problem={problem} />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button type="submit" loading={isStarting} disabled={source === null || count === 0 || isCounting || Number.isNaN(ratePerSecond)}>
          {count === 0 ? 'Replay' : `Replay ${countText(count, 'delivery', 'deliveries')}`}
        </Button>
      </Group>
    </form>
  );
}

/** What the dry run found: one sentence, counts, and the first rows. */
function DryRunResult({ preview, ratePerSecond }: { readonly preview: ReplayPreview; readonly ratePerSecond: number | null }) {
  return (
    <>
      <p className={styles['sentence']} aria-live="polite">
        {previewSentence(preview, Number.isNaN(ratePerSecond) ? null : ratePerSecond)}
      </p>
      {preview.total > 0 && (
        <div className={styles['counts']}>
          <Counts title="Status" rows={Object.entries(preview.byStatus).map(([name, count]) => ({ name, count }))} total={preview.total} />
          <Counts
            title="Endpoint"
            rows={preview.byEndpoint.map(({ endpointId, endpointName, isListed, count }) => ({
              key: endpointId,
              name: endpointName,
              mark: isListed ? null : 'not listed',
              count,
            }))}
            total={preview.total}
          />
          <Counts
            title="Event"
            rows={preview.byEventType.map(({ eventType, count }) => ({ name: eventType, count }))}
            total={preview.total}
          />
        </div>
      )}
      {preview.sample.length > 0 && (
        <ol className={styles['sample']} aria-label="First to be sent">
          {preview.sample.slice(0, shownSample).map((row) => (
            <li key={row.deliveryId ?? row.messageId}>
              {row.status === null ? <span className={styles['note']}>new</span> : <StatusBadge state={row.status} plain />}
              <span className="truncate">{row.eventType}</span>
              <span className={`truncate ${styles['note']}`}>{row.endpointName}</span>
              <TimeText atMs={row.createdAtMs} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

const shownSample = 4;

/** Groups shown before the rest is only counted. */
const shownGroups = 4;

interface CountRow {
  /** Distinguishes it from others of the same name; the name by default. */
  readonly key?: string;
  readonly name: string;
  /** A word beside the name. */
  readonly mark?: string | null;
  readonly count: number;
}

interface CountsProps {
  readonly title: string;
  readonly rows: readonly CountRow[];
  readonly total: number;
}

function Counts({ title, rows, total }: CountsProps) {
  if (rows.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {rows.slice(0, shownGroups).map(({ name, key = name, mark = null, count }) => (
          <li key={key}>
            <span className="truncate" title={mark === null ? name : `${name}, ${mark}`}>
              {name}
              {mark !== null && <small className={styles['note']}> {mark}</small>}
            </span>
            <b>{numberText(count)}</b>
            <i style={{ width: `${(count / total) * 100}%` }} aria-hidden />
          </li>
        ))}
        {rows.length > shownGroups && <li className={styles['note']}>and {numberText(rows.length - shownGroups)} more</li>}
      </ul>
    </div>
  );
}

/** The source described by the form, or null while it is incomplete. */
function sourceOf(draft: {
  readonly kind: Kind;
  readonly filter: DeliveryFilter;
  readonly endpointId: string | null;
  readonly sinceMs: number | null;
}): ReplaySource | null {
  const { kind, filter, endpointId, sinceMs } = draft;
  if (kind === 'redeliver') return { kind, filter: { ...filter } };
  if (endpointId === null || sinceMs === null) return null;
  // To the minute, so that the same choice stays the same source while it is counted.
  return { kind, endpointId, sinceMs: Math.max(0, Math.floor((Date.now() - sinceMs) / 60_000) * 60_000) };
}

/** Counts at once, and again whenever the source changed and typing paused. */
function useCounting(dryRun: DryRunStore, source: ReplaySource | null) {
  const key = JSON.stringify(source);
  const recount = useDebouncedCallback(() => void dryRun.count(source), typingPauseMs);
  const latest = useRef(recount);
  useEffect(() => {
    latest.current = recount;
  });
  useEffect(() => latest.current(), [key]);
}
