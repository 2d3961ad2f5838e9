import { invalid, Refusal } from '../base/refusal.ts';
import { attemptScope, firstAttempt, type AttemptScope } from './attempt-scope.ts';
import { secretsIn, secretsOfText, shownText, type SecretOutput } from './secret-outputs.ts';
import { BeyondBounds, MissingVariable, renderText, unreadTemplate, type CompiledTemplate } from './template.ts';
import { filledFor, headScope, mayNameVariable, noVariables, type Variables } from './variables.ts';

/** What a template in a header's value can use. Times are those of the attempt. */
export interface HeaderScope extends AttemptScope {
  /** Id of the message, the same in every attempt and redelivery. */
  readonly id: string;
  readonly type: string;
  readonly deliveryId: string;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly timestampUnix: number;
  readonly timestampMs: number;
}

const namesText =
  'id, type, deliveryId, attemptId, attempt, retry, redelivery, lastOutcome, lastStatus, firstAttemptTimestamp, timestamp, timestampUnix, timestampMs, environment and vars.NAME';

/** What these limits allow takes some milliseconds; the time limit only catches the unforeseen. */
const bounds = { renderLimit: 500, memoryLimit: 20_000, outputLimit: 8192 };

/** The fields of an endpoint whose values may be templates. */
export type TemplatedHeaders = 'headers' | 'retryHeaders';

/** The template of a header's value. */
export interface HeaderTemplate {
  readonly template: CompiledTemplate;
  /** Of the header, in the endpoint. */
  readonly path: string;
}

/** Characters of all templates of such a field: they are rendered on the serving thread at each attempt. */
const templateCharacters = 4096;

/**
 * The headers whose value names something of the request, such as `{{ deliveryId | uuid }}`; all others stay as they are. Throws a
 * Refusal for a tag, since a loop takes long, and for more than can be rendered at once.
 */
export function headerTemplates(
  headers: Readonly<Record<string, string>>,
  field: TemplatedHeaders = 'headers',
): ReadonlyMap<string, HeaderTemplate> {
  const templates = new Map<string, HeaderTemplate>();
  let characters = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!value.includes('{{')) continue;
    const path = `${field}.${name}`;
    if (value.includes('{%'))
      throw invalid(path, `The value of ${name} has a tag ({% ... %}): headers take outputs only, such as {{ deliveryId | uuid }}.`);
    characters += value.length;
    if (characters > templateCharacters)
      throw invalid(path, `The templates of all headers together have at most ${templateCharacters} characters: make them shorter.`);
    templates.set(name, { template: unreadTemplate(value), path });
  }
  return templates;
}

/** A made-up request for trying a template. */
const trialScope: HeaderScope = {
  id: 'msg_trial',
  type: 'test.event',
  deliveryId: 'dlv_trial',
  ...attemptScope(firstAttempt, 1_767_225_600_000),
  timestamp: '2026-01-01T00:00:00.000Z',
  timestampUnix: 1_767_225_600,
  timestampMs: 1_767_225_600_000,
};

/** The headers of an endpoint whose values may be templates. */
type Templated = Readonly<Partial<Record<TemplatedHeaders, Readonly<Record<string, string>>>>>;

/** Refuses headers whose value is a template that cannot be rendered, whatever variables an environment has. */
export function assertHeaderTemplates(given: Templated): void {
  for (const [name, template] of templatesOf(given)) {
    try {
      renderHeader(name, template, trialScope, filledFor([template.template.source], noVariables));
    } catch (error) {
      // A variable that it takes by a computed name, or by one with escapes, may be there when it is sent.
      if (!(error instanceof Refusal && error.cause instanceof MissingVariable)) throw error;
    }
  }
}

/** Refuses headers that name a variable which the environment does not have. */
export function assertHeaderVariables(given: Templated, variables: Variables): void {
  for (const [name, template] of templatesOf(given))
    if (mayNameVariable(template.template.source)) renderHeader(name, template, trialScope, variables);
}

function templatesOf(given: Templated): readonly (readonly [name: string, template: HeaderTemplate])[] {
  return (['headers', 'retryHeaders'] as const).flatMap((field) => [...headerTemplates(given[field] ?? {}, field)]);
}

/** The value of a header, and what is kept and shown of it. */
export interface RenderedHeader {
  readonly value: string;
  /** The value with placeholders for the outputs that name a secret variable; null where none does. */
  readonly shown: string | null;
  /** What those outputs made. */
  readonly secrets: readonly SecretOutput[];
}

/** The value for one request. Throws a Refusal INPUT_INVALID for a template that cannot be rendered, or makes no header of one line. */
export function renderHeader(name: string, { template, path }: HeaderTemplate, scope: HeaderScope, variables: Variables): RenderedHeader {
  const fullScope = { ...scope, ...headScope(variables) };
  const render = (each: CompiledTemplate) => renderedValue(name, { template: each, path }, fullScope, variables);
  const value = render(template);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw invalid(path, `The value of ${name} is not one line of Latin-1 text once it is rendered: change its template.`);
  if (secretsIn(template, variables).length === 0) return { value, shown: null, secrets: [] };
  const secrets = secretsOfText(template.source, variables, render);
  return { value, shown: shownText(template.source, variables, render), secrets };
}

function renderedValue(name: string, { template, path }: HeaderTemplate, scope: object, variables: Variables): string {
  try {
    return renderText(template, scope, variables, bounds);
  } catch (error) {
    if (error instanceof BeyondBounds) throw invalid(path, `The template of ${name} makes too much: a header has at most 8192 characters.`);
    if (error instanceof MissingVariable) throw invalid(path, `The value of ${name} cannot be made: ${error.reason}.`, { cause: error });
    if (!(error instanceof Refusal)) throw error;
    const reason = error.message.replace(/^The template is wrong at line \d+, /, 'it is wrong at ');
    throw invalid(path, `The value of ${name} is a template, and ${reason} It may name ${namesText}.`);
  }
}
