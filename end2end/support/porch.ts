// What a person does on the user's pages.

import { expect, type Page } from '@playwright/test';

/** Types an address and a code into the code page and sends them. */
export async function enterCode(page: Page, email: string, code: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Verify email' }).click();
}

/** Asks the code page to send a code. */
export async function askForCode(page: Page, email: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Email address').fill(email);
  await page.getByRole('button', { name: 'Send me a code' }).click();
}

export async function expectHeading(page: Page, heading: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
}

/** A code of the same form that is surely another one. */
export function wrong(code: string): string {
  const last = code.at(-1) === 'B' ? 'C' : 'B';
  return code.slice(0, -1) + last;
}
