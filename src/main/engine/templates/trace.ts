import { LiquidError, TokenKind, type Liquid, type Template } from 'liquidjs';
import { task } from '../background/background.ts';
import { Refusal } from '../base/refusal.ts';
import { templateData } from './exact-data.ts';
import type { RenderOrder } from './render-task.ts';
import { createLiquid, type TemplateScope } from './template.ts';
import { styleBody } from './style-body.ts';
import { placesInStyle } from './style-places.ts';
import { bodyScope, noVariables } from './variables.ts';

/** Characters of a body and the line of the template that made them; both count as the editor does, lines from 1 and characters from 0. */
export interface TracedPart {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** The input: what is rendered, and how its JSON is written then; null as it is rendered. */
export type TraceOrder = Omit<RenderOrder, 'contentType'>;

/** A body with the parts that each line of its template made, in order. */
export interface Traced {
  readonly text: string;
  readonly parts: readonly TracedPart[];
}

/** More parts than anybody can look at. */
const mostParts = 20_000;

/**
 * Renders once more and notes which line of the template writes what. Null where that cannot be told: too many parts, a style that puts
 * names in another order, or a rendering that fails, such as by a limit, since noting takes time too.
 */
export function traceTemplate(order: TraceOrder): Traced | null {
  try {
    return tracedBody(order);
  } catch (error) {
    if (error instanceof Refusal || error instanceof RangeError || LiquidError.is(error)) return null;
    throw error;
  }
}

function tracedBody({ source, scope, dataJson, style }: TraceOrder): Traced | null {
  const rendered = traceRendered(source, { ...scope, data: templateData(dataJson) });
  if (rendered === null || style === null || rendered.text.trim() === '') return rendered;
  if (style === 'sorted-keys') return null;
  const text = Buffer.from(styleBody({ body: Buffer.from(rendered.text, 'utf8'), style })).toString('utf8');
  const placeOf = placesInStyle(rendered.text, text);
  if (placeOf === null) return null;
  const parts = rendered.parts.map(({ line, from, to }) => ({ line, from: placeOf(from), to: placeOf(to) }));
  return { text, parts: parts.filter(({ from, to }) => to > from) };
}

/** The emitter of a rendering, as far as it is used here. */
interface Written {
  readonly buffer: string;
  readonly write: (text: unknown) => void;
}

type Rendering = Liquid['renderer']['renderTemplates'];

function traceRendered(source: string, { variables = noVariables, ...scope }: TemplateScope): Traced | null {
  const liquid = createLiquid();
  const { renderer } = liquid;
  const usual = renderer.renderTemplates.bind(renderer);
  const parts: TracedPart[] = [];
  const lines = lineFinder(source);
  let root: Written | null = null;
  let tracedTo = 0;
  const note = (template: Template, from: number, to: number) => {
    if (parts.length > mostParts) return;
    for (const part of partsOf(template, { from: Math.max(from, tracedTo), to }, lines)) parts.push(part);
    tracedTo = Math.max(tracedTo, to);
  };
  // One template after the other, each by the library, with what it wrote noted. What a block writes is noted by what stands in it.
  renderer.renderTemplates = function* (templates, context, emitter): ReturnType<Rendering> {
    const into = (emitter ?? newEmitter()) as Written;
    root ??= into;
    for (const template of templates) {
      const from = into.buffer.length;
      yield* usual([template], context, into as never);
      if (into === root && into.buffer.length > from) note(template, from, into.buffer.length);
      const flow = context as { readonly breakCalled?: boolean; readonly continueCalled?: boolean };
      if (flow.breakCalled === true || flow.continueCalled === true) break;
    }
    return into.buffer;
  };
  const text = String(liquid.parseAndRenderSync(source, { ...scope, ...bodyScope(variables) }));
  return parts.length > mostParts ? null : { text, parts: merged(parts) };
}

function newEmitter(): Written {
  let buffer = '';
  return {
    get buffer() {
      return buffer;
    },
    write: (value) => {
      buffer += textOf(value);
    },
  };
}

/** A value as the library writes it. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.map(textOf).join('') : String(value);
}

/** Text that stands in the template is told line by line; all else by the line where its tag begins. */
function partsOf(template: Template, { from, to }: { readonly from: number; readonly to: number }, lines: LineFinder): TracedPart[] {
  const { token } = template;
  if (token.kind !== TokenKind.HTML) return from < to ? [{ line: lines.at(token.begin), from, to }] : [];
  const { trimLeft = 0 } = token as unknown as { readonly trimLeft?: number };
  const parts: TracedPart[] = [];
  let line = lines.at(token.begin + trimLeft);
  for (let at = from; at < to; line += 1) {
    const end = Math.min(to, from + lines.endOf(line) - (token.begin + trimLeft));
    if (end > at) parts.push({ line, from: at, to: end });
    at = Math.max(end, at);
  }
  return parts;
}

function merged(parts: readonly TracedPart[]): readonly TracedPart[] {
  const together: TracedPart[] = [];
  for (const part of parts) {
    const last = together.at(-1);
    if (last?.line === part.line && last.to === part.from) together[together.length - 1] = { ...last, to: part.to };
    else together.push(part);
  }
  return together;
}

interface LineFinder {
  /** The line of a character, from 1. */
  readonly at: (index: number) => number;
  /** The character behind a line and its break. */
  readonly endOf: (line: number) => number;
}

function lineFinder(source: string): LineFinder {
  const ends = Array.from(source.matchAll(/\n/g), ({ index }) => index + 1);
  return {
    at: (index) => {
      let [low, high] = [0, ends.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((ends[middle] ?? 0) <= index) low = middle + 1;
        else high = middle;
      }
      return low + 1;
    },
    endOf: (line) => ends[line - 1] ?? source.length + 1,
  };
}

export const traceTask = task('traceTemplate', traceTemplate);
