import { Button } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { Warning } from '#shared/contract/common.ts';
import type { MessageAnswer } from '#shared/contract/message-answer.ts';
import { toProblem, type Problem, unreadable } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import { useChanges, useClient, useNow, useSession } from '../../stores/session.tsx';
import { BodyView } from '../../ui/body-view.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sentenceOf } from '../deliveries/sentence.ts';
import type { Read } from './read-draft.ts';
import styles from './endpoint-view.module.css';

/** A sent test: the delivery it became, followed until it ends. */
export interface TestSend {
  readonly delivery: DeliveryDetail | null;
  readonly warnings: readonly Warning[];
  readonly problem: Problem | null;
  readonly isBusy: boolean;
  readonly send: () => void;
}

/** Sends a sample event with what was read from a draft, and follows its delivery. */
export function useTestSend<Value>(draft: Read<Value>, test: (value: Value) => Promise<MessageAnswer>): TestSend {
  const client = useClient();
  const { announce } = useSession();
  const [deliveryId, setDeliveryId] = useState<string | null>(null);
  const [delivery, setDelivery] = useState<DeliveryDetail | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  const [isBusy, setBusy] = useState(false);
  const read = async (id: string) => {
    try {
      setDelivery(await client.deliveries.get({ id }));
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  const send = async () => {
    if ('issues' in draft) return setProblem(unreadable(draft.issues));
    setBusy(true);
    setProblem(null);
    try {
      const { deliveries, warnings: remarks } = await test(draft.value);
      const id = deliveries[0]?.id ?? null;
      setWarnings(remarks);
      setDeliveryId(id);
      if (id !== null) await read(id);
      announce('Test event sent');
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  useChanges(['deliveries'], (ids) => {
    if (deliveryId !== null && (ids === null || ids.includes(deliveryId))) void read(deliveryId);
  });
  return { delivery, warnings, problem, isBusy, send: () => void send() };
}

/** The button that sends a test event. */
export function TestButton({ test, variant = 'filled' }: { readonly test: TestSend; readonly variant?: 'filled' | 'default' }) {
  return (
    <Button size="xs" variant={variant} leftSection={<IconBolt size={14} />} loading={test.isBusy} onClick={test.send}>
      Send test event
    </Button>
  );
}

/** The result of the test, in place, with a link to its delivery. */
export function TestResult({ test: { delivery, warnings, problem } }: { readonly test: TestSend }) {
  const nowMs = useNow();
  if (problem !== null) return <ErrorNotice problem={problem} rest={problem.issues} />;
  if (delivery === null) return null;
  const response = delivery.attempts.at(-1)?.response ?? null;
  return (
    <section className={styles['test']} aria-label="Result of the test">
      <output className={styles['result']}>
        <StatusBadge state={delivery.isInFlight ? 'sending' : delivery.status} />
        <span>{sentenceOf(delivery, nowMs)}</span>
        <a href={formatRoute({ area: 'deliveries', id: delivery.id })}>Open the delivery</a>
      </output>
      {warnings.map(({ code, message }) => (
        <p key={code} className={styles['hint']}>
          {message}
        </p>
      ))}
      {response !== null && response.bodyBase64 !== null && response.bodyBytes > 0 && (
        <BodyView label="Answer" body={response.bodyBase64} bodyBytes={response.bodyBytes} />
      )}
    </section>
  );
}
