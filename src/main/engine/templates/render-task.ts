import { task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { renderBody } from './render-body.ts';
import { compileTemplate, type CompiledTemplate, type TemplateScope } from './template.ts';

/** What a template is rendered with in a thread: the scope with its data as JSON. */
export interface RenderOrder {
  readonly source: string;
  readonly contentType: string;
  readonly scope: Omit<TemplateScope, 'data'>;
  readonly dataJson: string;
}

/** Templates that a thread keeps read, and characters of them together. */
const keptTemplates = 100;
const keptCharacters = 4_000_000;

/** Keeps templates that were read for the next time, the last used longest; each thread has its own. */
function createTemplateCache() {
  const kept = new Map<string, CompiledTemplate>();
  let characters = 0;
  return (source: string): CompiledTemplate => {
    const template = kept.get(source) ?? compileTemplate(source);
    if (kept.delete(source)) characters -= source.length;
    kept.set(source, template);
    characters += source.length;
    for (const oldest of kept.keys()) {
      if (oldest === source || (kept.size <= keptTemplates && characters <= keptCharacters)) break;
      kept.delete(oldest);
      characters -= oldest.length;
    }
    return template;
  };
}

const compiled = createTemplateCache();

/** Reads a template. Throws a Refusal TEMPLATE_INVALID. */
function checkInBackground(source: string): void {
  compiled(source);
}

/** Renders a template. Throws a Refusal TEMPLATE_INVALID. */
function renderInBackground({ source, contentType, scope, dataJson }: RenderOrder): Uint8Array {
  return ownBytes(renderBody(compiled(source), contentType, { ...scope, data: JSON.parse(dataJson) as unknown }));
}

export const checkTemplateTask = task('checkTemplate', checkInBackground);
export const renderTask = task('render', renderInBackground);
