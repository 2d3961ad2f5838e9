import { Button, Group, Modal } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { countText } from '../../base/size-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { NeedsFields } from './needs-fields.tsx';
import type { OpenProject } from './open-project.ts';
import type { ProjectRuns } from './project-runs.ts';
import { isAskedFor } from './run-needs.ts';
import { useNeeds } from './use-needs.ts';

interface RunAllProps {
  readonly project: OpenProject;
  readonly runs: ProjectRuns;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks for what the runs of a project need before all of them are run, and says where it goes. */
export function RunAll({ isOpen, onClose, ...rest }: RunAllProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Run all tests" size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      {isOpen && <RunAllPanel onClose={onClose} {...rest} />}
    </Modal>
  );
}

function RunAllPanel({ project, runs, onClose }: Omit<RunAllProps, 'isOpen'>) {
  const names = project.runs.map(({ name }) => name);
  const { needs, problem } = useNeeds(runs, names);
  const panel = useRef<HTMLDivElement>(null);
  const run = useRef<HTMLButtonElement>(null);
  const isKnown = needs !== null;
  // The first value that is to be typed, else the button, which cannot take the focus before it is enabled.
  useEffect(() => {
    if (!isKnown) return;
    const fields = [...(panel.current?.querySelectorAll('input') ?? [])];
    (fields.find(({ value, type }) => type !== 'checkbox' && value === '') ?? run.current)?.focus();
  }, [isKnown]);
  const start = () => {
    runs.start('all');
    onClose();
  };
  return (
    <div ref={panel}>
      <p style={{ marginTop: 0 }}>This is not in the project. A test that lacks some of it does not run; the others do.</p>
      <ErrorNotice problem={problem} />
      <NeedsFields needs={(needs ?? []).filter(isAskedFor)} runs={runs} onEnter={start} />
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button ref={run} disabled={!isKnown} onClick={start}>
          Run {countText(names.length, 'test', 'tests')}
        </Button>
      </Group>
    </div>
  );
}
