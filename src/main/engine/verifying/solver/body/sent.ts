import { bodyCause, type BodyStep } from './body-steps.ts';
import type { SentBody } from '../problem.ts';

/** The body as it was sent, where that is known. Nothing is nearer than what the log proves, so it is tried first and alone. */
export function sentSteps(sent: SentBody | undefined): readonly BodyStep[] {
  if (sent === undefined) return [];
  const cause = bodyCause(
    'changed-in-transit',
    0.5,
    'the body is as Hookyard sent it',
    `on its way here ${sent.changed}`,
    'Have the proxy, tunnel or middleware on the way pass the body on as bytes, without reading and writing it.',
  );
  return [{ cause, stage: 1, family: 'transit', isAlone: true, apply: () => sent.body }];
}
