import { Button, Group, Modal } from '@mantine/core';
import { useStore } from 'zustand';
import { countText } from '../../base/size-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import type { OpenProject, ProjectRuns } from './project-runs.ts';
import { ReadsFields } from './reads-fields.tsx';
import { useReads } from './use-reads.ts';

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
  const secrets = useStore(runs, (state) => state.secrets);
  const needy = project.runs.filter(needsSomething);
  const { reads, problem } = useReads(
    runs,
    needy.map(({ name }) => name),
  );
  const start = () => {
    runs.start(project.runs.map(({ name }) => name));
    onClose();
  };
  return (
    <>
      <p style={{ marginTop: 0 }}>
        {countText(needy.length, 'test needs', 'tests need')} something that is not in the project. A value that is missing fails its test
        only.
      </p>
      <ProgressBar isActive={reads === null && problem === null} />
      <ErrorNotice problem={problem} />
      <ReadsFields
        reads={reads ?? []}
        secretNames={needy.flatMap((run) => run.secrets)}
        fileNamed={project.fileNamed}
        secrets={secrets}
        onSecret={runs.setSecret}
      />
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={reads === null} onClick={start}>
          Run {countText(project.runs.length, 'test', 'tests')}
        </Button>
      </Group>
    </>
  );
}

/** Whether a run reads something that is not in its text. */
export function needsSomething({ secrets, bodyFiles }: OpenProject['runs'][number]): boolean {
  return secrets.length + bodyFiles.length > 0;
}
