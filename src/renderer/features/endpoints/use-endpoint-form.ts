import { useState } from 'react';
import type { Warning } from '#shared/contract/common.ts';
import type { Problem } from '../../base/problem.ts';
import { useEdits, type Meanwhile } from '../../stores/use-edits.ts';
import { useSaving, type Saving } from '../../ui/use-saving.ts';
import { changedFields, changedText, type EndpointDraft } from './endpoint-draft.ts';
import type { Read } from './read-draft.ts';
import { limitFields } from './limits-draft.ts';
import { formFields } from './endpoint-form.tsx';

/** A form over one draft: what it holds, what is wrong with it, and saving. */
export interface EndpointFormState extends Pick<Saving, 'problem' | 'errors' | 'rest' | 'isBusy' | 'failures' | 'save'> {
  readonly draft: EndpointDraft;
  readonly changes: string;
  /** Fields that somebody else saved while they were edited here. */
  readonly meanwhile: readonly Meanwhile<keyof EndpointDraft>[];
  readonly warnings: readonly Warning[];
  readonly change: (draft: EndpointDraft) => void;
  readonly discard: () => void;
}

/** What saving an endpoint gives. */
interface SavedEndpoint {
  readonly name: string;
  readonly warnings: readonly Warning[];
}

/** How an endpoint is read, saved and announced. */
interface EndpointSaving<Value, Saved extends SavedEndpoint> {
  readonly read: (draft: EndpointDraft) => Read<Value>;
  readonly send: (value: Value) => Promise<Saved>;
  readonly onSaved: (saved: Saved) => void;
  readonly said?: (saved: Saved) => string;
}

/** Keeps what is edited of one endpoint (`new` for the one not yet made) over what is saved, and saves what is read of it. */
export function useEndpointForm<Value, Saved extends SavedEndpoint>(
  id: string,
  base: EndpointDraft,
  { read, send, onSaved, said }: EndpointSaving<Value, Saved>,
): EndpointFormState {
  const edits = useEdits(`endpoint:${id}`, base, ['limits', 'metaHeaders']);
  const { draft } = edits;
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  const { clear, touch, ...saving } = useSaving<Saved>({
    fields: formFields,
    submit: () => {
      const value = read(draft);
      return 'issues' in value ? unreadable(value.issues) : send(value.value);
    },
    onSaved: (saved) => {
      setWarnings(saved.warnings);
      onSaved(saved);
      edits.saved();
    },
    ...(said === undefined ? {} : { said }),
  });
  const change = (next: EndpointDraft) => {
    const touched = changedFields(next, draft);
    touch(touched.flatMap((field) => contractNames[field] ?? [field]));
    edits.set(Object.fromEntries(touched.map((field) => [field, next[field]])));
  };
  return {
    ...saving,
    draft,
    changes: changedText(draft, base),
    meanwhile: edits.meanwhile,
    warnings,
    change,
    discard: () => {
      edits.discard();
      clear();
    },
  };
}

/** The problem that a draft cannot be read. */
export function unreadable(byField: Readonly<Record<string, string>>): Problem {
  const issues = Object.entries(byField).map(([path, message]) => ({ path, message }));
  return { code: 'INPUT_INVALID', message: 'Some fields cannot be read.', issues };
}

/** Fields of the draft that the contract calls otherwise. */
const contractNames: Readonly<Partial<Record<keyof EndpointDraft, readonly string[]>>> = {
  retry: ['retryPolicy'],
  timeout: ['timeoutMs'],
  limits: limitFields,
};
