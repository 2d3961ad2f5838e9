import type { Page } from '@playwright/test';

/** A folder of the browser's own file system for the page, which is chosen whenever a folder is: the dialog of the system cannot be driven. */
export interface PageFolder {
  readonly write: (path: string, text: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  /** Removes the folder itself. */
  readonly drop: () => Promise<void>;
}

/** Makes a folder named `shop` that the page's choice of a folder leads to. */
export async function makePageFolder(page: Page, files: Readonly<Record<string, string>>): Promise<PageFolder> {
  await page.evaluate(() => {
    const pick = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('shop', { create: true });
    Object.assign(window, { showDirectoryPicker: pick });
  });
  const write = (path: string, text: string) =>
    page.evaluate(
      async ([names, content]) => {
        let folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('shop', { create: true });
        for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
        const file = await folder.getFileHandle(names.at(-1) ?? '', { create: true });
        const writable = await file.createWritable();
        await writable.write(content);
        await writable.close();
      },
      [path.split('/'), text] as const,
    );
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return {
    write,
    remove: (path) =>
      page.evaluate(async (name) => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('shop');
        await folder.removeEntry(name, { recursive: true });
      }, path),
    drop: () => page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('shop', { recursive: true })),
  };
}
