import { createStore, type StoreApi } from 'zustand/vanilla';
import { projectCharacters } from '#shared/contract/project.ts';
import type { RunSummary } from '#shared/contract/runs.ts';
import type { Client } from '../../base/client.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { bytesText } from '../../base/size-format.ts';
import type { Session } from '../../stores/session.tsx';
import type { FoundFile } from '../../ui/dropped-files.ts';
import { findProject, pathOf, type FoundProject } from './find-project.ts';
import { begun, followRun, type AskedRun, type FollowedRun } from './followed-run.ts';
import { bodiesOf, lackOf, needsOf, readFile, secretsOf, type FileNamed, type Given, type Need } from './run-needs.ts';

/** A project whose files were chosen, with its runs. */
export interface OpenProject {
  /** Of its file or folder, as it was chosen. */
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Whether a folder was chosen, and no files. */
  readonly isFolder: boolean;
  readonly runs: readonly RunSummary[];
  readonly fileNamed: FileNamed;
}

/** How a run is to be run, where that is other than it says. */
export interface RunChoice {
  /** Another target, or empty. */
  readonly to: string;
  readonly hasGaps: boolean;
}

const asItSays: RunChoice = { to: '', hasGaps: true };

/** The runs of a project, and how those came out that were run. */
export interface ProjectRunsState extends Given {
  readonly project: OpenProject | null;
  readonly isReading: boolean;
  /** Why the files are no project. */
  readonly problem: Problem | null;
  /** By the names of runs. */
  readonly choices: ReadonlyMap<string, RunChoice>;
  readonly results: ReadonlyMap<string, FollowedRun>;
  /** Names of runs that wait for the one before, which is the first. */
  readonly queue: readonly string[];
}

/** Reads a project from chosen files, and runs its runs one after the other. */
export interface ProjectRuns extends StoreApi<ProjectRunsState> {
  readonly open: (found: readonly FoundFile[]) => Promise<void>;
  readonly close: () => void;
  readonly choose: (name: string, choice: Partial<RunChoice>) => void;
  readonly setSecret: (key: string, value: string) => void;
  readonly setAgreed: (key: string, isAgreed: boolean) => void;
  /** What runs read, and where it goes. */
  readonly needsOf: (names: readonly string[]) => Promise<readonly Need[]>;
  readonly start: (names: readonly string[]) => void;
  /** Ends the run that is under way, and those that wait for it. */
  readonly stop: () => void;
}

const nothing: ProjectRunsState = {
  project: null,
  isReading: false,
  problem: null,
  choices: new Map(),
  secrets: {},
  agreed: new Set(),
  results: new Map(),
  queue: [],
};

/** How a run is to be run. */
export function choiceOf({ choices }: Pick<ProjectRunsState, 'choices'>, name: string): RunChoice {
  return choices.get(name) ?? asItSays;
}

