import type { Warning } from '#shared/contract/common.ts';
import { jsonTextOf } from '#shared/contract/json.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Refusal } from '../base/refusal.ts';
import type { Renderer } from '../templates/renderer.ts';
import { filledFor, type Variables } from '../templates/variables.ts';
import type { EndpointConfig } from './config.ts';

/** An event type with its sample, which is read when it is tried. */
export interface TriedSample {
  readonly name: string;
  readonly sample: () => unknown;
}

/** What a template is tried with. */
export interface Trial {
  readonly nowMs: number;
  /** Those in use now; the template may be meant for others. */
  readonly variables: Variables;
}

/** How long samples may be tried, in real time. */
const longestCheckMs = 1000;

/**
 * Tries a template on the samples of the events it will meet. Rejects with a Refusal TEMPLATE_INVALID when it renders
 * something that is not JSON where JSON is promised, or fails on an event that the endpoint names; a failure on an
 * event that only a pattern brings in is a warning, since the template may be meant for others.
 */
export async function checkTemplate(
  renderer: Renderer,
  config: EndpointConfig,
  catalogue: readonly TriedSample[],
  { nowMs, variables }: Trial,
): Promise<Warning[]> {
  if (config.template === null) return [];
  const filled = { nowMs, variables: filledFor([config.template.source], variables) };
  const isFilled = Object.keys(filled.variables.plain).length > Object.keys(variables.plain).length;
  const missing = async (eventType: { readonly name: string; readonly sample: unknown }): Promise<Warning[]> => {
    const problem = isFilled ? await tryTemplate(renderer, config, eventType, { nowMs, variables }) : null;
    return problem === null ? [] : [{ code: 'VARIABLE_MISSING', message: problem.message, path: 'template' }];
  };
  const met = catalogue.filter((eventType) => matchesEvent(config.events, eventType.name));
  if (met.length === 0) {
    const blank = { name: config.events[0] ?? 'event', sample: {} };
    const problem = await tryTemplate(renderer, config, blank, filled);
    // Without a sample, a missing field means nothing.
    if (problem?.data.source === 'json') throw problem;
    return problem === null ? await missing(blank) : [];
  }
  const warnings: Warning[] = [];
  const startedMs = performance.now();
  for (const eventType of met) {
    // A slow template with a large catalogue would delay deliveries; errors with untried samples show when such an event is sent.
    if (performance.now() - startedMs > longestCheckMs) break;
    const sample = eventType.sample();
    const tried = { name: eventType.name, sample };
    const problem = await tryTemplate(renderer, config, tried, filled);
    if (problem === null && warnings.length === 0) warnings.push(...(await missing(tried)));
    // Most templates render synchronously, and a catalogue has many samples.
    await nextTurn();
    if (problem === null) continue;
    // Without a sample, a missing field means nothing.
    const isSure = config.events.includes(eventType.name) && !isBlank(sample);
    if (problem.data.source === 'json' || isSure) throw problem;
    warnings.push({ code: 'TEMPLATE_INVALID', message: `With the sample of ${eventType.name}: ${problem.message}` });
  }
  return warnings;
}

/** The default sample of an event type. */
function isBlank(sample: unknown): boolean {
  return typeof sample === 'object' && sample !== null && Object.keys(sample).length === 0;
}

async function tryTemplate(
  renderer: Renderer,
  config: EndpointConfig,
  eventType: { readonly name: string; readonly sample: unknown },
  trial: Trial,
): Promise<Refusal<'TEMPLATE_INVALID'> | null> {
  try {
    await renderer.render(config, { id: 'msg_sample', type: eventType.name, dataJson: jsonTextOf(eventType.sample), ...trial });
    return null;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'TEMPLATE_INVALID') return error as Refusal<'TEMPLATE_INVALID'>;
    throw error;
  }
}
