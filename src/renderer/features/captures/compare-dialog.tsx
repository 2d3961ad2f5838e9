import { Checkbox, Group, Modal, Select } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { noiseKind, type NoiseKind, type RequestComparison } from '#shared/contract/comparing.ts';
import type { ComparedChoice } from '#shared/contract/comparisons.ts';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { exactText } from '../../base/time-format.ts';
import type { Client } from '../../base/client.ts';
import { useClient, useSettings } from '../../stores/session.tsx';
import { useRead } from '../../stores/use-read.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ComparisonReport } from '../comparing/comparison-report.tsx';
import styles from './compare-dialog.module.css';

/** What is known of a capture where the dialog is opened. */
export type ComparedCapture = Pick<Capture, 'id' | 'receivedAtMs'>;

interface CompareProps {
  readonly bin: Bin;
  /** Captures that may be compared, to say which is which. */
  readonly known: readonly ComparedCapture[];
  /** The capture that is compared. */
  readonly firstId: string | null;
  /** With what; null to choose. */
  readonly secondId: string | null;
  readonly onClose: () => void;
}

/** Compares a capture with another one, or with what a delivery sent. */
export function CompareDialog({ bin, known, firstId, secondId, onClose }: CompareProps) {
  return (
    <Modal opened={firstId !== null} onClose={onClose} title="Compare requests" size={880} closeButtonProps={{ 'aria-label': 'Close' }}>
      {firstId !== null && <Compare bin={bin} known={known} firstId={firstId} secondId={secondId} />}
    </Modal>
  );
}

const noiseWords = { dates: 'Times', ids: 'Ids', signatures: 'Signatures' } as const satisfies Record<NoiseKind, string>;

function Compare({ bin, known, firstId, secondId }: Pick<CompareProps, 'bin' | 'known' | 'secondId'> & { readonly firstId: string }) {
  const [second, setSecond] = useState(secondId);
  const [ignore, setIgnore] = useState<readonly NoiseKind[]>([]);
  return (
    <div className={styles['compare']}>
      {secondId === null && <SecondChoice bin={bin} firstId={firstId} value={second} onChange={setSecond} />}
      <Group gap={16} role="group" aria-label="Leave out">
        <span className={styles['label']}>Leave out</span>
        {noiseKind.options.map((kind) => (
          <Checkbox
            key={kind}
            size="xs"
            label={noiseWords[kind]}
            checked={ignore.includes(kind)}
            onChange={({ currentTarget: { checked } }) => setIgnore(checked ? [...ignore, kind] : ignore.filter((one) => one !== kind))}
          />
        ))}
      </Group>
      <dl className={styles['which']}>
        <Which label="First" id={firstId} known={known} />
        {secondId !== null && <Which label="Second" id={secondId} known={known} />}
      </dl>
      {second !== null && <Compared firstId={firstId} secondId={second} ignore={ignore} />}
    </div>
  );
}

/** Which capture one of the two is. */
function Which({ label, id, known }: { readonly label: string; readonly id: string; readonly known: readonly ComparedCapture[] }) {
  const capture = known.find((one) => one.id === id);
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {capture !== undefined && (
          <>
            <TimeText atMs={capture.receivedAtMs} as="exact" />,{' '}
          </>
        )}
        <IdText id={id} label="capture id" />
      </dd>
    </>
  );
}

function choiceOf(id: string): ComparedChoice {
  return id.startsWith('cap_') ? { captureId: id } : { deliveryId: id };
}

function Compared({
  firstId,
  secondId,
  ignore,
}: {
  readonly firstId: string;
  readonly secondId: string;
  readonly ignore: readonly NoiseKind[];
}) {
  const client = useClient();
  const [comparison, setComparison] = useState<RequestComparison | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const kinds = ignore.join();
  useEffect(() => {
    const stop = new AbortController();
    const input = {
      before: choiceOf(firstId),
      after: choiceOf(secondId),
      ignore: noiseKind.options.filter((kind) => kinds.split(',').includes(kind)),
    };
    const read = async () => {
      try {
        const found = await client.comparing.compare(input, { signal: stop.signal });
        if (stop.signal.aborted) return;
        setComparison(found.request);
        setProblem(null);
      } catch (error) {
        if (!stop.signal.aborted) setProblem(toProblem(error));
      }
    };
    void read();
    return () => stop.abort();
  }, [client, firstId, secondId, kinds]);
  if (problem !== null) return <ErrorNotice problem={problem} />;
  if (comparison === null) return <ProgressBar isActive />;
  return <ComparisonReport comparison={comparison} labels={{ before: 'First', after: 'Second' }} />;
}

const offered = 20;

/** The last captures of the bin and the last deliveries. */
function SecondChoice({
  bin,
  firstId,
  value,
  onChange,
}: {
  readonly bin: Bin;
  readonly firstId: string;
  readonly value: string | null;
  readonly onChange: (id: string) => void;
}) {
  const isUtc = useSettings()?.isUtc ?? false;
  const read = useCallback(
    async (client: Client, signal: AbortSignal) => {
      const [captures, deliveries] = await Promise.all([
        client.captures.list({ binId: bin.id, limit: offered + 1 }, { signal }),
        client.deliveries.list({ limit: offered }, { signal }),
      ]);
      return [
        {
          group: `Captures of ${bin.name}`,
          items: captures.items
            .filter(({ id }) => id !== firstId)
            .map(({ id, method, target, receivedAtMs }) => ({
              value: id,
              label: `${method} ${target.slice(0, 80)}, ${exactText(receivedAtMs, isUtc)}`,
            })),
        },
        {
          group: 'Deliveries, by their last attempt',
          items: deliveries.items
            .filter(({ attemptCount }) => attemptCount > 0)
            .map(({ id, eventType, endpointName, createdAtMs }) => ({
              value: id,
              label: `${eventType} to ${endpointName}, ${exactText(createdAtMs, isUtc)}`,
            })),
        },
      ].filter(({ items }) => items.length > 0);
    },
    [bin.id, bin.name, firstId, isUtc],
  );
  const choices = useRead(read);
  if (choices?.length === 0)
    return (
      <p className={styles['label']}>There is nothing to compare with yet: this bin has no other capture, and no delivery was made.</p>
    );
  return (
    <Select
      size="xs"
      label="Compare with"
      placeholder="Choose a request"
      data={choices ?? []}
      value={value}
      searchable
      allowDeselect={false}
      data-autofocus
      nothingFoundMessage="None of the last ones has this."
      onChange={(id) => id !== null && onChange(id)}
    />
  );
}
