import { useState } from 'react';
import type { Warning } from '#shared/contract/common.ts';
import { endpoints, type Endpoint } from '#shared/contract/endpoints.ts';
import { unreadableWith } from '../../base/input-issues.ts';
import { useEdits, type EditedForm } from '../../stores/use-edits.ts';
import { useSaving, type Saving } from '../../ui/use-saving.ts';
import { changedFields, draftOf, endpointParts, type EndpointDraft } from './endpoint-draft.ts';
import type { Read } from './read-draft.ts';
import { limitFields } from './limits-draft.ts';
import { formFields } from './endpoint-form.tsx';

/** A form over one draft: what it holds, what is wrong with it, and saving. */
export interface EndpointFormState extends Pick<Saving, 'problem' | 'errors' | 'rest' | 'isBusy' | 'failures' | 'save' | 'clear'> {
  readonly draft: EndpointDraft;
  readonly edits: EditedForm<EndpointDraft>;
  readonly warnings: readonly Warning[];
  readonly change: (draft: EndpointDraft) => void;
}

/** What saving an endpoint gives. */
type SavedEndpoint = Endpoint & { readonly warnings: readonly Warning[] };

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
  const edits = useEdits(`endpoint:${id}`, base, endpointParts);
  const { draft } = edits;
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  const { touch, ...saving } = useSaving<Saved>({
    fields: formFields,
    submit: () => {
      const value = read(draft);
      if (!('issues' in value)) return send(value.value);
      return unreadableWith(value.issues, endpoints.create, { name: draft.name, url: draft.url });
    },
    onSaved: (saved) => {
      setWarnings(saved.warnings);
      onSaved(saved);
      edits.saved(draftOf(saved));
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
    edits,
    warnings,
    change,
  };
}

/** Fields of the draft that the contract calls otherwise. */
const contractNames: Readonly<Partial<Record<keyof EndpointDraft, readonly string[]>>> = {
  retry: ['retryPolicy'],
  timeout: ['timeoutMs'],
  limits: limitFields,
};
