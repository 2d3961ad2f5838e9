import { Button, Checkbox, Popover } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useSession } from '../../stores/session.tsx';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { download } from '../../ui/download.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { SolverStore } from './solver-store.ts';
import { readInput, verdictQuestion } from './verify-input.ts';
import type { VerifyState } from './verify-state.ts';
import styles from './solver-panel.module.css';

/** Saves the verification as a file to share: asks what goes into it, and downloads it. */
export function CaseButton({ state, solver }: { readonly state: VerifyState; readonly solver: SolverStore }) {
  const { client, announce } = useSession();
  const { search } = useStore(solver);
  const [isOpen, setOpen] = useState(false);
  const [isWithAllHeaders, setWithAllHeaders] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  // Of a change that was applied, the case is the request as it came, with the cause that was found.
  const original = state.applied?.original ?? null;
  const asked = readInput(state.input, state.schemes).question;
  // The same question as for the verdict, so that the file has the same one.
  const question = original?.question ?? (asked === null ? null : verdictQuestion(asked, state.input));
  const result = original === null ? (search.kind === 'done' ? search.result : null) : original.search;
  const save = async (format: 'html' | 'json') => {
    if (question === null) return;
    try {
      const file = await client.verifying.case({
        ...question,
        format,
        includeHeaders: isWithAllHeaders ? 'all' : 'redacted',
        ...(result === null ? {} : { search: result }),
      });
      download(file.filename, file.contentType, bytesOfBase64(file.contentBase64));
      announce(`Saved ${file.filename}`);
      setProblem(null);
      setOpen(false);
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={320} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          disabled={question === null || state.verification === null}
          leftSection={<IconFileExport size={14} />}
          onClick={() => setOpen(!isOpen)}
        >
          Save case file
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={styles['case']}>
          <p>
            One file with request, verdict and causes to hand to a colleague. It opens offline, runs every check again that needs no secret,
            and holds no secret.
            {original !== null && ' It keeps the request as it came, with the cause, and not the change that was applied.'}
          </p>
          <Checkbox
            size="xs"
            label="With Authorization, Cookie and other private headers"
            checked={isWithAllHeaders}
            onChange={(event) => setWithAllHeaders(event.currentTarget.checked)}
          />
          <ErrorNotice problem={problem} />
          <div className={styles['actions']}>
            <Button size="xs" onClick={() => void save('html')} data-autofocus>
              Save as a page
            </Button>
            <Button size="xs" variant="default" onClick={() => void save('json')}>
              Save as JSON
            </Button>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
