import type { Batch } from '#shared/contract/endpoints.ts';
import { contentKindOf } from '#shared/contract/content-kind.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import type { BodyStyle } from '#shared/json/body-style.ts';
import { TaskEnded, taskLimitMs, type Background } from '../background/background.ts';
import { invalid } from '../base/refusal.ts';
import { remembered } from '../base/remembered.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { templateData } from './exact-data.ts';
import { encodeEvent, encodeTask } from './encode-event.ts';
import { envelopeOf, isJsonType, renderBody } from './render-body.ts';
import { checkBodyTask, findBodyProblem, type BodyProblem } from './well-formed.ts';
import { checkTemplateTask, renderTask, type RenderOrder } from './render-task.ts';
import { renderBatchTask } from './render-batch.ts';
import { styleBody, styleTask } from './style-body.ts';
import { bodyAttemptScope, firstAttempt, type AttemptFacts } from './attempt-scope.ts';
import { mayNameVariable, noVariables, withoutSecrets, type Variables } from './variables.ts';
import { traceTask, type Traced } from './trace.ts';
import { BeyondBounds, tagsIn, templateRefusal, tooMuchReason, type CompiledTemplate, type RenderBounds } from './template.ts';

/** An event to render; `nowMs` becomes its timestamp. */
export interface RenderedEvent {
  readonly id: string;
  readonly type: string;
  readonly dataJson: string;
  /** The same data parsed, if available. */
  readonly data?: unknown;
  /** Whether the data is a list of the data of several events. */
  readonly isBatch?: boolean;
  readonly nowMs: number;
  readonly variables: Variables;
  /** The attempt that it is rendered for and its time, where that is not the first one, at `nowMs`. */
  readonly attempt?: { readonly facts: AttemptFacts; readonly atMs: number };
}

/** The settings of an endpoint for its bodies. */
export interface RenderTarget {
  readonly id: string;
  readonly name: string;
  /** Null for Hookyard's envelope. */
  readonly template: CompiledTemplate | null;
  readonly contentType: string;
  /** How a JSON body is written; null as it was rendered. */
  readonly bodyStyle: BodyStyle | null;
  /** How many events one body may hold; null for one. */
  readonly batch: Batch | null;
}

/** Parses and renders templates: those that are certainly quick at once, others in a thread that is ended when it takes too long. */
export interface Renderer {
  /** Rejects with a Refusal TEMPLATE_INVALID unless the template can be read. */
  readonly check: (template: CompiledTemplate | null) => Promise<void>;
  /** The body of an event for an endpoint. Rejects with a Refusal TEMPLATE_INVALID. */
  readonly render: (endpoint: RenderTarget, event: RenderedEvent) => Promise<Uint8Array>;
  /** Which line of a template made what of the body; null where that cannot be told. */
  readonly trace: (endpoint: RenderTarget, event: RenderedEvent) => Promise<Traced | null>;
  /** Where the body of a template is not the form, XML or multipart that its content type promises; null where it is, or cannot be checked. */
  readonly problemOf: (endpoint: Pick<RenderTarget, 'contentType' | 'template'>, body: Uint8Array) => Promise<BodyProblem | null>;
}

/** A template within these limits is parsed in a few milliseconds. */
const lightCharacters = 8192;
const lightTags = 300;
/** Tags and filters that can take long, or produce a lot, in one step without checking the limits. */
const heavyWords = /\b(?:capture|tablerow|liquid|strip_html|sort|sort_natural|\w+_exp)\b/;
/** With data up to this size, no single step of a light template takes long. */
export const lightDataCharacters = 32_768;
/** Data with more characters is not traced: nobody looks at each line of it. */
const tracedCharacters = 262_144;
/** Levels of a body whose indents are no work. */
const lightDepth = 100;
/** Data that is written as a form or XML in a few milliseconds. */
const lightEncodedCharacters = 8192;
const lightEncodedDepth = 10;
/** How far a light template may go at once. */
export const lightBounds: Omit<RenderBounds, 'renderLimit'> = { memoryLimit: 250_000, outputLimit: 250_000 };
/** A template that exceeded the bounds this often always goes to a thread. */
const chances = 3;

