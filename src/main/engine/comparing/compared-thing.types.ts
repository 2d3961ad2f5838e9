import type { ComparedSide } from '#shared/contract/comparisons.ts';
import type { ComparedConnection } from './compare-connections.ts';
import type { ComparedRequest } from './compare-requests.ts';
import type { ComparedResponse } from './compare-responses.ts';
import type { ComparedTimes } from './compare-timings.ts';

/** One of two things with all that is compared. */
export interface ComparedThing {
  readonly side: ComparedSide;
  readonly request: ComparedRequest;
  readonly response: ComparedResponse;
  readonly times: ComparedTimes;
  readonly connection: ComparedConnection;
}
