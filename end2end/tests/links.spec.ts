// Links from mails: in other browsers, replaced, declined, taken back, unknown.

import { addressLine, history, invite, invited, revokeInvite, section, unverified } from '../support/console.ts';
import { expectHeading } from '../support/porch.ts';
import { address, expect, OWNER, test } from '../support/test.ts';

test('a newer invite replaces the older one', async ({ owner, stranger, mailbox }) => {
  const email = address('karen');
  await invited(owner, { name: 'Karen Sparck Jones', email });
  const old = await mailbox.next(email);
  await invite(owner, { name: 'Karen Sparck Jones', email });
  const letter = await mailbox.next(email);
  expect(letter.link).not.toBe(old.link);

  const page = await stranger();
  await page.goto(old.link);
  await expectHeading(page, 'There is a newer code');
  await page.goto(letter.link);
  await page.getByRole('button', { name: 'Accept the invite' }).click();
  await expectHeading(page, 'Welcome, Karen Sparck Jones');
});

test('a link works in whichever browser it is opened, and once', async ({ owner, stranger, mailbox }) => {
  const email = address('lois');
  await unverified(owner, { name: 'Lois Haibt', email });
  await mailbox.next(email);
  await addressLine(owner, email).getByRole('button', { name: 'Send a code' }).click();
  const { link } = await mailbox.next(email);

  const [phone, desk] = [await stranger(), await stranger()];
  await phone.goto(link);
  await desk.goto(link);
  await expect(desk).toHaveURL(/\/verify\/[0-9a-f-]{36}$/);
  expect(await desk.evaluate(() => document.referrer).catch(() => ''), 'the token is told to nobody').not.toContain(link);
  await desk.getByRole('button', { name: 'Verify email' }).click();
  await expectHeading(desk, 'Your email address is verified');
  await phone.getByRole('button', { name: 'Verify email' }).click();
  await expectHeading(phone, 'This code has been used');
  await owner.reload();
  await expect(addressLine(owner, email)).toContainText('Verified by link on ');
});

test('the address of the page alone lets nobody in', async ({ owner, stranger, mailbox }) => {
  const email = address('mary');
  await invited(owner, { name: 'Mary Allen Wilkes', email });
  const { link } = await mailbox.next(email);
  const [holder, other] = [await stranger(), await stranger()];
  await holder.goto(link);
  await other.goto(holder.url());
  await expect(other.getByLabel('Code from the mail')).toBeVisible();
  await expect(other.getByRole('link', { name: 'Not you? Decline' })).toHaveCount(0);
});

test('an invite is declined by its holder', async ({ owner, stranger, mailbox }) => {
  const email = address('niklaus');
  await invited(owner, { name: 'Niklaus Wirth', email });
  const letter = await mailbox.next(email);

  const page = await stranger();
  await page.goto(letter.decline);
  await expectHeading(page, 'Decline this invite?');
  await page.getByRole('link', { name: 'Keep it' }).click();
  await expectHeading(page, `${OWNER.name} invited you to Acme`);
  await page.getByRole('link', { name: 'Not you? Decline' }).click();
  await page.getByRole('button', { name: 'Decline the invite' }).click();
  await expectHeading(page, 'This invite was declined');
  await page.goto(letter.link);
  await expectHeading(page, 'This invite was declined');

  await owner.reload();
  await expect(section(owner, 'Invite').locator('.state')).toHaveText('Declined');
  await expect(history(owner).first()).toHaveText('Invite declined');
});

test('an invite that was taken back says so', async ({ owner, stranger, mailbox }) => {
  const email = address('olive');
  await invited(owner, { name: 'Olive Dennis', email });
  const { link } = await mailbox.next(email);
  await revokeInvite(owner);
  const page = await stranger();
  await page.goto(link);
  await expectHeading(page, 'This invite was taken back');
});

test('a link that nobody sent leads to the code page', async ({ stranger }) => {
  const page = await stranger();
  await page.goto(`/invite/${'A'.repeat(43)}`);
  await expectHeading(page, 'This link does not work');
  await page.getByRole('link', { name: 'Enter your code' }).click();
  await expectHeading(page, 'Enter your code');
});