export function createProjectRuns(client: Pick<Client, 'runs' | 'project'>): ProjectRuns {
  const store = createStore<ProjectRunsState>(() => nothing);
  const { getState: get, setState: set } = store;
  let reading = 0;
  let turn = 0;
  let stopping = new AbortController();
  // Of each run the last time that it was started: one that was stopped may still be told about.
  const latest = new Map<string, AbortSignal>();

  const stop = () => {
    turn += 1;
    stopping.abort();
    set({ queue: [] });
  };
  const runOne = async (name: string, project: OpenProject) => {
    const { signal } = (stopping = new AbortController());
    latest.set(name, signal);
    const show = (run: FollowedRun) => {
      if (latest.get(name) === signal && get().project === project) set({ results: new Map([...get().results, [name, run]]) });
    };
    show(begun);
    try {
      const asked = await askedOf(name, project);
      if ('message' in asked) show(broken(asked));
      else await followRun(client, asked, signal, show);
    } catch (error) {
      show(broken(toProblem(error)));
    }
  };
  const goOn = async (project: OpenProject) => {
    const mine = (turn += 1);
    for (let [name] = get().queue; name !== undefined && turn === mine; [name] = get().queue) {
      await runOne(name, project);
      if (turn === mine) set({ queue: get().queue.slice(1) });
    }
  };
  const needsFor = async ({ files, runs, fileNamed }: OpenProject, names: readonly string[]) => {
    const asked = names.map((name) => client.project.reads({ files: [...files], run: name, ...targetOf(choiceOf(get(), name)) }));
    const reads = (await Promise.all(asked)).flatMap((answer) => answer.reads);
    const secretNames = runs.filter(({ name }) => names.includes(name)).flatMap(({ secrets }) => secrets);
    return needsOf(reads, secretNames, fileNamed);
  };
  const askedOf = async (name: string, project: OpenProject): Promise<AskedRun | Problem> => {
    const { files, runs, fileNamed } = project;
    const { secrets = [], bodyFiles = [] } = runs.find((each) => each.name === name) ?? {};
    const needs = await needsFor(project, [name]);
    const state = get();
    const choice = choiceOf(state, name);
    return (
      lackOf(needs, state) ?? {
        files: [...files],
        name,
        gaps: choice.hasGaps,
        ...targetOf(choice),
        secrets: await secretsOf(needs, secrets, fileNamed, state),
        bodies: await bodiesOf(bodyFiles, fileNamed),
      }
    );
  };

  return {
    ...store,
    open: async (found) => {
      const mine = (reading += 1);
      const isStill = () => mine === reading;
      set({ isReading: true, problem: null });
      try {
        const chosen = findProject(found);
        if (typeof chosen === 'string') throw new Error(chosen);
        const files = await textsOf(chosen);
        const { items } = await client.runs.list({ files });
        if (!isStill()) return;
        stop();
        const fileNamed = (name: string) => {
          const path = pathOf(chosen, name);
          return found.find((each) => each.path === path)?.file ?? null;
        };
        const project = { name: nameOf(chosen), isFolder: found.some(({ path }) => path.includes('/')), files, runs: items, fileNamed };
        // Another project is not sent where this one was.
        const choices = project.name === get().project?.name ? get().choices : new Map<string, RunChoice>();
        set({ project, choices, results: new Map(), queue: [] });
      } catch (error) {
        if (isStill()) set({ problem: toProblem(error) });
      } finally {
        if (isStill()) set({ isReading: false });
      }
    },
    close: () => {
      reading += 1;
      stop();
      set({ ...nothing, secrets: get().secrets, agreed: get().agreed });
    },
    choose: (name, choice) => set({ choices: new Map([...get().choices, [name, { ...choiceOf(get(), name), ...choice }]]) }),
    setSecret: (key, value) => set({ secrets: { ...get().secrets, [key]: value }, results: withoutLacking(get().results) }),
    setAgreed: (key, isAgreed) => {
      const others = [...get().agreed].filter((each) => each !== key);
      set({ agreed: new Set(isAgreed ? [...others, key] : others), results: withoutLacking(get().results) });
    },
    needsOf: async (names) => {
      const { project } = get();
      return project === null ? [] : await needsFor(project, names);
    },
    start: (names) => {
      const { project, queue } = get();
      if (project === null) return;
      set({ queue: [...queue, ...names.filter((name) => !queue.includes(name))] });
      if (queue.length === 0) void goOn(project);
    },
    stop,
  };
}

function broken(problem: Problem): FollowedRun {
  return { ...begun, status: 'broken', problem };
}

function targetOf({ to }: RunChoice): { readonly to?: string } {
  return to.trim() === '' ? {} : { to: to.trim() };
}

/** Results without those of runs that lacked something, once something was given. */
function withoutLacking(results: ProjectRunsState['results']): ProjectRunsState['results'] {
  return new Map([...results].filter(([, { started, problem }]) => started !== null || (problem?.issues.length ?? 0) === 0));
}

const bySession = new WeakMap<Session, ProjectRuns>();

/** The project of a session: what was chosen stays, and goes on running, when the area is left. */
export function projectRunsOf(session: Session): ProjectRuns {
  const known = bySession.get(session);
  if (known !== undefined) return known;
  const made = createProjectRuns(session.client);
  bySession.set(session, made);
  return made;
}

/** The project by the name of its file or folder. */
function nameOf({ files, folder }: FoundProject): string {
  const [file] = files;
  if (file === undefined || /(?:^|\/)\.hookyard\//.test(file.path)) return folder.replace(/\/$/, '') || '.hookyard';
  return file.path;
}

async function textsOf({ files, folder }: FoundProject) {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  // A project of more bytes has more characters than are read, whatever they are.
  if (bytes > 3 * projectCharacters)
    throw new Error(`These files have ${bytesText(bytes)}: a project has at most ${projectCharacters / 1_000_000} million characters.`);
  return await Promise.all(
    files.map(async ({ path, file }) => ({ name: path.slice(folder.length), text: await readFile(path, () => file.text()) })),
  );
}
