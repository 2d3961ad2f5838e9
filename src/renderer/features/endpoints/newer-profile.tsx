import { Button, Modal, SegmentedControl } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Endpoint, EndpointPatch, ProfileChange } from '#shared/contract/endpoints.ts';
import { listText } from '../../base/form-words.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { countText } from '../../base/size-format.ts';
import { useClient, useSession } from '../../stores/session.tsx';
import { useAct } from '../../stores/use-act.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { contractLabel, useEndpointWords } from './endpoint-words.ts';
import styles from './newer-profile.module.css';

interface NewerProfileProps {
  readonly endpoint: Endpoint;
  readonly onSettled: (endpoint: Endpoint) => void;
}

/** Says that the profile of an endpoint has changed since the endpoint was filled from it, and shows what that would change. */
export function NewerProfile({ endpoint, onSettled }: NewerProfileProps) {
  const words = useEndpointWords();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const fields = endpoint.changedInProfile;
  if (fields.length === 0) return null;
  return (
    <>
      {` The profile is newer in ${listText(fields.map((field) => contractLabel(words, field)))}. `}
      <Button size="compact-xs" variant="default" leftSection={<IconSparkles size={12} />} onClick={() => setOpen(true)}>
        See what is new
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={`What the newer profile would change in ${endpoint.name}`}
        size="min(860px, 94vw)"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Changes key={fields.join()} endpoint={endpoint} onSettled={onSettled} onClose={close} />
      </Modal>
    </>
  );
}

type Choice = 'take' | 'keep';

function Changes({ endpoint, onSettled, onClose }: NewerProfileProps & { readonly onClose: () => void }) {
  const client = useClient();
  const { undo } = useSession();
  const act = useAct();
  const words = useEndpointWords();
  const [items, setItems] = useState<readonly ProfileChange[] | null>(null);
  const [chosen, setChosen] = useState<Readonly<Record<string, Choice>>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let isLeft = false;
    client.endpoints.profileChanges({ id: endpoint.id }).then(
      (found) => !isLeft && setItems(found.items),
      (error: unknown) => !isLeft && setProblem(toProblem(error)),
    );
    return () => {
      isLeft = true;
    };
  }, [client, endpoint.id]);
  if (items === null) return problem === null ? <ProgressBar isActive /> : <ErrorNotice problem={problem} />;
  const choiceOf = (item: ProfileChange): Choice => chosen[item.field] ?? (isUntouched(item) ? 'take' : 'keep');
  const taken = items.filter((item) => choiceOf(item) === 'take');
  const fieldsOf = (choice: Choice) => items.filter((item) => choiceOf(item) === choice).map(({ field }) => field);
  const settle = async () => {
    const { warnings: _, ...saved } = await client.endpoints.settleProfileChanges({
      id: endpoint.id,
      take: fieldsOf('take'),
      keep: fieldsOf('keep'),
      ifUpdatedAtMs: endpoint.updatedAtMs,
    });
    onSettled(saved);
  };
  const takeBack = async () => {
    const own = Object.fromEntries(taken.map((item) => [item.field, item.own])) as EndpointPatch;
    await client.endpoints.update({ id: endpoint.id, ...own });
    const sentence = `${endpoint.name} is as it was before.`;
    return { sentence, route: { area: 'endpoints', id: endpoint.id }, itemId: null } as const;
  };
  const apply = async () => {
    const isAnythingTaken = taken.length > 0;
    if (!(await act.run(settle, isAnythingTaken ? undefined : `${endpoint.name} stays as it is`))) return;
    if (isAnythingTaken)
      undo.offer({ sentence: `${endpoint.name} took ${countText(taken.length, 'field', 'fields')} of its profile.`, undo: takeBack });
    onClose();
  };
  return (
    <div className={styles['changes']}>
      <p className={styles['note']}>
        Nothing changes until you apply it. What you keep is not offered again until the profile changes once more.
      </p>
      <div className={styles['fields']}>
        {items.map((item) => (
          <section key={item.field} aria-label={contractLabel(words, item.field)}>
            <header>
              <h3>{contractLabel(words, item.field)}</h3>
              <SegmentedControl
                size="xs"
                aria-label={`${contractLabel(words, item.field)}: what to do`}
                data={[
                  { value: 'keep', label: 'Keep mine' },
                  { value: 'take', label: 'Take the new one' },
                ]}
                value={choiceOf(item)}
                onChange={(value) => setChosen({ ...chosen, [item.field]: value === 'take' ? 'take' : 'keep' })}
              />
            </header>
            <div className={styles['values']}>
              <Value label={isUntouched(item) ? 'Yours, from the profile as it was' : 'Yours'} value={item.own} />
              <Value label="The profile now" value={item.now} />
              {!isUntouched(item) && <Value label="The profile as it was" value={item.was} />}
            </div>
          </section>
        ))}
      </div>
      <ErrorNotice problem={act.problem} />
      <div className={styles['actions']}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={act.isBusy} onClick={() => void apply()}>
          {taken.length === 0 ? 'Keep all of mine' : `Take ${countText(taken.length, 'field', 'fields')}`}
        </Button>
      </div>
    </div>
  );
}

function Value({ label, value }: { readonly label: string; readonly value: unknown }) {
  return (
    <figure>
      <figcaption>{label}</figcaption>
      <pre tabIndex={0}>{valueText(value)}</pre>
    </figure>
  );
}

/** Whether the endpoint has what the profile said before. */
function isUntouched({ was, own }: ProfileChange): boolean {
  return JSON.stringify(was) === JSON.stringify(own);
}

function valueText(value: unknown): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
