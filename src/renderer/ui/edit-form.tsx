import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { inFormOrder, labelsOf, type FormWords } from '../base/form-words.ts';
import { useKeys } from '../stores/session.tsx';
import type { EditedForm } from '../stores/use-edits.ts';
import { FieldMarks, focusFirstMark } from './field-marks.tsx';
import { useFirstError } from './first-error.ts';
import { SaveBar, SaveOverDialog, useAskedSave } from './save-bar.tsx';
import type { Saving } from './use-saving.ts';

interface EditFormProps {
  readonly className: string | undefined;
  readonly edits: Pick<EditedForm<object>, 'editedNames' | 'meanwhile' | 'discard'>;
  readonly words: FormWords;
  readonly saving: Pick<Saving, 'save' | 'isBusy' | 'failures' | 'clear'>;
  /** For something that does not exist yet: what it is called until then, what makes it, and leaving it. */
  readonly making?: { readonly name: string; readonly label: string; readonly onLeave: () => void } | undefined;
  /** Shows every field, where some can be hidden: called before one is looked for. */
  readonly showAll?: () => void;
  readonly children: ReactNode;
}

/**
 * A form over one thing, saved explicitly: by its bar, which says what is unsaved, or by Mod+S or Mod+Enter. Fields that
 * somebody else saved meanwhile are marked (see {@link MarkedField}), and saving over them asks.
 */
export function EditForm({ className, edits, words, saving, making, showAll, children }: EditFormProps) {
  const { editedNames } = edits;
  // While it is being saved, what changes is likely our own: the notice of a change can come before the answer.
  const meanwhile = saving.isBusy ? [] : inFormOrder(words, edits.meanwhile);
  const element = useFirstError<HTMLFormElement>(saving.failures);
  const asked = useAskedSave(meanwhile, saving.save);
  const isUnsaved = making !== undefined || editedNames.length > 0;
  const save = () => {
    if (!isUnsaved) return;
    showAll?.();
    asked.save();
  };
  useKeys({ 'mod+enter': save, 'mod+s': save });
  return (
    <form
      ref={element}
      className={className}
      tabIndex={-1}
      data-focus-home=""
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <FieldMarks fields={meanwhile} words={words}>
        {children}
      </FieldMarks>
      <div>
        <SaveBar
          changes={making?.name ?? labelsOf(words, editedNames).join(', ')}
          saveLabel={making?.label ?? 'Save'}
          discardLabel={making === undefined ? 'Discard changes' : 'Discard'}
          isBusy={saving.isBusy}
          meanwhile={meanwhile}
          words={words}
          onShowFirst={() => {
            if (showAll !== undefined) flushSync(showAll);
            focusFirstMark(element.current);
          }}
          onDiscard={() => {
            edits.discard();
            saving.clear();
            making?.onLeave();
          }}
        />
        <SaveOverDialog meanwhile={meanwhile} words={words} asked={asked} onConfirm={saving.save} />
      </div>
    </form>
  );
}
