import { durationText } from '#shared/duration-text.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { countText } from '../../base/size-format.ts';
import styles from './sparkline.module.css';

const slots = 20;
const stepPx = 4;
const heightPx = 18;

/** Newest attempts from left to right: height is how long each took, colour whether it was a success. */
export function Sparkline({ attempts }: { readonly attempts: Endpoint['recentAttempts'] }) {
  if (attempts.length === 0) return <span className={styles['none']}>no attempts</span>;
  const slowest = Math.max(1, ...attempts.map(({ durationMs }) => durationMs));
  const failed = attempts.filter(({ ok }) => !ok).length;
  const label = `Last ${countText(attempts.length, 'attempt', 'attempts')}: ${failed === 0 ? 'none failed' : `${failed} failed`}, slowest ${durationText(slowest)}`;
  const offset = (slots - attempts.length) * stepPx;
  return (
    <svg className={styles['sparkline']} width={slots * stepPx} height={heightPx} role="img" aria-label={label}>
      <title>{label}</title>
      <line x1={0} x2={slots * stepPx} y1={heightPx - 0.5} y2={heightPx - 0.5} />
      {attempts.map(({ ok, durationMs }, index) => {
        const height = Math.max(3, (durationMs / slowest) * (heightPx - 1));
        return <rect key={index} data-ok={ok} x={offset + index * stepPx} width={stepPx - 1} y={heightPx - height} height={height} />;
      })}
    </svg>
  );
}
