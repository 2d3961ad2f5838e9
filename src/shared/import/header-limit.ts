import type { HeaderField } from '../contract/common.ts';
import { headerLimit } from './limits.ts';
import type { PastedProblem } from './pasted.ts';

/** Headers up to the limit, with a problem more where there were more of them. */
export function withinHeaderLimit(headers: readonly HeaderField[], problems: readonly PastedProblem[]) {
  if (headers.length <= headerLimit) return { headers, problems };
  return {
    headers: headers.slice(0, headerLimit),
    problems: [...problems, { message: `There are ${headers.length} headers; only the first ${headerLimit} are used.` }],
  };
}
