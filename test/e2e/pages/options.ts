import { expect, type Page } from '@playwright/test';

/** Waits until the open list offers one option alone, and that one has the text. */
export async function expectOneOption(page: Page, text: string): Promise<void> {
  await expect(page.locator('[data-combobox-option]:visible')).toHaveText([new RegExp(text, 'i')]);
}
