// A link for one person in the browser of another, and an invite for who can sign in already.

import type { Page } from '@playwright/test';
import { invited, signIn } from '../support/console.ts';
import type { Letter } from '../support/mailbox.ts';
import { expectHeading } from '../support/porch.ts';
import { address, expect, PASSWORD, test } from '../support/test.ts';

const OTHER = 'You are signed in as somebody else';

test('an invite in another person’s browser names both, and one press goes on', async ({ owner, stranger, mailbox }) => {
  const [ada, grace] = [address('ada'), address('grace')];
  const page = await stranger();
  await invited(owner, { name: 'Ada Lovelace', email: ada });
  await accept(page, await mailbox.next(ada));
  await invited(owner, { name: 'Grace Hopper', email: grace });
  const letter = await mailbox.next(grace);

  await page.goto(letter.link);
  await expectHeading(page, OTHER);
  await expect(page.getByText(`This browser is signed in as ${ada}.`)).toContainText('for gr•••@example.com.');
  await page.getByRole('link', { name: `Stay signed in as ${ada}` }).click();
  await expectHeading(page, 'Ada Lovelace');

  await page.goto(letter.link);
  await page.getByRole('button', { name: 'Sign out and go on as gr•••@example.com' }).click();
  await expect(page.getByRole('button', { name: 'Accept the invite' })).toBeVisible();
  await finish(page);
  await page.goto('/me');
  await expectHeading(page, 'Grace Hopper');
});

test('a code and a reset link in another person’s browser wait for their word', async ({ owner, stranger, mailbox }) => {
  const [joan, rosa] = [address('joan'), address('rosa')];
  const page = await stranger();
  await invited(owner, { name: 'Joan Clarke', email: joan });
  await accept(page, await mailbox.next(joan));
  await invited(owner, { name: 'Rosa Parks', email: rosa });
  const { code } = await mailbox.next(rosa);
  await page.goto('/');
  await page.getByLabel('Email address').fill(rosa);
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Verify email' }).click();
  await expectHeading(page, OTHER);
  await page.getByRole('button', { name: 'Sign out and go on as ro•••@example.com' }).click();
  await expectHeading(page, 'Welcome, Rosa Parks');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.locator('form[action="/do/set_password"] button').click();
  await expectHeading(page, 'You are in');

  const elsewhere = await stranger();
  await elsewhere.goto('/forgot');
  await elsewhere.getByLabel('Email address').fill(joan);
  await elsewhere.getByRole('button', { name: 'Send the mail' }).click();
  await mailbox.next(joan);
  const reset = await mailbox.next(joan);
  await page.goto(reset.link);
  await expectHeading(page, OTHER);
  await page.getByRole('button', { name: 'Sign out and go on as jo•••@example.com' }).click();
  await expectHeading(page, 'Choose a new password');
});

test('an invite that was used leads to signing in, with the address filled in', async ({ owner, stranger, mailbox }) => {
  const email = address('lois');
  const [first, later] = [await stranger(), await stranger()];
  await invited(owner, { name: 'Lois Haibt', email });
  const letter = await mailbox.next(email);
  await accept(first, letter);
  await first.goto(letter.link);
  await first.getByRole('link', { name: 'Go to your account' }).click();
  await expectHeading(first, 'Lois Haibt');

  await later.goto(letter.link);
  await expectHeading(later, 'This invite has been used');
  await later.getByRole('button', { name: 'Sign in' }).click();
  await expect(later.getByLabel('Email or username')).toHaveValue(email);
  await signIn(later, email, PASSWORD);
  await expect(later).toHaveURL(/\/me$/);
});

async function accept(page: Page, letter: Letter): Promise<void> {
  await page.goto(letter.link);
  await finish(page);
}

async function finish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Accept the invite' }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.locator('form[action="/do/set_password"] button').click();
  await expectHeading(page, 'You are in');
}
