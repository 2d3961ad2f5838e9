import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { TestsPage } from './pages/tests-page.ts';
import { expect, test } from './support/hookyard.ts';
import { makePageFolder } from './support/page-folder.ts';
import { projectFolder } from './support/project-folder.ts';

test.use({ startAt: '#/tests' });

/** A project whose test sends a file and expects a status. */
function project(url: string, status: number, name = 'checkout'): string {
  return `hookyard: 1
runs:
  ${name}:
    to: ${url}
    steps: [{ event: order.made, bodyFile: order.json, expect: { status: ${status} } }]
`;
}

/** Drops files and folders of the disk on the middle of the window, as the file manager of the system does. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const devTools = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devTools.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
}

test('a chosen folder is read again when a test is run, and when somebody comes back to the window', async ({
  page,
  hookyard: { api },
}) => {
  const bin = await api.bins.create({ name: 'Shop', slug: 'shop', response: { status: 202 } });
  const sent = async () => (await api.captures.list({ binId: bin.id })).items.map(({ bodyBytes }) => bodyBytes);
  const tests = new TestsPage(page);
  const folder = await makePageFolder(page, {
    'hookyard.yaml': project(bin.url, 200),
    'order.json': '{"id":1}',
    'node_modules/other/hookyard.yaml': 'of somebody else',
  });
  await tests.button('Choose a folder').click();
  await tests.rows.first().click();
  await tests.button('Run').click();
  await expect(tests.steps).toHaveText(/Expected status 200\. It is 202\./);

  // What is edited counts from the next run on, the body as well.
  await folder.write('hookyard.yaml', project(bin.url, 202));
  await folder.write('order.json', '{"id":1234567}');
  await tests.comeBack();
  await expect(tests.area.getByText('The test was changed since; this is how it came out before.')).toBeVisible();
  await expect(tests.rows.first()).toContainText('changed since');
  await expect(tests.area.getByText('1 test', { exact: true })).toBeVisible();
  await page.keyboard.press('r');
  await expect(tests.rows.first()).toContainText('passed');
  expect(await sent()).toEqual([14, 8]);
  await folder.write('hookyard.yaml', project(bin.url, 500));
  await page.keyboard.press('r');
  await expect(tests.steps).toHaveText(/Expected status 500\. It is 202\./);

  // A result stays when something else of the file is edited.
  await folder.write(
    'hookyard.yaml',
    `${project(bin.url, 500)}  refund: { to: "${bin.url}", steps: [{ event: order.refunded }] }\n# At last.\n`,
  );
  await page.keyboard.press('u');
  await expect(tests.rows).toHaveText([/checkout.*1 of 1 not met/, /refund/]);
  await page.keyboard.press('Escape');
  await folder.write('hookyard.yaml', project(bin.url, 202, 'paid'));
  await page.keyboard.press('a');
  await expect(tests.rows).toHaveText([/paid.*passed/]);
});

test('a folder that cannot be read as it was is told, and what was read of it stays', async ({ page, hookyard: { api } }) => {
  const bin = await api.bins.create({ name: 'Shop', slug: 'shop', response: { status: 202 } });
  const tests = new TestsPage(page);
  const folder = await makePageFolder(page, { 'hookyard.yaml': 'hookyard: 1\nruns: {', 'order.json': '{}' });
  await tests.button('Choose a folder').click();
  await expect(tests.problem).toContainText('hookyard.yaml:2:');
  // Once it is mended, it opens without being chosen again.
  await folder.write('hookyard.yaml', project(bin.url, 202));
  await tests.comeBack();
  await tests.rows.first().click();
  await page.keyboard.press('r');
  await expect(tests.rows.first()).toContainText('passed');

  await folder.remove('order.json');
  await page.keyboard.press('r');
  await expect(tests.problem).toContainText('file:order.json is not in the chosen folder');
  await folder.write('order.json', '{}');
  await folder.write('hookyard.yaml', project(bin.url, 202).replace('steps', 'stepz'));
  await page.keyboard.press('r');
  await expect(tests.problem.first()).toContainText('stepz');
  await expect(tests.area.getByText('The tests below are those that were read before.')).toBeVisible();
  await folder.write('hookyard.yaml', project(bin.url, 202, 'paid'));
  await page.keyboard.press('r');
  await expect(tests.problem.first()).toHaveText('The files have no test checkout any more.');
  await expect(tests.rows).toHaveText([/paid/]);
  await folder.remove('hookyard.yaml');
  await tests.button('Read again').click();
  await expect(tests.problem).toContainText('There is no hookyard.yaml and no folder .hookyard in it');
  await folder.write('hookyard.yaml', project(bin.url, 202, 'paid'));

  // The browser asks only after a click or a key, and somebody may say no.
  const answer = (query: string, request: string) =>
    page.evaluate(
      ([now, asked]) =>
        Object.assign(FileSystemHandle.prototype, { queryPermission: async () => now, requestPermission: async () => asked }),
      [query, request] as const,
    );
  await answer('prompt', 'denied');
  await tests.button('Read again').click();
  await expect(tests.problem).toContainText('The browser does not let this window read shop');
  await answer('prompt', 'granted');
  await tests.comeBack();
  await expect(tests.problem).toContainText('The browser does not let this window read shop');
  await tests.button('Read again').click();
  await expect(tests.problem).toBeHidden();
  await answer('granted', 'granted');
  await folder.drop();
  await tests.comeBack();
  await expect(tests.problem).toHaveText('The folder shop is not there any more: choose it again.');
  await expect(tests.rows).toHaveText([/paid/]);
});

test('a folder of the disk that is dropped is read again, and found anew after it was moved', async ({ page, hookyard: { api, host } }) => {
  test.skip(host === null, 'Files are dropped through the developer tools of a browser.');
  const bin = await api.bins.create({ name: 'Shop', slug: 'shop', response: { status: 202 } });
  const folder = await projectFolder({ 'hookyard.yaml': project(bin.url, 200), 'order.json': '{}' });
  const tests = new TestsPage(page);
  await expect(tests.area.getByText('They are read again whenever a test is run.')).toBeVisible();
  await expect(tests.area.getByText('To write a first one, use Save as test… in Deliveries or Captures.')).toBeVisible();
  await expect(tests.button('Copy the command')).toBeVisible();
  await drop(page, [folder]);
  await tests.rows.first().click();
  await page.keyboard.press('r');
  await expect(tests.rows.first()).toContainText('1 of 1 not met');
  await writeFile(join(folder, 'hookyard.yaml'), project(bin.url, 202));
  await page.keyboard.press('r');
  await expect(tests.rows.first()).toContainText('passed');
  await rename(folder, `${folder}-moved`);
  await page.keyboard.press('r');
  await expect(tests.problem.first()).toHaveText('The folder shop is not there any more: choose it again.');
  await expect(tests.rows.first()).toContainText('did not run');

  // A single file can be dropped, too; what it names is not beside it then.
  await drop(page, [join(`${folder}-moved`, 'hookyard.yaml')]);
  await expect(tests.area.getByText('hookyard.yaml', { exact: true })).toBeVisible();
  await page.keyboard.press('r');
  await expect(tests.problem).toContainText('file:order.json is not among the chosen files');
  await rm(join(`${folder}-moved`, 'hookyard.yaml'));
  await tests.button('Read again').click();
  await expect(tests.problem.first()).toContainText('hookyard.yaml');
});

test('a folder with more files than are looked at is not read to its end', async ({ page }) => {
  const tests = new TestsPage(page);
  await page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('huge', { create: true });
    // Real handles, of which one lists itself without an end.
    const values = FileSystemDirectoryHandle.prototype.values;
    Object.assign(FileSystemDirectoryHandle.prototype, {
      async *values(this: FileSystemDirectoryHandle) {
        yield* values.call(this);
        for (;;) yield root;
      },
    });
    Object.assign(window, { showDirectoryPicker: async () => root });
  });
  await tests.button('Choose a folder').click();
  await expect(tests.problem).toContainText('Only the first 10,000 files and folders of huge were looked at');
});

test('where the browser keeps nothing, the files are chosen again after a change', async ({ page, hookyard: { api, host } }) => {
  test.skip(host === null, 'Files are dropped through the developer tools of a browser.');
  const bin = await api.bins.create({ name: 'Shop', slug: 'shop', response: { status: 202 } });
  const tests = new TestsPage(page);
  await page.evaluate(() => {
    Reflect.deleteProperty(window, 'showDirectoryPicker');
    Reflect.deleteProperty(Object.getPrototypeOf(window), 'showDirectoryPicker');
    window.location.hash = '#/settings';
  });
  await page.evaluate(() => (window.location.hash = '#/tests'));
  await expect(tests.area.getByText('After you change them, choose them again.')).toBeVisible();
  const folder = await projectFolder({ 'hookyard.yaml': project(bin.url, 202), 'order.json': '{}' });
  const chooser = page.waitForEvent('filechooser');
  await tests.button('Choose a folder').click();
  await (await chooser).setFiles(folder);
  await tests.rows.first().click();
  await page.keyboard.press('r');
  await expect(tests.rows.first()).toContainText('passed');
  await expect(tests.area.getByText('after a change, choose it again')).toBeVisible();
  await expect(tests.button('Read again')).toBeHidden();
  await writeFile(join(folder, 'order.json'), '{"id":2}');
  await page.keyboard.press('r');
  await expect(tests.problem).toContainText('order.json could not be read, perhaps since it was changed: choose it again.');

  // What is dropped there comes as files, too.
  await page.evaluate(() => Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle'));
  await expect(tests.rows.first()).toContainText('did not run');
  await drop(page, [folder]);
  await expect(tests.rows.first()).not.toContainText('did not run');
  await page.keyboard.press('r');
  await expect(tests.rows.first()).toContainText('passed');
  await expect(tests.area.getByText('after a change, choose it again')).toBeVisible();
});
