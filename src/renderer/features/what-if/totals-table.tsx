import type { WhatIfTotals } from '#shared/contract/what-if.ts';
import { spanText } from '#shared/duration-text.ts';
import type { Lane } from '#shared/what-if/lane.ts';
import styles from './what-if.module.css';

/** What became of the events under each set of rules, in figures. */
export function TotalsTable({ lanes, clock }: { readonly lanes: readonly Lane[]; readonly clock: (atMs: number) => string }) {
  return (
    <table className={styles['totals']}>
      <caption className="visually-hidden">Totals</caption>
      <thead>
        <tr>
          <th scope="col">Rules</th>
          <th scope="col">At once</th>
          <th scope="col">Late</th>
          <th scope="col" title="How late half of the late ones are at most">
            Median delay
          </th>
          <th scope="col" title="How late the last of them is">
            Longest delay
          </th>
          <th scope="col">Lost</th>
          <th scope="col">Switched off</th>
          <th scope="col">Attempts</th>
          <th scope="col" title="Attempts in the first minute after the receiver is back">
            First minute back
          </th>
          <th scope="col" title="Attempts in the fullest minute after the receiver is back">
            Busiest minute
          </th>
        </tr>
      </thead>
      <tbody>
        {lanes.map(({ told, run }) => {
          const { totals, range } = told;
          return (
            <tr key={told.name}>
              <th scope="row">{told.name}</th>
              <td>{totals.atOnce}</td>
              <td>{withRange(totals, range, ({ late }) => late)}</td>
              <td>{lateText(totals, range, 'p50Ms')}</td>
              <td>{lateText(totals, range, 'maxMs')}</td>
              <td data-meaning={totals.lost > 0 ? 'bad' : undefined}>{withRange(totals, range, ({ lost }) => lost)}</td>
              <td data-meaning={run.off === null ? undefined : 'bad'}>{run.off === null ? 'no' : clock(run.off.atMs)}</td>
              <td>{totals.attempts}</td>
              <td>{totals.firstMinute}</td>
              <td>{totals.busiestMinute === null ? '0' : `${totals.busiestMinute.attempts}, at ${clock(totals.busiestMinute.atMs)}`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

type Range = Lane['told']['range'];

/** A count, and what jitter can make of it where that is another. */
function withRange(totals: WhatIfTotals, range: Range, figure: (of: WhatIfTotals) => number): string {
  const all = range === null ? [figure(totals)] : [totals, range.shortest, range.longest].map(figure);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? String(figure(totals)) : `${figure(totals)} (${least}\u2013${most})`;
}

function lateText(totals: WhatIfTotals, range: Range, figure: 'p50Ms' | 'maxMs'): string {
  if (totals.lateness === null) return '\u2013';
  const text = spanText(totals.lateness[figure]);
  const others =
    range === null ? [] : [range.shortest, range.longest].flatMap(({ lateness }) => (lateness === null ? [] : [lateness[figure]]));
  const all = [totals.lateness[figure], ...others];
  const [least, most] = [spanText(Math.min(...all)), spanText(Math.max(...all))];
  return least === most ? text : `${text} (${least}\u2013${most})`;
}
