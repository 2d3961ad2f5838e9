import { IconCheck, IconClock, IconMinus, IconPlayerStop, IconQuestionMark, IconX, type Icon } from '@tabler/icons-react';
import type { RunSummary } from '#shared/contract/runs.ts';
import { durationText, spanText } from '#shared/duration-text.ts';
import { unsaidAnswer, unsaidMisses, waitingText, type JudgedEvent } from '#shared/run-words.ts';
import { formatRoute } from '../../base/router.ts';
import { bytesText } from '../../base/size-format.ts';
import { useNow } from '../../stores/session.tsx';
import { MeaningBadge } from '../../ui/status-badge.tsx';
import type { FollowedRun, Waiting } from './followed-run.ts';
import styles from './run-steps.module.css';

interface RunStepsProps {
  readonly outline: RunSummary['outline'];
  /** Null before it was run. */
  readonly run: FollowedRun | null;
}

/** The steps of a run in order, each with what it expects until it is decided, and then with what came out and when. */
export function RunSteps({ outline, run }: RunStepsProps) {
  const judged = run?.judged ?? [];
  const steps = new Map(judged.flatMap((event) => (event.kind === 'step' ? [[event.number, event] as const] : [])));
  const wholes = judged.filter(({ kind }) => kind === 'whole');
  const waiting = run?.waiting ?? null;
  const lastedMs = Math.max(0, ...[...steps.values()].map(({ sentAfterMs, tookMs }) => sentAfterMs + tookMs));
  return (
    <ol className={styles['steps']} aria-label="Steps" tabIndex={0}>
      {outline.map((step, index) => {
        const event = steps.get(index + 1);
        const isWaiting = waiting !== null && waiting.event.for !== 'captures' && waiting.event.number === index + 1;
        return (
          <li key={index}>
            {event === undefined ? (
              <OpenStep
                number={index + 1}
                step={step}
                waiting={isWaiting ? waiting : null}
                left={run === null ? null : leftAs(run, index + 1)}
              />
            ) : (
              <JudgedStep event={event} to={step.to} lastedMs={lastedMs} />
            )}
          </li>
        );
      })}
      {wholes.map((event) => (
        <li key={`whole ${event.number}`}>
          <JudgedStep event={event} to={null} lastedMs={lastedMs} />
        </li>
      ))}
      {waiting?.event.for === 'captures' && (
        <li>
          <div className={styles['row']}>
            <span />
            <MeaningBadge meaning="waiting" icon={IconClock} word="waiting" plain />
            <span className={styles['title']}>{waiting.event.title}</span>
            <WaitingWords waiting={waiting} />
          </div>
        </li>
      )}
    </ol>
  );
}

interface OpenStepProps {
  readonly number: number;
  readonly step: RunSummary['outline'][number];
  /** What it waits for; null while it does not. */
  readonly waiting: Waiting | null;
  /** What became of it in a run that was over before it was decided; null where it was not run yet. */
  readonly left: Left | null;
}

interface Left {
  readonly word: string;
  readonly icon: Icon;
}

/** What is known of a step that a run did not decide. */
function leftAs({ status, started, cutAt }: FollowedRun, number: number): Left | null {
  if (status === 'running') return null;
  // It goes on at the other end until that knows that nobody listens.
  if (status === 'broken' && started !== null) return { word: 'not known', icon: IconQuestionMark };
  return number === cutAt ? { word: 'stopped', icon: IconPlayerStop } : { word: 'not run', icon: IconMinus };
}

function OpenStep({ number, step: { title, to, afterMs, expects }, waiting, left }: OpenStepProps) {
  return (
    <div className={styles['row']}>
      <span className={styles['number']}>{number}</span>
      {waiting !== null ? (
        <MeaningBadge meaning="waiting" icon={IconClock} word="waiting" plain />
      ) : left !== null ? (
        <MeaningBadge meaning="waiting" {...left} plain />
      ) : (
        <span className={styles['gap']}>{afterMs === 0 ? '' : `+${spanText(afterMs)}`}</span>
      )}
      <StepTitle title={title} to={to} />
      {waiting === null ? <span className={styles['words']}>expects {expects.join(', ')}</span> : <WaitingWords waiting={waiting} />}
    </div>
  );
}

/** What a step is called, and its own target where it has one. */
function StepTitle({ title, to }: { readonly title: string; readonly to: string | null }) {
  return (
    <span className={styles['title']}>
      {title}
      {to !== null && <span className={styles['target']}>to {to}</span>}
    </span>
  );
}

function WaitingWords({ waiting: { event, sinceMs } }: { readonly waiting: Waiting }) {
  const nowMs = useNow();
  return <span className={styles['words']}>{waitingText(event, Math.max(0, nowMs - sinceMs))}</span>;
}

function JudgedStep({ event, to, lastedMs }: { readonly event: JudgedEvent; readonly to: string | null; readonly lastedMs: number }) {
  const { isMet, title, message, tookMs } = event;
  const number = event.kind === 'step' ? event.number : '';
  return (
    <details className={styles['judged']} open={!isMet}>
      <summary className={styles['row']}>
        <span className={styles['number']}>{number}</span>
        {isMet ? (
          <MeaningBadge meaning="good" icon={IconCheck} word="met" plain />
        ) : (
          <MeaningBadge meaning="bad" icon={IconX} word="not met" plain />
        )}
        <StepTitle title={title} to={to} />
        <span className={styles['words']}>{isMet ? message : ''}</span>
        <span className={styles['track']} aria-hidden>
          {event.kind === 'step' && lastedMs > 0 && (
            <span
              className={styles['bar']}
              data-meaning={isMet ? 'good' : 'bad'}
              style={{ left: `${(event.sentAfterMs / lastedMs) * 100}%`, width: `${(tookMs / lastedMs) * 100}%` }}
            />
          )}
        </span>
        <span className={styles['time']}>{durationText(tookMs)}</span>
      </summary>
      <StepDetail event={event} />
    </details>
  );
}

function StepDetail({ event }: { readonly event: JudgedEvent }) {
  const { isMet, message } = event;
  const lines = unsaidMisses(event);
  return (
    <div className={styles['detail']}>
      {!isMet && <p className={styles['missed']}>{message}</p>}
      {lines.length > 0 && <pre className={styles['lines']}>{lines.join('\n')}</pre>}
      {event.kind === 'step' && <Answer event={event} />}
      {event.kind === 'step' && event.deliveryId !== null && (
        <p>
          <a href={formatRoute({ area: 'deliveries', id: event.deliveryId })}>Open the delivery</a>
          {event.attempts > 1 && <span className={styles['muted']}>, which made {event.attempts} attempts</span>}
        </p>
      )}
    </div>
  );
}

function Answer({ event }: { readonly event: Extract<JudgedEvent, { readonly kind: 'step' }> }) {
  const answer = unsaidAnswer(event);
  if (answer === null) return null;
  const { text, bytes } = answer;
  if (text === null) return <p className={styles['muted']}>Its answer: {bytesText(bytes)} that are no text.</p>;
  if (text === '') return <p className={styles['muted']}>Its answer has no body.</p>;
  return (
    <>
      <p className={styles['muted']}>Its answer{text.endsWith('\u2026') ? `, the beginning of ${bytesText(bytes)}` : ''}:</p>
      <pre className={styles['lines']} tabIndex={0} aria-label="Answer">
        {text}
      </pre>
    </>
  );
}
