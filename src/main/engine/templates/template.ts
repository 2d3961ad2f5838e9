import { Liquid, LiquidError, type Template } from 'liquidjs';
import { Refusal } from '../base/refusal.ts';
import { exactTextOf, plainNumber } from './exact-data.ts';
import { takenVariables } from './taken-variables.ts';
import type { BodyAttemptScope } from './attempt-scope.ts';
import { idFilters } from './id-filters.ts';
import { translate } from './translate-filter.ts';
import { bodyScope, missingReason, noVariables, type Variables } from './variables.ts';

/** The variables of a template. `timestamp` is that of the message, ISO 8601 in UTC. */
export interface TemplateScope extends BodyAttemptScope {
  readonly type: string;
  readonly id: string;
  readonly timestamp: string;
  readonly timestampUnix: number;
  readonly timestampMs: number;
  readonly data: unknown;
  readonly endpoint: { readonly id: string; readonly name: string };
  /** Those of `vars`; none where they are left out. */
  readonly variables?: Variables;
}

/** Limits of any template, which is read and rendered in a thread: characters parsed, milliseconds rendering, objects allocated. */
const limits = { parseLimit: 2_000_000, renderLimit: 500, memoryLimit: 50_000_000 };

/** The most tags and outputs of one template; parsing more takes seconds. */
const tagLimit = 10_000;

let known: Liquid | undefined;
/** Made for the first template, since it reads the locale of the machine: some 20 ms, for which few commands have a use. */
const liquid = () => (known ??= createLiquid());

/** Liquid with the limits and filters of every template here. */
export function createLiquid(): Liquid {
  // Strict, so that a misspelt name is an error and not an empty string in a customer's payload; own properties only, so
  // that a template cannot reach prototypes; no files, so that include and render have nothing to read.
  const made = new Liquid({ strictVariables: true, strictFilters: true, lenientIf: true, ownPropertyOnly: true, templates: {}, ...limits });
  for (const [name, filter] of Object.entries(idFilters)) made.registerFilter(name, filter);
  made.registerFilter('translate', translate);
  for (const name of ['json', 'jsonify', 'inspect']) {
    const usual = handlerOf(made, name);
    made.registerFilter(name, function (value: unknown, space: unknown = 0) {
      const indent = typeof space === 'string' ? space.slice(0, 10) : ' '.repeat(Math.min(10, Math.max(0, Math.trunc(Number(space)) || 0)));
      const text = exactTextOf(value, indent);
      if (text === null) return usual.call(this, value, space);
      this.context.memoryLimit.use(text.length);
      return text;
    });
  }
  // They recognise a number by its type.
  for (const name of Object.keys(made.filters).filter((each) => each.startsWith('date'))) {
    const usual = handlerOf(made, name);
    made.registerFilter(name, function (value: unknown, ...rest: unknown[]) {
      return usual.call(this, plainNumber(value), ...rest);
    });
  }
  return made;
}

type Filter = Liquid['filters'][string];
type FilterHandler = Extract<Filter, (...args: never[]) => unknown>;

function handlerOf({ filters }: Liquid, name: string): FilterHandler {
  const filter = filters[name];
  if (filter === undefined) throw new Error(`Liquid has no filter ${name}.`);
  return typeof filter === 'function' ? filter : filter.handler;
}

/** How far a rendering may go: milliseconds, objects allocated, and characters of output, which a loop could make half a gigabyte of. */
export interface RenderBounds {
  readonly renderLimit: number;
  readonly memoryLimit: number;
  readonly outputLimit: number;
}

const outmost: RenderBounds = { renderLimit: limits.renderLimit, memoryLimit: limits.memoryLimit, outputLimit: 268_435_456 };

/** A template as text, and its parsed form. */
export interface CompiledTemplate {
  readonly source: string;
  readonly nodes: readonly Template[];
}

/** Reads a body template; throws a Refusal TEMPLATE_INVALID with the place when it is not Liquid, or has too many tags to read. */
export function compileTemplate(source: string): CompiledTemplate {
  try {
    const tags = tagsIn(source);
    if (tags > tagLimit)
      throw new Error(`it has ${tags} tags and outputs, and at most ${tagLimit} are read. Repeat with a loop, or write less of it as tags`);
    return { source, nodes: liquid().parse(source) };
  } catch (error) {
    throw asRefusal(error);
  }
}

