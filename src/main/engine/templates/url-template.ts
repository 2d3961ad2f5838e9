import { urlProblem } from '#shared/contract/target-url.ts';
import { cutOutputs, hasOutputs } from '#shared/contract/template-outputs.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import { secretOutputs, type SecretOutput } from './secret-outputs.ts';
import { BeyondBounds, MissingVariable, renderText, unreadTemplate, type CompiledTemplate } from './template.ts';
import { filledFor, headScope, noVariables, type Variables } from './variables.ts';

/** A URL as it is sent to, and the texts in it that came from secret variables. */
export interface RenderedUrl {
  readonly url: string;
  readonly secrets: readonly SecretOutput[];
}

/** What these allow takes some milliseconds, once for each endpoint and environment. */
const bounds = { renderLimit: 500, memoryLimit: 20_000, outputLimit: 4096 };

/**
 * The URL with the values of its variables. Throws a Refusal INPUT_INVALID at `url` where one is missing, or nothing could be sent to what
 * comes out, which is said without its secrets.
 */
export function renderUrl(source: string, variables: Variables): RenderedUrl {
  const secrets: SecretOutput[] = [];
  const url = cutOutputs(source)
    .map(({ text: piece, isOutput }) => {
      if (!isOutput) return piece;
      const template = unreadTemplate(piece);
      const text = renderedOutput(template, variables);
      secrets.push(...secretOutputs(template, text, variables));
      return text;
    })
    .join('');
  const problem = urlProblem(url) ?? (URL.canParse(url) ? null : 'Its host is not a name or an address.');
  if (problem === null) return { url, secrets };
  const told = secrets.reduce((sentence, { text, shown }) => sentence.replaceAll(text, () => shown), problem);
  const where = variables.environment === null ? '' : ` of ${variables.environment}`;
  throw invalid('url', `With the variables${where}, nothing can be sent to the URL. ${told}`);
}

/** Refuses the template of a URL that cannot be rendered, whatever variables an environment has. */
export function assertUrlTemplate(source: string): void {
  if (!hasOutputs(source)) return;
  const filled = filledFor([source], noVariables);
  for (const { text, isOutput } of cutOutputs(source)) if (isOutput) assertOutput(unreadTemplate(text), filled);
}

/** A variable that it takes by a computed name may be there when it is sent. */
function assertOutput(template: CompiledTemplate, variables: Variables): void {
  try {
    renderText(template, headScope(variables), variables, bounds);
  } catch (error) {
    if (!(error instanceof MissingVariable)) throw refusedOutput(template, error);
  }
}

function renderedOutput(template: CompiledTemplate, variables: Variables): string {
  try {
    return renderText(template, headScope(variables), variables, bounds);
  } catch (error) {
    throw refusedOutput(template, error);
  }
}

/** Why an output cannot be rendered, as an error of the URL. */
function refusedOutput(template: CompiledTemplate, error: unknown): unknown {
  if (error instanceof BeyondBounds) return invalid('url', 'The template of the URL makes too much: a URL has at most 4096 characters.');
  if (error instanceof MissingVariable) return invalid('url', `The URL cannot be made: ${error.reason}.`);
  if (!(error instanceof Refusal)) return error;
  const reason = error.message.replace(/^The template is wrong at line \d+, column \d+: /, '');
  return invalid('url', `The output ${template.source} of the URL is wrong: ${reason} It may name vars.NAME and environment.`);
}
