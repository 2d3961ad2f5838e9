import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { formatRoute } from '../base/router.ts';
import { countText } from '../base/size-format.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { DetailSection } from './detail-form.tsx';
import { TlsMarkOf } from './tls-mark.tsx';
import styles from './used-by.module.css';

interface UsedByProps {
  readonly users: readonly { readonly id: string; readonly name: string }[];
  /** Where an endpoint chooses it, while none does. */
  readonly where: string;
  /** When a change applies to them. */
  readonly note: string;
}

/** The endpoints that share something. */
export function UsedBy({ users, where, note }: UsedByProps) {
  return (
    <DetailSection title="Used by">
      {users.length === 0 ? (
        <p className={styles['note']}>No endpoint uses it. Choose it under {where} of an endpoint.</p>
      ) : (
        <>
          <ul className={styles['users']}>
            {users.map(({ id, name }) => (
              <li key={id}>
                <a href={formatRoute({ area: 'endpoints', id })}>{name}</a>
                <TlsMarkOf endpointId={id} />
              </li>
            ))}
          </ul>
          <p className={styles['note']}>{note}</p>
        </>
      )}
    </DetailSection>
  );
}

interface RemoveSharedProps {
  readonly name: string;
  readonly users: number;
  /** What endpoints need another of: `retry policy`. */
  readonly noun: string;
  /** `Delete policy`. */
  readonly label: string;
  /** What follows where no endpoint uses it. */
  readonly unused: string;
  readonly onRemove: () => Promise<void>;
}

/** Deletes something that endpoints may share, after saying what that means. */
export function RemoveShared({ name, users, noun, label, unused, onRemove }: RemoveSharedProps) {
  const [isAsking, setAsking] = useState(false);
  return (
    <section aria-label="Danger">
      <Button size="xs" variant="default" c="var(--hy-bad-text)" leftSection={<IconTrash size={14} />} onClick={() => setAsking(true)}>
        {label}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${name}?`}
        consequence={
          users === 0 ? unused : `${countText(users, 'endpoint uses it and needs', 'endpoints use it and need')} another ${noun} first.`
        }
        actionLabel={label}
        onConfirm={onRemove}
      />
    </section>
  );
}
