/** One field that is edited: what was saved when the editing began, and what stands in it now. */
export interface Edit<Value> {
  readonly was: Value;
  readonly now: Value;
  /** What was saved before `was`, which we saved ourselves: it stays on screen until what we saved has been read again. */
  readonly before?: Value;
}

/** What is edited of a saved thing, by field. Fields that nobody edited follow what is saved, whoever saves it. */
export type Edits<Fields> = { readonly [Name in keyof Fields]?: Edit<Fields[Name]> };

/** What a form shows: what is saved, with the edits over it. */
export function withEdits<Fields extends object>(saved: Fields, edits: Edits<Fields>): Fields {
  const shown = { ...saved };
  for (const name of editedFields(saved, edits)) {
    const edit = edits[name];
    if (edit !== undefined) shown[name] = edit.now;
  }
  return shown;
}

/** The edits after fields were set. A field that is set to its saved value is no longer edited. */
export function withChange<Fields extends object>(saved: Fields, edits: Edits<Fields>, change: Partial<Fields>): Edits<Fields> {
  const next: { -readonly [Name in keyof Fields]?: Edit<Fields[Name]> } = { ...edits };
  for (const name of Object.keys(change) as (keyof Fields)[]) {
    const now = change[name] as Fields[typeof name];
    if (isSame(now, saved[name])) delete next[name];
    else next[name] = { was: saved[name], ...edits[name], now };
  }
  return next;
}

/**
 * The edits without those that were saved. What was typed during the save stays, and is over what was saved: `answer` has that as the
 * engine keeps it.
 */
export function withoutSaved<Fields extends object>(edits: Edits<Fields>, sent: Edits<Fields>, answer: Fields): Edits<Fields> {
  const left = Object.entries<Edit<unknown> | undefined>(edits).flatMap(([key, edit]) => {
    const name = key as keyof Fields;
    if (edit === undefined || isSame(edit.now, sent[name]?.now)) return [];
    return [[key, sent[name] === undefined ? edit : { was: answer[name], now: edit.now, before: edit.was }] as const];
  });
  return Object.fromEntries(left) as Edits<Fields>;
}

/** The edits once what we saved has been read again: from then on, what was saved before it would be somebody else's doing. */
export function settled<Fields extends object>(saved: Fields, edits: Edits<Fields>): Edits<Fields> {
  const isDue = (name: keyof Fields, edit: Edit<unknown> | undefined) =>
    edit !== undefined && 'before' in edit && isSame(edit.was, saved[name]);
  const entries = Object.entries<Edit<unknown> | undefined>(edits);
  if (!entries.some(([name, edit]) => isDue(name as keyof Fields, edit))) return edits;
  return Object.fromEntries(
    entries.map(([name, edit]) => [name, isDue(name as keyof Fields, edit) ? { was: edit?.was, now: edit?.now } : edit]),
  ) as Edits<Fields>;
}

/** The edits without one field, which then has its saved value. */
export function withoutField<Fields extends object>(edits: Edits<Fields>, name: keyof Fields): Edits<Fields> {
  return Object.fromEntries(Object.entries(edits).filter(([other]) => other !== name)) as Edits<Fields>;
}

/** Names of the fields in which the form differs from what is saved. */
export function editedFields<Fields extends object>(saved: Fields, edits: Edits<Fields>): readonly (keyof Fields)[] {
  return (Object.keys(edits) as (keyof Fields)[]).filter((name) => name in saved && !isSame(edits[name]?.now, saved[name]));
}

/** Names of the edited fields that somebody else saved since the editing began, with a value other than the one in the form. */
export function changedMeanwhile<Fields extends object>(saved: Fields, edits: Edits<Fields>): readonly (keyof Fields)[] {
  return editedFields(saved, edits).filter((name) => {
    const edit = edits[name];
    return !isSame(edit?.was, saved[name]) && !(edit !== undefined && 'before' in edit && isSame(edit.before, saved[name]));
  });
}

/** Keeps the edit of a field over what somebody else saved, so that it is no longer marked. */
export function keptOver<Fields extends object>(saved: Fields, edits: Edits<Fields>, name: keyof Fields): Edits<Fields> {
  const edit = edits[name];
  return edit === undefined ? edits : { ...edits, [name]: { was: saved[name], now: edit.now } };
}

/** Only the named fields of what was read from a form: these are saved, and all others stay as they are. */
export function onlyFields<Value extends object>(value: Value, names: readonly string[]): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name))) as Partial<Value>;
}

/** Fields hold JSON values. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
