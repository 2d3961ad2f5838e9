import type { Client } from '../../base/client.ts';
import { isAbort } from '../../base/problem.ts';
import type { Preview } from './compose-state.ts';
import { placeProblem, type PlacedProblem } from './placed-problem.ts';

/** What to preview: a request, or what keeps it from being asked for; null leaves what is shown. */
export type Previewed = { readonly input: Parameters<Client['preview']['render']>[0] } | { readonly problem: PlacedProblem };

/** Where a preview comes from and where it goes. */
export interface PreviewAccess {
  readonly wanted: () => Previewed | null;
  readonly shown: () => Preview;
  readonly show: (preview: Preview) => void;
}

/** Keeps a preview up to date with what is edited. */
export interface Previewer {
  /** Renders the request now; an outdated answer is dropped. */
  readonly render: () => Promise<void>;
  /** Renders after a short pause, which each call restarts. */
  readonly renderSoon: () => void;
}

const pauseMs = 180;

/** A previewer over `preview.render`. `later` calls back after a pause and returns how to cancel it. */
export function createPreviewer(
  client: Pick<Client, 'preview'>,
  { wanted, shown, show }: PreviewAccess,
  later: (callback: () => void, delayMs: number) => () => void,
): Previewer {
  let rendering = new AbortController();
  let cancelPause: () => void = () => undefined;

  const render = async () => {
    cancelPause();
    rendering.abort();
    const { signal } = (rendering = new AbortController());
    const what = wanted();
    if (what === null) return;
    if ('problem' in what) return show({ ...shown(), problem: what.problem });
    try {
      const request = await client.preview.render(what.input, { signal });
      if (!signal.aborted) show({ request, problem: null });
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) show({ request: shown().request, problem: placeProblem(error) });
    }
  };

  const renderSoon = () => {
    cancelPause();
    cancelPause = later(() => void render(), pauseMs);
  };

  return { render, renderSoon };
}
