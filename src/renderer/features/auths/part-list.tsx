import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Auth } from '#shared/contract/auths.ts';
import { kindLabels, kindsLeft, newPart, type AuthDraft, type PartDraft, type SecretDraft } from './auth-draft.ts';
import { PartFields } from './part-fields.tsx';
import { PartSecrets } from './part-secrets.tsx';
import type { RotatedSecret } from './rotate-part.tsx';
import styles from './auths.module.css';

interface PartListProps {
  /** Null for a new one. */
  readonly auth: Auth | null;
  readonly draft: AuthDraft;
  /** What is wrong, by field: `parts.0.token`. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<AuthDraft>) => void;
  readonly onRotated: (rotated: RotatedSecret) => void;
}

/** The parts of an authentication: each applies to every request. */
export function PartList({ auth, draft, errors, onChange, onRotated }: PartListProps) {
  const { parts, secret } = draft;
  const set = (key: string, change: Partial<PartDraft>) =>
    onChange({ parts: parts.map((part) => (part.key === key ? { ...part, ...change } : part)) });
  const setSecret = (key: string, change: SecretDraft) => onChange({ secret: { ...secret, [key]: { ...secret[key], ...change } } });
  const remove = (key: string) =>
    onChange({
      parts: parts.filter((part) => part.key !== key),
      secret: Object.fromEntries(Object.entries(secret).filter(([other]) => other !== key)),
    });
  return (
    <div>
      {parts.map((part, index) => {
        const saved = auth?.parts.find(({ id }) => id === part.key) ?? null;
        const label = kindLabels[part.kind];
        return (
          <section key={part.key} className={styles['part']} aria-label={label}>
            <header className={styles['partHead']}>
              <h4>{label}</h4>
              <span className={styles['space']} />
              <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${label}`} onClick={() => remove(part.key)}>
                <IconTrash size={16} />
              </ActionIcon>
            </header>
            <PartProblem text={errors[`parts.${index}`]} />
            <div className={styles['grid']}>
              <PartFields
                part={part}
                saved={saved}
                secret={secret[part.key] ?? {}}
                errors={errorsOf(errors, index)}
                onChange={(change) => set(part.key, change)}
                onSecret={(change) => setSecret(part.key, change)}
              />
              {auth !== null && saved !== null && <PartSecrets auth={auth} part={saved} onRotated={onRotated} />}
            </div>
          </section>
        );
      })}
      <PartProblem text={errors['parts']} />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button className={styles['add'] ?? ''} size="xs" variant="default" leftSection={<IconPlus size={14} />}>
            Add part
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {kindsLeft(parts).map((kind) => (
            <Menu.Item key={kind} onClick={() => onChange({ parts: [...parts, newPart(kind, parts)] })}>
              {kindLabels[kind]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function errorsOf(errors: PartListProps['errors'], index: number): Readonly<Record<string, string>> {
  const prefix = `parts.${index}.`;
  return Object.fromEntries(
    Object.entries(errors).flatMap(([field, message]) => (field.startsWith(prefix) ? [[field.slice(prefix.length), message]] : [])),
  );
}

function PartProblem({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p className={styles['problem']} role="alert" data-field-error="">
      {text}
    </p>
  );
}
