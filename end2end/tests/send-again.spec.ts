// The pause between two mails, waited out: it is a minute, and only Postgres lets a test shorten it.

import { addressLine, unverified } from '../support/console.ts';
import { enterCode, expectHeading } from '../support/porch.ts';
import { address, expect, test } from '../support/test.ts';

test('the countdown ends, and the new mail replaces the old one', async ({ owner, stranger, mailbox }) => {
  test.setTimeout(120_000);
  const email = address('vera');
  await unverified(owner, { name: 'Vera Molnár', email });
  await mailbox.next(email);
  await addressLine(owner, email).getByRole('button', { name: 'Send a code' }).click();
  const old = await mailbox.next(email);

  const page = await stranger();
  await page.goto(old.link);
  const button = page.getByRole('button', { name: /^Send again/ });
  await expect(button).toBeDisabled();
  await expect(button).toHaveText(/^Send again in 0:[0-5]\d$/);
  await expect(button).toHaveText('Send again', { timeout: 65_000 });
  await expect(button).toBeEnabled();
  await button.click();
  await expect(page.getByRole('status').filter({ hasText: 'A new code is on its way.' })).toBeVisible();
  const letter = await mailbox.next(email);
  expect(letter.text).toContain('It replaces the mail from ');

  await page.goto(old.link);
  await page.getByRole('button', { name: 'Verify email' }).click();
  await expectHeading(page, 'There is a newer code');
  await enterCode(page, email, old.code);
  await expectHeading(page, 'There is a newer code');
  await enterCode(page, email, letter.code);
  await expectHeading(page, 'Your email address is verified');
});
