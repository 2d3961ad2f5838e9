import type { ReactNode } from 'react';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import styles from './scheme-facts.module.css';

/** Facts about a scheme: how it signs, the common mistake, what the provider's library does, and the sources. */
export function SchemeFacts({ info, action }: { readonly info: SchemeInfo; readonly action?: ReactNode }) {
  const { title, description, pitfall, libraryNote, source, asOf, checked, documentation } = info;
  return (
    <section className={styles['facts']} aria-label="About the scheme">
      <div className={styles['head']}>
        <h2>{title}</h2>
        {action}
      </div>
      <p>{description}</p>
      {pitfall !== '' && (
        <p>
          <b>Common mistake:</b> {pitfall}
        </p>
      )}
      {libraryNote !== null && (
        <p>
          <b>The provider's library:</b> {libraryNote}
        </p>
      )}
      {source !== null && (
        <p className={styles['source']}>
          From <OutsideLink url={source} />
          {asOf === null ? '' : `, as of ${asOf}`}
          {checked === null ? '.' : `; checked against: ${checked}.`}
          {documentation !== null && (
            <>
              {' '}
              Documentation: <OutsideLink url={documentation} />.
            </>
          )}
        </p>
      )}
    </section>
  );
}

function OutsideLink({ url }: { readonly url: string }) {
  const { host, pathname } = new URL(url);
  const path = pathname === '/' ? '' : pathname.length > 40 ? `${pathname.slice(0, 39)}…` : pathname;
  return (
    <a href={url} target="_blank" rel="noreferrer" title={url}>
      {host}
      {path}
    </a>
  );
}
