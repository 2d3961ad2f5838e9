import { Popover, SegmentedControl, Tooltip } from '@mantine/core';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import { useState } from 'react';
import { useSession, useSettings } from '../stores/session.tsx';
import type { Problem } from '../base/problem.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import styles from './rail.module.css';

/** Speeds worth choosing; any other can be set under Settings. */
const steps = [1, 10, 60, 600, 3600] as const;

/** How fast the retry schedule runs; amber whenever that is not real time. A click changes it. */
export function TimeScaleChip({ isWide }: { readonly isWide: boolean }) {
  const { engine, announce } = useSession();
  const scale = useSettings()?.timeScale ?? null;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isOpen, setOpen] = useState(false);
  if (scale === null) return null;
  const choose = async (timeScale: number) => {
    const refused = await engine.update({ timeScale });
    setProblem(refused);
    if (refused === null) announce(`Retries run at ${timeScale} times real time`);
  };
  const text = `${Number(scale.toFixed(2))}x`;
  return (
    <Popover opened={isOpen} onChange={setOpen} position="right-end" trapFocus returnFocus width={320}>
      <Popover.Target>
        <Tooltip label={`Retry schedule at ${text} real time`} position="right" disabled={isOpen}>
          <button
            type="button"
            className={styles['chip']}
            data-fast={scale !== 1 || undefined}
            aria-label={`Time scale ${text}`}
            onClick={() => setOpen(!isOpen)}
          >
            {(isWide || scale === 1) && <IconPlayerTrackNext size={16} stroke={1.8} aria-hidden />}
            {isWide ? `Time scale ${text}` : scale === 1 ? null : text}
          </button>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time scale">
        <div className={styles['scale']}>
          <strong>Time scale</strong>
          <p>Retries come sooner by this factor: at 3600x an hour of waiting takes a second. Timeouts are not scaled.</p>
          <SegmentedControl
            aria-label="Time scale"
            fullWidth
            size="xs"
            data={steps.map((step) => ({ value: String(step), label: `${step}x` }))}
            value={String(scale)}
            onChange={(step) => void choose(Number(step))}
          />
          <ErrorNotice problem={problem} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
