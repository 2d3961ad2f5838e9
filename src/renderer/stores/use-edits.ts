import { useStore } from 'zustand';
import { changedMeanwhile, editedFields, keptOver, withChange, withEdits, withoutField, withoutSaved, type Edits } from '../base/edits.ts';
import { fieldOf, flatFields, nestedFields, type FlatFields } from '../base/field-parts.ts';
import { useSession } from './session.tsx';

/** An edited field that somebody else saved meanwhile. */
export interface Meanwhile<Name> {
  readonly field: Name;
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
  readonly meanwhile: readonly Meanwhile<keyof Fields>[];
  readonly set: (change: Partial<Fields>) => void;
  readonly discard: () => void;
  /** Drops the edits that were saved: those of the form that started the save. */
  readonly saved: () => void;
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
  const edits = useStore(drafts, (all): Edits<FlatFields> => all[key] ?? noEdits);
  const now = (): Edits<FlatFields> => drafts.getState()[key] ?? noEdits;
  const namesOf = (names: readonly string[]) => [...new Set(names.map(fieldOf))] as (keyof Fields)[];
  return {
    draft: nestedFields(withEdits(flat, edits)) as Fields,
    edited: namesOf(editedFields(flat, edits)),
    meanwhile: changedMeanwhile(flat, edits).map((name) => ({
      field: fieldOf(name) as keyof Fields,
      theirs: flat[name],
      takeTheirs: () => drafts.put(key, withoutField(now(), name)),
      keepMine: () => drafts.put(key, keptOver(flat, now(), name)),
    })),
    set: (change) => drafts.put(key, withChange(flat, now(), flatFields(change, parts))),
    discard: () => drafts.drop(key),
    saved: () => drafts.put(key, withoutSaved(now(), edits)),
  };
}

const noEdits: Edits<FlatFields> = {};
