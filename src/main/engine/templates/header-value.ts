import { invalid, Refusal } from '../base/refusal.ts';
import { BeyondBounds, renderText, unreadTemplate, type CompiledTemplate } from './template.ts';

/** What a template in a header's value can use. Times are those of the attempt. */
export interface HeaderScope {
  /** Id of the message, the same in every attempt and redelivery. */
  readonly id: string;
  readonly type: string;
  readonly deliveryId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly timestampUnix: number;
  readonly timestampMs: number;
}

/** What these limits allow takes some milliseconds; the time limit only catches the unforeseen. */
const bounds = { renderLimit: 500, memoryLimit: 20_000, outputLimit: 8192 };

/** Characters of all templates of an endpoint's headers: they are rendered on the serving thread at each attempt. */
const templateCharacters = 4096;

/**
 * The headers whose value names something of the request, such as `{{ deliveryId | uuid }}`; all others stay as they are. Throws a
 * Refusal for a tag, since a loop takes long, and for more than can be rendered at once.
 */
export function headerTemplates(headers: Readonly<Record<string, string>>): ReadonlyMap<string, CompiledTemplate> {
  const templates = new Map<string, CompiledTemplate>();
  let characters = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!value.includes('{{')) continue;
    if (value.includes('{%'))
      throw invalid(
        `headers.${name}`,
        `The value of ${name} has a tag ({% ... %}): headers take outputs only, such as {{ deliveryId | uuid }}.`,
      );
    characters += value.length;
    if (characters > templateCharacters)
      throw invalid(
        `headers.${name}`,
        `The templates of all headers together have at most ${templateCharacters} characters: make them shorter.`,
      );
    templates.set(name, unreadTemplate(value));
  }
  return templates;
}

/** A made-up request for trying a template. */
const trialScope: HeaderScope = {
  id: 'msg_trial',
  type: 'test.event',
  deliveryId: 'dlv_trial',
  attempt: 1,
  timestamp: '2026-01-01T00:00:00.000Z',
  timestampUnix: 1_767_225_600,
  timestampMs: 1_767_225_600_000,
};

/** Refuses headers whose value is a template that cannot be rendered. */
export function assertHeaderTemplates(headers: Readonly<Record<string, string>>): void {
  for (const [name, template] of headerTemplates(headers)) renderHeader(name, template, trialScope);
}

/** The value for one request. Throws a Refusal INPUT_INVALID for a template that cannot be rendered, or makes no header of one line. */
export function renderHeader(name: string, template: CompiledTemplate, scope: HeaderScope): string {
  const value = renderedValue(name, template, scope);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw invalid(`headers.${name}`, `The value of ${name} is not one line of Latin-1 text once it is rendered: change its template.`);
  return value;
}

function renderedValue(name: string, template: CompiledTemplate, scope: HeaderScope): string {
  try {
    return renderText(template, scope, bounds);
  } catch (error) {
    if (error instanceof BeyondBounds)
      throw invalid(`headers.${name}`, `The template of ${name} makes too much: a header has at most 8192 characters.`);
    if (!(error instanceof Refusal)) throw error;
    const reason = error.message.replace(/^The template is wrong at line \d+, /, 'it is wrong at ');
    throw invalid(
      `headers.${name}`,
      `The value of ${name} is a template, and ${reason} It may name id, type, deliveryId, attempt, timestamp, timestampUnix and timestampMs.`,
    );
  }
}