/** A light template that takes longer than `atOnceMs` still goes to a thread. */
export function createRenderer(background: Background, atOnceMs = 10): Renderer {
  const misses = new WeakMap<CompiledTemplate, number>();
  /** Of events with much data: endpoints without a template share one. */
  const envelopes = new WeakMap<RenderedEvent, Uint8Array>();
  const largeEnvelope = (event: RenderedEvent) => {
    const envelope = envelopes.get(event) ?? envelopeOfEvent(event);
    envelopes.set(event, envelope);
    return envelope;
  };

  /** The body if it is certainly quick to make; otherwise null. */
  const renderAtOnce = (template: CompiledTemplate, endpoint: RenderTarget, event: RenderedEvent): Uint8Array | null => {
    const missed = misses.get(template) ?? 0;
    if (missed >= chances || event.dataJson.length > lightDataCharacters || !isLight(template)) return null;
    try {
      const data = event.data === undefined ? templateData(event.dataJson) : event.data;
      return renderBody(template, endpoint.contentType, { ...scopeOf(endpoint, event), data }, { ...lightBounds, renderLimit: atOnceMs });
    } catch (error) {
      if (!(error instanceof BeyondBounds)) throw error;
      misses.set(template, missed + 1);
      return null;
    }
  };

  /** In a thread, since there may be a thousand events. */
  const renderedBatch = async (endpoint: RenderTarget, { maxEvents }: Batch, event: RenderedEvent): Promise<Uint8Array> => {
    const { template } = endpoint;
    if (template === null)
      throw templateRefusal('it is the default envelope, and a batch needs a template that renders a JSON array of one event');
    return await inTime(background.run('templates', renderBatchTask, { ...orderOf(endpoint, template, event), maxEvents }));
  };

  /** The body, and whether it is in the endpoint's style already: what is rendered in a thread is styled there too. */
  const rendered = async (endpoint: RenderTarget, event: RenderedEvent): Promise<{ body: Uint8Array; isStyled: boolean }> => {
    const { template, contentType } = endpoint;
    if (event.isBatch === true) return { body: await renderedBatch(endpoint, batchOf(endpoint), event), isStyled: true };
    const kind = template === null ? contentKindOf(contentType) : 'other';
    if (kind === 'form' || kind === 'xml') return { body: await encoded(kind, event), isStyled: false };
    if (template === null)
      return { body: event.dataJson.length > lightDataCharacters ? largeEnvelope(event) : envelopeOfEvent(event), isStyled: false };
    const quick = renderAtOnce(template, endpoint, event);
    if (quick !== null) return { body: quick, isStyled: false };
    return { body: await inTime(background.run('templates', renderTask, orderOf(endpoint, template, event))), isStyled: true };
  };

  const encoded = async (kind: 'form' | 'xml', { type, nowMs, dataJson }: RenderedEvent): Promise<Uint8Array> => {
    const order = { kind, type, timestamp: new Date(nowMs).toISOString(), dataJson };
    // Each value of a form repeats the names above it, so depth counts too.
    const isQuick = dataJson.length <= lightEncodedCharacters && !isJsonDeeper(Buffer.from(dataJson, 'utf8'), lightEncodedDepth);
    return isQuick ? encodeEvent(order) : await inTime(background.run('templates', encodeTask, order));
  };

  return {
    problemOf: async ({ contentType, template }, body) => {
      const kind = contentKindOf(contentType);
      if (template === null || kind === 'json' || kind === 'other') return null;
      if (body.byteLength <= lightDataCharacters) return findBodyProblem({ contentType, body });
      return await background.run('templates', checkBodyTask, { contentType, body: ownBytes(body) }).catch((error: unknown) => {
        // What takes too long to check is sent without a remark.
        if (error instanceof TaskEnded) return null;
        throw error;
      });
    },
    trace: async (endpoint, event) => {
      const { template } = endpoint;
      if (template === null || event.isBatch === true || event.dataJson.length > tracedCharacters) return null;
      return await background.run('templates', traceTask, orderOf(endpoint, template, event)).catch((error: unknown) => {
        // What takes too long to tell is not told.
        if (error instanceof TaskEnded) return null;
        throw error;
      });
    },
    check: async (template) => {
      if (template === null) return;
      // Parsing them is the check.
      if (isLight(template)) void template.nodes;
      else await inTime(background.run('templates', checkTemplateTask, template.source));
    },
    render: async (endpoint, event) => {
      const { body, isStyled } = await rendered(endpoint, event);
      const style = styleFor(endpoint);
      if (isStyled || style === null) return body;
      const isQuick = body.byteLength <= lightDataCharacters && !isJsonDeeper(body, lightDepth);
      return isQuick ? styleBody({ body, style }) : inTime(background.run('templates', styleTask, { body: ownBytes(body), style }));
    },
  };
}

function envelopeOfEvent({ type, nowMs, dataJson }: RenderedEvent): Uint8Array {
  return envelopeOf({ type, timestamp: new Date(nowMs).toISOString(), dataJson });
}

/** What a thread is asked to render. */
function orderOf(endpoint: RenderTarget, { source }: CompiledTemplate, event: RenderedEvent): RenderOrder {
  const { contentType } = endpoint;
  return { source, contentType, scope: scopeOf(endpoint, event), dataJson: event.dataJson, style: styleFor(endpoint) };
}

/** How the JSON of an endpoint is written; null as it is rendered. */
function styleFor({ bodyStyle, contentType }: RenderTarget): BodyStyle | null {
  return isJsonType(contentType) ? bodyStyle : null;
}

function scopeOf(endpoint: RenderTarget, event: RenderedEvent) {
  return {
    ...bodyAttemptScope(event.attempt?.facts ?? firstAttempt, event.attempt?.atMs ?? event.nowMs),
    type: event.type,
    id: event.id,
    timestamp: new Date(event.nowMs).toISOString(),
    timestampUnix: Math.floor(event.nowMs / 1000),
    timestampMs: event.nowMs,
    endpoint: { id: endpoint.id, name: endpoint.name },
    variables: endpoint.template !== null && namesVariable(endpoint.template) ? withoutSecrets(event.variables) : noVariables,
  };
}

/** Throws a Refusal for an endpoint that takes one event in each request. */
function batchOf({ name, batch }: RenderTarget): Batch {
  if (batch !== null) return batch;
  throw invalid(
    'isBatch',
    `${name} takes one event in each request: send the events one by one, or give it a batch with its largest number.`,
  );
}

/** Whether variables have to be taken along. */
const namesVariable = remembered(({ source }: CompiledTemplate) => mayNameVariable(source));

/** Whether a template is quick to parse, and each of its steps is quick with little data. */
const isLight = remembered(({ source }: CompiledTemplate) => isLightSource(source));

/** The same for its text. */
export function isLightSource(source: string): boolean {
  return source.length <= lightCharacters && tagsIn(source) <= lightTags && !heavyWords.test(source);
}

async function inTime<T>(rendered: Promise<T>): Promise<T> {
  try {
    return await rendered;
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    throw templateRefusal(
      error.why === 'memory'
        ? tooMuchReason
        : `it takes more than ${taskLimitMs / 1000} seconds to read and render. Make it and its loops shorter`,
    );
  }
}
