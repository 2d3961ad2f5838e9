import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { Refusal } from '../base/refusal.ts';
import { remembered } from '../base/remembered.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { headerTexts } from '../templates/header-texts.ts';
import { assertHeaderVariables } from '../templates/header-value.ts';
import { renderUrl } from '../templates/url-template.ts';
import { filledFor, noVariables, type Variables } from '../templates/variables.ts';
import { variableSecrets, type UrlSecret } from './url-secrets.ts';

/** An endpoint with the variables of one environment: its URL as it is sent to, and what the templates of its headers take. */
export interface ResolvedTarget extends EndpointConfig {
  readonly variables: Variables;
  /** Secrets in the URL. */
  readonly urlSecrets: readonly UrlSecret[];
}

/**
 * An endpoint with the variables of an environment; always the same object for the same two. Throws a Refusal INPUT_INVALID at `url` where one
 * is missing, or nothing can be sent to the URL that they make.
 */
export function resolveTarget(config: EndpointConfig, variables: Variables): ResolvedTarget {
  return resolvedBy(config)(variables);
}

const resolvedBy = remembered((config: EndpointConfig) =>
  remembered((variables: Variables): ResolvedTarget => {
    if (!hasOutputs(config.url)) return { ...config, variables, urlSecrets: [] };
    const { url, secrets } = renderUrl(config.url, variables);
    return { ...config, url, variables, urlSecrets: variableSecrets(secrets, url) };
  }),
);

/** The same, and throws for a header that names a missing variable too, which otherwise shows when the request is built. */
export function assertResolvable(config: EndpointConfig, variables: Variables): ResolvedTarget {
  const target = resolveTarget(config, variables);
  assertHeaders(target);
  return target;
}

const assertHeaders = remembered((target: ResolvedTarget) => assertHeaderVariables(target, target.variables));

/** An endpoint as far as its variables are known: with its URL as it is saved where that needs others. */
export function resolvedAsFarAsKnown(config: EndpointConfig, variables: Variables): ResolvedTarget {
  try {
    return resolveTarget(config, variables);
  } catch (error) {
    if (error instanceof Refusal) return unresolved(config);
    throw error;
  }
}

const unresolved = remembered((config: EndpointConfig): ResolvedTarget => ({ ...config, variables: noVariables, urlSecrets: [] }));

/** An endpoint for trying it while it is saved, when any variable may still be missing. */
export function triedTarget(config: EndpointConfig, variables: Variables): ResolvedTarget {
  return { ...resolvedAsFarAsKnown(config, variables), variables: filledFor(headerTexts(config), variables) };
}
