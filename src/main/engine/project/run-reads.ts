import { isRunUrl } from '#shared/contract/project-runs.ts';
import type { DestinationsOf } from './read-hosts.ts';
import type { ReadRun } from './read-project.ts';
import type { Found, ReadsOrder } from './reads.ts';
import { referencesIn } from './secrets.ts';
import { createTaking } from './taken-by-text.ts';
import { sameName } from './thing-key.ts';

type Target = string | undefined;
type Workspace = Omit<ReadsOrder, 'run'>;

/** The URLs that a run sends to. Its headers and bodies go as they stand, and endpoints that it names have their own. */
export function urlsOfRun({ to, steps }: ReadRun['run']): readonly string[] {
  return [to, ...steps.map((step) => step.to)].filter((each) => each !== undefined).filter(isRunUrl);
}

/** What is read for a run: its secrets, its files with bodies, and the secret variables of the environment in use that its URLs and headers take. */
export function readsOfRun(given: ReadRun, workspace: Workspace, destinationsOf: DestinationsOf): readonly Found[] {
  const { name, run } = given;
  const { to } = workspace;
  const ofTarget = (target: Target) =>
    destinationsOf(target === undefined || isRunUrl(target) ? target : endpointNamed(workspace, target)?.url);
  const read = (what: string, targets: readonly Target[]): Found => ({
    what,
    thing: `runs.${name}`,
    destinations: (to === undefined ? targets : [to]).flatMap(ofTarget),
  });
  const secretsIn = (value: unknown, targets: readonly Target[]) =>
    referencesIn({ secret: value }).map(({ reference }) => read(reference, targets));
  return [
    ...secretsIn(run.secret, [run.to, ...run.steps.map((step) => step.to)]),
    ...run.steps.flatMap((step) => {
      const targets = [step.to ?? run.to];
      return [...secretsIn(step.secret, targets), ...(step.bodyFile === undefined ? [] : [read(`file:${step.bodyFile}`, targets)])];
    }),
    ...variablesOfRun(given, workspace).map(({ reference, url }) => read(reference, [url])),
  ];
}

/** Secret variables of the environment in use, each with a URL that gets it. What endpoints of the workspace take for their own URL is theirs. */
function variablesOfRun({ run }: ReadRun, workspace: Workspace): readonly { readonly reference: string; readonly url: string }[] {
  const active = workspace.environments.find(({ name }) => name === workspace.environment);
  const names = Object.keys(active?.secret ?? {});
  if (active === undefined || names.length === 0) return [];
  const takes = createTaking();
  const profile = run.profile === undefined ? [] : headersOfProfile(workspace, run.profile);
  return [...new Set([run.to, ...run.steps.map((step) => step.to ?? run.to)])].flatMap((own) => {
    const url = workspace.to ?? own;
    if (url === undefined || !isRunUrl(url)) return [];
    // To another URL, an endpoint takes its headers along.
    const headers = own === undefined || isRunUrl(own) ? profile : (endpointNamed(workspace, own)?.headers ?? []);
    const texts = [url, ...headers];
    return names
      .filter((variable) => texts.some((text) => takes(text, variable)))
      .map((variable) => ({ reference: `vault:${active.name}/${variable}`, url }));
  });
}

function headersOfProfile({ profiles }: Workspace, given: string): readonly string[] {
  return profiles.flatMap(({ id, name, headers }) =>
    id === given || sameName('profiles', name) === sameName('profiles', given) ? headers : [],
  );
}

function endpointNamed({ endpoints }: Workspace, given: string) {
  return endpoints.find(({ id, name }) => id === given || sameName('endpoints', name) === sameName('endpoints', given));
}
