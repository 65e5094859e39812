// API keys and OAuth clients, from the form that makes one to the moment in which it no longer works.

import type { Page } from '@playwright/test';
import { history, section } from '../support/console.ts';
import { expect, test } from '../support/test.ts';

test('a key is shown once, works, and is revoked', async ({ owner, vestibule }) => {
  const name = `Payroll ${Date.now()}`;
  const status = async (key: string): Promise<number> =>
    (await fetch(`${vestibule.url}/api/users?page=1&size=1`, { headers: { 'x-api-key': key } })).status;

  await owner.goto('/console');
  await owner.getByRole('navigation').getByRole('link', { name: 'Keys' }).click();
  await make(owner, 'API keys', name, 'Read', 'After 90 days');
  await expect(owner).toHaveURL(/\/console\/keys$/);
  await expect(owner.getByRole('heading', { name: 'Your new API key' })).toBeVisible();
  const key = await owner.getByLabel('API key', { exact: true }).inputValue();
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(await status(key)).toBe(200);

  await owner.reload();
  await expect(owner.getByRole('heading', { name: 'Your new API key' })).toHaveCount(0);
  expect(await owner.content()).not.toContain(key);
  const line = section(owner, 'API keys').getByRole('row').filter({ hasText: name });
  await expect(line).toContainText('used just now');
  await expect(line.locator('.state')).toHaveText('Works');

  await line.getByRole('link', { name: 'Revoke' }).click();
  const dialog = owner.getByRole('dialog', { name: `Revoke ${name}?` });
  await dialog.getByRole('link', { name: 'Cancel' }).click();
  await expect(owner.getByRole('dialog')).toHaveCount(0);
  expect(await status(key)).toBe(200);
  await line.getByRole('link', { name: 'Revoke' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(owner.getByRole('status').first()).toHaveText('The key is revoked. Whoever shows it is refused.');
  await expect(line.locator('.state')).toHaveText('Revoked');
  await expect(line.getByRole('link')).toHaveCount(0);
  expect(await status(key)).toBe(401);

  await owner.goto('/console/users?search=olga');
  await owner.getByRole('row').filter({ hasText: 'Olga Owner' }).getByRole('link').first().click();
  await expect(history(owner).filter({ hasText: 'API key made' }).first()).toBeVisible();
  await expect(history(owner).filter({ hasText: 'API key revoked' }).first()).toBeVisible();
});

test('a client is shown with its id, and renamed', async ({ owner }) => {
  const [name, other] = [`Shop ${Date.now()}`, `Warehouse ${Date.now()}`];
  await owner.goto('/console/keys');
  await make(owner, 'OAuth clients', name, 'Verify', 'Never');
  const id = await owner.getByLabel('Client id').inputValue();
  expect(await owner.getByLabel('Client secret').inputValue()).toMatch(/^[\w-]{43}$/);
  const line = section(owner, 'OAuth clients').getByRole('row').filter({ hasText: id });
  await expect(line).toContainText('never ends');
  await line.getByRole('link', { name: 'Rename' }).click();
  const dialog = owner.getByRole('dialog', { name: `Rename ${name}` });
  await dialog.getByLabel('Name').fill(other);
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(owner.getByRole('status').first()).toHaveText('The client is renamed.');
  await expect(line).toContainText(other);
});

test('a key that may do nothing is not made, and what was typed stays', async ({ owner }) => {
  await owner.goto('/console/keys');
  const card = section(owner, 'API keys');
  await card.locator('summary').click();
  await card.getByLabel('Name').fill('Forgetful & Sons');
  await card.getByRole('button', { name: 'Make an API key' }).click();
  await expect(card.getByText('Choose at least one.')).toBeVisible();
  await expect(card.getByLabel('Name')).toHaveValue('Forgetful & Sons');
  await expect(card.getByRole('row').filter({ hasText: 'Forgetful' })).toHaveCount(0);
});

/** Opens the form of a section, fills it in and sends it. */
async function make(page: Page, heading: string, name: string, scope: string, expires: string): Promise<void> {
  const card = section(page, heading);
  await card.locator('summary').click();
  await card.getByLabel('Name').fill(name);
  await card.getByRole('checkbox', { name: new RegExp(`^${scope}:`) }).check();
  await card.getByLabel('Expires').selectOption({ label: expires });
  await card.locator('form button').click();
}
