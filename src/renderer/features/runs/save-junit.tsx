import { IconDownload } from '@tabler/icons-react';
import type { RunReport } from '#shared/contract/runs.ts';
import { junitXml } from '#shared/junit.ts';
import { runSuite } from '#shared/run-junit.ts';
import { useSession } from '../../stores/session.tsx';
import { BarAction } from '../../ui/bar-action.tsx';
import { download } from '../../ui/download.ts';
import type { FollowedRun } from './followed-run.ts';

/** A run that was run, by its name. */
export type NamedResult = readonly [name: string, run: FollowedRun];

interface SaveJunitProps {
  /** In the order of the report. */
  readonly results: readonly NamedResult[];
  readonly fileName: string;
  readonly isShort?: boolean;
  readonly isDisabled?: boolean;
}

/** Saves how runs came out in the same form as `hookyard run --junit`, with a suite for each. */
export function SaveJunit({ results, fileName, isShort = false, isDisabled = false }: SaveJunitProps) {
  const { announce } = useSession();
  const save = () => {
    download(fileName, 'application/xml', junitOf(results));
    announce(`Saved as ${fileName}`);
  };
  return (
    <BarAction
      words="Save as JUnit"
      hint="Save a JUnit report, as hookyard run --junit does"
      icon={IconDownload}
      isShort={isShort}
      isDisabled={isDisabled}
      onClick={save}
    />
  );
}

/** The JUnit report of runs; those that are still under way are left out. */
export function junitOf(results: readonly NamedResult[]): string {
  const over = results.filter(([, { status }]) => status !== 'running');
  return junitXml(...over.map(([name, run]) => runSuite(name, reportOf(run), run.problem?.message ?? null)));
}

function reportOf({ started, judged, ended }: FollowedRun): readonly RunReport[] {
  return [...(started === null ? [] : [started]), ...judged, ...(ended === null ? [] : [ended])];
}
