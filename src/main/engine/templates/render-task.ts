import type { BodyStyle } from '#shared/json/body-style.ts';
import { task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { createTextCache } from '../base/text-cache.ts';
import { templateData } from './exact-data.ts';
import { renderBody } from './render-body.ts';
import { styleBody } from './style-body.ts';
import { compileTemplate, type TemplateScope } from './template.ts';

/** The input for rendering in a thread: the scope, with its data as JSON. */
export interface RenderOrder {
  readonly source: string;
  readonly contentType: string;
  readonly scope: Omit<TemplateScope, 'data'>;
  readonly dataJson: string;
  /** How the JSON that is rendered is written; null as it is rendered. */
  readonly style: BodyStyle | null;
}

/** A template as it was read; each thread keeps its own. */
export const compiledHere = createTextCache(compileTemplate, { entries: 100, characters: 4_000_000 });

/** Reads a template. Throws a Refusal TEMPLATE_INVALID. */
function checkInBackground(source: string): void {
  compiledHere(source);
}

/** Renders a template. Throws a Refusal TEMPLATE_INVALID. */
function renderInBackground({ source, contentType, scope, dataJson, style }: RenderOrder): Uint8Array {
  return inStyle(renderBody(compiledHere(source), contentType, { ...scope, data: templateData(dataJson) }), style);
}

/** A body in a style, in memory of its own. Throws a Refusal TEMPLATE_INVALID. */
export function inStyle(body: Uint8Array, style: BodyStyle | null): Uint8Array {
  return ownBytes(style === null ? body : styleBody({ body, style }));
}

export const checkTemplateTask = task('checkTemplate', checkInBackground);
export const renderTask = task('render', renderInBackground);
