import { useState } from 'react';
import { fieldErrors, toProblem, withoutFields, type Issue, type Problem } from '../base/problem.ts';
import { useSession } from '../stores/session.tsx';

/** A form being saved. */
export interface Saving {
  readonly save: () => Promise<void>;
  /** The problem of the last save, or null. */
  readonly problem: Problem | null;
  /** What of it belongs to a field, by field. */
  readonly errors: Readonly<Record<string, string>>;
  /** What of it belongs to no field. */
  readonly rest: readonly Issue[];
  readonly isBusy: boolean;
  /** How often saving failed, to lead to the first wrong field each time. */
  readonly failures: number;
  /** These fields were edited, so their problems are no longer shown. */
  readonly touch: (fields: readonly string[]) => void;
  readonly clear: () => void;
}

/** Runs `submit`, unless it returns a problem at once; `fields` show their own problems. `said` tells screen readers. */
export function useSaving<Saved extends { readonly name: string }>({
  fields,
  submit,
  onSaved,
  said = ({ name }) => `${name} saved`,
}: {
  readonly fields: readonly string[];
  readonly submit: () => Promise<Saved> | Problem;
  readonly onSaved: (saved: Saved) => void;
  readonly said?: (saved: Saved) => string;
}): Saving {
  const { announce } = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failures, setFailures] = useState(0);
  const fail = (failure: Problem) => {
    setProblem(failure);
    setFailures((before) => before + 1);
  };
  const { byField, rest } = fieldErrors(problem, fields);
  const save = async () => {
    if (isBusy) return;
    const submitted = submit();
    if (!(submitted instanceof Promise)) return fail(submitted);
    setBusy(true);
    try {
      const saved = await submitted;
      setProblem(null);
      announce(said(saved));
      onSaved(saved);
    } catch (error) {
      fail(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return {
    save,
    problem,
    errors: byField,
    rest,
    isBusy,
    failures,
    touch: (edited) => setProblem(withoutFields(problem, edited)),
    clear: () => setProblem(null),
  };
}
