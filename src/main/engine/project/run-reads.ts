import { isRunUrl, type Run } from '#shared/contract/project-runs.ts';
import type { DestinationsOf, Target, UrlEnvironment } from './read-hosts.ts';
import type { ReadRun } from './read-project.ts';
import type { AskedRun, Found, ReadsOrder, StandingEndpoint, StandingProfile } from './reads-order.ts';
import { referencesIn } from './secrets.ts';
import { createTaking } from './taken-by-text.ts';
import { sameName } from './thing-key.ts';

/** A run names an endpoint or has a URL, or neither. */
type Named = string | undefined;

/** What the workspace has that a run may use, and where all of the run goes. */
interface Workspace extends Pick<AskedRun, 'to'>, Pick<ReadsOrder, 'environment'> {
  readonly endpoints: readonly StandingEndpoint[];
  readonly profiles: readonly StandingProfile[];
  readonly environments: readonly UrlEnvironment[];
}

/** The URLs that a run sends to. Its headers and bodies go as they stand, and endpoints that it names have their own. */
export function targetsOfRun({ to, steps, verifyTls = true }: Run): readonly Target[] {
  return [to, ...steps.map((step) => step.to)]
    .filter((each) => each !== undefined)
    .filter(isRunUrl)
    .map((url) => ({ url, verifyTls }));
}

/** What is read for a run: its secrets, its files with bodies, and the secret variables of the environment in use that its URLs and headers take. */
export function readsOfRun(given: ReadRun, workspace: Workspace, destinationsOf: DestinationsOf): readonly Found[] {
  const { name, run } = given;
  const read = (what: string, targets: readonly Named[]): Found => ({
    what,
    thing: `runs.${name}`,
    destinations: targets.flatMap((named) => targetFor(named, run, workspace) ?? []).flatMap(destinationsOf),
  });
  const secretsIn = (value: unknown, targets: readonly Named[]) =>
    referencesIn({ secret: value }).map(({ reference }) => read(reference, targets));
  return [
    ...secretsIn(run.secret, [run.to, ...run.steps.map((step) => step.to)]),
    ...run.steps.flatMap((step) => {
      const targets = [step.to ?? run.to];
      return [...secretsIn(step.secret, targets), ...(step.bodyFile === undefined ? [] : [read(`file:${step.bodyFile}`, targets)])];
    }),
    ...variablesOfRun(run, workspace).map(({ reference, named }) => read(reference, [named])),
  ];
}

/** Where what is for a target of a run goes. */
function targetFor(named: Named, { verifyTls = true }: Run, workspace: Workspace): Target | undefined {
  const url = workspace.to ?? named;
  const isOwn = named === undefined || isRunUrl(named);
  if (url === undefined) return undefined;
  if (!isRunUrl(url)) return endpointNamed(workspace, url);
  // To another URL, requests go as those of the endpoint that the run names.
  return { url, verifyTls: isOwn ? verifyTls : endpointNamed(workspace, named)?.verifyTls !== false };
}

/** Secret variables of the environment in use, each with a target that gets it. What endpoints of the workspace take for their own URL is theirs. */
function variablesOfRun(run: Run, workspace: Workspace): readonly { readonly reference: string; readonly named: Named }[] {
  const active = workspace.environments.find(({ name }) => name === workspace.environment);
  const names = Object.keys(active?.secret ?? {});
  if (active === undefined || names.length === 0) return [];
  const takes = createTaking();
  const profile = run.profile === undefined ? [] : headersOfProfile(workspace, run.profile);
  return [...new Set([run.to, ...run.steps.map((step) => step.to ?? run.to)])].flatMap((named) => {
    const url = workspace.to ?? named;
    if (url === undefined || !isRunUrl(url)) return [];
    // To another URL, an endpoint takes its headers along.
    const headers = named === undefined || isRunUrl(named) ? profile : (endpointNamed(workspace, named)?.headers ?? []);
    const texts = [url, ...headers];
    return names
      .filter((variable) => texts.some((text) => takes(text, variable)))
      .map((variable) => ({ reference: `vault:${active.name}/${variable}`, named }));
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
