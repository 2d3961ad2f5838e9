import { Buffer } from 'node:buffer';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract/index.ts';
import type { RunSummary } from '#shared/contract/runs.ts';
import { callerOf, type CallContext } from '../base/admission.ts';
import type { Procedures } from '../base/procedures.ts';
import type { BinBook } from '../capture/bin-book.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { referencesSetting } from '../project/apply.ts';
import { readGivenProject, refuseProblems } from '../project/given-project.ts';
import { environmentKind } from '../project/kinds/plain-kinds.ts';
import type { ReadProject, ReadRun } from '../project/read-project.ts';
import { referenceKey, type KeptReferences } from '../project/references.ts';
import { resolveSecrets } from '../project/resolve-secrets.ts';
import { runNamed } from '../project/run-named.ts';
import { readThings } from '../project/workspace-state.ts';
import { writeRun } from '../runs/from-log/write-run.ts';
import { gapsOf, outlineOf } from '../runs/outline.ts';
import { performRun, type PerformDeps } from '../runs/perform.ts';
import type { Runs } from '../runs/runs.ts';
import { listedEndpoint } from '../runs/targets.ts';
import type { SettingsBook } from '../settings/settings.ts';

export interface RunHandlerDeps extends PerformDeps {
  readonly runs: Runs;
  readonly endpoints: EndpointBook;
  readonly environments: Pick<EnvironmentBook, 'get' | 'activeId' | 'variablesOf'>;
  readonly bins: Pick<BinBook, 'find' | 'named'>;
  readonly settings: Pick<SettingsBook, 'recall'>;
}

type Calls = ContractRouterClient<Contract>;

/** The `runs` part of the router. What the other procedures do, they do for its callers: `callsOf` calls them as a door would. */
export function createRunHandlers(os: Procedures, deps: RunHandlerDeps, callsOf: (context: CallContext) => Calls) {
  const { background, endpoints, environments, settings } = deps;
  const referenceOf = (slug: string) => settings.recall<KeptReferences>(referencesSetting)?.[referenceKey('bins', slug, 'secrets.0')];
  const secretsOf = async (project: ReadProject, { secrets }: ReadRun, given: Readonly<Record<string, string>>, calls: Calls) => {
    const things = await readThings([environmentKind(environments)], calls);
    const { values, problems } = resolveSecrets({ secrets, entries: project.entries }, { given, things, environments });
    refuseProblems(problems);
    return values;
  };
  return {
    list: os.runs.list.handler(async ({ input }) => {
      const { runs } = await readGivenProject(background, input);
      return { items: runs.map(summaryOf) };
    }),
    write: os.runs.write.handler(
      async ({ input, context }) =>
        await writeRun({ ...deps, referenceOf, endpointName: (to) => listedEndpoint(endpoints, to, 'to').name }, input, callsOf(context)),
    ),
    // A refusal before the first event still gets its own HTTP status.
    run: os.runs.run.handler(async ({ input: { name, to, speed, gaps, progress, secrets, bodies, ...given }, context, signal }) => {
      const calls = callsOf(context);
      const project = await readGivenProject(background, given);
      const found = runNamed(project.runs, name);
      const order = {
        name: found.name,
        run: found.run,
        to,
        speed: gaps ? (speed ?? found.run.speed) : null,
        hasProgress: progress,
        secrets: await secretsOf(project, found, secrets, calls),
        files: new Map(bodies.map((file) => [file.name, Buffer.from(file.contentBase64, 'base64')])),
      };
      const performer = { caller: callerOf(context), calls };
      return await deps.runs.follow((until) => performRun(deps, order, performer, until), signal);
    }),
  };
}

function summaryOf({ name, run, place, secrets }: ReadRun): RunSummary {
  return {
    name,
    description: run.description ?? null,
    to: run.to ?? null,
    steps: run.steps.length,
    outline: outlineOf(run),
    gapsMs: gapsOf(run),
    speed: run.speed,
    place,
    secrets: [...new Set(secrets.map(({ reference }) => reference))],
    bodyFiles: [...new Set(run.steps.flatMap(({ bodyFile }) => (bodyFile === undefined ? [] : [bodyFile])))],
  };
}
