import type { CallContext } from '../base/admission.ts';
import type { Procedures } from '../base/procedures.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { pick, type Calls, type Kind } from '../project/kinds/kind.ts';
import { createKinds } from '../project/kinds/kinds.ts';
import { createProjects, type ProjectDeps } from '../project/apply.ts';
import { readGivenReads } from '../project/given-project.ts';
import { createKnownReads } from '../project/known-reads.ts';
import type { StandingThing } from '../project/reads-order.ts';
import { runNamed } from '../project/run-named.ts';
import { readThings } from '../project/workspace-state.ts';

export interface ProjectHandlerDeps extends ProjectDeps {
  readonly environments: ProjectDeps['environments'] & Pick<EnvironmentBook, 'activeId' | 'nameOf'>;
}

/**
 * The `project` part of the router. It changes the workspace by the other procedures alone, as a door would: `callsOf` calls them for the caller.
 */
export function createProjectHandlers(os: Procedures, deps: ProjectHandlerDeps, callsOf: (context: CallContext) => Calls) {
  const projects = createProjects(deps);
  const knownReads = createKnownReads(deps);
  // Policies and event types neither have secrets nor take variables.
  const kinds = createKinds(deps).filter(({ kind }) => kind !== 'policies' && kind !== 'eventTypes');
  return {
    get: os.project.get.handler(async ({ context }) => {
      const { text, secrets } = await projects.write(callsOf(context));
      return { text, secrets: [...secrets] };
    }),
    writeOver: os.project.writeOver.handler(async ({ input, context }) => {
      const { text, secrets, documents, notes } = await projects.writeOver(input, callsOf(context));
      return { text, secrets: [...secrets], documents: [...documents], notes: [...notes] };
    }),
    references: os.project.references.handler(async ({ input }) => {
      const { secrets, documents } = await projects.read(input);
      return { secrets: [...secrets], documents: [...documents] };
    }),
    reads: os.project.reads.handler(async ({ input: { at, runs, unset, ...given }, context }) => {
      const standing = await standingThings(kinds, callsOf(context));
      const environment = deps.environments.nameOf(deps.environments.activeId());
      const order = { runs, unset, standing, environment };
      const { project, reads } = await readGivenReads(deps.background, given, order);
      for (const { name } of runs ?? []) runNamed(project.runs, name);
      const known = knownReads.of(at);
      return { reads: reads.map((each) => ({ ...each, hosts: [...each.hosts], isKnown: each.key !== '' && known.has(each.key) })) };
    }),
    noteReads: os.project.noteReads.handler(async ({ input: { at, keys } }) => ({ known: await knownReads.add(at, keys) })),
    apply: os.project.apply.handler(async ({ input, context }) => await projects.apply(input, callsOf(context))),
  };
}

/** What the workspace has of these kinds. */
async function standingThings(kinds: readonly Kind[], calls: Calls): Promise<readonly StandingThing[]> {
  const things = await readThings(kinds, calls);
  return [...things].flatMap(([kind, all]) =>
    // A profile has much that says nothing of secrets.
    all.map((thing) => ({
      ...thing,
      kind,
      fields: kind === 'profiles' ? pick(thing.fields, ['fields', 'unsignedHeaders']) : thing.fields,
    })),
  );
}
