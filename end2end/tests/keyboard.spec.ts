// Without a mouse: from signing in to an answered question.

import type { Locator, Page } from '@playwright/test';
import { addressLine, history } from '../support/console.ts';
import { address, expect, OWNER, test } from '../support/test.ts';

test('everything is reached and pressed by keys', async ({ stranger }) => {
  const page = await stranger();
  const email = address('tabitha');
  const press = (key: string) => page.keyboard.press(key);

  await page.goto('/sign-in');
  await expect(page.getByLabel('Email or username'), 'typing begins where it is wanted').toBeFocused();
  await page.keyboard.type(OWNER.email);
  await press('Tab');
  await page.keyboard.type(OWNER.password);
  await press('Enter');
  await expect(page).toHaveURL(/\/console$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

  await press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeInViewport();
  await press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await tabTo(page, page.getByRole('main').getByRole('link', { name: 'Invite a person' }), 3);
  await press('Enter');

  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.type('Tabitha Keys');
  await press('Tab');
  await page.keyboard.type(email);
  await press('Tab');
  await page.keyboard.type('Deu');
  await press('Tab');
  await page.keyboard.type('By keys alone.');
  await tabTo(page, page.getByRole('button', { name: 'Send the invite' }), 3);
  await press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tabitha Keys');
  await expect(page.getByText('German')).toBeVisible();
  const home = page.url().replace(/\?.*/, '');

  const ask = addressLine(page, email).getByRole('link', { name: 'Mark verified' });
  await tabTo(page, ask, 40);
  await press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Reason')).toBeFocused();
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
    await press(key);
    expect(await focusIsWithin(dialog), `after ${key}`).toBe(true);
  }
  await press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(home);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tabitha Keys');
  await expect(history(page).filter({ hasText: 'Marked verified' })).toHaveCount(0);

  await tabTo(page, ask, 40);
  await press('Enter');
  await expect(dialog.getByLabel('Reason')).toBeFocused();
  await page.keyboard.type('Typed, not clicked');
  await press('Enter');
  await expect(page.getByRole('status')).toContainText('The address is verified.');
  await expect(history(page).first()).toHaveText('Marked verified');
});

test('the focus is seen wherever it is', async ({ owner }) => {
  for (const path of ['/console', '/console/users', '/console/invites/new', '/']) {
    await owner.goto(path);
    await expect(owner.getByRole('heading', { level: 1 })).toBeVisible();
    await owner.keyboard.press('Tab');
    const [invisible, seen] = [[] as string[], new Set<string>()];
    for (let step = 0; step < 25; step += 1) {
      const focused = await owner.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return undefined;
        const style = getComputedStyle(element);
        const visible = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
        return { html: element.outerHTML.slice(0, 100), visible };
      });
      if (!focused || seen.has(focused.html)) break;
      seen.add(focused.html);
      if (!focused.visible) invisible.push(focused.html);
      await owner.keyboard.press('Tab');
    }
    expect.soft(invisible, path).toEqual([]);
  }
});

/** Presses the tabulator until `wanted` has the focus, at the most so many times. */
async function tabTo(page: Page, wanted: Locator, most: number): Promise<void> {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${most} presses of the tabulator do not lead to ${wanted}`);
}

/** Past its last element the focus goes to the browser's own buttons, which a page sees as its body. */
function focusIsWithin(dialog: Locator): Promise<boolean> {
  return dialog.evaluate((element) => {
    const focused = document.activeElement;
    return focused === document.body || element.contains(focused);
  });
}
