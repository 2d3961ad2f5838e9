import { useState } from 'react';
import type { Warning } from '#shared/contract/common.ts';
import { fieldErrors, toProblem, withoutFields, type Issue, type Problem } from '../../base/problem.ts';
import { useEdits, type Meanwhile } from '../../stores/use-edits.ts';
import { changedFields, changedText, type EndpointDraft, type Read } from './endpoint-draft.ts';
import { limitFields } from './limits-draft.ts';
import { formFields } from './endpoint-form.tsx';

/** A form over one draft: what it holds, what is wrong with it, and saving. */
export interface EndpointFormState {
  readonly draft: EndpointDraft;
  readonly changes: string;
  /** Fields that somebody else saved while they were edited here. */
  readonly meanwhile: readonly Meanwhile<keyof EndpointDraft>[];
  readonly problem: Problem | null;
  readonly errors: Readonly<Record<string, string>>;
  /** Issues that stand at no field of the form. */
  readonly rest: readonly Issue[];
  readonly warnings: readonly Warning[];
  readonly isBusy: boolean;
  /** How often saving failed, to lead to the first wrong field each time. */
  readonly failures: number;
  readonly change: (draft: EndpointDraft) => void;
  readonly discard: () => void;
  readonly save: () => Promise<void>;
}

/** Keeps what is edited of one endpoint (`new` for the one not yet made) over what is saved; `send` saves what was read of it and answers with remarks. */
export function useEndpointForm<Value>(
  id: string,
  base: EndpointDraft,
  read: (draft: EndpointDraft) => Read<Value>,
  send: (value: Value) => Promise<readonly Warning[]>,
): EndpointFormState {
  const edits = useEdits(`endpoint:${id}`, base, ['limits', 'metaHeaders']);
  const { draft } = edits;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [failures, setFailures] = useState(0);
  const fail = (failure: Problem) => {
    setProblem(failure);
    setFailures((before) => before + 1);
  };
  const { byField, rest } = fieldErrors(problem, formFields);

  const change = (next: EndpointDraft) => {
    const touched = changedFields(next, draft);
    setProblem(
      withoutFields(
        problem,
        touched.flatMap((field) => contractNames[field] ?? [field]),
      ),
    );
    edits.set(Object.fromEntries(touched.map((field) => [field, next[field]])));
  };
  const save = async () => {
    const value = read(draft);
    if ('issues' in value) return fail(unreadable(value.issues));
    setBusy(true);
    try {
      setWarnings(await send(value.value));
      edits.saved();
      setProblem(null);
    } catch (error) {
      fail(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return {
    draft,
    changes: changedText(draft, base),
    meanwhile: edits.meanwhile,
    problem,
    errors: byField,
    rest,
    warnings,
    isBusy,
    failures,
    change,
    save,
    discard: () => {
      edits.discard();
      setProblem(null);
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
