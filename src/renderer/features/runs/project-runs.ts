import { createStore, type StoreApi } from 'zustand/vanilla';
import { projectCharacters, type ProjectRead } from '#shared/contract/project.ts';
import type { RunSummary } from '#shared/contract/runs.ts';
import type { Client } from '../../base/client.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { bytesText } from '../../base/size-format.ts';
import type { Session } from '../../stores/session.tsx';
import { base64OfBytes } from '../../ui/body-format.ts';
import type { FoundFile } from '../../ui/dropped-files.ts';
import { findProject, pathOf, type FoundProject } from './find-project.ts';
import { begun, followRun, type AskedRun, type FollowedRun } from './followed-run.ts';

/** A project whose files were chosen, with its runs. */
export interface OpenProject {
  /** Of its file or folder, as it was chosen. */
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly runs: readonly RunSummary[];
  /** Finds a file that the project names among those that were chosen. */
  readonly fileNamed: (name: string) => File | null;
}

/** The runs of a project, and how those came out that were run. */
export interface ProjectRunsState {
  readonly project: OpenProject | null;
  readonly isReading: boolean;
  /** Why the files are no project. */
  readonly problem: Problem | null;
  /** Another target for all of them, or empty. */
  readonly to: string;
  readonly hasGaps: boolean;
  /** Values of secrets by {@link valueKey}. They are in memory only. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly results: ReadonlyMap<string, FollowedRun>;
  /** Names of runs that wait for the one before. */
  readonly queue: readonly string[];
}

/** Reads a project from chosen files, and runs its runs one after the other. */
export interface ProjectRuns extends StoreApi<ProjectRunsState> {
  readonly open: (found: readonly FoundFile[]) => Promise<void>;
  readonly close: () => void;
  readonly setTo: (to: string) => void;
  readonly setGaps: (hasGaps: boolean) => void;
  readonly setSecret: (key: string, value: string) => void;
  /** What is read for runs, and where it goes. */
  readonly readsOf: (names: readonly string[]) => Promise<readonly ProjectRead[]>;
  readonly start: (names: readonly string[]) => void;
  /** Ends the run that is under way, and those that wait for it. */
  readonly stop: () => void;
}

const nothing: ProjectRunsState = {
  project: null,
  isReading: false,
  problem: null,
  to: '',
  hasGaps: true,
  secrets: {},
  results: new Map(),
  queue: [],
};

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
      await followRun(client, await askedOf(name, project), signal, show);
    } catch (error) {
      show({ ...begun, status: 'broken', problem: toProblem(error) });
    }
  };
  const goOn = async (project: OpenProject) => {
    const mine = (turn += 1);
    for (let [name] = get().queue; name !== undefined && turn === mine; [name] = get().queue) {
      await runOne(name, project);
      if (turn === mine) set({ queue: get().queue.slice(1) });
    }
  };
  const readsOf = async ({ files }: OpenProject, names: readonly string[]) => {
    const to = get().to.trim();
    const asked = names.map((run) => client.project.reads({ files: [...files], run, ...(to === '' ? {} : { to }) }));
    return (await Promise.all(asked)).flatMap(({ reads }) => reads);
  };
  const askedOf = async (name: string, project: OpenProject): Promise<AskedRun> => {
    const { files, runs, fileNamed } = project;
    const found = runs.find((each) => each.name === name);
    const reads = found === undefined || found.secrets.length === 0 ? [] : await readsOf(project, [name]);
    const { to, hasGaps, secrets } = get();
    return {
      files: [...files],
      name,
      gaps: hasGaps,
      ...(to.trim() === '' ? {} : { to: to.trim() }),
      secrets: await secretsOf(found?.secrets ?? [], { fileNamed, given: (reference) => secrets[valueKey(reference, reads)] ?? '' }),
      bodies: await bodiesOf(found?.bodyFiles ?? [], fileNamed),
    };
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
        set({ project: { name: nameOf(chosen), files, runs: items, fileNamed }, results: new Map(), queue: [] });
      } catch (error) {
        if (isStill()) set({ problem: toProblem(error) });
      } finally {
        if (isStill()) set({ isReading: false });
      }
    },
    close: () => {
      reading += 1;
      stop();
      set({ ...nothing, secrets: get().secrets });
    },
    setTo: (to) => set({ to }),
    setGaps: (hasGaps) => set({ hasGaps }),
    setSecret: (key, value) => set({ secrets: { ...get().secrets, [key]: value } }),
    readsOf: async (names) => {
      const { project } = get();
      return project === null ? [] : await readsOf(project, names);
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
    files.map(async ({ path, file }) => ({ name: path.slice(folder.length), text: await read(path, () => file.text()) })),
  );
}

/** Reads a file. Rejects with an Error that names it where that cannot be done: browsers hand over no file that was changed since. */
async function read<T>(name: string, reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (error) {
    throw new Error(`${name} could not be read, perhaps since it was changed: choose it again.`, { cause: error });
  }
}

/**
 * Under what the value of a secret is kept: its reference and the hosts that get it or what it signs. Another project, or one that was changed, may
 * name the same variable and send it elsewhere; it is asked for again then.
 */
export function valueKey(reference: string, reads: readonly ProjectRead[]): string {
  const hosts = reads.filter(({ what }) => what === reference).flatMap((same) => same.hosts);
  return JSON.stringify([reference, ...new Set(hosts)]);
}

interface SecretSource {
  readonly fileNamed: OpenProject['fileNamed'];
  /** What was typed for a reference, or empty. */
  readonly given: (reference: string) => string;
}

/** Values of secrets by their reference; those of `vault:` are of the workspace. Rejects with an Error where one is missing. */
async function secretsOf(references: readonly string[], { fileNamed, given }: SecretSource): Promise<Record<string, string>> {
  const values = await Promise.all(
    references.map(async (reference) => {
      const file = secretFile(fileNamed, reference);
      return [reference, file === null ? given(reference) : (await read(reference, () => file.text())).replace(/\r?\n$/, '')] as const;
    }),
  );
  const [missing] = values.find(([reference, value]) => value === '' && !reference.startsWith('vault:')) ?? [];
  if (missing !== undefined) throw new Error(`${missing} has no value: type it in above, and run the test again.`);
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}

/** Bodies by their path. Rejects with an Error for one that was not chosen. */
async function bodiesOf(paths: readonly string[], fileNamed: OpenProject['fileNamed']): Promise<AskedRun['bodies']> {
  const chosen = paths.map((name) => {
    const file = fileNamed(name);
    if (file === null) throw new Error(`${name} is not among the chosen files: choose the whole folder of the project.`);
    return { name, file };
  });
  return await Promise.all(
    chosen.map(async ({ name, file }) => ({
      name,
      contentBase64: base64OfBytes(new Uint8Array(await read(name, () => file.arrayBuffer()))),
    })),
  );
}

/** The chosen file that a reference such as `file:secrets/shop.txt` names; null where it is none, or was not chosen. */
export function secretFile(fileNamed: OpenProject['fileNamed'], reference: string): File | null {
  return reference.startsWith('file:') ? fileNamed(reference.slice('file:'.length)) : null;
}
