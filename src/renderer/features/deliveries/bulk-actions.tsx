import { Group } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconBan, IconHistory, IconRepeat, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import { narrowQuery, tightBarQuery } from '../../base/narrow.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useCatalogue, useClient, useKeys, useSession, useSettings } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import { BarAction } from '../../ui/bar-action.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { DeliveryFilter } from './filter.ts';
import { namedBy, sourceWords } from './replay-words.ts';

interface BulkActionsProps {
  readonly filter: DeliveryFilter;
  /** Deliveries that the filter finds. */
  readonly total: number;
  /** Those of them that are not final. */
  readonly open: number;
  /** Whether a delivery is shown in detail, which has a key of its own. */
  readonly isOneShown: boolean;
  readonly onReplay: () => void;
  readonly onSaveAsTest: () => void;
  readonly onShowReplays: () => void;
}

interface OpenCounts {
  readonly waiting: number;
  readonly inFlight: number;
}

/** What can be done with everything that the filter finds. */
export function BulkActions({ filter, total, open, isOneShown, onReplay, onSaveAsTest, onShowReplays }: BulkActionsProps) {
  const client = useClient();
  const { announce } = useSession();
  const { endpoints } = useCatalogue();
  const isUtc = useSettings()?.isUtc ?? false;
  const isNarrow = useMediaQuery(narrowQuery, undefined, { getInitialValueInEffect: false });
  const isTight = useMediaQuery(tightBarQuery, undefined, { getInitialValueInEffect: false });
  const [asked, setAsked] = useState<OpenCounts | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useKeys(total === 0 ? {} : { p: onReplay, ...(!isOneShown && { s: onSaveAsTest }) });
  const ask = async () => {
    setAsking(true);
    setAsked(null);
    setProblem(null);
    try {
      setAsked(await client.deliveries.cancelMatching({ ...filter, dryRun: true }));
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  const count = asked === null ? 0 : asked.waiting + asked.inFlight;
  return (
    <Group gap={8} wrap="nowrap" style={{ flex: 'none' }}>
      <BarAction
        words="Replay…"
        hint="Replay what matches (p)"
        icon={IconRepeat}
        isShort={isTight}
        isDisabled={total === 0}
        onClick={onReplay}
      />
      <BarAction
        words="Cancel pending…"
        hint="Cancel what matches and is not over"
        icon={IconBan}
        isShort={isTight}
        isDisabled={open === 0}
        onClick={() => void ask()}
      />
      <BarAction
        words="Save as test…"
        hint={`Save what matches as a test${isOneShown ? '' : ' (s)'}`}
        icon={IconTestPipe}
        isShort={isNarrow}
        isDisabled={total === 0}
        onClick={onSaveAsTest}
      />
      <BarAction words="Replays" hint="Replays that were made" icon={IconHistory} isShort={isTight} isQuiet onClick={onShowReplays} />
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Cancel pending deliveries?"
        consequence={
          problem === null ? (
            <p style={{ margin: 0 }} aria-live="polite">
              {asked === null ? 'Counting…' : consequenceOf(asked)} The filter is:{' '}
              {sourceWords({ kind: 'redeliver', filter }, namedBy(endpoints), isUtc)}.
            </p>
          ) : (
            <ErrorNotice problem={problem} onRetry={() => void ask()} />
          )
        }
        actionLabel={count === 0 ? 'Cancel deliveries' : `Cancel ${countText(count, 'delivery', 'deliveries')}`}
        onConfirm={async () => {
          const { waiting, inFlight } = await client.deliveries.cancelMatching(filter);
          announce(`${countText(waiting + inFlight, 'delivery', 'deliveries')} cancelled`);
        }}
      />
    </Group>
  );
}

/** What cancelling does: `12 waiting deliveries will be cancelled, and 1 attempt under way is cut off.` */
export function consequenceOf({ waiting, inFlight }: OpenCounts): string {
  if (waiting + inFlight === 0) return 'Nothing is pending any more, so nothing will be cancelled.';
  const waits = waiting === 0 ? [] : [`${countText(waiting, 'waiting delivery', 'waiting deliveries')} will be cancelled`];
  const flights = inFlight === 0 ? [] : [`${countText(inFlight, 'attempt', 'attempts')} under way will be cut off`];
  return `${[...waits, ...flights].join(', and ')}.`;
}
