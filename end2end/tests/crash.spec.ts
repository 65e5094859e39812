// The process is killed between the steps: nothing is lost, and nothing happens twice.

import { deliveriesTo, eventually, history, invite, signIn } from '../support/console.ts';
import { Mailbox } from '../support/mailbox.ts';
import { enterCode, expectHeading } from '../support/porch.ts';
import { expect, OWNER, PASSWORD, test } from '../support/test.ts';

test('an invite outlives a kill before its mail is sent, and after its code is used', async ({ another, stranger }) => {
  // The mail server is not there when the invite is made, and Vestibule tries again after a quarter of a minute.
  test.setTimeout(90_000);
  const before = await Mailbox.open();
  const { port } = before;
  await before.close();
  const vestibule = await another({ smtp: port });
  await vestibule.createAdministrator(OWNER, 'owner');
  await vestibule.start();
  const [owner, person] = [await stranger(vestibule), await stranger(vestibule)];
  const email = 'grace@example.com';

  await signIn(owner, OWNER.email, OWNER.password);
  await expect(owner).toHaveURL(/\/console$/);
  await invite(owner, { name: 'Grace Hopper', email });
  await expect(owner.getByRole('status')).toHaveText('The invite is on its way.');
  const line = await deliveriesTo(owner, email);
  await eventually(owner, () => expect(line.locator('.state')).toHaveText('Deferred'));

  await vestibule.kill();
  const mailbox = await Mailbox.open(port);
  await vestibule.start();
  const { code } = await mailbox.next(email, 30_000);
  await eventually(owner, () => expect(line.locator('.state'), 'the session lives on as well').toHaveText('Sent'));

  await enterCode(person, email, code);
  await expectHeading(person, 'Welcome, Grace Hopper');
  await vestibule.kill();
  await vestibule.start();
  await person.getByLabel('Password').fill(PASSWORD);
  await person.getByRole('button', { name: 'Set password' }).click();
  await expectHeading(person, 'You are in');

  await enterCode(person, email, code);
  await expectHeading(person, 'This code has been used');
  await owner.goto('/console/users');
  await owner.getByRole('link', { name: 'Grace Hopper', exact: true }).click();
  await expect(history(owner).filter({ hasText: 'Verified by invite' })).toHaveCount(1);
  expect((await mailbox.next(email)).subject, 'the next mail is the notice').toMatch(/^A password was set/);
  expect(mailbox.count(email)).toBe(2);
  await mailbox.close();
});
