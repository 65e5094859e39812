// What an administrator does in the console, as its pages want it done.

import { expect, type Locator, type Page } from '@playwright/test';

export interface Invitation {
  name: string;
  email: string;
  language?: string;
  words?: string;
  expires?: string;
}

export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Email or username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Fills in the invite form and sends it. */
export async function invite(page: Page, person: Invitation): Promise<void> {
  await page.goto('/console/invites/new');
  await page.getByLabel('Name', { exact: true }).fill(person.name);
  await page.getByLabel('Email address').fill(person.email);
  if (person.language) await page.getByLabel('Language').selectOption({ label: person.language });
  if (person.words) await page.getByLabel('Your own words').fill(person.words);
  if (person.expires) await page.getByLabel('Expires').selectOption({ label: person.expires });
  await page.getByRole('button', { name: 'Send the invite' }).click();
}

/** Invites somebody and stays on their page. */
export async function invited(page: Page, person: Invitation): Promise<void> {
  await invite(page, person);
  await expect(page.getByRole('status')).toHaveText('The invite is on its way.');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(person.name);
}

/** Adds a person whose address has to be proven by a code, and stays on their page: an invite that was taken back. */
export async function unverified(page: Page, person: Invitation): Promise<void> {
  await invited(page, person);
  const home = page.url().replace(/\?.*/, '');
  await revokeInvite(page);
  await page.goto(home);
}

/** Takes the invite back of the person whose page it is. */
export async function revokeInvite(page: Page): Promise<void> {
  await section(page, 'Invite').getByRole('link', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('status')).toContainText('The invite is taken back.');
}

/** Disables the person whose page it is. */
export async function disable(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Disable' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByRole('status')).toHaveText('The user is disabled. Their sessions have ended.');
}

/** A card of a page by its heading. */
export function section(page: Page, heading: string): Locator {
  return page.locator('section.card').filter({ has: page.getByRole('heading', { name: heading, exact: true }) });
}

/** The line of an address on a user's page. */
export function addressLine(page: Page, email: string): Locator {
  return section(page, 'Email addresses').getByRole('row').filter({ hasText: email });
}

/** The headings of a user's history, newest first. */
export function history(page: Page): Locator {
  return section(page, 'History').locator('.timeline b.name');
}

/** Opens the deliveries to an address. */
export async function deliveriesTo(page: Page, email: string): Promise<Locator> {
  await page.goto(`/console/deliveries?search=${encodeURIComponent(email)}`);
  return page.getByRole('region', { name: 'Deliveries' }).getByRole('row').filter({ hasText: email });
}

/** Looks at a page again and again until `expected` passes: mails are sent beside the requests. */
export async function eventually(page: Page, expected: () => Promise<void>, timeout = 10_000): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expected();
  }).toPass({ timeout, intervals: [100, 250, 500] });
}
