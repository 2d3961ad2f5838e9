import { PasswordInput } from '@mantine/core';
import type { ProjectRead } from '#shared/contract/project.ts';
import { secretFile, valueKey, type OpenProject } from './project-runs.ts';
import styles from './reads-fields.module.css';

interface ReadsFieldsProps {
  readonly reads: readonly ProjectRead[];
  /** Which of them are secrets, by their reference; the others are bodies. */
  readonly secretNames: readonly string[];
  readonly fileNamed: OpenProject['fileNamed'];
  readonly secrets: Readonly<Record<string, string>>;
  readonly onSecret: (key: string, value: string) => void;
}

/** What a run needs from outside of its text, and where it goes: secrets, which are typed here, and files. */
export function ReadsFields({ reads, secretNames, fileNamed, secrets, onSecret }: ReadsFieldsProps) {
  if (reads.length === 0) return null;
  return (
    <section className={styles['reads']} aria-label="What it reads">
      {[...Map.groupBy(reads, ({ what }) => what)].map(([what, same]) => {
        const hosts = [...new Set(same.flatMap((read) => read.hosts))];
        const key = valueKey(what, reads);
        const place = placeOf(what, { isSecret: secretNames.includes(what), fileNamed });
        return (
          <div key={what} className={styles['read']}>
            <span className={styles['name']}>
              <code>{what}</code>
              <span className={styles['hosts']}>
                {hosts.length === 0 ? 'goes to no URL of the project' : `goes to ${hosts.join(', ')}`}
              </span>
            </span>
            {place === null ? (
              <PasswordInput
                size="xs"
                aria-label={`Value of ${what}`}
                placeholder="Its value; kept in this window only"
                value={secrets[key] ?? ''}
                onChange={(event) => onSecret(key, event.currentTarget.value)}
              />
            ) : (
              <span className={styles['place']} data-missing={place.isMissing || undefined}>
                {place.words}
              </span>
            )}
          </div>
        );
      })}
    </section>
  );
}

/** Where what is read comes from; null for what has to be typed. */
function placeOf(what: string, { isSecret, fileNamed }: { readonly isSecret: boolean; readonly fileNamed: OpenProject['fileNamed'] }) {
  if (what.startsWith('vault:')) return { words: 'of this workspace', isMissing: false };
  const isChosen = secretFile(fileNamed, what) !== null;
  if (isChosen) return { words: 'of the chosen files', isMissing: false };
  return isSecret ? null : { words: 'not among the chosen files: choose the whole folder', isMissing: true };
}
