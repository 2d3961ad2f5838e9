import { readFileSync } from 'node:fs';
import type { HeaderField } from '#shared/contract/common.ts';
import { task, TaskEnded, type Background } from '../../background/background.ts';
import { createTextCache } from '../../base/text-cache.ts';
import { ownBytes } from '../../base/own-bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { templateData } from '../../templates/exact-data.ts';
import { isLightSource, lightBounds, lightDataCharacters } from '../../templates/renderer.ts';
import { BeyondBounds, compileTemplate, renderText, type RenderBounds } from '../../templates/template.ts';
import { noVariables } from '../../templates/variables.ts';
import type { ResponseTemplate } from './config.ts';
import { compactJson } from '#shared/json/exact.ts';

/** What a template can name, without what is made of the body. */
export interface AnswerScope {
  readonly request: Readonly<Record<string, unknown>>;
  readonly verdict: string;
  readonly eventType: string;
  readonly captureId: string;
  /** The number of the request among those that its rule counted. */
  readonly count: number;
  /** The value that it is counted by. */
  readonly key: string;
  readonly bin: { readonly name: string; readonly slug: string };
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly timestampUnix: number;
  readonly timestampMs: number;
}

/** What is rendered, over what. */
interface RenderInput {
  readonly template: ResponseTemplate;
  readonly scope: AnswerScope;
  /** Empty where no template names it. */
  readonly body: Uint8Array | { readonly path: string };
}

/** A response with its templates rendered. */
export interface RenderedResponse {
  readonly headers: readonly HeaderField[];
  /** Null for the body as it is. */
  readonly body: Uint8Array | null;
}

/** A response cannot be rendered; the message says why, as a sentence for the bin's owner. */
export class Unrendered extends Error {
  override readonly name = 'Unrendered';
}

/** What the text of an answer may have. */
const bodyBounds: RenderBounds = { renderLimit: 500, memoryLimit: 20_000_000, outputLimit: 4_000_000 };
const headerBounds: RenderBounds = { renderLimit: 100, memoryLimit: 20_000, outputLimit: 8192 };
/** A longer body is not read for a template. */
const longestBodyBytes = 16_777_216;
/** Renderings in the thread at a time; more would wait for seconds. */
const mostWaiting = 100;

const compiled = createTextCache(compileTemplate, { entries: 500, characters: 4_000_000 });

/** Names of the body in templates. */
const bodyNames = /\b(?:body|json|form)\b/;

/** Renders responses: those that are surely quick at once, others in a thread that is ended when it takes too long. */
export interface ResponseRenderer {
  /** `body` is that of the request. Rejects with an {@link Unrendered}. */
  readonly render: (
    template: ResponseTemplate,
    scope: AnswerScope,
    body: { readonly size: number; readonly given: Uint8Array | { readonly path: string } },
  ) => Promise<RenderedResponse>;
}

export function createResponseRenderer(background: Pick<Background, 'run'>): ResponseRenderer {
  let waiting = 0;
  return {
    render: async (template, scope, { size, given }) => {
      const sources = [template.body ?? '', ...template.headers.map(([, source]) => source)];
      const isNamed = sources.some((source) => bodyNames.test(source));
      if (isNamed && size > longestBodyBytes) throw new Unrendered('The body of the request is over 16 MiB, and a template names it.');
      const body = isNamed ? given : new Uint8Array();
      if (body instanceof Uint8Array && body.byteLength <= lightDataCharacters && sources.every(isLightSource)) {
        const quick = renderAtOnce({ template, scope, body });
        if (quick !== null) return quick;
      }
      if (waiting >= mostWaiting) throw new Unrendered('Too many answers are being rendered at the same time.');
      waiting += 1;
      try {
        const crossing = body instanceof Uint8Array ? ownBytes(body) : body;
        const made = await background.run('answers', renderResponseTask, { template, scope, body: crossing });
        if ('problem' in made) throw new Unrendered(made.problem);
        return made;
      } catch (error) {
        if (error instanceof TaskEnded)
          throw new Unrendered('The template takes too long or too much memory to render: make its loops shorter.');
        throw error;
      } finally {
        waiting -= 1;
      }
    },
  };
}

/** The response if it is certainly quick to make; otherwise null. */
function renderAtOnce(input: RenderInput): RenderedResponse | null {
  try {
    return rendered(input, { ...lightBounds, renderLimit: 10 });
  } catch (error) {
    if (error instanceof BeyondBounds) return null;
    throw asUnrendered(error);
  }
}

/** Renders in a thread; a template that fails is an answer, since only plain data crosses. */
function renderInThread(input: RenderInput): RenderedResponse | { readonly problem: string } {
  try {
    const { headers, body } = rendered(input, bodyBounds);
    return { headers, body: body === null ? null : ownBytes(body) };
  } catch (error) {
    return { problem: asUnrendered(error).message };
  }
}

export const renderResponseTask = task('renderResponse', renderInThread);

function rendered({ template, scope, body: given }: RenderInput, bounds: RenderBounds): RenderedResponse {
  const bytes = given instanceof Uint8Array ? given : readFileSync(given.path);
  const whole = { ...scope, request: { ...scope.request, ...bodyValues(bytes) } };
  const headers = template.headers.map(([name, source]): HeaderField => {
    if (!source.includes('{{')) return [name, source];
    const value = inPlace(`the header ${name}`, () => renderText(compiled(source), whole, noVariables, headerBounds));
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new Unrendered(`The header ${name} is not one line of Latin-1 text once it is rendered.`);
    return [name, value];
  });
  const { body: source } = template;
  const body =
    source === null ? null : inPlace('the body', () => Buffer.from(renderText(compiled(source), whole, noVariables, bounds), 'utf8'));
  return { headers, body };
}

function inPlace<T>(place: string, render: () => T): T {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Unrendered(`In ${place}: ${error.message.replace('The event has no such field', 'The request has none')}`);
  }
}

function asUnrendered(error: unknown): Unrendered {
  if (error instanceof Unrendered) return error;
  if (error instanceof BeyondBounds) return new Unrendered('The template makes too much text or takes too long: make its loops shorter.');
  throw error;
}

/** What a template can name of a body: its text, and its JSON or its form where it is one. */
export function bodyValues(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.byteLength === 0) return { body: '' };
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    return { body, json: templateData(compactJson(body)) };
  } catch {
    return { body, ...(/^[^\s{<["]+=/.test(body) ? { form: Object.fromEntries(new URLSearchParams(body)) } : {}) };
  }
}
