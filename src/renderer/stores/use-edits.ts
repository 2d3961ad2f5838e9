import { useEffect } from 'react';
import { useStore } from 'zustand';
import {
  changedMeanwhile,
  editedFields,
  keptOver,
  settled,
  withChange,
  withEdits,
  withoutField,
  withoutSaved,
  type Edits,
} from '../base/edits.ts';
import { fieldOf, flatFields, nestedFields, type FlatFields } from '../base/field-parts.ts';
import { useSession } from './session.tsx';

/** An edited field that somebody else saved meanwhile. */
export interface Meanwhile {
  /** The field; one of a part is called `part.field`. */
  readonly name: string;
  /** What they saved. */
  readonly theirs: unknown;
  readonly takeTheirs: () => void;
  /** Keeps the value in the form, which is then saved over theirs. */
  readonly keepMine: () => void;
}

/** A form over one saved thing. */
export interface EditedForm<Fields> {
  /** What the form shows. */
  readonly draft: Fields;
  readonly edited: readonly (keyof Fields)[];
  /** The edited fields, those of parts by themselves: `part.field`. */
  readonly editedNames: readonly string[];
  readonly meanwhile: readonly Meanwhile[];
  readonly set: (change: Partial<Fields>) => void;
  readonly discard: () => void;
  /** Drops the edits that were saved: those of the form that started the save. The answer is what the engine keeps now. */
  readonly saved: (answer: Fields) => void;
}

/**
 * Applies the edits to `saved`, field by field, and keeps them for the session under `key`. `parts` are fields that hold
 * fields of their own, each of which is edited by itself.
 */
export function useEdits<Fields extends object>(
  key: string,
  saved: Fields,
  parts: readonly (keyof Fields & string)[] = [],
): EditedForm<Fields> {
  const { drafts } = useSession();
  const flat = flatFields(saved, parts);
  const edits = useStore(drafts, (all): Edits<FlatFields> => all[key]?.edits ?? noEdits);
  const now = (): Edits<FlatFields> => drafts.getState()[key]?.edits ?? noEdits;
  const put = (next: Edits<FlatFields>) => drafts.put(key, flat, next);
  useEffect(() => {
    const next = settled(flat, now());
    if (next !== now()) put(next);
  });
  const editedNames = editedFields(flat, edits);
  return {
    draft: nestedFields(withEdits(flat, edits)) as Fields,
    edited: [...new Set(editedNames.map(fieldOf))] as (keyof Fields)[],
    editedNames,
    meanwhile: changedMeanwhile(flat, edits).map((name) => ({
      name,
      theirs: flat[name],
      takeTheirs: () => put(withoutField(now(), name)),
      keepMine: () => put(keptOver(flat, now(), name)),
    })),
    set: (change) => put(withChange(flat, now(), flatFields(change, parts))),
    discard: () => drafts.drop(key),
    saved: (answer) => put(withoutSaved(now(), edits, flatFields(answer, parts))),
  };
}

const noEdits: Edits<FlatFields> = {};
