import { phaseWords } from '#shared/comparison-words.ts';
import type { TimingComparison } from '#shared/contract/comparisons.ts';
import { differenceText, durationText } from '#shared/duration-text.ts';
import { Notes } from './notes.tsx';
import { timingBars, type TimingBar } from './timing-bars.ts';
import styles from './compare.module.css';

/** How long both took, phase by phase, drawn to one scale with the first above the second. */
export function TimingReport({ timing }: { readonly timing: TimingComparison }) {
  const { summary, phases, total, notes } = timing;
  const bars = timingBars(timing);
  return (
    <section className={styles['part']} aria-label="Timing compared">
      <p className={styles['lead']}>{summary}</p>
      <table className={styles['timing']}>
        <caption className="visually-hidden">Time spent in each phase</caption>
        <colgroup>
          <col className={styles['nameColumn']} />
          <col className={styles['trackColumn']} />
          <col />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col" className={styles['track']} aria-hidden>
              <span className={styles['key']} data-side="first" /> First
              <span className={styles['key']} data-side="second" /> Second
            </th>
            <th scope="col">First</th>
            <th scope="col">Second</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {phases.map((row, index) => (
            <TimingRow key={row.phase} label={phaseWords[row.phase]} ms={row} bar={bars.phases[index] ?? null} />
          ))}
          <TimingRow label="Total" ms={total} bar={bars.total} isTotal />
        </tbody>
      </table>
      <Notes notes={notes} />
    </section>
  );
}

interface TimingRowProps {
  readonly label: string;
  readonly ms: TimingComparison['total'];
  readonly bar: TimingBar | null;
  readonly isTotal?: boolean;
}

function TimingRow({ label, ms: { beforeMs, afterMs, differenceMs }, bar, isTotal = false }: TimingRowProps) {
  return (
    <tr data-total={isTotal || undefined}>
      <th scope="row">{label}</th>
      <td className={styles['track']}>
        <Bar side="first" at={bar?.first ?? null} />
        <Bar side="second" at={bar?.second ?? null} />
      </td>
      <td>{shown(beforeMs)}</td>
      <td>{shown(afterMs)}</td>
      <td>{differenceMs === null ? '\u2013' : longerText(differenceMs)}</td>
    </tr>
  );
}

function Bar({ side, at }: { readonly side: 'first' | 'second'; readonly at: TimingBar['first'] }) {
  if (at === null) return null;
  return <span className={styles['bar']} data-side={side} style={{ left: `${at.from * 100}%`, width: `${at.share * 100}%` }} />;
}

/** How much longer the second took, with its sign. */
export function longerText(ms: number): string {
  return differenceText(ms, '\u2212');
}

function shown(ms: number | null): string {
  return ms === null ? '\u2013' : durationText(ms);
}
