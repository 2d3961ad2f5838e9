import { describe, expect, it } from 'vitest';
import { firstSize, placeWindow } from '#hosts/electron/window-bounds.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const right = { x: 1920, y: 0, width: 1280, height: 1024 };

describe('the place of the window', () => {
  it.each([
    ['on the screen', { x: 100, y: 50, width: 1200, height: 800 }, [screen]],
    ['partly beyond its edge', { x: 1700, y: 50, width: 1200, height: 800 }, [screen]],
    ['on the second screen', { x: 2000, y: 50, width: 1200, height: 800 }, [screen, right]],
  ])('is the old one %s', (_where, saved, screens) => {
    expect(placeWindow(saved, screens)).toEqual(saved);
  });

  it.each([
    ['nothing was remembered', null, [screen]],
    ['its screen is gone', { x: 2000, y: 50, width: 1200, height: 800 }, [screen]],
    ['its title bar would be above the screen', { x: 100, y: -400, width: 1200, height: 800 }, [screen]],
    ['too little of it would show', { x: 1900, y: 50, width: 1200, height: 800 }, [screen]],
  ])('is the system’s choice when %s', (_why, saved, screens) => {
    expect(placeWindow(saved, screens)).toEqual(firstSize);
  });
});
