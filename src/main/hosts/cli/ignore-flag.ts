import { noiseKind, type NoiseKind } from '#shared/contract/comparing.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** The kinds of difference that an `--ignore` option names, as its help lists them. */
export const ignoreKinds = noiseKind.options.join(', ');

/** Reads an `--ignore` option: kinds with commas between. */
export function readKinds(text: string): readonly NoiseKind[] {
  return text.split(',').map((kind) => {
    const parsed = noiseKind.safeParse(kind.trim());
    if (!parsed.success) throw usageError(`--ignore takes ${ignoreKinds}, and not ${kind.trim()}.`);
    return parsed.data;
  });
}
