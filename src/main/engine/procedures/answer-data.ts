import { exactTextOf, asTextFromCharacters, answerJsonOf, type Json } from '#shared/contract/json.ts';
import { TaskEnded, type Background } from '../background/background.ts';
import { losesAsValueTask } from '../background/loses-as-value.ts';
import { utf8ForAnswer } from '../base/deferred-text.ts';

/** Compact JSON as an answer contains it, and its text when the parsed value would lose something; for a large one a thread finds that out. */
export async function answerData(
  background: Pick<Background, 'run'>,
  dataJson: string,
): Promise<{ readonly data: Json; readonly dataText?: string }> {
  const data = answerJsonOf(dataJson);
  if (dataJson.length < asTextFromCharacters) {
    const dataText = exactTextOf(data);
    return dataText === undefined ? { data } : { data, dataText };
  }
  const loses = await background.run('texts', losesAsValueTask, dataJson).catch((error: unknown) => {
    // When that is unknown, the text is returned: too much is better than something wrong.
    if (error instanceof TaskEnded) return true;
    throw error;
  });
  return loses ? { data, dataText: utf8ForAnswer(Buffer.from(dataJson, 'utf8')) } : { data };
}
