import type { Locator, Page } from '@playwright/test';
import { FramePage } from './frame-page.ts';

/** The area Tests. */
export class TestsPage {
  readonly page: Page;
  readonly area: Locator;
  readonly rows: Locator;
  readonly steps: Locator;
  readonly problem: Locator;
  /** What a browser chooses folders with that does not let the window read them again. */
  readonly folderInput: Locator;

  constructor(page: Page) {
    this.page = page;
    this.area = new FramePage(page).area('Tests');
    this.rows = this.area.getByRole('listbox', { name: 'Tests' }).getByRole('option');
    this.steps = this.area.getByRole('list', { name: 'Steps' }).getByRole('listitem');
    this.problem = this.area.getByRole('alert');
    this.folderInput = this.area.locator('input[type=file][webkitdirectory]');
  }

  button(name: string): Locator {
    return this.area.getByRole('button', { name, exact: true });
  }

  /** As the browser tells it when somebody comes back from their editor. */
  async comeBack(): Promise<void> {
    await this.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  }
}
