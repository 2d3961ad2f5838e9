import { exactJson, JsonText } from '#shared/contract/json.ts';
import { task } from './background.ts';

/** Whether a value of JavaScript does not say all of a JSON text, which takes long to tell of a large one. */
export const losesAsValueTask = task('losesAsValue', (text: string): boolean => exactJson(text) instanceof JsonText);
