import { exactTextOf, toldAsTextCharacters, toldJsonOf, type Json } from '#shared/contract/json.ts';
import { TaskEnded, type Background } from '../background/background.ts';
import { losesAsValueTask } from '../background/loses-as-value.ts';
import { toldUtf8 } from '../base/told-bytes.ts';

/** Compact JSON as an answer tells it, and its text when the parsed value would lose something; for a large one a thread finds that out. */
export async function toldData(
  background: Pick<Background, 'run'>,
  dataJson: string,
): Promise<{ readonly data: Json; readonly dataText?: string }> {
  const data = toldJsonOf(dataJson);
  if (dataJson.length < toldAsTextCharacters) {
    const dataText = exactTextOf(data);
    return dataText === undefined ? { data } : { data, dataText };
  }
  const loses = await background.run('texts', losesAsValueTask, dataJson).catch((error: unknown) => {
    // When that is unknown, the text is returned: too much is better than something wrong.
    if (error instanceof TaskEnded) return true;
    throw error;
  });
  return loses ? { data, dataText: toldUtf8(Buffer.from(dataJson, 'utf8')) } : { data };
}
