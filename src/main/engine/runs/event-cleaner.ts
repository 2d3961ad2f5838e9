import type { RunReport } from '#shared/contract/runs.ts';
import { createSecretCleaner } from '../base/secret-cleaner.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import type { SecretValues } from '../project/resolve-secrets.ts';
import type { Authenticator } from '../request/authenticator.ts';
import { resolvedAsFarAsKnown } from '../request/resolve-target.ts';

export interface EventCleanerDeps {
  readonly authenticator: Pick<Authenticator, 'asFarAsKnown'>;
  readonly environments: Pick<EnvironmentBook, 'activeId' | 'variablesOf'>;
}

type JudgedEvent = Extract<RunReport, { readonly kind: 'step' | 'whole' }>;

/** Whose secrets are taken out: those of a run, and of the endpoints that it sends to. */
export interface CleanedFor {
  readonly secrets: SecretValues;
  readonly endpoints: readonly (EndpointConfig | null)[];
}

/** Takes secrets out of what an event of a run tells, which an answer may have repeated: reports are passed on. */
export function createEventCleaner(deps: EventCleanerDeps, { secrets, endpoints }: CleanedFor): <E extends JudgedEvent>(event: E) => E {
  const own = [...new Set(endpoints.filter((endpoint) => endpoint !== null))];
  return (event) => {
    // Looked up for each event, since an access token may have been fetched meanwhile.
    const cleaner = createSecretCleaner([...new Set([...secrets.values(), ...secretsOf(deps, own)])]);
    const clean = (value: unknown): unknown => {
      if (typeof value === 'string') return cleaner.cutText(value);
      if (Array.isArray(value)) return value.map(clean);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each)]));
    };
    const answer = event.kind === 'step' ? { answer: clean(event.answer) } : {};
    return { ...event, ...answer, message: clean(event.message), nearest: clean(event.nearest) };
  };
}

/** The secrets that requests to endpoints carry or are signed with, and those of the variables that they can name. */
export function* secretsOf({ authenticator, environments }: EventCleanerDeps, endpoints: readonly EndpointConfig[]): Generator<string> {
  const variables = environments.variablesOf(environments.activeId());
  yield* Object.values(variables.secret);
  for (const endpoint of endpoints) {
    const target = authenticator.asFarAsKnown(resolvedAsFarAsKnown(endpoint, variables));
    for (const { secret } of [...endpoint.secrets, ...target.secrets]) yield secret;
    yield* Object.values(endpoint.secretHeaders);
    yield* Object.values(target.secretHeaders);
    for (const [, value] of target.authHeaders) yield value;
    for (const { value } of [...target.urlSecrets, ...target.urlKeys]) yield value;
  }
}
