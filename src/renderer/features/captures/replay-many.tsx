import { Button, Checkbox, Group, Modal, NumberInput, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import type { ReplayPreview } from '#shared/contract/replays.ts';
import { conditionErrors, readMatch } from '#shared/match-text.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { countText } from '../../base/size-format.ts';
import { useClient, useSession } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { previewSentence } from '../deliveries/replay-words.ts';
import { pickedCount, selectionOf, type Picked } from './picked.ts';
import styles from './replay.module.css';
import { SignatureChoice, TargetFields, useReplayTarget } from './replay-target.tsx';

interface ReplayManyProps {
  readonly bin: Bin;
  /** The captures that were picked; null for those of the bin that conditions find. */
  readonly picked: Picked | null;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Sends many captured requests on, as a replay: which, where to, how fast, and how many that are. */
export function ReplayMany({ isOpen, onClose, ...props }: ReplayManyProps) {
  const count = props.picked === null ? null : pickedCount(props.picked);
  const title = count === null ? 'Replay captures' : `Replay ${countText(count, 'capture', 'captures')}`;
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size={560} closeButtonProps={{ 'aria-label': 'Close' }}>
      <ManyForm {...props} onClose={onClose} />
    </Modal>
  );
}

const typingPauseMs = 300;

type Asked = Parameters<ReturnType<typeof useClient>['captures']['previewReplay']>[0];

function ManyForm({ bin, picked, onClose }: Omit<ReplayManyProps, 'isOpen'>) {
  const client = useClient();
  const { router, announce } = useSession();
  const choice = useReplayTarget(bin);
  const [conditions, setConditions] = useState('');
  const [rate, setRate] = useState<number | string>(10);
  const [isUnlimited, setUnlimited] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isStarting, setStarting] = useState(false);
  const read = readMatch(conditions.split('\n'));
  const ratePerSecond = isUnlimited ? null : typeof rate === 'number' ? rate : Number.NaN;
  const which = picked === null ? { binId: bin.id } : selectionOf(picked);
  const match = 'match' in read && read.match !== null ? { match: read.match } : {};
  const asked: Asked | null =
    choice.to === null || 'problems' in read
      ? null
      : { ...choice.to, as: choice.as, withAuth: choice.withAuth, filter: { ...which, ...match } };
  const counted = useCounted(asked);
  const shown = problem ?? counted.problem;
  const urlIssue = shown?.issues.find(({ path }) => path === 'url')?.message;
  const start = async () => {
    if (asked === null) return;
    setStarting(true);
    try {
      choice.keepUrl();
      const { id } = await client.captures.replayMany({ ...asked, ratePerSecond });
      announce('Replay started');
      onClose();
      router.go({ area: 'deliveries', query: { f: `replay:${id}`, replay: id } });
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setStarting(false);
    }
  };
  return (
    <form
      className={styles['form']}
      onChange={() => setProblem(null)}
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <TargetFields choice={choice} urlIssue={urlIssue} />
      {picked?.kind !== 'some' && (
        <Textarea
          label="Only captures with"
          description={`One condition a line, all have to hold; without any, all ${picked === null ? 'captures of the bin' : 'that the filter of the list finds'}.`}
          placeholder="path=/orders/*"
          classNames={{ input: 'mono' }}
          autosize
          minRows={2}
          value={conditions}
          error={'problems' in read ? conditionErrors(read.problems) : null}
          onChange={(event) => setConditions(event.currentTarget.value)}
        />
      )}
      <SignatureChoice choice={choice} />
      <Group gap={12} align="flex-end">
        <NumberInput
          label="Requests a second"
          min={0.1}
          max={10_000}
          disabled={isUnlimited}
          value={rate}
          error={Number.isNaN(ratePerSecond) ? 'Write a number from 0.1 to 10,000.' : null}
          onChange={setRate}
        />
        <Checkbox label="no limit" mb={8} checked={isUnlimited} onChange={(event) => setUnlimited(event.currentTarget.checked)} />
      </Group>
      {counted.preview !== null && (
        <output className={styles['note']}>{previewSentence(counted.preview, Number.isNaN(ratePerSecond) ? null : ratePerSecond)}</output>
      )}
      {shown !== null && urlIssue === undefined && <ErrorNotice problem={shown} rest={shown.issues} />}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isStarting} disabled={(counted.preview?.replayable ?? 0) === 0 || Number.isNaN(ratePerSecond)}>
          Replay
        </Button>
      </Group>
    </form>
  );
}

interface Counted {
  readonly preview: ReplayPreview | null;
  readonly problem: Problem | null;
}

const nothing: Counted = { preview: null, problem: null };

/** What would be sent, counted again whenever that changes and typing paused. */
function useCounted(asked: Asked | null): Counted {
  const client = useClient();
  const [counted, setCounted] = useState<Counted>(nothing);
  const key = JSON.stringify(asked);
  useEffect(() => {
    const wanted = JSON.parse(key) as Asked | null;
    setCounted(nothing);
    if (wanted === null) return;
    const stop = new AbortController();
    const count = async () => {
      try {
        const preview = await client.captures.previewReplay(wanted, { signal: stop.signal });
        if (!stop.signal.aborted) setCounted({ preview, problem: null });
      } catch (error) {
        if (!stop.signal.aborted) setCounted({ preview: null, problem: toProblem(error) });
      }
    };
    const timer = setTimeout(() => void count(), typingPauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, key]);
  return counted;
}
