import type { ComparedOffer } from '#shared/contract/comparisons.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { relationWords } from './relation-words.ts';
import styles from './compare.module.css';

interface ChooseOtherProps {
  readonly offers: readonly ComparedOffer[];
  readonly onChoose: (offer: ComparedOffer) => void;
}

/** What something is likely to be compared with, one click each. */
export function ChooseOther({ offers, onChoose }: ChooseOtherProps) {
  if (offers.length === 0)
    return (
      <p className={styles['hint']}>
        Nothing is likely to be compared with this one. Choose an attempt, a delivery or a capture above, or paste an id there.
      </p>
    );
  return (
    <section className={styles['offers']} aria-label="Likely to compare with">
      <p className={styles['hint']}>Compare it with</p>
      {offers.map((offer) => (
        <button key={offer.side.id} type="button" onClick={() => onChoose(offer)}>
          <b>{relationWords[offer.relation]}</b>
          <span>{offer.side.name}</span>
          <span>{offer.side.status ?? offer.side.outcome?.code ?? 'no answer'}</span>
          <TimeText atMs={offer.side.atMs} />
        </button>
      ))}
    </section>
  );
}
