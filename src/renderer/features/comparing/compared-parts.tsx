import type { ComparedResult } from '#shared/contract/comparing.ts';
import type { Comparison } from '#shared/contract/comparisons.ts';
import { countText } from '../../base/size-format.ts';
import { Tabs, type Tab } from '../../ui/tabs.tsx';
import { ViewBoundary } from '../../ui/view-boundary.tsx';
import { BodyBeside } from './body-beside.tsx';
import type { ComparedPart } from './compare-route.ts';
import { ComparisonReport } from './comparison-report.tsx';
import type { SideRef } from './given-texts.ts';
import { ConnectionReport } from './connection-report.tsx';
import { ResponseReport } from './response-report.tsx';
import { longerText, TimingReport } from './timing-report.tsx';
import styles from './compare.module.css';

const labels = { before: 'First', after: 'Second', isSameRequest: false };

interface PartsProps {
  readonly comparison: Comparison;
  readonly first: SideRef;
  readonly second: SideRef;
  /** Null for the first part that differs. */
  readonly part: ComparedPart | null;
  readonly onPart: (part: ComparedPart) => void;
}

/** A comparison part by part: requests, answers, time, connections. */
export function ComparedParts({ comparison, first, second, part, onPart }: PartsProps) {
  const shown = part ?? (comparison.request.result !== 'different' && comparison.response.result === 'different' ? 'response' : 'request');
  return (
    <div className={styles['parts']}>
      <Tabs label="Comparison" tabs={tabsOf(comparison)} value={shown} onChange={onPart}>
        <div className={styles['panel']}>
          <ViewBoundary what="This part of the comparison" shows={`${first.key} ${second.key} ${shown}`}>
            {panelOf(shown, comparison, first, second)}
          </ViewBoundary>
        </div>
      </Tabs>
    </div>
  );
}

function tabsOf({ request, response, timing, connection }: Comparison): readonly Tab<ComparedPart>[] {
  const { differenceMs } = timing.total;
  const differing = connection.facts.filter(({ isSame }) => isSame === false).length;
  return [
    { name: 'request', label: 'Request', note: resultWords[request.result] },
    { name: 'response', label: 'Response', note: resultWords[response.result] },
    {
      name: 'timing',
      label: 'Timing',
      note: differenceMs === null ? undefined : longerText(differenceMs),
    },
    {
      name: 'connection',
      label: 'Connection',
      note: differing === 0 ? undefined : countText(differing, 'fact differs', 'facts differ'),
    },
  ];
}

const resultWords = { same: 'same', different: 'differs', 'not compared': 'not compared' } as const satisfies Record<
  ComparedResult,
  string
>;

function panelOf(part: ComparedPart, { request, response, timing, connection }: Comparison, first: SideRef, second: SideRef) {
  switch (part) {
    case 'request':
      return (
        <ComparisonReport comparison={request} labels={labels}>
          <BodyBeside first={first} second={second} of="request" body={request.body} />
        </ComparisonReport>
      );
    case 'response':
      return (
        <ResponseReport response={response} labels={labels}>
          {response.body !== null && <BodyBeside first={first} second={second} of="response" body={response.body} />}
        </ResponseReport>
      );
    case 'timing':
      return <TimingReport timing={timing} />;
    case 'connection':
      return <ConnectionReport connection={connection} />;
  }
}
