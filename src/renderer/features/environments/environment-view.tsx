import { Button, TextInput } from '@mantine/core';
import { IconCopy, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Environment } from '#shared/contract/environments.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useCatalogue, useSession } from '../../stores/session.tsx';
import { useEdits } from '../../stores/use-edits.ts';
import { DetailForm, DetailSection } from '../../ui/detail-form.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import { useDeleted } from '../../ui/use-deleted.ts';
import { useSaving } from '../../ui/use-saving.ts';
import {
  environmentDraftOf,
  environmentWords,
  newEnvironment,
  sentRows,
  variablesOf,
  type EnvironmentDraft,
  type VariableRow,
} from './environment-draft.ts';
import { VariableRows } from './variable-rows.tsx';
import styles from './environments.module.css';

interface EnvironmentViewProps {
  /** Null for a new one. */
  readonly environment: Environment | null;
  readonly onSaved: (id: string) => void;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

/** One environment: its name and variables, and what can be done with it. */
export function EnvironmentView({ environment, onSaved, onRemoved, onClose }: EnvironmentViewProps) {
  const { client } = useSession();
  const base = useMemo(() => (environment === null ? newEnvironment : environmentDraftOf(environment)), [environment]);
  const edits = useEdits(environment === null ? 'new:environment' : `environment:${environment.id}`, base);
  const { draft, edited } = edits;
  const sent = sentRows(draft);
  const saving = useSaving<Environment>({
    fields: ['name', 'variables', ...sent.flatMap((_, index) => [`variables.${index}.name`, `variables.${index}.value`])],
    submit: () => {
      const variables = variablesOf(draft);
      const name = draft.name.trim();
      if (environment === null) return client.environments.create({ name, variables });
      const areVariables = edited.includes('variables') || edited.includes('secret');
      return client.environments.update({
        id: environment.id,
        ...(edited.includes('name') ? { name } : {}),
        ...(areVariables ? { variables } : {}),
      });
    },
    onSaved: (saved) => {
      edits.saved(environmentDraftOf(saved));
      onSaved(saved.id);
    },
  });
  const set = (change: Partial<EnvironmentDraft>) => {
    const fields = Object.keys(saving.errors).filter((field) => field.startsWith('variables'));
    saving.touch('name' in change ? ['name'] : fields);
    edits.set(change);
  };
  const numberOf = (row: VariableRow) => {
    const number = sent.findIndex(({ key }) => key === row.key);
    return number < 0 ? null : number;
  };
  return (
    <DetailForm
      title={environment?.name ?? 'New environment'}
      saving={saving}
      edits={edits}
      words={environmentWords}
      making={
        environment === null ? { name: draft.name.trim() || 'new environment', label: 'Create environment', onLeave: onClose } : undefined
      }
      onClose={onClose}
    >
      <div className={styles['head']}>
        <MarkedField name="name">
          <TextInput
            label="Name"
            placeholder="staging"
            autoFocus={environment === null}
            value={draft.name}
            error={saving.errors['name']}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </MarkedField>
      </div>
      <DetailSection title="Variables">
        <MarkedField name="variables">
          <VariableRows draft={draft} errors={saving.errors} numberOf={numberOf} onChange={set} />
        </MarkedField>
        <p className={styles['note']}>
          An endpoint names them in its URL, its headers and its template: <code>{'{{ vars.baseUrl }}'}</code>. Secret ones are encrypted
          and not shown again; bodies cannot have them, since the log keeps bodies.
        </p>
      </DetailSection>
      {environment !== null && <Actions environment={environment} onMade={onSaved} onRemoved={onRemoved} />}
    </DetailForm>
  );
}

interface ActionsProps {
  readonly environment: Environment;
  readonly onMade: (id: string) => void;
  readonly onRemoved: () => void;
}

/** Using, duplicating and deleting an environment. */
function Actions({ environment, onMade, onRemoved }: ActionsProps) {
  const { id, name, isActive } = environment;
  const { client, engine, announce, drafts } = useSession();
  const { environments } = useCatalogue();
  const tellDeleted = useDeleted();
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = (work: () => Promise<unknown>) =>
    void work().then(
      () => setProblem(null),
      (error: unknown) => setProblem(toProblem(error)),
    );
  const use = async () => {
    const refused = await engine.update({ activeEnvironmentId: isActive ? null : id });
    setProblem(refused);
    if (refused === null) announce(isActive ? 'No environment is active' : `${name} is active`);
  };
  const duplicate = async () => {
    const copy = await client.environments.create({ name: copyName(name, environments), copyOf: id });
    announce(`${copy.name} created`);
    onMade(copy.id);
  };
  const remove = async () => {
    await client.environments.remove({ id });
    drafts.drop(`environment:${id}`);
    tellDeleted(`${name} deleted`, async () => {
      await client.environments.restore({ id });
      return { sentence: `${name} restored.`, route: { area: 'settings', id: 'environments', query: { environment: id } }, itemId: null };
    });
    onRemoved();
  };
  return (
    <section aria-label="Actions">
      {problem !== null && <ErrorNotice problem={problem} />}
      <div className={styles['buttons']}>
        <Button
          size="xs"
          variant="default"
          leftSection={isActive ? <IconPlayerStop size={14} /> : <IconPlayerPlay size={14} />}
          onClick={() => void use()}
        >
          {isActive ? 'Stop using it' : 'Use it'}
        </Button>
        <Button size="xs" variant="default" leftSection={<IconCopy size={14} />} onClick={() => act(duplicate)}>
          Duplicate
        </Button>
        <Button size="xs" variant="default" c="var(--hy-bad-text)" leftSection={<IconTrash size={14} />} onClick={() => act(remove)}>
          Delete environment
        </Button>
      </div>
      <p className={styles['note']}>
        {isActive
          ? 'New messages take their variables from it. Those accepted before keep theirs.'
          : 'New messages take their variables from another environment, or from none.'}
      </p>
    </section>
  );
}

/** A name for a copy that no other has. */
function copyName(name: string, others: readonly Pick<Environment, 'name'>[]): string {
  const taken = new Set(others.map((other) => other.name.toLowerCase()));
  const nameOf = (number: number) => `${name.slice(0, 80)} copy${number === 1 ? '' : ` ${number}`}`;
  let number = 1;
  while (taken.has(nameOf(number).toLowerCase())) number += 1;
  return nameOf(number);
}
