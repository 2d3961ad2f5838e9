import { Button } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import { toProblem, type Problem } from '../../problem.ts';
import { formatRoute } from '../../router.ts';
import { useChanges, useClient, useNow, useSession } from '../../session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sentenceOf } from '../deliveries/sentence.ts';
import styles from './endpoint-view.module.css';

/** A sent test: the delivery it became, followed until it ends. */
export interface TestSend {
  readonly delivery: DeliveryDetail | null;
  readonly problem: Problem | null;
  readonly isBusy: boolean;
  readonly send: () => void;
}

/** Sends a sample event to an endpoint and follows what becomes of it. */
export function useTestSend(endpointId: string): TestSend {
  const client = useClient();
  const { announce } = useSession();
  const [deliveryId, setDeliveryId] = useState<string | null>(null);
  const [delivery, setDelivery] = useState<DeliveryDetail | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const read = async (id: string) => {
    try {
      setDelivery(await client.deliveries.get({ id, bodies: false }));
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const id = (await client.endpoints.test({ id: endpointId })).deliveries[0]?.id ?? null;
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
  return { delivery, problem, isBusy, send: () => void send() };
}

/** The button that sends a test event. */
export function TestButton({ test }: { readonly test: TestSend }) {
  return (
    <Button size="xs" leftSection={<IconBolt size={14} />} loading={test.isBusy} onClick={test.send}>
      Send test event
    </Button>
  );
}

/** What became of the test, in place, with the way to its delivery. */
export function TestResult({ test: { delivery, problem } }: { readonly test: TestSend }) {
  const nowMs = useNow();
  if (problem !== null) return <ErrorNotice problem={problem} />;
  if (delivery === null) return null;
  return (
    <output className={styles['result']}>
      <StatusBadge state={delivery.isInFlight ? 'sending' : delivery.status} />
      <span>{sentenceOf(delivery, nowMs)}</span>
      <a href={formatRoute({ area: 'deliveries', id: delivery.id })}>Open the delivery</a>
    </output>
  );
}
