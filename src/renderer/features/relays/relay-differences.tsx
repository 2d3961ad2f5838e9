import { Anchor, Button, Modal } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { AnswerDifference, Relay } from '#shared/contract/relays.ts';
import type { RelayTarget } from '#shared/contract/relay-targets.ts';
import { durationText } from '#shared/duration-text.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import { useSession } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './differences.module.css';

interface DifferencesProps {
  readonly relay: Relay;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

interface Shown {
  readonly items: readonly AnswerDifference[];
  readonly next: string | null;
  readonly message: string;
}

/** What the shadow of a relay answered otherwise than the target beside it, newest first. */
export function RelayDifferences({ relay, isOpen, onClose }: DifferencesProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Differences of ${relay.name}`} size={880} closeButtonProps={{ 'aria-label': 'Close' }}>
      <DifferenceList relay={relay} />
    </Modal>
  );
}

function DifferenceList({ relay }: Pick<DifferencesProps, 'relay'>) {
  const { client } = useSession();
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setLoading] = useState(true);
  const { id } = relay;
  const load = useCallback(
    async (cursor: string | null) => {
      setLoading(true);
      try {
        const page = await client.relays.differences({ id, ...(cursor === null ? {} : { cursor }) });
        setShown((before) => ({ ...page, items: [...(cursor === null ? [] : (before?.items ?? [])), ...page.items] }));
        setProblem(null);
      } catch (error) {
        setProblem(toProblem(error));
      } finally {
        setLoading(false);
      }
    },
    [client, id],
  );
  // One look when it is opened: the list does not move while it is read.
  useEffect(() => void load(null), [load]);
  const before = relay.targets[relay.shadow?.of ?? -1];
  const after = relay.targets[relay.shadow?.target ?? -1];
  return (
    <div className={styles['list']}>
      <ProgressBar isActive={isLoading} />
      {problem !== null && <ErrorNotice problem={problem} onRetry={() => void load(null)} />}
      {shown !== null && (
        <p>
          {shown.message} {calledOf(after)} is compared with {calledOf(before)}, by their last attempts.
        </p>
      )}
      {shown?.items.map((item) => (
        <Difference key={item.captureId} item={item} labels={{ before: calledOf(before), after: calledOf(after) }} />
      ))}
      <div className={styles['actions']}>
        {shown?.next != null && (
          <Button size="xs" variant="default" loading={isLoading} onClick={() => void load(shown.next)}>
            Look further back
          </Button>
        )}
        <Button size="xs" variant="default" disabled={isLoading} onClick={() => void load(null)}>
          Look again
        </Button>
      </div>
    </div>
  );
}

interface DifferenceProps {
  readonly item: AnswerDifference;
  readonly labels: { readonly before: string; readonly after: string };
}

function Difference({ item, labels }: DifferenceProps) {
  const { captureId, atMs, method, path, summary, before, after, headers, body } = item;
  const values = [
    ...headers.map((change) => ({ what: change.name, before: change.before, after: change.after })),
    ...(body?.changes ?? []).map((change) => ({ what: change.path, before: change.before, after: change.after })),
  ];
  return (
    <article className={styles['item']} aria-label={`${method} ${path}`}>
      <header>
        <code className="truncate" title={path}>
          {method} {path}
        </code>
        <Anchor fz={13} underline="always" href={formatRoute({ area: 'captures', id: captureId })}>
          Capture
        </Anchor>
        <TimeText atMs={atMs} as="age" />
      </header>
      <p>{summary}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">Answer</th>
            <th scope="col">{labels.before}</th>
            <th scope="col">{labels.after}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">status and time</th>
            <td>{answerText(before)}</td>
            <td>{answerText(after)}</td>
          </tr>
          {values.map((value, index) => (
            <tr key={index}>
              <th scope="row">{value.what}</th>
              <td>{value.before ?? 'not there'}</td>
              <td>{value.after ?? 'not there'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

function answerText({ status, outcomeCode, durationMs }: AnswerDifference['before']): string {
  return `${status ?? `no answer (${outcomeCode})`}${durationMs === null ? '' : `, ${durationText(durationMs)}`}`;
}

function calledOf(target: RelayTarget | undefined): string {
  if (target === undefined) return '';
  return target.name === '' ? target.url : target.name;
}
