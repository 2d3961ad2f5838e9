import { task } from '../background/background.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import { templateData } from './exact-data.ts';
import { isJsonType, renderBody } from './render-body.ts';
import { compiledHere, inStyle, type RenderOrder } from './render-task.ts';
import { templateRefusal, tooMuchReason } from './template.ts';

/** The input for rendering a batch: `dataJson` is a list, each item the data of one event. */
export interface BatchOrder extends RenderOrder {
  readonly maxEvents: number;
}

/** Characters of the longest batch; the limit of the workspace is below. */
const longest = 268_435_456;

/**
 * The JSON arrays that a template renders of each event, joined to one. The first event has the id of the message, the others the same with
 * `_2`, `_3` and so on. Throws a Refusal.
 */
function renderBatch({ source, contentType, scope, dataJson, style, maxEvents }: BatchOrder): Uint8Array {
  if (!isJsonType(contentType))
    throw templateRefusal(
      `a batch is a JSON array, and the content type is ${contentType}. Choose a JSON content type, or send the events one by one`,
    );
  const data = templateData(dataJson);
  if (!Array.isArray(data) || data.length === 0)
    throw invalid('data', 'The data of a batch is a list with the data of at least one event.');
  if (data.length > maxEvents)
    throw invalid(
      'data',
      `This batch has ${data.length} events, and the endpoint takes at most ${maxEvents} in one request: send several batches.`,
    );
  const template = compiledHere(source);
  let characters = 0;
  const texts = data.map((each: unknown, index) => {
    const id = index === 0 ? scope.id : `${scope.id}_${index + 1}`;
    const text = arrayText(() => renderBody(template, contentType, { ...scope, id, data: each }), index);
    characters += text.length;
    if (characters > longest) throw templateRefusal(tooMuchReason);
    return text;
  });
  return inStyle(Buffer.from(`[${texts.filter((text) => text !== '').join(',')}]`, 'utf8'), style);
}

/** What stands between the brackets of the array that is rendered of one event. */
function arrayText(render: () => Uint8Array, index: number): string {
  try {
    const body = render();
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8').trim();
    if (text.startsWith('[')) return text.slice(1, -1).trim();
  } catch (error) {
    if (!(error instanceof Refusal) || index === 0) throw error;
    const { data } = error as Refusal<'TEMPLATE_INVALID'>;
    throw new Refusal('TEMPLATE_INVALID', `Event ${index + 1} of the batch: ${error.message}`, data);
  }
  throw templateRefusal('it does not render a JSON array, and a batch joins those of its events. Write it as [{...}]');
}

export const renderBatchTask = task('renderBatch', renderBatch);
