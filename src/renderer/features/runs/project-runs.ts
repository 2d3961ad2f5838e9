import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../base/client.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import type { Session } from '../../stores/session.tsx';
import type { ChosenFiles } from './chosen-files.ts';
import { begun, followRun, type AskedRun, type FollowedRun } from './followed-run.ts';
import { readProject, type OpenProject, type ProjectRun } from './open-project.ts';
import { bodiesOf, lackOf, needsOf, secretsOf, type Given, type Need } from './run-needs.ts';

/** How a run is to be run, where that is other than it says. */
export interface RunChoice {
  /** Another target, or empty. */
  readonly to: string;
  readonly hasGaps: boolean;
}

const asItSays: RunChoice = { to: '', hasGaps: true };

/** How a run came out, or comes out, and what it was then. */
export interface RunResult extends FollowedRun {
  readonly of: ProjectRun;
}

/** The runs of a project, and how those came out that were run. */
export interface ProjectRunsState extends Given {
  readonly project: OpenProject | null;
  /** When its files were read. */
  readonly readAtMs: number;
  readonly isReading: boolean;
  /** Why the files are no project. */
  readonly problem: Problem | null;
  /** What was chosen last and is no project yet, where it can be read again. */
  readonly unread: ChosenFiles | null;
  /** By the names of runs. */
  readonly choices: ReadonlyMap<string, RunChoice>;
  readonly results: ReadonlyMap<string, RunResult>;
  /** Names of runs that wait for the one before, which is the first. */
  readonly queue: readonly string[];
}

/** Reads a project from chosen files, and runs its runs one after the other. */
export interface ProjectRuns extends StoreApi<ProjectRunsState> {
  readonly open: (chosen: ChosenFiles) => Promise<void>;
  /** Reads the files again, where they can be and nothing is being run. With `mayAsk`, the browser may ask whether they may be read. */
  readonly readAgain: (mayAsk: boolean) => Promise<void>;
  /** The open project by its files as they are now, where they can be read again; null where that failed. */
  readonly upToDate: () => Promise<OpenProject | null>;
  /** Says why nothing could be chosen. */
  readonly fail: (error: unknown) => void;
  readonly close: () => void;
  readonly choose: (name: string, choice: Partial<RunChoice>) => void;
  readonly setSecret: (key: string, value: string) => void;
  readonly setAgreed: (key: string, isAgreed: boolean) => void;
  /** What runs read, and where it goes. */
  readonly needsOf: (names: readonly string[]) => Promise<readonly Need[]>;
  /** Runs these runs, or all, of the files as they are now. */
  readonly start: (names: readonly string[] | 'all') => void;
  /** Ends the run that is under way, and those that wait for it. */
  readonly stop: () => void;
}

