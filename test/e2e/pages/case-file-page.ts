import type { Locator, Page } from '@playwright/test';

/** A case file, opened from disk. */
export class CaseFilePage {
  readonly page: Page;
  /** Says how many checks were run again; there once all of them were. */
  readonly summary: Locator;

  constructor(page: Page) {
    this.page = page;
    this.summary = page.getByRole('status').and(page.locator('[data-done]'));
  }

  /** What a check that was run again gave, such as `passed`, by the title of its row. */
  async result(title: string): Promise<string | null> {
    return this.page
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: title, exact: true }) })
      .locator('[data-check]')
      .getAttribute('data-result');
  }
}
