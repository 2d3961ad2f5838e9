import type { CallContext } from '../base/admission.ts';
import type { Procedures } from '../base/procedures.ts';
import type { Calls } from '../project/kinds/kind.ts';
import { createProjects, type ProjectDeps } from '../project/apply.ts';

/**
 * The `project` part of the router. It changes the workspace by the other procedures alone, as a door would: `callsOf` calls them for the caller.
 */
export function createProjectHandlers(os: Procedures, deps: ProjectDeps, callsOf: (context: CallContext) => Calls) {
  const projects = createProjects(deps);
  return {
    get: os.project.get.handler(async ({ context }) => {
      const { text, secrets } = await projects.write(callsOf(context));
      return { text, secrets: [...secrets] };
    }),
    writeOver: os.project.writeOver.handler(async ({ input: { current }, context }) => {
      const { text, secrets } = await projects.writeOver(current, callsOf(context));
      return { text, secrets: [...secrets] };
    }),
    references: os.project.references.handler(async ({ input }) => {
      const { secrets, documents } = await projects.read(input);
      return { secrets: [...secrets], documents: [...documents] };
    }),
    apply: os.project.apply.handler(async ({ input, context }) => await projects.apply(input, callsOf(context))),
  };
}
