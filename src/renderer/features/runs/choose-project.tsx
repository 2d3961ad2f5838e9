import type { ReactNode } from 'react';
import type { FoundFile } from '../../ui/dropped-files.ts';
import { pickFiles, pickFolder, type KeptHandle } from '../../ui/file-handles.ts';
import { FilesButton, FolderButton } from '../../ui/files-buttons.tsx';
import { filesAsChosen } from './chosen-files.ts';
import { keptFiles } from './kept-files.ts';
import type { ProjectRuns } from './project-runs.ts';

/** Opens the project among files that were chosen or dropped. */
export function takeFiles(runs: ProjectRuns) {
  return (found: readonly FoundFile[]) => void runs.open(filesAsChosen(found));
}

/** Opens the project among files and folders that the browser lets the window read again. None are a choice that was cancelled. */
export function takeHandles(runs: ProjectRuns) {
  return (handles: readonly KeptHandle[]) => {
    if (handles.length > 0) void runs.open(keptFiles(handles));
  };
}

interface ChooseProjectProps {
  readonly runs: ProjectRuns;
  /** Whether a folder is to be chosen, and no files. */
  readonly isFolder: boolean;
  readonly size: 'compact-xs' | 'xs' | 'sm';
  readonly isPrimary?: boolean;
  readonly children: ReactNode;
}

/** Lets the folder of a project be chosen, or its files. */
export function ChooseProject({ runs, isFolder, ...rest }: ChooseProjectProps) {
  const Choose = isFolder ? FolderButton : FilesButton;
  const pick = isFolder ? pickFolder : pickFiles;
  return <Choose {...rest} onChoose={takeFiles(runs)} onPick={() => void pick().then(takeHandles(runs), runs.fail)} />;
}
