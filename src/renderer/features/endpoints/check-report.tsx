import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconDeviceFloppy, IconHelp, IconInfoCircle, IconMinus, IconX, type Icon } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { wrongAnswerWords } from '#shared/check-answer.ts';
import { caseDeliveries, evidenceOf, findingOfDefect } from '#shared/check-evidence.ts';
import { caseTimeText, countsText, correctReceiver, findingName, nothingFound, undecidedText } from '#shared/check-words.ts';
import type { CaseOutcome, CaseResult, CheckDetail, CheckFinding, Defect } from '#shared/contract/checks.ts';
import { prettyExact } from '#shared/json/exact.ts';
import { formatRoute } from '../../base/router.ts';
import { useClient } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { Meaning } from '../../ui/meaning.ts';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { compareChecks, comparisonText } from './check-comparison.ts';
import styles from './receiver-check.module.css';

interface CheckReportProps {
  readonly check: CheckDetail;
  /** The check of the same receiver before it; null for none. */
  readonly before: CheckDetail | null;
}

/** What came out of a check: what is wrong, what is other than last time, and each case. It scrolls with what it stands in. */
export function CheckReport({ check, before }: CheckReportProps) {
  const { counts, defects, reason, cases, status } = check;
  const undecided = status === 'running' ? null : undecidedText(check);
  return (
    <>
      <section aria-label="What is wrong">
        <p className={styles['standing']} aria-live="polite">
          {status === 'running' ? (check.waiting ?? 'Checking…') : `${countsText(counts)}.`}
        </p>
        <p className={styles['note']}>
          {check.done < check.total ? `${check.done} of ${check.total}` : check.total} cases of {check.eventType},{' '}
          {status === 'running' ? 'started' : 'checked'} <TimeText atMs={check.createdAtMs} /> by {check.creator}.
        </p>
        {reason !== null && <p className={styles['reason']}>{reason}</p>}
        {undecided !== null && <p className={styles['reason']}>{undecided}</p>}
        {status !== 'running' && defects.length === 0 && <p className={styles['nothing']}>{nothingFound(check)}</p>}
        {defects.map((defect) => (
          <DefectView key={defect.id} defect={defect} cases={cases} />
        ))}
        {status !== 'running' && before !== null && <Comparison check={check} before={before} />}
      </section>
      <section aria-label="Cases">
        <h3 className={styles['heading']}>Cases</h3>
        <ul className={styles['cases']} aria-label="Cases, with those that went wrong first">
          {(status === 'running' ? cases : wrongFirst(cases)).map((one) => (
            <li key={one.id}>
              <CaseView one={one} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Comparison({ check, before }: { readonly check: CheckDetail; readonly before: CheckDetail }) {
  const comparison = compareChecks(check, before);
  const { newlyWrong, fixed } = comparison;
  return (
    <div className={styles['comparison']}>
      <p>
        Compared with{' '}
        <a href={formatRoute({ area: 'endpoints', id: before.id })}>
          the check <TimeText atMs={before.createdAtMs} />
        </a>
        : {comparisonText(comparison)}
      </p>
      {newlyWrong.length > 0 && <Changed meaning="bad" icon={IconX} word="newly wrong" titles={newlyWrong} />}
      {fixed.length > 0 && <Changed meaning="good" icon={IconCheck} word="fixed" titles={fixed} />}
    </div>
  );
}

interface ChangedProps {
  readonly meaning: Meaning;
  readonly icon: Icon;
  readonly word: string;
  readonly titles: readonly string[];
}

function Changed({ titles, ...badge }: ChangedProps) {
  return (
    <ul>
      {titles.map((title) => (
        <li key={title}>
          <MeaningBadge {...badge} plain /> {title}
        </li>
      ))}
    </ul>
  );
}

/** Those that failed, those with advice, and all others, each in the order of sending. */
function wrongFirst(cases: readonly CaseOutcome[]): readonly CaseOutcome[] {
  const rank = ({ result }: CaseOutcome) => (result === 'failed' ? 0 : result === 'advice' || result === 'undecided' ? 1 : 2);
  return cases.toSorted((a, b) => rank(a) - rank(b));
}

interface DefectViewProps {
  readonly defect: Defect;
  readonly cases: readonly CaseOutcome[];
}

function DefectView({ defect, cases }: DefectViewProps) {
  const { level, title, message, fix } = defect;
  const { shows, contrast } = evidenceOf(defect, cases);
  const finding = findingOfDefect(defect, cases);
  const titles = (ids: readonly string[]) => ids.map((id) => `“${cases.find((one) => one.id === id)?.title ?? id}”`).join(', ');
  const isWrong = level === 'must';
  return (
    <article className={styles['defect']} data-meaning={isWrong ? 'bad' : 'trouble'}>
      <h3 className={styles['title']}>
        {isWrong ? <IconX size={14} stroke={2.2} aria-hidden /> : <IconAlertTriangle size={14} stroke={2.2} aria-hidden />}
        {title}
        {!isWrong && ' (advice)'}
      </h3>
      <p>
        <WithCode text={message} />
      </p>
      <p>
        <WithCode text={fix} />
      </p>
      <p className={styles['note']}>
        Seen in: {titles(shows)}
        {contrast.length > 0 && `, while it did this right: ${titles(contrast)}`}
      </p>
      {finding !== null && <FindingData finding={finding} />}
    </article>
  );
}

/** The event that is not taken, which can be saved as a sample. */
function FindingData({ finding }: { readonly finding: CheckFinding }) {
  const client = useClient();
  const act = useAct();
  const [saved, setSaved] = useState<string | null>(null);
  const { eventType, dataText } = finding;
  const save = async () => {
    const { addedSample } = await client.eventTypes.addSample({ name: eventType, dataText, sample: findingName(finding) });
    setSaved(addedSample);
  };
  return (
    <details className={styles['data']}>
      <summary>The event</summary>
      <pre tabIndex={0} aria-label="Data of the event">
        {prettyExact(dataText)}
      </pre>
      <ErrorNotice problem={act.problem} rest={act.problem?.issues ?? []} />
      {saved === null ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDeviceFloppy size={14} />}
          loading={act.isBusy}
          onClick={() => void act.run(save, 'Saved as a sample')}
        >
          Save as sample
        </Button>
      ) : (
        <p className={styles['note']}>
          Saved as the sample “{saved}” of <a href={formatRoute({ area: 'events', id: eventType })}>{eventType}</a>.
        </p>
      )}
    </details>
  );
}

/** A sentence whose parts between backticks are code. */
function WithCode({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>));
}

const looks: Readonly<Record<CaseResult, { readonly meaning: Meaning; readonly icon: Icon }>> = {
  passed: { meaning: 'good', icon: IconCheck },
  failed: { meaning: 'bad', icon: IconX },
  advice: { meaning: 'trouble', icon: IconAlertTriangle },
  noted: { meaning: 'waiting', icon: IconInfoCircle },
  skipped: { meaning: 'waiting', icon: IconMinus },
  undecided: { meaning: 'trouble', icon: IconHelp },
};

/** Deliveries of one case that have a link. */
const mostLinks = 5;

function CaseView({ one }: { readonly one: CaseOutcome }) {
  const { title, result, message, expects, why } = one;
  const logged = caseDeliveries(one);
  const answer = wrongAnswerWords(one);
  return (
    <details className={styles['case']}>
      <summary>
        <span className={styles['result']}>
          <MeaningBadge {...looks[result]} word={result} plain />
        </span>
        <span className={styles['name']}>{title}</span>
        <span className={styles['note']}>{caseTimeText(one)}</span>
      </summary>
      <p>
        <WithCode text={message} />
      </p>
      {answer !== null && <p>It answered: {answer}</p>}
      <p className={styles['note']}>
        {correctReceiver(expects)} {why}
      </p>
      {logged.length > 0 && (
        <p className={styles['note']}>
          {logged.slice(0, mostLinks).map((delivery, index) => (
            <Fragment key={delivery.deliveryId}>
              {index > 0 && ', '}
              <a href={formatRoute({ area: 'deliveries', id: delivery.deliveryId })}>
                {logged.length === 1 ? 'Open the delivery' : `Delivery ${delivery.number} (${delivery.status ?? 'no answer'})`}
              </a>
            </Fragment>
          ))}
          {logged.length > mostLinks && ` and ${logged.length - mostLinks} more`}
        </p>
      )}
    </details>
  );
}
