import { Textarea, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Auth, AuthWithSecret } from '#shared/contract/auths.ts';
import type { Warning } from '#shared/contract/common.ts';
import { exactText } from '../../base/time-format.ts';
import { useSession, useSettings } from '../../stores/session.tsx';
import { useEdits } from '../../stores/use-edits.ts';
import { DetailForm, DetailSection } from '../../ui/detail-form.tsx';
import { MarkedField } from '../../ui/field-marks.tsx';
import type { SecretToShow } from '../../stores/secret-store.ts';
import { RemoveShared, UsedBy } from '../../ui/used-by.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { AuthCheck } from './auth-check.tsx';
import { authDraftOf, authWords, newAuth, partsOf, type AuthDraft } from './auth-draft.ts';
import { PartList } from './part-list.tsx';
import type { RotatedSecret } from './rotate-part.tsx';
import styles from './auths.module.css';

interface AuthViewProps {
  /** Null for a new one. */
  readonly auth: Auth | null;
  /** A secret that was made, which is shown once. */
  readonly onSecret: (shown: RotatedSecret) => void;
  readonly onSaved: (id: string) => void;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

/** One authentication: its parts, who uses it, a check, and removing it. */
export function AuthView({ auth, onSecret, onSaved, onRemoved, onClose }: AuthViewProps) {
  const { client, announce, drafts } = useSession();
  const base = useMemo(() => (auth === null ? newAuth : authDraftOf(auth)), [auth]);
  const edits = useEdits(auth === null ? 'new:auth' : `auth:${auth.id}`, base);
  const { draft, edited } = edits;
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  const saving = useSaving<AuthWithSecret>({
    fields: fieldsOf(draft),
    submit: () => {
      const { name, description } = draft;
      const parts = partsOf(draft);
      if (auth === null) return client.auths.create({ name: name.trim(), description, parts });
      const areParts = edited.includes('parts') || edited.includes('secret');
      return client.auths.update({
        id: auth.id,
        ...(edited.includes('name') ? { name: name.trim() } : {}),
        ...(edited.includes('description') ? { description } : {}),
        ...(areParts ? { parts } : {}),
      });
    },
    onSaved: ({ secret, publicKey, warnings: told, ...saved }) => {
      setWarnings(told);
      const isTyped = draft.parts.some(({ kind, key }) => kind === 'signature' && (draft.secret[key]?.value ?? '') !== '');
      edits.saved(authDraftOf(saved));
      onSaved(saved.id);
      if (secret !== null && !isTyped) onSecret({ secret, publicKey, previousExpiresAtMs: null });
    },
  });
  const set = (change: Partial<AuthDraft>) => {
    saving.touch(Object.keys(change).map((field) => (field === 'secret' ? 'parts' : field)));
    edits.set(change);
  };
  const remove = async ({ id, name }: Auth) => {
    await client.auths.remove({ id });
    announce(`${name} deleted`);
    drafts.drop(`auth:${id}`);
    onRemoved();
  };
  return (
    <DetailForm
      title={auth?.name ?? 'New authentication'}
      saving={saving}
      edits={edits}
      words={authWords}
      making={
        auth === null ? { name: draft.name.trim() || 'new authentication', label: 'Create authentication', onLeave: onClose } : undefined
      }
      onClose={onClose}
    >
      {warnings.map(({ code, message }) => (
        <output key={code + message} className={styles['warning']}>
          {message}
        </output>
      ))}
      <div className={styles['grid']}>
        <MarkedField name="name" className={styles['wide']}>
          <TextInput
            label="Name"
            placeholder="Partner API"
            autoFocus={auth === null}
            value={draft.name}
            error={saving.errors['name']}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </MarkedField>
        <MarkedField name="description" className={styles['wide']}>
          <Textarea
            label="Description"
            autosize
            minRows={1}
            maxRows={5}
            placeholder="Whose receivers it is for"
            value={draft.description}
            error={saving.errors['description']}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
        </MarkedField>
      </div>
      <DetailSection title="Parts">
        <MarkedField name="parts">
          <PartList auth={auth} draft={draft} errors={saving.errors} onChange={set} onRotated={onSecret} />
        </MarkedField>
      </DetailSection>
      {auth !== null && (
        <>
          <AuthCheck auth={auth} />
          <UsedBy users={auth.usedBy} where="Authentication" note="A change applies to the next attempt of each." />
          <RemoveShared
            name={auth.name}
            users={auth.usedBy.length}
            noun="authentication"
            label="Delete authentication"
            unused="No endpoint uses it. Its secrets are erased."
            onRemove={() => remove(auth)}
          />
        </>
      )}
    </DetailForm>
  );
}

/** Fields of the contract that the form has. */
function fieldsOf({ parts }: AuthDraft): readonly string[] {
  const ofParts = ['secret', 'signing', 'username', 'password', 'token', 'name', 'value', 'tokenUrl', 'clientId', 'clientSecret'];
  const ofCertificates = ['scope', 'audience', 'certificate', 'privateKey', 'pkcs12Base64', 'passphrase', 'certificates'];
  const perPart = parts.flatMap((_, index) => [
    `parts.${index}`,
    ...[...ofParts, ...ofCertificates].map((field) => `parts.${index}.${field}`),
  ]);
  return ['name', 'description', 'parts', ...perPart];
}

/** A secret that was made or replaced, to be shown once. */
export function authSecret(shown: RotatedSecret): SecretToShow {
  return { handed: shown, title: 'New secret', whereToPutIt: <Place shown={shown} /> };
}

function Place({ shown: { previousExpiresAtMs } }: { readonly shown: RotatedSecret }) {
  const isUtc = useSettings()?.isUtc ?? false;
  return (
    <>
      Put it into the configuration of every receiver that this authentication is for.
      {previousExpiresAtMs !== null && <p>The previous one also keeps signing until {exactText(previousExpiresAtMs, isUtc)}.</p>}
    </>
  );
}
