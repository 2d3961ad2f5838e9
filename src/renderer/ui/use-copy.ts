import { useEffect, useRef, useState } from 'react';
import { useSession } from '../stores/session.tsx';

/** How long a button says that it copied. */
const shownMs = 1400;

/** Copies text and says so: `isCopied` for a moment, and once to screen readers, in words of one's own where there is more to say. */
export function useCopy(): { readonly isCopied: boolean; readonly copy: (text: string, said?: string) => void } {
  const { announce } = useSession();
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  const copy = (text: string, said = 'Copied') => {
    const settle = (isDone: boolean) => {
      announce(isDone ? said : 'Could not copy: allow this page to use the clipboard');
      if (!isDone) return;
      setCopied(true);
      clearTimeout(timer.current ?? undefined);
      timer.current = setTimeout(() => setCopied(false), shownMs);
    };
    navigator.clipboard.writeText(text).then(
      () => settle(true),
      () => settle(copyBySelection(text)),
    );
  };
  return { isCopied, copy };
}

/** The older way, for pages that may not use the clipboard API. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  (document.querySelector('[role="dialog"]') ?? document.body).append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  return isDone;
}
