import { useState } from 'react';
import { useStore } from 'zustand';
import type { Warning } from '#shared/contract/common.ts';
import { fieldErrors, toProblem, withoutFields, type Issue, type Problem } from '../../base/problem.ts';
import { changedFields, changedText, type EndpointDraft, type Read } from './endpoint-draft.ts';
import { limitFields } from './limits-draft.ts';
import { formFields } from './endpoint-form.tsx';
import type { DraftStore } from './endpoints-store.ts';

/** A form over one draft: what it holds, what is wrong with it, and saving. */
export interface EndpointFormState {
  readonly draft: EndpointDraft;
  readonly changes: string;
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

/** Keeps the draft of one endpoint beside what is saved; `send` saves what was read of it and answers with remarks. */
export function useEndpointForm<Value>(
  drafts: DraftStore,
  id: string,
  base: EndpointDraft,
  read: (draft: EndpointDraft) => Read<Value>,
  send: (value: Value) => Promise<readonly Warning[]>,
): EndpointFormState {
  const draft = useStore(drafts, (all) => all[id]) ?? base;
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
    const touched = changedFields(next, draft).flatMap((field) => contractNames[field] ?? [field]);
    setProblem(withoutFields(problem, touched));
    if (changedText(next, base) === '') drafts.drop(id);
    else drafts.put(id, next);
  };
  const save = async () => {
    const value = read(draft);
    if ('issues' in value) return fail(unreadable(value.issues));
    setBusy(true);
    try {
      setWarnings(await send(value.value));
      drafts.drop(id);
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
    problem,
    errors: byField,
    rest,
    warnings,
    isBusy,
    failures,
    change,
    save,
    discard: () => {
      drafts.drop(id);
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
