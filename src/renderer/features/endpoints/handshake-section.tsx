import { Button, Select, TextInput } from '@mantine/core';
import { IconCheck, IconHeartHandshake, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { HandshakeInfo, HandshakeResult } from '#shared/contract/handshakes.ts';
import type { Client } from '../../base/client.ts';
import { formatRoute } from '../../base/router.ts';
import { useClient } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { useRead } from '../../stores/use-read.ts';
import { BodyView } from '../../ui/body-view.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { HeadersTable } from '../../ui/headers-table.tsx';
import { FormSection } from './form-section.tsx';
import styles from './handshake-section.module.css';

/** Performs what systems ask an address before they send there, and shows the answer with what is wrong about it. */
interface HandshakeSectionProps {
  readonly endpoint: Pick<Endpoint, 'id'>;
  /** What the system asks is read, and there is something to be seen. */
  readonly onShown: () => void;
}

export function HandshakeSection({ endpoint: { id }, onShown }: HandshakeSectionProps) {
  const client = useClient();
  const act = useAct();
  const read = useCallback(async ({ handshakes }: Client) => (await handshakes.list({ id })).items, [id]);
  const items = useRead(read) ?? [];
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [verifyToken, setVerifyToken] = useState('hookyard');
  const [result, setResult] = useState<HandshakeResult | null>(null);
  const underWay = useRef<AbortController>(null);
  const chosen = items.find((item) => item.id === chosenId) ?? items[0];
  const isShown = chosen !== undefined;
  useEffect(() => {
    if (isShown) onShown();
  }, [isShown, onShown]);
  const perform = async ({ id: handshake }: HandshakeInfo) => {
    const controller = (underWay.current = new AbortController());
    setResult(null);
    await act.run(
      async () => {
        const performed = await client.handshakes.perform({ id, handshake, verifyToken }, { signal: controller.signal });
        setResult(performed);
        return performed;
      },
      ({ isPassed }) => (isPassed ? 'Handshake passed' : 'Handshake failed'),
    );
  };
  if (chosen === undefined) return null;
  return (
    <FormSection
      title="Handshake"
      note="Some systems ask an address for a certain answer before they send there. This asks the receiver the same, as the endpoint was last saved."
    >
      <Select
        label="Handshake"
        description={chosen.summary}
        inputWrapperOrder={['label', 'input', 'description']}
        allowDeselect={false}
        data={groupsOf(items)}
        value={chosen.id}
        onChange={(next) => {
          setChosenId(next);
          setResult(null);
          act.clear();
        }}
      />
      {chosen.usesVerifyToken && (
        <TextInput
          label="Verify token"
          description="What you gave to the system and to the receiver"
          classNames={{ input: 'mono' }}
          spellCheck={false}
          value={verifyToken}
          onChange={(event) => setVerifyToken(event.currentTarget.value)}
        />
      )}
      <div className={styles['actions']}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconHeartHandshake size={14} />}
          loading={act.isBusy}
          onClick={() => void perform(chosen)}
        >
          Perform handshake
        </Button>
        {act.isBusy && (
          <Button size="xs" variant="default" onClick={() => underWay.current?.abort()}>
            Stop waiting
          </Button>
        )}
      </div>
      {(act.problem !== null || result !== null) && (
        <div className={styles['result']}>
          {act.problem !== null && <ErrorNotice problem={act.problem} rest={act.problem.issues} />}
          {result !== null && <Result result={result} />}
        </div>
      )}
    </FormSection>
  );
}

function Result({ result: { isPassed, title, message, checks, deliveryId, attempt } }: { readonly result: HandshakeResult }) {
  const { request, response } = attempt;
  return (
    <section className={styles['shown']} aria-label="Result of the handshake">
      <output className={styles['verdict']} data-passed={isPassed}>
        {isPassed ? <IconCheck size={16} aria-hidden /> : <IconX size={16} aria-hidden />}
        <span>
          <b>{isPassed ? 'Passed' : 'Failed'}</b> {isPassed ? `${title}.` : message}
        </span>
        <a href={formatRoute({ area: 'deliveries', id: deliveryId })}>Open the delivery</a>
      </output>
      <ul className={styles['checks']}>
        {checks.map((check) => (
          <li key={check.about + check.message} data-met={check.isMet}>
            {check.isMet ? <IconCheck size={14} aria-label="right" /> : <IconX size={14} aria-label="wrong" />}
            {check.message}
          </li>
        ))}
      </ul>
      {request !== null && (
        <details className={styles['part']}>
          <summary>
            Request <code>{`${request.method} ${request.url}`}</code>
          </summary>
          <HeadersTable headers={request.headers} />
          {request.bodyBase64 !== null && request.bodyBytes > 0 && (
            <BodyView label="Request body" body={request.bodyBase64} bodyBytes={request.bodyBytes} />
          )}
        </details>
      )}
      {response !== null && (
        <details className={styles['part']} open={!isPassed}>
          <summary>
            Answer <code>{`${response.status} ${response.reason}`}</code>
          </summary>
          <HeadersTable headers={response.headers} />
          {response.bodyBase64 !== null && response.bodyBytes > 0 && (
            <BodyView label="Answer" body={response.bodyBase64} bodyBytes={response.bodyBytes} />
          )}
        </details>
      )}
    </section>
  );
}

function groupsOf(items: readonly HandshakeInfo[]) {
  const optionOf = ({ id, title }: HandshakeInfo) => ({ value: id, label: title });
  const own = items.filter(({ isOfProfile }) => isOfProfile).map(optionOf);
  const others = items.filter(({ isOfProfile }) => !isOfProfile).map(optionOf);
  return [...(own.length === 0 ? [] : [{ group: 'Of the profile', items: own }]), { group: 'Of other systems', items: others }];
}
