import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconBan, IconHistory, IconRepeat, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import { narrowQuery } from '../../base/narrow.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useCatalogue, useClient, useKeys, useSession, useSettings } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
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
  readonly onReplay: () => void;
  readonly onSaveAsTest: () => void;
  readonly onShowReplays: () => void;
}

interface OpenCounts {
  readonly waiting: number;
  readonly inFlight: number;
}

/** What can be done with everything that the filter finds. */
export function BulkActions({ filter, total, open, onReplay, onSaveAsTest, onShowReplays }: BulkActionsProps) {
  const client = useClient();
  const { announce } = useSession();
  const { endpoints } = useCatalogue();
  const isUtc = useSettings()?.isUtc ?? false;
  const [asked, setAsked] = useState<OpenCounts | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useKeys(total === 0 ? {} : { p: onReplay, s: onSaveAsTest });
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
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRepeat size={14} />}
        disabled={total === 0}
        onClick={onReplay}
        title="Replay what matches (p)"
      >
        Replay…
      </Button>
      <Button size="xs" variant="default" leftSection={<IconBan size={14} />} disabled={open === 0} onClick={() => void ask()}>
        Cancel pending…
      </Button>
      <SaveAsTest isDisabled={total === 0} onClick={onSaveAsTest} />
      <Button size="xs" variant="subtle" color="gray" leftSection={<IconHistory size={14} />} onClick={onShowReplays}>
        Replays
      </Button>
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

/** Its words where there is room for them, otherwise in a tooltip. */
function SaveAsTest({ isDisabled, onClick }: { readonly isDisabled: boolean; readonly onClick: () => void }) {
  const isNarrow = useMediaQuery(narrowQuery, undefined, { getInitialValueInEffect: false });
  const words = 'Save as test…';
  const hint = 'Save what matches as a test (s)';
  const icon = <IconTestPipe size={14} />;
  if (!isNarrow)
    return (
      <Button size="xs" variant="default" leftSection={icon} disabled={isDisabled} onClick={onClick} title={hint}>
        {words}
      </Button>
    );
  return (
    <Tooltip label={hint}>
      <ActionIcon size={30} variant="default" disabled={isDisabled} aria-label={words} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** What cancelling does: `12 waiting deliveries will be cancelled, and 1 attempt under way is cut off.` */
export function consequenceOf({ waiting, inFlight }: OpenCounts): string {
  if (waiting + inFlight === 0) return 'Nothing is pending any more, so nothing will be cancelled.';
  const waits = waiting === 0 ? [] : [`${countText(waiting, 'waiting delivery', 'waiting deliveries')} will be cancelled`];
  const flights = inFlight === 0 ? [] : [`${countText(inFlight, 'attempt', 'attempts')} under way will be cut off`];
  return `${[...waits, ...flights].join(', and ')}.`;
}
