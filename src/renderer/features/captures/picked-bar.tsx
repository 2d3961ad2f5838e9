import { Button } from '@mantine/core';
import { allOf } from '#shared/all-of.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { countText } from '../../base/size-format.ts';
import { useKeys } from '../../stores/session.tsx';
import { areTwo, pickedCount, selectionOf, type Picked } from './picked.ts';
import { PickedActions } from './picked-actions.tsx';
import styles from './captures.module.css';

interface PickedBarProps {
  readonly bin: Bin;
  readonly picked: Picked;
  /** Whether keys act on what is picked: not while a detail covers it. */
  readonly hasKeys: boolean;
  /** There are more captures that match than those that were read. */
  readonly canPickAll: boolean;
  readonly onPickShown: () => void;
  readonly onPickAll: () => void;
  readonly onReplay: () => void;
  readonly onCompare: () => void;
  readonly onDone: () => void;
}

/** What is picked, and what can be done with it. */
export function PickedBar({ bin, picked, hasKeys, canPickAll, onPickShown, onPickAll, onReplay, onCompare, onDone }: PickedBarProps) {
  const count = pickedCount(picked);
  const isNone = count === null || count === 0;
  useKeys(hasKeys && !isNone ? { r: onReplay } : {});
  const isTwo = areTwo(picked);
  return (
    <div className={styles['picked']} role="toolbar" aria-label="Picked captures">
      <span role="status">{wordsOf(picked)}</span>
      <Button size="compact-xs" disabled={isNone} onClick={onReplay} title="r">
        Replay
      </Button>
      {picked.kind === 'some' && (
        <Button
          size="compact-xs"
          variant="default"
          disabled={!isTwo}
          title={isTwo ? '=' : 'Pick two captures to compare them'}
          onClick={onCompare}
        >
          Compare
        </Button>
      )}
      <PickedActions
        bin={bin}
        selection={selectionOf(picked)}
        isOfFilter={picked.kind === 'all'}
        isDisabled={isNone}
        hasKeys={hasKeys}
        onDeleted={onDone}
      />
      <Button size="compact-xs" variant="default" onClick={onPickShown}>
        All shown
      </Button>
      {canPickAll && picked.kind === 'some' && (
        <Button size="compact-xs" variant="default" title="a" onClick={onPickAll}>
          All that match
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={onDone}>
        Done
      </Button>
    </div>
  );
}

function wordsOf(picked: Picked): string {
  const count = pickedCount(picked);
  if (count === null) return 'Counting all that match\u2026';
  return picked.kind === 'all'
    ? `${allOf(count, 'capture that matches', 'captures that match')} picked`
    : `${countText(count, 'capture', 'captures')} picked`;
}
