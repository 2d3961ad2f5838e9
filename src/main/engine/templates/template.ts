import { Liquid, LiquidError, type Template } from 'liquidjs';
import { Refusal } from '../refusal.ts';

/** What a template sees. `timestamp` is ISO 8601 in UTC. */
export interface TemplateScope {
  readonly type: string;
  readonly id: string;
  readonly timestamp: string;
  readonly timestampUnix: number;
  readonly data: unknown;
  readonly endpoint: { readonly id: string; readonly name: string };
}

/** Limits that keep a template from holding the engine: characters parsed, milliseconds rendering, objects allocated. */
const limits = { parseLimit: 2_000_000, renderLimit: 500, memoryLimit: 50_000_000 };

// Strict, so that a misspelt name is an error and not an empty string in a customer's payload; own properties only, so
// that a template cannot reach prototypes; no files, so that include and render have nothing to read.
const liquid = new Liquid({ strictVariables: true, strictFilters: true, lenientIf: true, ownPropertyOnly: true, templates: {}, ...limits });

/** Characters of output that are turned into bytes; a loop could otherwise make half a gigabyte of them in its time. */
const outputLimit = 268_435_456;

/** A template that compiled. */
export interface CompiledTemplate {
  readonly source: string;
  readonly nodes: readonly Template[];
}

/** Compiles a body template; throws a Refusal TEMPLATE_INVALID with the place when it is not Liquid. */
export function compileTemplate(source: string): CompiledTemplate {
  try {
    return { source, nodes: liquid.parse(source) };
  } catch (error) {
    throw asRefusal(error);
  }
}

/**
 * A template as it was saved, compiled when it is first rendered: one that this version of LiquidJS refuses must not
 * keep the workspace from opening. Reading `nodes` throws a Refusal TEMPLATE_INVALID then.
 */
export function savedTemplate(source: string): CompiledTemplate {
  let nodes: readonly Template[] | undefined;
  return {
    source,
    get nodes() {
      return (nodes ??= compileTemplate(source).nodes);
    },
  };
}

/** Renders to UTF-8 bytes; throws a Refusal TEMPLATE_INVALID with the place of a missing variable or a limit that was hit. */
export function renderTemplate(template: CompiledTemplate, scope: TemplateScope): Uint8Array {
  const { nodes } = template;
  try {
    const text = String(liquid.renderSync([...nodes], scope));
    if (text.length > outputLimit) throw new Error(`it renders ${text.length} characters, and the limit is ${outputLimit}`);
    return Buffer.from(text, 'utf8');
  } catch (error) {
    throw asRefusal(error);
  }
}

function asRefusal(error: unknown): Refusal<'TEMPLATE_INVALID'> {
  const reason = reasonOf(error);
  const [line, column] = placeOf(error);
  const message = `The template is wrong at line ${line}, column ${column}: ${reason}.`;
  return new Refusal('TEMPLATE_INVALID', message, {
    source: 'template',
    line,
    column,
    rendered: null,
    issues: [{ path: 'template', message }],
  });
}

function placeOf(error: unknown): readonly [number, number] {
  if (!LiquidError.is(error)) return [1, 1];
  const [line = 1, column = 1] = error.token.getPosition();
  return [line, column];
}

/** LiquidJS ends its messages with the place, which is told separately here. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const reason = text.replace(/, (file:.*, )?line:\d+, col:\d+$/, '').replace(/\.$/, '');
  if (reason.startsWith('undefined variable:'))
    return `${reason}. The event has no such field; use the default filter or an if where it may be missing`;
  if (reason === 'template render limit exceeded') return 'it takes too long to render. Make its loops shorter';
  if (reason === 'memory alloc limit exceeded' || reason === 'Invalid string length')
    return 'it makes too much text or too long lists. Make its loops and ranges shorter';
  if (reason === 'parse length limit exceeded') return 'it is too long';
  if (reason.startsWith('ENOENT')) return 'include, render and layout cannot be used, since a template is one piece';
  return reason;
}
