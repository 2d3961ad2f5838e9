import { ActionIcon, Button, NumberInput, Popover, Select, TextInput, Tooltip } from '@mantine/core';
import { IconClockEdit } from '@tabler/icons-react';
import { useState } from 'react';
import { exactText } from '../../base/time-format.ts';
import { useSettings } from '../../stores/session.tsx';
import styles from './compose.module.css';
import { firstView, isFirstNow, lastOutcomeLabels, type LastOutcome, type PreviewView } from './preview-view.ts';

interface AttemptChoiceProps {
  readonly view: PreviewView;
  readonly onChange: (view: PreviewView) => void;
}

const outcomes = Object.entries(lastOutcomeLabels).map(([value, label]) => ({ value, label }));

/** Chooses which attempt is shown, what the one before it ended in, and when it is made. */
export function AttemptChoice({ view, onChange }: AttemptChoiceProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={300} trapFocus returnFocus withArrow={false}>
      <Popover.Target>
        <Tooltip label="Attempt and time" disabled={isOpen}>
          <ActionIcon
            size={26}
            variant={isFirstNow(view) ? 'subtle' : 'light'}
            color={isFirstNow(view) ? 'gray' : 'accent'}
            aria-label="Attempt and time"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <IconClockEdit size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={styles['attempt']}>
          <NumberInput
            label="Attempt"
            min={1}
            max={1000}
            allowDecimal={false}
            clampBehavior="strict"
            value={view.attempt}
            onChange={(value) => typeof value === 'number' && value >= 1 && onChange({ ...view, attempt: value })}
          />
          <Select
            label="The attempt before ended in"
            disabled={view.attempt === 1}
            data={outcomes}
            value={view.lastOutcome}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            onChange={(value) => value !== null && onChange({ ...view, lastOutcome: value as LastOutcome })}
          />
          <TextInput
            label="Made at"
            description="Empty for now"
            type="datetime-local"
            step={1}
            value={view.atMs === null ? '' : localText(view.atMs)}
            onChange={(event) => onChange({ ...view, atMs: localMs(event.currentTarget.value) })}
          />
          <Button
            size="xs"
            variant="default"
            disabled={isFirstNow(view)}
            onClick={() => {
              onChange({ ...firstView, code: view.code, isTraced: view.isTraced });
              setOpen(false);
            }}
          >
            First attempt, now
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Says which attempt is shown, where it is not the first one, made now. */
export function AttemptLine({ view, onChange }: AttemptChoiceProps) {
  const isUtc = useSettings()?.isUtc ?? false;
  if (isFirstNow(view)) return null;
  const which = view.attempt === 1 ? 'the first attempt' : `attempt ${view.attempt}, after ${lastOutcomeLabels[view.lastOutcome]}`;
  return (
    <p className={styles['remark']}>
      Shown as {which}, made {view.atMs === null ? 'now' : `at ${exactText(view.atMs, isUtc)}`}.{' '}
      <button type="button" className={styles['link']} onClick={() => onChange({ ...firstView, code: view.code, isTraced: view.isTraced })}>
        Back to the first, now
      </button>
    </p>
  );
}

/** A time as the field takes it: local, to the second. */
function localText(atMs: number): string {
  const date = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19);
}

function localMs(text: string): number | null {
  const atMs = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(atMs) || atMs < 0 || atMs > 253_402_300_799_000 ? null : atMs;
}
