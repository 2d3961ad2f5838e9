import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { root } from './build.ts';
import { ensureChromium } from './chromium.ts';

/** Draws resources/icon.svg in each size that the systems want and packs the two containers; run it after the drawing has changed. */
const resources = join(root, 'resources');
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const;
type Size = (typeof sizes)[number];

/** Types of Apple's icon container and the size of the PNG in each. */
const appleTypes: readonly (readonly [type: string, size: Size])[] = [
  ['icp4', 16],
  ['icp5', 32],
  ['icp6', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];

const drawn = await drawAll(readFileSync(join(resources, 'icon.svg'), 'utf8'));
mkdirSync(join(resources, 'icons'), { recursive: true });
for (const [size, png] of drawn) writeFileSync(join(resources, `icons/${size}x${size}.png`), png);
writeFileSync(join(resources, 'icon.png'), pngOf(1024));
writeFileSync(join(resources, 'icon.ico'), packIco([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(join(resources, 'icon.icns'), packIcns());

async function drawAll(svg: string): Promise<ReadonlyMap<Size, Buffer>> {
  const found = ensureChromium();
  if ('why' in found) throw new Error(found.why);
  const browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] });
  const pngs = new Map<Size, Buffer>();
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${svg}`);
    pngs.set(size, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
  await browser.close();
  return pngs;
}

function pngOf(size: Size): Buffer {
  const png = drawn.get(size);
  if (png === undefined) throw new Error(`No icon of ${size} pixels was drawn.`);
  return png;
}

/** Microsoft's container: a header, one entry of 16 bytes per picture, then the pictures. */
function packIco(contained: readonly Size[]): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(contained.length, 4);
  let offset = header.length + 16 * contained.length;
  const entries = contained.map((size) => {
    const entry = Buffer.alloc(16);
    // A byte has no room for 256, which is written as 0.
    entry.writeUInt8(size % 256, 0);
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(pngOf(size).length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += pngOf(size).length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...contained.map(pngOf)]);
}

/** Apple's container: `icns`, its length, then a type, a length and a PNG for each picture. */
function packIcns(): Buffer {
  const pictures = appleTypes.map(([type, size]) => chunk(type, pngOf(size)));
  return chunk('icns', Buffer.concat(pictures));
}

function chunk(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32BE(head.length + content.length, 4);
  return Buffer.concat([head, content]);
}
