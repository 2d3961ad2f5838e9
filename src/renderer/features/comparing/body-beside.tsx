import { SegmentedControl } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { BodyComparison } from '#shared/contract/comparing.ts';
import type { Client } from '../../base/client.ts';
import { DiffViewer } from '../../editor/diff-viewer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { textsOf, whyTooLarge, type BodyTexts } from './body-texts.ts';
import type { SideRef } from './given-texts.ts';
import { HexDiff } from './hex-diff.tsx';
import { useReading } from './use-comparison.ts';
import styles from './compare.module.css';

interface BodyBesideProps {
  readonly first: SideRef;
  readonly second: SideRef;
  readonly of: 'request' | 'response';
  readonly body: BodyComparison;
}

/** As the diff editor has it. */
const lineHeightPx = 19;

type Mode = 'laid out' | 'text' | 'bytes';

const modeWords = { 'laid out': 'Laid out', text: 'As sent', bytes: 'Hex' } as const satisfies Record<Mode, string>;

/** Two bodies that differ, beside each other: in the diff editor where they are text of a moderate size, and in hex. */
export function BodyBeside({ first, second, of, body }: BodyBesideProps) {
  const offset = body.firstDifference?.offset ?? null;
  const tooLarge = whyTooLarge(body.beforeBytes ?? 0, body.afterBytes ?? 0);
  const read = useCallback(
    async (client: Client, signal: AbortSignal): Promise<BodyTexts> => {
      if (tooLarge !== null) return { why: tooLarge };
      const [one, other] = await Promise.all(
        [first, second].map(({ choice }) => client.comparing.decoded({ side: choice, of }, { signal })),
      );
      return textsOf(one ?? null, other ?? null);
    },
    [first, second, of, tooLarge],
  );
  const texts = useReading(offset === null ? null : `${first.key} ${second.key} ${of}`, read);
  if (offset === null) return null;
  if (texts.problem !== null) return <ErrorNotice problem={texts.problem} onRetry={texts.retry} />;
  if (texts.value === null) return <ProgressBar isActive />;
  return (
    <Beside
      texts={texts.value}
      label={of === 'request' ? 'Request body' : 'Body of the answer'}
      hex={<HexDiff key={`${first.key} ${second.key} ${of}`} first={first} second={second} of={of} firstDifferenceAt={offset} />}
    />
  );
}

function Beside({ texts, label, hex }: { readonly texts: BodyTexts; readonly label: string; readonly hex: React.ReactNode }) {
  const [chosen, setChosen] = useState<Mode | null>(null);
  const modes = modesOf(texts);
  const mode = chosen !== null && modes.includes(chosen) ? chosen : (modes[0] ?? 'bytes');
  const shown = 'why' in texts ? null : mode === 'laid out' ? texts.laidOut : texts;
  return (
    <section className={styles['beside']} aria-label={`${label}, first and second`}>
      {'why' in texts ? (
        <p className={styles['hint']}>{texts.why}</p>
      ) : (
        <SegmentedControl
          size="xs"
          aria-label={`${label} as`}
          value={mode}
          onChange={(value) => setChosen(value)}
          data={modes.map((value) => ({ value, label: modeWords[value] }))}
        />
      )}
      {mode === 'bytes' || shown === null ? (
        hex
      ) : (
        <div className={styles['editor']} style={{ height: `min(56vh, ${editorPx(shown.before, shown.after)}px)` }}>
          <DiffViewer
            before={shown.before}
            after={shown.after}
            language={!('why' in texts) && texts.laidOut !== null ? 'json-view' : 'plaintext'}
            label={{ before: `${label} of the first`, after: `${label} of the second` }}
          />
        </div>
      )}
    </section>
  );
}

/** A height in which every line has room, also where none stands beside another. */
function editorPx(before: string, after: string): number {
  const lines = before.split('\n').length + after.split('\n').length;
  return Math.max(6, lines) * lineHeightPx + 16;
}

/** The ways in which two bodies can be shown; laid out they may be the same, and are then shown as they were sent. */
function modesOf(texts: BodyTexts): readonly Mode[] {
  if ('why' in texts) return ['bytes'];
  const { before, after, laidOut } = texts;
  const asSent: readonly Mode[] = before === after ? [] : ['text'];
  return [...(laidOut === null || laidOut.before === laidOut.after ? [] : ['laid out' as const]), ...asSent, 'bytes'];
}
