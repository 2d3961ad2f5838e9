import { useEffect, useState, type ReactNode } from 'react';

/** Draws its children only once it has been there for so long, so that what is over quickly never flickers. */
export function Delayed({ delayMs, children }: { readonly delayMs: number; readonly children: ReactNode }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return isShown ? children : null;
}
