// Mails that the other server does not take at once, and what an administrator can do about them.

import { deliveriesTo, eventually, invite, invited, section } from '../support/console.ts';
import { expectHeading } from '../support/porch.ts';
import { address, expect, test } from '../support/test.ts';

test('a mail that was deferred is sent when it is tried again', async ({ owner, mailbox }) => {
  const email = address('radia');
  mailbox.refuse(email, 451, '4.7.1 come back later', 1);
  await invite(owner, { name: 'Radia Perlman', email });

  const line = await deliveriesTo(owner, email);
  await eventually(owner, () => expect(line.locator('.state')).toHaveText('Deferred'));
  await expect(line).toContainText('451 4.7.1 come back later');
  await expect(line).toContainText('next try in under a minute');
  await line.getByRole('button', { name: 'Try now' }).click();
  await expect(owner.getByRole('status')).toHaveText('The mail is tried again now.');
  await mailbox.next(email);

  await deliveriesTo(owner, email);
  await eventually(owner, () => expect(line.locator('.state')).toHaveText('Sent'));
  expect(mailbox.count(email)).toBe(1);
});

test('a mail that failed says why, and can be tried again', async ({ owner, mailbox }) => {
  const email = address('sophie');
  mailbox.refuse(email, 550, '5.1.1 nobody of that name here');
  await invited(owner, { name: 'Sophie Wilson', email });
  await eventually(owner, () => expect(section(owner, 'Invite').locator('.state')).toHaveText('Bounced'));
  await expect(section(owner, 'History')).toContainText('550 5.1.1 nobody of that name here');

  const line = await deliveriesTo(owner, email);
  await expect(line.locator('.state')).toHaveText('Failed');
  await expect(line).toContainText('550 5.1.1 nobody of that name here');

  mailbox.accept(email);
  await line.getByRole('button', { name: 'Try again' }).click();
  await expect(owner, 'the search is still there').toHaveURL(/search=.*done=retried$/);
  await mailbox.next(email);
  await deliveriesTo(owner, email);
  await eventually(owner, () => expect(line.locator('.state')).toHaveText('Sent'));
  await owner.goto('/console/invites');
  await expect(owner.getByRole('row').filter({ hasText: email }).locator('.state')).toHaveText('Sent');
});

test('a mail that waits is cancelled', async ({ owner, mailbox }) => {
  const email = address('thelma');
  mailbox.refuse(email, 451, 'not now');
  await invite(owner, { name: 'Thelma Estrin', email });
  const line = await deliveriesTo(owner, email);
  await eventually(owner, () => expect(line.locator('.state')).toHaveText('Deferred'));
  await line.getByRole('button', { name: 'Cancel' }).click();
  await expect(owner.getByRole('status')).toHaveText('The mail will not be sent.');
  await deliveriesTo(owner, email);
  await expect(line.locator('.state')).toHaveText('Cancelled');
  await expect(line.getByRole('button')).toHaveCount(0);
});

test('a link and a code are handed over, and shown once', async ({ owner, stranger, mailbox }) => {
  const email = address('ursula');
  mailbox.refuse(email, 550, 'no');
  await invited(owner, { name: 'Ursula Franklin', email });
  await eventually(owner, () => expect(section(owner, 'Invite').locator('.state')).toHaveText('Bounced'));

  const line = await deliveriesTo(owner, email);
  await line.getByRole('button', { name: 'Copy link' }).click();
  await expectHeading(owner, 'Link and code');
  await expect(owner.getByRole('main')).toContainText(`For Ursula Franklin, ${email}`);
  const link = await owner.getByLabel('Link').inputValue();
  await expect(owner.getByLabel('Code')).toHaveValue(/^\w{5}-\w{5}-\w{5}$/);
  await owner.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await owner.getByRole('button', { name: 'Copy' }).first().click();
  await expect(owner.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await owner.evaluate(() => navigator.clipboard.readText())).toBe(link);

  await owner.reload();
  await expect(owner.getByText('There is nothing to show.')).toBeVisible();
  await expect(owner.getByLabel('Code')).toHaveCount(0);
  await owner.getByRole('link', { name: 'Done' }).click();
  await expectHeading(owner, 'Ursula Franklin');

  const page = await stranger();
  await page.goto(link);
  await page.getByRole('button', { name: 'Accept the invite' }).click();
  await expectHeading(page, 'Welcome, Ursula Franklin');
});

test('a test mail says that mail works', async ({ owner, mailbox }) => {
  const email = address('valerie');
  await owner.goto('/console/deliveries');
  await owner.getByText('Send a test mail').click();
  await owner.getByLabel('To', { exact: true }).fill(email);
  await owner.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(owner.getByRole('status')).toContainText('The test mail is on its way.');
  expect((await mailbox.next(email)).subject).toBe('Test mail from Acme');
});
