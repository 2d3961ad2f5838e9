import { useEffect, useState, type ReactNode } from 'react';

/** Renders its children only after a delay, so that something short never flickers. */
export function Delayed({ delayMs, children }: { readonly delayMs: number; readonly children: ReactNode }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return isShown ? children : null;
}
