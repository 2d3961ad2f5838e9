import { IconMapQuestion } from '@tabler/icons-react';
import { nearestName } from '#shared/names/nearest-name.ts';
import { areas, formatRoute } from '../base/router.ts';
import { useRoute } from '../stores/session.tsx';
import { allAreas, areaLabel } from './navigation.ts';
import styles from './frame.module.css';

/** Says in a strip on top that the address names no area, with the one that was probably meant. */
export function AddressNotice() {
  const { area, unknownAddress } = useRoute();
  if (unknownAddress === undefined) return null;
  const [, word = ''] = /^#?\/?([^/?]*)/.exec(unknownAddress) ?? [];
  const meant = allAreas.find((entry) => entry.area === nearestName(word, areas));
  return (
    <output className={styles['connection']}>
      <IconMapQuestion size={16} aria-hidden />
      <span>
        The address {unknownAddress} does not exist, so you are in {areaLabel(area)}.{' '}
        {meant !== undefined && (
          <>
            Did you mean <a href={formatRoute({ area: meant.area })}>{meant.label}</a>?
          </>
        )}
      </span>
    </output>
  );
}
