import type { Comparison } from '#shared/contract/comparisons.ts';
import { Tabs, type Tab } from '../../ui/tabs.tsx';
import { ViewBoundary } from '../../ui/view-boundary.tsx';
import { BodyBeside } from './body-beside.tsx';
import type { ComparedPart } from './compare-route.ts';
import { ComparisonReport } from './comparison-report.tsx';
import { ConnectionReport } from './connection-report.tsx';
import { ResponseReport } from './response-report.tsx';
import { differenceText, TimingReport } from './timing-report.tsx';
import styles from './compare.module.css';

const labels = { before: 'First', after: 'Second' };

interface PartsProps {
  readonly comparison: Comparison;
  /** Null for the first part that differs. */
  readonly part: ComparedPart | null;
  readonly onPart: (part: ComparedPart) => void;
}

/** A comparison part by part: requests, answers, time, connections. */
export function ComparedParts({ comparison, part, onPart }: PartsProps) {
  const shown = part ?? (comparison.request.isSame && !comparison.response.isSame ? 'response' : 'request');
  return (
    <div className={styles['parts']}>
      <Tabs label="Comparison" tabs={tabsOf(comparison)} value={shown} onChange={onPart}>
        <div className={styles['panel']}>
          <ViewBoundary what="This part of the comparison" shows={`${comparison.before.id} ${comparison.after.id} ${shown}`}>
            {panelOf(shown, comparison)}
          </ViewBoundary>
        </div>
      </Tabs>
    </div>
  );
}

function tabsOf({ request, response, timing, connection }: Comparison): readonly Tab<ComparedPart>[] {
  const told = (isSame: boolean) => (isSame ? 'same' : 'differs');
  const { differenceMs } = timing.total;
  const differing = connection.facts.filter(({ isSame }) => isSame === false).length;
  return [
    { name: 'request', label: 'Request', note: told(request.isSame) },
    { name: 'response', label: 'Response', note: told(response.isSame) },
    {
      name: 'timing',
      label: 'Timing',
      note: differenceMs === null ? undefined : differenceText(differenceMs),
    },
    {
      name: 'connection',
      label: 'Connection',
      note: differing === 0 ? undefined : `${differing} ${differing === 1 ? 'differs' : 'differ'}`,
    },
  ];
}

function panelOf(part: ComparedPart, { before, after, request, response, timing, connection }: Comparison) {
  switch (part) {
    case 'request':
      return (
        <ComparisonReport comparison={request} labels={labels}>
          <BodyBeside before={before} after={after} of="request" body={request.body} />
        </ComparisonReport>
      );
    case 'response':
      return (
        <ResponseReport response={response} labels={labels}>
          {response.body !== null && <BodyBeside before={before} after={after} of="response" body={response.body} />}
        </ResponseReport>
      );
    case 'timing':
      return <TimingReport timing={timing} />;
    case 'connection':
      return <ConnectionReport connection={connection} />;
  }
}
