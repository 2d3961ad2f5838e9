import type { Warning } from '#shared/contract/common.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { bodyAttemptScope, firstAttempt } from '../templates/attempt-scope.ts';
import { namesIn } from '../templates/template.ts';

/** A warning about a template that names the attempt, while each attempt sends what was rendered for the first one. */
export function renderedOnceWarning({ template, bodyPerAttempt }: EndpointConfig): Warning[] {
  if (template === null || bodyPerAttempt || template.source.length > readForNames) return [];
  const name = namesIn(template).find((each) => attemptNames.has(each));
  if (name === undefined) return [];
  const message = `The template names ${name}, but the body is rendered once: every attempt sends what was rendered for the first one. Let it be rendered again for each attempt.`;
  return [{ code: 'BODY_RENDERED_ONCE', message, path: 'bodyPerAttempt' }];
}

/** Characters of a template whose names are looked up at once. */
const readForNames = 8192;
const attemptNames: ReadonlySet<string> = new Set(Object.keys(bodyAttemptScope(firstAttempt, 0)));
