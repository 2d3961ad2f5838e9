import { Button } from '@mantine/core';
import { describeCustom } from '#shared/recognise/describe-custom.ts';
import { useSession } from '../../stores/session.tsx';
import { fieldsOfVerdict, judgedBy } from './judged-by.ts';
import { readInput } from './verify-input.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import styles from './verify.module.css';

/** Says by which scheme a request was found right that the form does not show, and puts that into the form. */
export function JudgedNote({ store, state }: { readonly store: VerifyStore; readonly state: VerifyState }) {
  const { announce } = useSession();
  const { verification, input, schemes } = state;
  const fields = verification === null ? null : fieldsOfVerdict(verification, input, readInput(input, schemes));
  const judged = verification === null ? null : judgedBy(verification);
  if (fields === null || judged === null) return null;
  const title = schemes.find(({ id }) => id === judged.scheme)?.title ?? judged.scheme;
  const sentence = judged.scheme === 'custom' ? `a custom scheme, ${describeCustom(judged)}` : title;
  return (
    <div className={styles['judged']}>
      <p>
        Checked by {judged.scheme === 'custom' ? 'a custom scheme: ' : title}
        {judged.scheme === 'custom' && <code>{describeCustom(judged)}</code>}
      </p>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          store.apply(fields, `the request is checked by ${sentence}.`, null);
          announce('The scheme was put into the form');
        }}
      >
        Use this scheme
      </Button>
    </div>
  );
}
