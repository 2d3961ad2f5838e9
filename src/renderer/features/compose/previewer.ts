import type { Client } from '../../client.ts';
import { isAbort } from '../../problem.ts';
import { chosenEndpoint, draftFields, eventOf, type ComposeAccess } from './compose-state.ts';
import { draftProblem, placeProblem } from './placed-problem.ts';

/** Keeps the preview up with what is composed. */
export interface Previewer {
  /** Renders the request now; an answer that is overtaken by a later one is dropped. */
  readonly render: () => Promise<void>;
  /** Renders after a short pause, which each call starts anew. */
  readonly renderSoon: () => void;
}

const pauseMs = 180;

/** A previewer over `preview.render`. `later` calls back after a pause and answers how to take it back. */
export function createPreviewer(
  client: Client,
  { get, set }: ComposeAccess,
  later: (callback: () => void, delayMs: number) => () => void,
): Previewer {
  let rendering = new AbortController();
  let cancelPause: () => void = () => undefined;

  const render = async () => {
    cancelPause();
    rendering.abort();
    const { signal } = (rendering = new AbortController());
    const state = get();
    if (!state.isLoaded) return;
    const problem = draftProblem(state);
    if (problem !== null) return set({ preview: { ...state.preview, problem } });
    try {
      const request = await client.preview.render(
        {
          ...(chosenEndpoint(state) === null ? {} : { endpointId: state.target }),
          draft: draftFields(state),
          event: eventOf(state),
        },
        { signal },
      );
      if (!signal.aborted) set({ preview: { request, problem: null } });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) set({ preview: { request: get().preview.request, problem: placeProblem(error) } });
    }
  };

  const renderSoon = () => {
    cancelPause();
    cancelPause = later(() => void render(), pauseMs);
  };

  return { render, renderSoon };
}
