import { Button } from '@mantine/core';
import { IconTrashX } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { withChange } from '../base/edits.ts';
import { flatFields } from '../base/field-parts.ts';
import { sayValue, type FormWords } from '../base/form-words.ts';
import { toProblem, type Problem } from '../base/problem.ts';
import { formOfDraft } from '../stores/draft-store.ts';
import { useSession } from '../stores/session.tsx';
import { ErrorNotice } from './error-notice.tsx';
import styles from './deleted-elsewhere.module.css';

interface DeletedElsewhereProps<Fields extends object> {
  /** What it was: `endpoint`. */
  readonly noun: string;
  /** Under which its edits are kept, and those of one that is being made. */
  readonly draftKey: string;
  readonly newKey: string;
  /** The form of a new one, and its fields that hold fields of their own. */
  readonly blank: Fields;
  readonly parts?: readonly (keyof Fields & string)[];
  readonly words: FormWords;
  /** What of the old form a new one cannot begin with is left out here. */
  readonly prepare?: (form: Fields) => Fields;
  /** Brings it back, where that can be done. */
  readonly onRestore?: () => Promise<void>;
  /** Opens the form of a new one, which has what the old one had by then. */
  readonly onMakeNew: () => void;
  readonly onDiscard: () => void;
}

/** In place of a form whose thing was deleted elsewhere: what was typed and not saved, and what can be done with it. */
export function DeletedElsewhere<Fields extends object>(props: DeletedElsewhereProps<Fields>) {
  const { noun, draftKey, newKey, blank, parts = [], words, prepare = (form) => form, onRestore, onMakeNew, onDiscard } = props;
  const { drafts } = useSession();
  const draft = useStore(drafts, (all) => all[draftKey]);
  const isMaking = useStore(drafts, (all) => all[newKey] !== undefined);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (draft === undefined) return null;
  const makeNew = () => {
    const saved = flatFields(blank, parts);
    drafts.put(newKey, saved, withChange(saved, {}, flatFields(prepare(formOfDraft(draft, blank)), parts)));
    drafts.drop(draftKey);
    onMakeNew();
  };
  const restore = async (bringBack: () => Promise<void>) => {
    try {
      await bringBack();
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <section className={styles['gone']} aria-label={`Deleted ${noun}`}>
      <h2>
        <IconTrashX size={16} aria-hidden /> {nameOf(draft.saved['name'], noun)} was deleted
      </h2>
      <p>This {noun} was deleted while you had unsaved changes in it. They are kept until you decide:</p>
      <dl>
        {words
          .filter(({ name }) => draft.edits[name] !== undefined)
          .map(({ name, label }) => (
            <div key={name}>
              <dt>{label}</dt>
              <dd className="mono">{sayValue(words, name, draft.edits[name]?.now)}</dd>
            </div>
          ))}
      </dl>
      <ErrorNotice problem={problem} />
      {isMaking && <p>There is another new {noun} that is not saved. Save or discard it before you create one with these changes.</p>}
      <div className={styles['buttons']}>
        {onRestore !== undefined && (
          <Button size="xs" onClick={() => void restore(onRestore)}>
            Restore the {noun}
          </Button>
        )}
        <Button size="xs" variant={onRestore === undefined ? 'filled' : 'default'} disabled={isMaking} onClick={makeNew}>
          Create a new {noun} with your changes
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            drafts.drop(draftKey);
            onDiscard();
          }}
        >
          Discard changes
        </Button>
      </div>
    </section>
  );
}

function nameOf(name: unknown, noun: string): string {
  return typeof name === 'string' && name !== '' ? name : `The ${noun}`;
}
