import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import type { Verification, VerifyAnswer } from '#shared/contract/verifying.ts';
import { formatRoute } from '../../base/router.ts';
import { badgeOf } from '../../ui/meaning.ts';
import { SignedString } from '../../ui/signed-string.tsx';
import { pairSignatures, type MarkedText } from './first-difference.ts';
import styles from './verdict-view.module.css';

const checkNames = { headers: 'Headers', secret: 'Secret', timestamp: 'Timestamp', signature: 'Signature' } as const;
const checkWords = { passed: 'passed', failed: 'failed', skipped: 'not checked' } as const;

interface VerdictViewProps {
  readonly verification: Verification & Pick<VerifyAnswer, 'transit'>;
  /** The explanation shown below the checks. */
  readonly cause?: ReactNode;
}

/** A verdict as one sentence, its checks, the signed string, and expected beside received. */
export function VerdictView({ verification, cause }: VerdictViewProps) {
  const { verdict, message, checks, signedBase64, parts, next, libraryNote, transit } = verification;
  const badge = badgeOf(verdict);
  const IconShape = badge.icon;
  const [first, advice] = splitSentence(message);
  return (
    <div className={styles['verdict']}>
      <p className={styles['sentence']} data-meaning={badge.meaning}>
        <IconShape size={18} stroke={2.2} aria-hidden />
        <span>
          <strong>{first}</strong>
          {advice !== '' && <span className={styles['advice']}> {advice}</span>}
        </span>
      </p>
      <ul className={styles['checks']} aria-label="Checks">
        {checks.map((check) => (
          <li key={check.name} data-result={check.result}>
            {check.result === 'passed' && <IconCheck size={15} stroke={2.4} aria-hidden />}
            {check.result === 'failed' && <IconX size={15} stroke={2.4} aria-hidden />}
            {check.result === 'skipped' && <IconMinus size={15} stroke={2.4} aria-hidden />}
            <b>{checkNames[check.name]}</b>
            <span className="visually-hidden">{checkWords[check.result]}:</span>
            <span>{check.message}</span>
          </li>
        ))}
      </ul>
      {libraryNote !== null && <p className={styles['note']}>{libraryNote}</p>}
      {transit !== undefined && <ChangedOnItsWay transit={transit} />}
      {cause}
      <Signatures verification={verification} />
      {signedBase64 !== null && (
        <section className={styles['section']}>
          <h2>Signed string</h2>
          <SignedString signedBase64={signedBase64} parts={parts} />
        </section>
      )}
      {next.length > 0 && (
        <section className={styles['section']}>
          <h2>What the receiver still has to check</h2>
          <ul className={styles['next']}>
            {next.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Hookyard sent another body than the one that was received. */
function ChangedOnItsWay({ transit: { sentence, isProven, deliveryId } }: { readonly transit: NonNullable<VerifyAnswer['transit']> }) {
  return (
    <section className={styles['section']} aria-label="Changed on its way">
      <h2>{isProven ? 'The cause: it was changed on its way' : 'It was changed on its way'}</h2>
      <p className={styles['transit']}>
        {sentence} <a href={formatRoute({ area: 'deliveries', id: deliveryId })}>Open the delivery that sent it</a>
      </p>
    </section>
  );
}

/** The verdict itself and the advice that follows it. */
function splitSentence(message: string): readonly [first: string, rest: string] {
  const end = /\.(?=\s)/.exec(message);
  return end === null ? [message, ''] : [message.slice(0, end.index + 1), message.slice(end.index + 2)];
}

function Signatures({ verification }: { readonly verification: Verification }) {
  const { expectedSignatures, receivedSignatures, matchedSignature } = verification;
  // A public key can check a signature, but cannot compute the expected one.
  const unknown = matchedSignature === null ? 'needs a secret' : 'only the private key can show it';
  const pairs = useMemo(() => pairSignatures(expectedSignatures, receivedSignatures), [expectedSignatures, receivedSignatures]);
  if (pairs.length === 0) return null;
  return (
    <section className={styles['section']}>
      <h2>Expected beside received</h2>
      {pairs.map((pair, index) => (
        <dl
          key={index}
          className={styles['pair']}
          data-equal={pair.isEqual || (expectedSignatures.length === 0 && index === matchedSignature) || undefined}
        >
          <dt>Expected</dt>
          <dd>{expectedSignatures.length === 0 ? <span className={styles['absent']}>{unknown}</span> : <Marked text={pair.expected} />}</dd>
          <dt>Received</dt>
          <dd>{receivedSignatures.length === 0 ? <span className={styles['absent']}>none</span> : <Marked text={pair.received} />}</dd>
        </dl>
      ))}
      {pairs.every((pair) => !pair.isEqual) && expectedSignatures.length > 0 && receivedSignatures.length > 0 && (
        <p className={styles['note']}>
          The marked part begins at the first character that differs. Other bytes give a wholly different signature, so this place says
          nothing about where the bytes differ.
        </p>
      )}
    </section>
  );
}

function Marked({ text }: { readonly text: MarkedText }) {
  return (
    <code>
      {text.same}
      {text.different !== '' && <mark>{text.different}</mark>}
    </code>
  );
}
