import { readFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';
import { writeWhole } from '#engine/store/write-whole.ts';

const savedBounds = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() });

/** Size of a window that was never moved, in pixels that do not depend on the screen's density. */
export const firstSize = { width: 1280, height: 800 } as const;
/** Below this the areas would be clipped. */
export const smallestSize = { width: 900, height: 600 } as const;

/** Size of a window and, where it is known, its place. */
export type WindowPlace = Pick<Rectangle, 'width' | 'height'> & Partial<Rectangle>;

/** Bounds that a window had when it was last closed, or null when none are known. */
export function readBounds(file: string): Rectangle | null {
  try {
    return savedBounds.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Missing at the first start; for a damaged file the window silently opens in its default size.
    return null;
  }
}

/** Remembers a window's bounds. */
export function writeBounds(file: string, bounds: Rectangle): void {
  writeWhole(file, `${JSON.stringify(bounds)}\n`, 0o600);
}

/** The saved bounds if enough of them is on one of the screens to be grabbed; the first size, placed by the system, if not. */
export function placeWindow(saved: Rectangle | null, screens: readonly Rectangle[]): WindowPlace {
  return saved !== null && screens.some((screen) => isGrabbable(saved, screen)) ? saved : firstSize;
}

function isGrabbable(window: Rectangle, screen: Rectangle): boolean {
  const width = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  const titleBar = window.y >= screen.y && window.y < screen.y + screen.height;
  return width >= 100 && titleBar;
}
