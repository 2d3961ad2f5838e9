import { Anchor, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconChevronDown, IconChevronRight, IconPlayerPause } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import type { Endpoint, EndpointHealth } from '#shared/contract/endpoints.ts';
import type { Circuit, HealthEvent } from '#shared/contract/health.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { whatIfAddress } from '../../base/what-if-address.ts';
import { useChanges, useClient } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './health-panel.module.css';

const sinceWords: Readonly<Record<Exclude<EndpointHealth, 'pending'>, string>> = {
  healthy: 'Healthy',
  unsteady: 'Unsteady',
  failing: 'Failing',
  disabled: 'Disabled',
};

/** Why an endpoint has its health, what is about to disable it, the state of its circuit, and its history. */
export function HealthPanel({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <section className={styles['panel']} aria-label="Health">
      <p className={styles['line']}>
        {endpoint.healthMessage}
        {endpoint.healthSinceMs !== null && endpoint.health !== 'pending' && (
          <>
            {' '}
            {sinceWords[endpoint.health]} since <TimeText atMs={endpoint.healthSinceMs} as="clock" />.
          </>
        )}{' '}
        {endpoint.circuit !== null && endpoint.isActive && <CircuitText circuit={endpoint.circuit} />}{' '}
        {endpoint.rateLimitedUntilMs !== null && (
          <>
            The rate limit allows the next attempt <TimeText atMs={endpoint.rateLimitedUntilMs} as="until" />.
          </>
        )}
      </p>
      {endpoint.disabledReason !== null && endpoint.disabledReason !== 'byHand' && (
        <p className={styles['banner']} data-meaning="bad">
          <IconPlayerPause size={16} aria-hidden />
          <span>
            This endpoint was disabled automatically. Its pending deliveries wait, and new events are not sent to it. Repair the receiver,
            then set the endpoint to active.
          </span>
        </p>
      )}
      {endpoint.disablesSoon.map(({ reason, message, atMs }) => (
        <p key={reason} className={styles['banner']} data-meaning="trouble">
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            {message}
            {atMs !== null && (
              <>
                {' '}
                That is <TimeText atMs={atMs} as="until" />.
              </>
            )}
          </span>
        </p>
      ))}
      {endpoint.recent.failed > 0 && (
        <p className={styles['line']}>
          <Anchor href={whatIfAddress({ kind: 'endpoint', id: endpoint.id }, endpoint.id)} size="sm">
            What would Stripe, Shopify, GitHub and Svix have done?
          </Anchor>
        </p>
      )}
      <History endpointId={endpoint.id} />
    </section>
  );
}

function CircuitText({ circuit }: { readonly circuit: Circuit }) {
  switch (circuit.state) {
    case 'closed':
      return <>The circuit is closed.</>;
    case 'halfOpen':
      return <strong>The circuit is half open: the next attempt is a probe.</strong>;
    case 'open':
      return (
        <>
          <strong>The circuit is open:</strong> nothing is sent; the next probe may go out{' '}
          {circuit.probeAtMs !== null && <TimeText atMs={circuit.probeAtMs} as="until" />}.
        </>
      );
  }
}

function History({ endpointId }: { readonly endpointId: string }) {
  const client = useClient();
  const [isOpen, setOpen] = useState(false);
  const [items, setItems] = useState<readonly HealthEvent[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = useCallback(async () => {
    try {
      setItems((await client.endpoints.history({ id: endpointId })).items);
      setProblem(null);
    } catch (error) {
      setProblem(toProblem(error));
    }
  }, [client, endpointId]);
  useEffect(() => void load(), [load]);
  useChanges(['endpoint-health'], (ids) => void ((ids === null || ids.includes(endpointId)) && load()));
  if (items.length === 0) return <ErrorNotice problem={problem} />;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton className={styles['toggle'] ?? ''} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Chevron size={14} aria-hidden /> Health history
      </UnstyledButton>
      {isOpen && (
        <ol className={styles['history']}>
          {items.map((event) => (
            <li key={`${event.atMs} ${event.kind} ${event.message}`}>
              <TimeText atMs={event.atMs} /> <span>{event.message}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
