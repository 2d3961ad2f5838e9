import type { ReactNode } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A secret that was made, and its public half where it is a private key; null where sender and receiver share it. */
export interface HandedSecret {
  readonly secret: string;
  readonly publicKey: string | null;
}

/** A secret with what is said of it while it is shown. */
export interface SecretToShow {
  readonly handed: HandedSecret;
  readonly title: string;
  /** Where to put it (the public key, where there is one): a sentence, perhaps with a line of code. */
  readonly whereToPutIt: ReactNode;
  /** What it is, for the button that copies it: `secret` unless said. */
  readonly what?: string;
  /** Says that it is shown once, where it is not kept encrypted. */
  readonly lead?: string;
}

/** Secrets that are shown once and were not yet put away, oldest first. */
export interface SecretStore extends StoreApi<readonly SecretToShow[]> {
  readonly show: (secret: SecretToShow) => void;
  /** The oldest was put away. */
  readonly done: () => void;
}

/** Keeps secrets above the areas: going to another one must not lose what is never shown again. */
export function createSecretStore(): SecretStore {
  const store = createStore<readonly SecretToShow[]>(() => []);
  return {
    ...store,
    show: (secret) => store.setState([...store.getState(), secret], true),
    done: () => store.setState(store.getState().slice(1), true),
  };
}
