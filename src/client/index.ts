// `hookyard/client`: what tests use to send and to wait. It calls a host over REST and holds nothing of the engine.
import { connect } from './hookyard.ts';

export { connect } from './hookyard.ts';
export type { ConnectOptions } from './connection.ts';
export { HookyardError, NotMetError } from './errors.ts';
export type * from './types.ts';

// The host of the environment: `HOOKYARD_URL` and `HOOKYARD_TOKEN`, which `hookyard with` sets.
const own = connect();
export const { bin, send, redeliver, clock } = own;
export const { waitForCapture, waitForCaptures, waitForNoCapture, waitForDelivery, waitForDeliveries } = own;
