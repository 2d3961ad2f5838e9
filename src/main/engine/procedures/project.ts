import { allPages } from '#shared/all-pages.ts';
import type { AuthBook } from '../auth/book.ts';
import type { CallContext } from '../base/admission.ts';
import type { Procedures } from '../base/procedures.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { variablesOf } from '../environments/config.ts';
import type { Calls } from '../project/kinds/kind.ts';
import { createProjects, type ProjectDeps } from '../project/apply.ts';
import { readGivenReads } from '../project/given-project.ts';
import { createKnownReads } from '../project/known-reads.ts';
import type { StandingProfile } from '../project/reads.ts';
import { runNamed } from '../project/run-named.ts';
import { fingerprintOf } from '../signing/secret.ts';
import { headerTexts } from '../templates/header-texts.ts';

export interface ProjectHandlerDeps extends ProjectDeps {
  readonly endpoints: ProjectDeps['endpoints'] & Pick<EndpointBook, 'listed'>;
  readonly auths: ProjectDeps['auths'] & Pick<AuthBook, 'find'>;
  readonly environments: ProjectDeps['environments'] & Pick<EnvironmentBook, 'all' | 'activeId' | 'nameOf'>;
}

/**
 * The `project` part of the router. It changes the workspace by the other procedures alone, as a door would: `callsOf` calls them for the caller.
 */
export function createProjectHandlers(os: Procedures, deps: ProjectHandlerDeps, callsOf: (context: CallContext) => Calls) {
  const projects = createProjects(deps);
  const knownReads = createKnownReads(deps);
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
    reads: os.project.reads.handler(async ({ input: { at, run, to, ...given }, context }) => {
      const endpoints = deps.endpoints.listed().map((each) => {
        const { id, name, url, authId } = each;
        const auth = authId === null ? null : (deps.auths.find(authId)?.name ?? null);
        return { id, name, url, auth, headers: headerTexts(each) };
      });
      const environments = deps.environments.all().map((each) => {
        const { plain, secret } = variablesOf(each);
        return {
          name: each.name,
          plain,
          secret: Object.fromEntries(Object.entries(secret).map(([key, value]) => [key, fingerprintOf(value)])),
        };
      });
      const profiles = await standingProfiles(callsOf(context));
      const environment = deps.environments.nameOf(deps.environments.activeId());
      const order = { run, to, endpoints, profiles, environments, environment };
      const { project, reads } = await readGivenReads(deps.background, given, order);
      if (run !== undefined) runNamed(project.runs, run);
      const known = knownReads.of(at);
      return { reads: reads.map((each) => ({ ...each, hosts: [...each.hosts], isKnown: each.key !== '' && known.has(each.key) })) };
    }),
    noteReads: os.project.noteReads.handler(async ({ input: { at, keys } }) => ({ known: await knownReads.add(at, keys) })),
    apply: os.project.apply.handler(async ({ input, context }) => await projects.apply(input, callsOf(context))),
  };
}

/** All profiles, as far as what they give endpoints may name variables. */
async function standingProfiles({ profiles }: Calls): Promise<readonly StandingProfile[]> {
  const all = await allPages((from) => profiles.list({ limit: 200, ...from }));
  const whole: StandingProfile[] = [];
  for (const { id } of all) {
    const { name, fields, unsignedHeaders } = await profiles.get({ id });
    whole.push({ id, name, headers: headerTexts({ ...fields, unsignedHeaders }) });
  }
  return whole;
}
