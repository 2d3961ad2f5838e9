import { threadUrl } from '../base/thread-url.ts';

/** The module of the threads that run tasks. It is apart from the list of them, so that who starts a thread does not load what it may run. */
export const backgroundThread = threadUrl(import.meta.url, 'background-thread.ts', 'background-thread');