/** An upper bound for the tags and outputs of a template, without parsing it: in a `liquid` tag each line may be one. */
export function tagsIn(source: string): number {
  const begun = source.match(/\{[{%]/g)?.length ?? 0;
  return /%-?\s*liquid/.test(source) ? begun + (source.match(/\n/g)?.length ?? 0) : begun;
}

/** A template whose `nodes` are read when they are first asked for, which throws a Refusal TEMPLATE_INVALID where it cannot be. */
export function unreadTemplate(source: string): CompiledTemplate {
  let nodes: readonly Template[] | undefined;
  return {
    source,
    get nodes() {
      return (nodes ??= compileTemplate(source).nodes);
    },
  };
}

/** The names that a template takes from its scope. Throws a Refusal TEMPLATE_INVALID for one that cannot be read. */
export function namesIn({ nodes }: CompiledTemplate): readonly string[] {
  return liquid().globalVariablesSync([...nodes]);
}

/**
 * Names of variables that a template takes from `vars`; null where it takes all of them, or may take any, as `vars[name]` does. Throws a
 * Refusal TEMPLATE_INVALID for one that cannot be read.
 */
export function variablesIn({ nodes }: CompiledTemplate): ReadonlySet<string> | null {
  return takenVariables(nodes);
}

/** A template names a variable that its environment does not have, or that it may not have. */
export class MissingVariable extends Refusal<'TEMPLATE_INVALID'> {
  /** Why, as a clause that says what to change. */
  readonly reason: string;

  constructor(reason: string, place: readonly [number, number]) {
    const { message, data } = templateRefusal(reason, place);
    super('TEMPLATE_INVALID', message, data);
    this.reason = reason;
  }
}

/** A rendering exceeded bounds that are narrower than the limits of any template. */
export class BeyondBounds extends Error {
  override readonly name = 'BeyondBounds';
}

/**
 * Renders to UTF-8 bytes; throws a Refusal TEMPLATE_INVALID with the place of a missing variable or a limit that was hit, and
 * {@link BeyondBounds} where narrower bounds are given and do not suffice.
 */
export function renderTemplate(
  template: CompiledTemplate,
  { variables = noVariables, ...scope }: TemplateScope,
  bounds: RenderBounds = outmost,
): Uint8Array {
  return Buffer.from(renderText(template, { ...scope, ...bodyScope(variables) }, variables, bounds), 'utf8');
}

/**
 * Renders to text over any scope, as {@link renderTemplate} does. `variables` are those that the scope has, and explain why one is missing:
 * throws a {@link MissingVariable}.
 */
export function renderText(template: CompiledTemplate, scope: object, variables: Variables, bounds: RenderBounds = outmost): string {
  const { nodes } = template;
  const { outputLimit, ...limited } = bounds;
  try {
    const text = String(liquid().renderSync([...nodes], scope, limited));
    if (text.length > outputLimit) throw new Error(`it renders ${text.length} characters, and the limit is ${outputLimit}`);
    return text;
  } catch (error) {
    if (bounds !== outmost && isLimit(error)) throw new BeyondBounds();
    const missing = missingReason(undefinedName(error), variables);
    if (missing !== null) throw new MissingVariable(missing, placeOf(error));
    throw asRefusal(error);
  }
}

/** The name that a template takes from a scope that does not have it; empty for any other error. */
function undefinedName(error: unknown): string {
  return error instanceof Error ? (/^undefined variable: ([^\s,]+)/.exec(error.message)?.[1] ?? '') : '';
}

function isLimit(error: unknown): boolean {
  return error instanceof Error && /limit exceeded|Invalid string length|and the limit is/.test(error.message);
}

/** The refusal of a template, with the reason as a clause; without a place it points at the beginning. */
export function templateRefusal(reason: string, [line, column]: readonly [number, number] = [1, 1]): Refusal<'TEMPLATE_INVALID'> {
  const message = `The template is wrong at line ${line}, column ${column}: ${reason}.`;
  return new Refusal('TEMPLATE_INVALID', message, {
    source: 'template',
    line,
    column,
    rendered: null,
    issues: [{ path: 'template', message }],
  });
}

/** Why a template with too much output is refused, as a clause. */
export const tooMuchReason = 'it makes too much text or too long lists. Make its loops and ranges shorter';

function asRefusal(error: unknown): Refusal<'TEMPLATE_INVALID'> {
  return templateRefusal(reasonOf(error), placeOf(error));
}

function placeOf(error: unknown): readonly [number, number] {
  if (!LiquidError.is(error)) return [1, 1];
  const [line = 1, column = 1] = error.token.getPosition();
  return [line, column];
}

/** What to write instead of a name that a template does not have. */
function missingHint(name: string): string {
  const [first = '', ...rest] = name.split('.');
  if (first === 'event')
    return `The parts of an event are named without "event.": write ${rest.length === 0 ? 'type, id, timestamp or data' : rest.join('.')}`;
  if (first === 'payload' || first === 'body') return `The data of the event is called data: write ${['data', ...rest].join('.')}`;
  return 'The event has no such field; use the default filter or an if where it may be missing';
}

/** LiquidJS ends its messages with the place, which is a separate field here. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const reason = text.replace(/, (file:.*, )?line:\d+, col:\d+$/, '').replace(/\.$/, '');
  const [, missing] = /^undefined variable: (\S+)/.exec(reason) ?? [];
  if (missing !== undefined) return `${reason}. ${missingHint(missing)}`;
  if (reason === 'template render limit exceeded') return 'it takes too long to render. Make its loops shorter';
  if (reason === 'memory alloc limit exceeded' || reason === 'Invalid string length') return tooMuchReason;
  // LiquidJS parses and renders nested tags and brackets by recursion.
  if (error instanceof RangeError || reason === 'Maximum call stack size exceeded')
    return 'its tags or brackets are nested too deeply. Nest them less deeply';
  if (reason === 'parse length limit exceeded') return 'it is too long';
  if (reason.startsWith('ENOENT')) return 'include, render and layout cannot be used, since a template is one piece';
  return reason;
}