const nothing: ProjectRunsState = {
  project: null,
  readAtMs: 0,
  isReading: false,
  problem: null,
  unread: null,
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
  /** The project among chosen files; null where there is none, or others were read meanwhile. */
  const read = async (chosen: ChosenFiles, mayAsk: boolean, before: OpenProject | null): Promise<OpenProject | null> => {
    const mine = (reading += 1);
    set({ isReading: true });
    try {
      const project = await readProject(client, chosen, { mayAsk, before });
      if (mine !== reading) return null;
      set({ readAtMs: Date.now(), problem: null, unread: null });
      return project;
    } catch (error) {
      if (mine === reading) set({ problem: toProblem(error) });
      return null;
    } finally {
      if (mine === reading) set({ isReading: false });
    }
  };
  const upToDate = async (mayAsk = true): Promise<OpenProject | null> => {
    const { project } = get();
    if (project === null || !project.chosen.isKept) return project;
    const now = await read(project.chosen, mayAsk, project);
    if (now !== null) set({ project: now });
    return now;
  };
  const runOne = async (run: ProjectRun, project: OpenProject) => {
    const { name } = run;
    const { signal } = (stopping = new AbortController());
    latest.set(name, signal);
    const show = (followed: FollowedRun) => {
      if (latest.get(name) === signal && get().project === project)
        set({ results: new Map([...get().results, [name, { ...followed, of: run }]]) });
    };
    show(begun);
    try {
      const asked = await askedOf(run, project);
      if ('message' in asked) show(broken(asked));
      else await followRun(client, asked, signal, show);
    } catch (error) {
      show(broken(toProblem(error)));
    }
  };
  /** Reads the files again, and works off the queue. */
  const goOn = async (isAll: boolean) => {
    const mine = (turn += 1);
    const project = await upToDate();
    if (turn !== mine) return;
    // Where other files are being read now, these were not found to be wrong.
    if (project === null) return set({ queue: [], ...(!get().isReading && { results: withUnrun(get(), isAll ? null : get().queue) }) });
    const { runs } = project;
    const names = isAll ? runs.map(({ name }) => name) : get().queue;
    const queue = names.filter((name) => runs.some((run) => run.name === name));
    const gone = names.filter((name) => !queue.includes(name));
    set({ queue, ...(gone.length > 0 && { problem: goneProblem(gone) }) });
    for (let [name] = get().queue; name !== undefined && turn === mine; [name] = get().queue) {
      const run = runs.find((each) => each.name === name);
      if (run !== undefined) await runOne(run, project);
      if (turn === mine) set({ queue: get().queue.slice(1) });
    }
  };
  const needsFor = async ({ files, runs, named }: OpenProject, names: readonly string[]) => {
    if (names.length === 0) return [];
    const asked = names.map((name) => ({ name, ...targetOf(choiceOf(get(), name)) }));
    const { reads } = await client.project.reads({ files: [...files], runs: asked });
    const secretNames = runs.filter(({ name }) => names.includes(name)).flatMap(({ secrets }) => secrets);
    return await needsOf(reads, secretNames, named);
  };
  const askedOf = async ({ name, secrets, bodyFiles }: ProjectRun, project: OpenProject): Promise<AskedRun | Problem> => {
    const { files, named } = project;
    const needs = await needsFor(project, [name]);
    const state = get();
    const choice = choiceOf(state, name);
    return (
      lackOf(needs, state, named) ?? {
        files: [...files],
        name,
        gaps: choice.hasGaps,
        ...targetOf(choice),
        secrets: await secretsOf(needs, secrets, named, state),
        bodies: await bodiesOf(bodyFiles, named),
      }
    );
  };

  const open = async (chosen: ChosenFiles, mayAsk = true) => {
    const isAnother = chosen !== get().unread;
    set({ unread: chosen.isKept ? chosen : null, ...(isAnother && { problem: null }) });
    const project = await read(chosen, mayAsk, null);
    if (project === null) return;
    stop();
    // Another project is not sent where this one was.
    const choices = project.name === get().project?.name ? get().choices : new Map<string, RunChoice>();
    set({ project, choices, results: new Map() });
  };

  return {
    ...store,
    open,
    readAgain: async (mayAsk) => {
      const { unread, isReading, queue } = get();
      if (isReading || queue.length > 0) return;
      if (unread !== null) await open(unread, mayAsk);
      else await upToDate(mayAsk);
    },
    upToDate,
    fail: (error) => set({ problem: toProblem(error) }),
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
    start: (asked) => {
      const { project, queue } = get();
      if (project === null) return;
      const names = asked === 'all' ? project.runs.map(({ name }) => name) : asked;
      set({ queue: [...queue, ...names.filter((name) => !queue.includes(name))] });
      if (queue.length === 0) void goOn(asked === 'all');
    },
    stop,
  };
}

function broken(problem: Problem): FollowedRun {
  return { ...begun, status: 'broken', problem };
}

function goneProblem(names: readonly string[]): Problem {
  return { code: 'NOT_FOUND', message: `The files have no test ${names.join(', ')} any more.`, issues: [] };
}

/** Results with those that were asked for, or all for null, as not run, since the files are no project now: what they showed before is of another text. */
function withUnrun({ project, results }: ProjectRunsState, names: readonly string[] | null): ProjectRunsState['results'] {
  const asked = (project?.runs ?? []).filter(({ name }) => names === null || names.includes(name));
  const problem: Problem = { code: 'INPUT_INVALID', message: 'It was not run: the project could not be read.', issues: [] };
  return new Map([...results, ...asked.map((run) => [run.name, { ...broken(problem), of: run }] as const)]);
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
