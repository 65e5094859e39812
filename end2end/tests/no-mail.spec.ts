// Without a mail server: the console says so, and links and codes are handed over by people.

import { addressLine, invite, section, signIn } from '../support/console.ts';
import { enterCode, expectHeading } from '../support/porch.ts';
import { expect, OWNER, PASSWORD, test } from '../support/test.ts';

test('links and codes are handed over by hand', async ({ another, stranger }) => {
  const vestibule = await another();
  await vestibule.createAdministrator(OWNER, 'owner');
  await vestibule.start();
  const [owner, person] = [await stranger(vestibule), await stranger(vestibule)];

  await signIn(owner, OWNER.email, OWNER.password);
  await expect(owner.getByRole('note')).toContainText('No SMTP server is set, so no mail goes out.');
  await invite(owner, { name: 'Wendy Hall', email: 'wendy@example.com' });
  await expectHeading(owner, 'Link and code');
  const link = await owner.getByLabel('Link').inputValue();
  const code = await owner.getByLabel('Code').inputValue();
  await owner.reload();
  await expect(owner.getByText('There is nothing to show.')).toBeVisible();

  await person.goto(link);
  await expectHeading(person, `${OWNER.name} invited you to Acme`);
  await enterCode(person, 'wendy@example.com', code);
  await person.getByLabel('Password').fill(PASSWORD);
  await person.getByRole('button', { name: 'Set password' }).click();
  await expectHeading(person, 'You are in');

  await owner.goto('/console/users');
  await owner.getByRole('link', { name: 'Wendy Hall', exact: true }).click();
  await expect(addressLine(owner, 'wendy@example.com')).toContainText('Verified by invite on ');
  await expect(section(owner, 'History')).toContainText('Link and code handed over');

  await owner.getByLabel('Add an address').fill('wendy@work.example');
  await owner.getByRole('button', { name: 'Add address' }).click();
  await addressLine(owner, 'wendy@work.example').getByRole('button', { name: 'Send a code' }).click();
  await expectHeading(owner, 'Link and code');
  const second = await owner.getByLabel('Link').inputValue();
  await person.goto(second);
  await person.getByRole('button', { name: 'Verify email' }).click();
  await expectHeading(person, 'Your email address is verified');
});
