import { useState } from 'react';
import { fieldErrors, toProblem, withoutFields, type Issue, type Problem } from '../base/problem.ts';
import { useSession } from '../stores/session.tsx';

/** A form being saved. */
export interface Saving {
  readonly save: () => Promise<void>;
  /** What is wrong with what was saved last; null for nothing. */
  readonly problem: Problem | null;
  /** What of it belongs to a field, by field. */
  readonly errors: Readonly<Record<string, string>>;
  /** What of it belongs to no field. */
  readonly rest: readonly Issue[];
  readonly isBusy: boolean;
  /** How often saving failed, to lead to the first wrong field each time. */
  readonly failures: number;
  /** These fields were edited, so that what was wrong with them is said no more. */
  readonly touch: (fields: readonly string[]) => void;
  readonly clear: () => void;
}

/** Saves what `submit` sends, unless it returns at once what cannot be read; `fields` show their own problems. `said` tells screen readers. */
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
