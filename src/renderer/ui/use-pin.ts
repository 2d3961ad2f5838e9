import { useEffect, useRef } from 'react';

/** What the user may be looking at. */
interface Looked {
  readonly isOver: boolean;
  readonly isScrolled: boolean;
}

/** Reports whether rows must stay where they are: because one of them is selected, pointed at, or the list was scrolled. */
export function usePin(isSelected: boolean, onPinned: ((isPinned: boolean) => void) | undefined): (change: Partial<Looked>) => void {
  const looked = useRef({ isOver: false, isScrolled: false, isSelected: false });
  const tell = (change: Partial<typeof looked.current>) => {
    Object.assign(looked.current, change);
    onPinned?.(Object.values(looked.current).some(Boolean));
  };
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  useEffect(() => latest.current({ isSelected }), [isSelected]);
  return tell;
}
