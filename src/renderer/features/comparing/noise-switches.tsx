import { Checkbox } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { noiseKind, type NoiseKind } from '#shared/contract/comparing.ts';
import type { Comparison } from '#shared/contract/comparisons.ts';
import { numberText } from '../../base/size-format.ts';
import styles from './compare.module.css';

const words = { dates: 'Times', ids: 'Ids', signatures: 'Signatures' } as const satisfies Record<NoiseKind, string>;

/** Which differences are left out, as it was chosen last; at first all that differ by their nature. */
export function useNoise(): readonly [readonly NoiseKind[], (kinds: readonly NoiseKind[]) => void] {
  const [kept, keep] = useLocalStorage<readonly string[]>({
    key: 'hookyard.compare.leave-out',
    defaultValue: noiseKind.options,
    getInitialValueInEffect: false,
  });
  return [noiseKind.options.filter((kind) => kept.includes(kind)), keep];
}

interface NoiseProps {
  readonly ignore: readonly NoiseKind[];
  readonly onChange: (ignore: readonly NoiseKind[]) => void;
  readonly comparison: Comparison | null;
}

/** Which differences are left out, with how many of each were. */
export function NoiseSwitches({ ignore, onChange, comparison }: NoiseProps) {
  const count = (kind: NoiseKind) =>
    comparison === null || !ignore.includes(kind) ? 0 : comparison.request.leftOut[kind] + comparison.response.leftOut[kind];
  return (
    <div className={styles['noise']} role="group" aria-label="Leave out">
      <span>Leave out</span>
      {noiseKind.options.map((kind) => (
        <Checkbox
          key={kind}
          size="xs"
          label={`${words[kind]}${count(kind) === 0 ? '' : ` (${numberText(count(kind))})`}`}
          checked={ignore.includes(kind)}
          onChange={({ currentTarget: { checked } }) => onChange(checked ? [...ignore, kind] : ignore.filter((one) => one !== kind))}
        />
      ))}
    </div>
  );
}
